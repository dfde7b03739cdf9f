"""Looks for garbage in the thread of the window, between two events.

Python looks for it in whichever thread makes an object too many, in the middle of any call. Widgets that hold each other
would then be destroyed by a thread of the worker, or while Qt holds a lock that their end needs as well.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from types import TracebackType

STARTED_MS = 3000
"""Milliseconds after which a window has started."""

EACH_MS = 100
"""Milliseconds between two looks, so that each of them takes but a part of a frame."""

RARELY = 10
"""How many times rarer than Python would the oldest objects are looked through, which takes several frames."""


class Garbage:
    """Looks for garbage while the loop of events runs, a while after its start; Python does not look for it meanwhile."""

    def __init__(self) -> None:
        self._timer, self._begun, self._was_looked_for = QTimer(), False, True
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Garbage:
        self._was_looked_for = gc.isenabled()
        gc.disable()
        self._timer.start(STARTED_MS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.stop()
        if self._was_looked_for:  # what is there is that of a script, which goes on
            gc.unfreeze()
            gc.enable()

    def begin(self) -> None:
        """Begin to look, but not in what is there already, which stays: to go through all of it takes several frames."""
        gc.freeze()
        self._begun = True
        self._timer.start(EACH_MS)

    def _tick(self) -> None:
        if self._begun:
            look()
        else:
            self.begin()


def look() -> None:
    """Look for garbage as far as Python would: among the objects made last, or among older ones after many looks."""
    young, middle, old = gc.get_threshold()
    counts = zip(range(3), gc.get_count(), (young, middle, RARELY * old), strict=True)
    due = [generation for generation, count, limit in counts if limit and count > limit]
    if due:
        gc.collect(due[-1])
