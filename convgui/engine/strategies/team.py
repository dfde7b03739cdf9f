"""A second thread for short works: once it has been woken it waits for the next one in a loop, for a moment.

To be woken takes it as long as a work of some ten microseconds. It is woken for a longer one, and where works follow one
another: a script that calls a function over and over, a window that is dragged. Else whoever has a work does it alone.
"""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies.helpers import Helpers, in_a_child
from convgui.engine.strategies.tiles import keep_off, make_way, threads

if TYPE_CHECKING:
    from convgui.engine.strategies.helpers import Task

PATIENCE = 20_000
"""Looks for a work before the helper goes: a third of a millisecond where `pause` takes 40 cycles."""

OFTEN = 0.002
"""Seconds from the end of a work to that of the next, at most, for a helper to be called."""

LEAST, WOKEN, MOST = 1_000_000, 12_000_000, 50_000_000
"""Multiplications from which on a helper is worth it, from which on one that is woken comes in time, and up to which two
threads are quicker than more."""

AWAY = -1
"""What the slot holds while no helper is there; see `compiled.team`."""


class Team:
    """The thread that works here, and one that helps it.

    Parameters
    ----------
    compiled : namespace
        The compiled loops.
    """

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self._slot = np.zeros(32, np.int64)[8:]  # in cache lines of its own
        self._slot[0] = AWAY
        self._at, self._last = address(self._slot), 0.0
        self._called: Task | None = None

    def suits(self, products: float) -> bool:
        """Return whether two threads do so many multiplications sooner than more would."""
        return threads() == 2 or products <= MOST

    def two(self, function: Any, arguments: tuple[int, int, int, int], products: float) -> None:
        """Call a compiled function that shares its work, here and at the same time where the helper is there, or comes.

        One at a time: see `work.Work`.
        """
        there = self._slot[0] != AWAY
        self._call(products)
        helped = self._compiled.in_two(self._at, function.address, *arguments)
        if there and not helped:  # it may have to wait for the core on which this thread runs
            make_way()

    def _call(self, products: float) -> None:
        """Have the helper come for a long work, or one soon after the last; it takes part in it, or else in the next."""
        now = time.perf_counter()
        worth = products >= WOKEN or now - self._last < OFTEN
        if worth and self._slot[0] == AWAY and (self._called is None or self._called.begun):
            make_way()
            self._called = _pool().begin(self._help)
        self._last = now

    def _help(self) -> None:
        self._compiled.help_out(self._at, PATIENCE)


@cache
def _pool() -> Helpers:
    return Helpers(1, "convgui-tile-helper", keep_off)


_teams: dict[int, Team] = {}
"""By the compiled loops that they work with; these stay once they are loaded."""

in_a_child(_teams.clear)


def team(compiled: Any) -> Team | None:
    """Return the team that works with some compiled loops; None where there is but one core."""
    if threads() < 2:
        return None
    return _teams.get(id(compiled)) or _teams.setdefault(id(compiled), Team(compiled))
