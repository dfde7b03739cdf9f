"""The user's own kernels, read and written on a worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from convgui.engine.kernels.kernel import Kernel
    from convgui.io.kernels.shelf import KernelShelf
    from convgui.worker.runner import Runner, Token

LANE = "own kernels"
OWN = "mine:"
"""What the ids of own kernels begin with."""


@dataclass(frozen=True, eq=False)
class Kept:
    """The kernels in the folder, and what could not be read."""

    kernels: Mapping[str, Kernel] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ShelfRequest:
    """Keep a kernel, delete another one, and return what there is."""

    shelf: KernelShelf
    keep: Kernel | None = None
    forget: str = ""

    def __call__(self, token: Token) -> Kept:
        """Do it."""
        if self.keep is not None:
            self.shelf.save(self.keep)
        if self.forget:
            self.shelf.delete(self.forget)
        names = self.shelf.names()
        return Kept(MappingProxyType({name: self.shelf.load(name) for name in names}), tuple(self.shelf.problems))


class OwnKernels(QObject):
    """The user's own kernels as they were read last; `changed` is emitted when they have been read again.

    Parameters
    ----------
    shelf : KernelShelf
        Where they are kept; only the worker uses it.
    runner : Runner
    failed : callable
        Told what could not be read or written.
    """

    changed = Signal()

    def __init__(self, shelf: KernelShelf, runner: Runner, failed: Callable[[Exception | str], None]) -> None:
        super().__init__(runner)
        self._shelf, self._runner, self._failed = shelf, runner, failed
        self._kept = Kept()

    @property
    def kernels(self) -> Mapping[str, Kernel]:
        """The kernels by name, in the order of the alphabet."""
        return self._kept.kernels

    def read(self) -> None:
        """Read all of them, and report what cannot be read."""
        self._ask(ShelfRequest(self._shelf), self._tell_problems)

    def keep(self, kernel: Kernel, done: Callable[[], None]) -> None:
        """Save a kernel under its name."""
        self._ask(ShelfRequest(self._shelf, keep=kernel), done)

    def forget(self, name: str, done: Callable[[], None] = lambda: None) -> None:
        """Delete a kernel."""
        self._ask(ShelfRequest(self._shelf, forget=name), done)

    def _tell_problems(self) -> None:
        if self._kept.problems:
            self._failed(" ".join(self._kept.problems))

    def _ask(self, request: ShelfRequest, done: Callable[[], None]) -> None:
        def take(kept: Kept) -> None:
            self._kept = kept
            self.changed.emit()
            done()

        self._runner.submit(LANE, request, take, self._failed, every=True)
