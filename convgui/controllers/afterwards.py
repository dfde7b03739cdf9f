"""What comes after the frame: those who show facts, forms and texts learn of a change once its picture is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.model.session import tell
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from convgui.model.session import Listener, Session
    from convgui.model.state import State
    from convgui.worker.activity import Activity

AFTER_MS = 40
"""Milliseconds after the first change that has not been told: two frames, and sooner than anybody reads."""


class Afterwards:
    """Tells its listeners `(old, new)` of changes of the document, those that came meanwhile as one.

    Changes that are still to be told count as under way.
    """

    def __init__(self, session: Session, activity: Activity, parent: QObject) -> None:
        self._session = session
        self._before: State | None = None
        self._listeners: list[Listener] = []
        self._soon = Delay(activity, AFTER_MS, self._tell, parent, "afterwards")
        session.changed(self._note)

    def changed(self, listener: Listener) -> None:
        """Call `listener(old, new)` after each frame from now on whose document is another one."""
        self._listeners.append(listener)

    def waiting(self) -> bool:
        """Whether a change is still to be told."""
        return self._before is not None

    def _note(self, old: State, new: State) -> None:
        if self._before is None:
            self._before = old
            self._soon.start()

    def _tell(self) -> None:
        old, self._before = self._before, None
        if old is None:
            return
        tell(self._listeners, old, lambda: self._session.state)
