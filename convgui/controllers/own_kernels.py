"""The user's own kernels and kernel files, read and written on a worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from convgui.io.kernels.files import KernelFile, open_kernel
from convgui.io.kernels.shelf import KernelShelf, save_kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from convgui.engine.kernels.kernel import Kernel
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


@dataclass(frozen=True)
class LoadKernel:
    """Read a kernel's file."""

    path: str

    def __call__(self, token: Token) -> KernelFile:
        """Read it."""
        return open_kernel(self.path)


@dataclass(frozen=True, eq=False)
class SaveKernel:
    """Write a kernel to a file."""

    path: str
    kernel: Kernel

    def __call__(self, token: Token) -> str:
        """Write it."""
        save_kernel(self.path, self.kernel)
        return self.path


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

    def load_file(self, path: str, done: Callable[[KernelFile], None]) -> None:
        """Read a file; a newer call replaces an older one."""
        self._runner.submit("open", LoadKernel(path), done, self._failed)

    def save_file(self, path: str, kernel: Kernel, done: Callable[[str], None]) -> None:
        """Write a file."""
        self._runner.submit("kernel files", SaveKernel(path, kernel), done, self._failed, every=True)

    def _tell_problems(self) -> None:
        if self._kept.problems:
            self._failed(" ".join(self._kept.problems))

    def _ask(self, request: ShelfRequest, done: Callable[[], None]) -> None:
        def take(kept: Kept) -> None:
            self._kept = kept
            self.changed.emit()
            done()

        self._runner.submit(LANE, request, take, self._failed, every=True)
