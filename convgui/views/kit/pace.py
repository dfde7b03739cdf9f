"""A pace: what is not the picture is drawn after it, and not more often than anybody can read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable


class Pace(QTimer):
    """Calls a function once for all that ask in quick succession: after what waits to be painted, at most every so often.

    Parameters
    ----------
    milliseconds : int
        From one call to the next, at least.
    function : callable
        What it calls, without arguments.
    parent : QObject
        What it goes with.
    """

    def __init__(self, milliseconds: int, function: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._every, self._function, self._called = milliseconds, function, 0.0
        self.setSingleShot(True)
        self.timeout.connect(self._run)

    def ask(self) -> None:
        """Have it called soon; at once if it was not called for long enough."""
        if not self.isActive():
            since = (time.monotonic() - self._called) * 1e3
            self.start(max(round(self._every - since), 0))

    def _run(self) -> None:
        self._called = time.monotonic()
        self._function()
