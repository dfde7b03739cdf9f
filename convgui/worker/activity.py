"""Activity: whether a request runs or a timer is about to submit one, and when all of that has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


class Activity(QObject):
    """What is under way; `idle` is emitted when the last of it has ended and has started nothing new.

    Those who begin something tell it: the runner for its lanes, a `Delay` for itself. What a user may leave on for ever,
    such as a motion that plays, is no work and does not count.
    """

    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._under_way: set[Hashable] = set()
        self._end = QTimer(self)  # widgets that the last result changed are laid out first, and submit what they need
        self._end.setSingleShot(True)
        self._end.setInterval(0)
        self._end.timeout.connect(self._announce)

    def begin(self, what: Hashable) -> None:
        """Note that something is under way; beginning it twice changes nothing."""
        self._under_way.add(what)

    def end(self, what: Hashable) -> None:
        """Note that it has ended."""
        if what in self._under_way:
            self._under_way.discard(what)
            self._end.start()

    def clear(self) -> None:
        """Forget everything without emitting a signal, as the program closes."""
        self._under_way.clear()
        self._end.stop()

    def busy(self, *what: Hashable) -> bool:
        """Whether any of these is under way; without a name whether anything is, or `idle` has not been told yet."""
        if what:
            return not self._under_way.isdisjoint(what)
        return bool(self._under_way) or self._end.isActive()

    def _announce(self) -> None:
        if not self._under_way:
            self.idle.emit()


class Delay(QTimer):
    """Calls a function once, so many milliseconds after it was started last; it counts as under way until then.

    Parameters
    ----------
    activity : Activity
        Where it is told that something is still to come.
    milliseconds : int
        How long it waits.
    function : callable
        What it calls, without arguments.
    parent : QObject
        What it goes with.
    name : hashable, optional
        What it is called among what is under way.
    """

    def __init__(
        self,
        activity: Activity,
        milliseconds: int,
        function: Callable[[], object],
        parent: QObject,
        name: Hashable | None = None,
    ) -> None:
        super().__init__(parent)
        self._activity, self._function = activity, function
        self._name = self if name is None else name
        self.setSingleShot(True)
        self.setInterval(milliseconds)
        self.timeout.connect(self._run)

    def start(self) -> None:  # type: ignore[override]
        """Begin to wait, anew if it waits already."""
        self._activity.begin(self._name)
        super().start()

    def stop(self) -> None:
        """Do not call."""
        super().stop()
        self._activity.end(self._name)

    def _run(self) -> None:
        try:
            self._function()
        finally:
            if not self.isActive():  # the function may have started it again
                self._activity.end(self._name)
