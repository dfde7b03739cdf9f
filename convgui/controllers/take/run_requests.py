"""The request of a run: it is done in a process of its own, and tells how far it is."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from convgui.io.errors import FileError
from convgui.model.film import names_of

if TYPE_CHECKING:
    from convgui.batch.order import Order, Told
    from convgui.worker.runner import Token

EVERY = 0.1
"""Seconds between two reports of how far it is."""


class RunProgress(NamedTuple):
    """How far a run is: pictures done, of how many, and in how many seconds since the first could be begun."""

    done: int = 0
    total: int = 0
    seconds: float = 0.0
    earlier: int = 0

    def __str__(self) -> str:
        """Return it as the status bar says it.

        >>> str(RunProgress()), str(RunProgress(0, 24)), str(RunProgress(12, 1024, 5.0)), str(RunProgress(3, 24, 90.0))
        ('Starting the run', '0 of 24', '12 of 1,024 · 2.4 a second', '3 of 24 · 2 a minute')
        """
        if not self.total:
            return "Starting the run"
        far = f"{self.done + self.earlier:,} of {self.total:,}"
        if not self.done or self.seconds <= 0:
            return far
        rate = self.done / self.seconds
        return f"{far} · {60 * rate:.2g} a minute" if rate < 1 else f"{far} · {rate:,.{1 if rate < 10 else 0}f} a second"


class RunNote(NamedTuple):
    """A sentence on a run before it begins; `differs` if it is about versions that are not the same."""

    text: str
    differs: bool = False


class Dashboard(NamedTuple):
    """Where Dask shows what its workers do."""

    address: str


@dataclass(frozen=True)
class RunResult:
    """What became of a run: how many pictures were written now, how many earlier, and a sentence for each of the others."""

    total: int
    written: int
    earlier: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class RunRequest:
    """Carry out an order; delivers `RunProgress`, `RunNote` and `Dashboard`."""

    order: Order

    def __call__(self, token: Token) -> RunResult:
        """Do it."""
        from convgui.batch.apart import told_of  # what starts processes is not needed for the first picture

        tally = _Tally(token, self.order)
        try:
            for told in told_of(self.order, token.cancelled):
                tally.take(told)
        except FileError as error:
            raise FileError(capital(str(error))) from error
        return RunResult(tally.total, tally.done - len(tally.faults), tally.earlier, tuple(tally.faults))


def capital(sentence: str) -> str:
    """Return a sentence that begins with a capital letter.

    >>> capital("no scheduler answers at tcp://host:8786.")
    'No scheduler answers at tcp://host:8786.'
    """
    return f"{sentence[:1].upper()}{sentence[1:]}"


class _Tally:
    """Counts what is told, and reports it some times a second."""

    def __init__(self, token: Token, order: Order) -> None:
        self._token = token
        self._names, self._folder = names_of(order.words), f"{order.folder}{os.sep}"
        self._begun = self._reported = time.monotonic()
        self.total = self.done = self.earlier = 0
        self.faults: list[str] = []

    def take(self, told: Told) -> None:
        """Take what is told."""
        if told.kind in ("note", "differs"):
            self._token.deliver(RunNote(told.text, told.kind == "differs"))
        elif told.kind == "dashboard":
            self._token.deliver(Dashboard(told.text))
        elif told.kind == "count":
            self.total, self._begun = told.number, time.monotonic()
            self._report()
        else:
            self.earlier = told.number
            self.done += told.kind == "done"
            self.faults += [self._short(told)] if told.text else []
            if told.kind == "end" or time.monotonic() - self._reported >= EVERY:
                self._report()

    def _short(self, told: Told) -> str:
        """Return the sentence on a fault with the names of files that are clear without their folders."""
        named = told.text.replace(told.path, self._names.get(told.path, told.path)) if told.path else told.text
        return named.replace(self._folder, "")

    def _report(self) -> None:
        self._reported = time.monotonic()
        self._token.deliver(RunProgress(self.done, self.total, self._reported - self._begun, self.earlier))
        if self.total:
            self._token.progress((self.done + self.earlier) / (self.total + 1))  # a whole bar has no end
