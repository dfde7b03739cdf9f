"""A work in parts, made ready for every source and output of one form: what is left of a call is to say where they lie."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies.gather import BEHIND, workspace
from convgui.engine.strategies.helpers import in_a_child
from convgui.engine.strategies.memory import aligned
from convgui.engine.strategies.team import LEAST, team
from convgui.engine.strategies.tiles import run, threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.strategies.gather import Parts


class Floats(NamedTuple):
    """How many floats of memory a thread needs, for each field of the record `OWN`."""

    cells: int
    scratch: int
    between: int = 0

    def of_this_thread(self) -> tuple[int, int, int]:
        """Return the addresses of so much memory of the calling thread."""
        return workspace("cells", self.cells), workspace("scratch", self.scratch), workspace("between", self.between)


class _ForTwo:
    """Memory for a work that two threads share. There is one such work at a time, and memory for the largest of them."""

    def __init__(self) -> None:
        self._begin_anew()
        in_a_child(self._begin_anew)
        self._have = Floats(0, 0, 0)
        self._held: dict[tuple[int, int], NDArray[np.float32]] = {}
        self._own = np.zeros((2, len(self._have)), np.int64)  # the addresses, as two of the record `OWN`
        self.own = address(self._own)

    def _begin_anew(self) -> None:
        """Have nobody at work."""
        self.lock = threading.Lock()

    def reserve(self, floats: Floats) -> None:
        """Have so much, under the lock; the system gives it when it is used."""
        for field, (have, wanted) in enumerate(zip(self._have, floats, strict=True)):
            if wanted > have:
                for thread in range(2):
                    memory = aligned(wanted + BEHIND, np.zeros)
                    self._own[thread, field] = address(memory)
                    self._held[thread, field] = memory  # in this order, as Ctrl+C may come in between
        self._have = Floats(*map(max, self._have, floats))


_for_two = _ForTwo()

ROUND = 1_000_000_000
"""Multiplications after which a thread comes back to the interpreter: some milliseconds, after which Ctrl+C is noticed."""


class Work:
    """What a compiled function makes of a source, part by part.

    Parameters
    ----------
    compiled : namespace
        The compiled loops.
    function : compiled function
        It takes the addresses of the source, the output, and the records `WORK` and `OWN`.
    products : int
        Multiplications of all of it.
    floats : Floats
    parts : Parts
    **fields : int
        The other fields of the record `WORK`; what they point to must live as long as this.
    """

    def __init__(self, compiled: Any, function: Any, products: int, floats: Floats, parts: Parts, **fields: int) -> None:
        self._compiled, self._function, self._products, self._floats = compiled, function, products, floats
        self._parts, self._reserved = parts, False
        self._count = len(parts.table)
        self._most = max(ROUND * self._count // max(products, 1), 1)
        self._turn = np.zeros(24, np.int64)[8:]  # in a cache line of its own
        self._record = np.zeros(1, compiled.WORK)
        fields |= {"parts": parts.address, "count": self._count, "turn": address(self._turn), "most": self._most}
        for name, value in fields.items():
            self._record[name] = value
        self._records = address(self._record), _for_two.own

    def __call__(self, source: int, out: int, held: object) -> None:
        """Do it, by as many threads as are soonest done.

        `held` is what the memory at both addresses belongs to. A thread that helps may outlast a call that Ctrl+C ends, and
        what it writes to must not be anybody else's by then.
        """
        if not self._done_here(source, out):
            self._on_all_cores(source, out, held)

    def _done_here(self, source: int, out: int) -> bool:
        """Do it, with a helper where that is sooner; return False if others are at work, or more threads are sooner."""
        two = team(self._compiled) if self._products >= LEAST and self._count > 1 else None
        if two is not None and not two.suits(self._products):
            return False
        if _for_two.lock.locked():
            return False
        with _for_two.lock:  # an exception of a signal may come between `acquire` and `try`, but not here
            if not self._reserved:
                _for_two.reserve(self._floats)
                self._reserved = True
            self._turn[0] = 0
            while self._turn[0] < self._count:
                if two is None:
                    self._function(source, out, *self._records)
                else:
                    two.two(self._function, (source, out, *self._records), self._products)
            return True

    def _on_all_cores(self, source: int, out: int, held: object) -> None:
        """Do it with as many threads as there are."""
        turn, record = np.zeros(1, np.int64), self._record.copy()
        record["turn"] = address(turn)

        def some(_: int, _held: object = (held, turn)) -> None:
            own = np.array([self._floats.of_this_thread()], self._compiled.OWN)
            self._function(source, out, address(record), address(own))

        run(range(max(min(threads(), self._count), -(-self._count // self._most))), some)
