"""Tasks: long work, such as exports, that runs beside everything else, each with its thread, progress and cancel."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.views.window.status_bar import StatusBar
    from convgui.worker.runner import Runner, Token

SLOW_MS = 100
"""What takes longer is shown with its progress."""


class Tasks(QObject):
    """Begins tasks and shows them; a task ends by itself or when the user cancels it.

    Parameters
    ----------
    runner : Runner
    status : StatusBar
        Where they are shown.
    failed : callable
        Called with the exception of a task that failed.
    """

    def __init__(self, runner: Runner, status: StatusBar, failed: Callable[[Exception], None]) -> None:
        super().__init__(status)
        self._runner, self._status, self._failed = runner, status, failed
        self._running: dict[str, tuple[str, float]] = {}
        self._ended: dict[str, Callable[[], None]] = {}
        status.cancelled.connect(self.cancel)

    def begin(
        self,
        text: str,
        request: Callable[[Token], Any],
        done: Callable[[Any], None],
        *,
        ended: Callable[[], None] | None = None,
        part: Callable[[Any], None] | None = None,
        at_once: bool = False,
    ) -> str:
        """Begin a task and return its name.

        Parameters
        ----------
        text : str
            What it does: "Exporting coffee.png".
        request : callable
            Run on a thread of its own.
        done : callable
            Told the result.
        ended : callable, optional
            Called when the task has ended, whether it was done, has failed, or was cancelled.
        part : callable, optional
            Told each part of the result that the request delivers before its end.
        at_once : bool
            Whether it is shown at once, not only when it takes long.
        """
        name = next(name for name in (f"export_{n}" for n in count(1)) if name not in self._running)
        self._running[name] = (text, 0.0)
        if ended is not None:
            self._ended[name] = ended

        def take(result: Any) -> None:
            self._end(name)
            done(result)

        def fail(error: Exception) -> None:
            self._end(name)
            self._failed(error)

        self._runner.submit(name, request, take, fail, lambda share: self._progress(name, share), part=part)
        if at_once:
            self._show(name)
        else:
            QTimer.singleShot(SLOW_MS, self, lambda: self._show(name))
        return name

    def say(self, name: str, text: str) -> None:
        """Say anew what a task does, as it goes on."""
        if name in self._running:
            self._running[name] = text, self._running[name][1]
            self._progress(name, self._running[name][1])

    def link(self, name: str, text: str, tip: str) -> None:
        """Offer a button beside a task that is shown; the status bar tells when it was pressed."""
        self._status.set_link(name, text, tip)

    def cancel(self, name: str) -> None:
        """Stop a task; no result is delivered, and the file that it was writing is removed."""
        if name in self._running:
            self._runner.cancel(name)
            self._end(name)

    def running(self) -> dict[str, str]:
        """Return the tasks that are under way: their names, and what they do."""
        return {name: text for name, (text, _) in self._running.items()}

    def _progress(self, name: str, part: float) -> None:
        self._running[name] = (self._running[name][0], part)
        if name in self._status.tasks:
            self._show(name)

    def _show(self, name: str) -> None:
        if name in self._running:
            self._status.set_task(name, *self._running[name])

    def _end(self, name: str) -> None:
        del self._running[name]
        self._status.set_task(name, "", None)
        if (ended := self._ended.pop(name, None)) is not None:
            ended()
