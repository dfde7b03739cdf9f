"""The session: the one place where the document changes, and where those who show it hear of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convgui.model.history import History

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from convgui.model.state import State

    Listener = Callable[[State, State], None]


class Session:
    """Holds the present state and its history, and tells its listeners `(old, new)` of every change.

    A step is always whole: listeners hear of it after it has been taken, in the order in which they were added.
    """

    def __init__(self, state: State) -> None:
        self._history = History(state)
        self._listeners: list[Listener] = []

    @property
    def state(self) -> State:
        """The present state."""
        return self._history.state

    @property
    def undo_label(self) -> str:
        """Name of the edit that undo takes back; empty if there is none."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str:
        """Name of the edit that redo brings back; empty if there is none."""
        return self._history.redo_label

    def changed(self, listener: Listener) -> None:
        """Call `listener(old, new)` after every change from now on."""
        self._listeners.append(listener)

    def update(self, label: str, merge_key: Hashable | None = None, **parts: Any) -> None:
        """Replace parts of the state: one step of the history.

        Parameters
        ----------
        label : str
            What undo calls it: "paint", "sigma", "open coffee.webp".
        merge_key : hashable, optional
            Steps of one gesture carry the same key and are undone together.
        **parts
            `source`, `layers` or `display`.
        """
        self.replace(label, replace(self.state, **parts), merge_key)

    def replace(self, label: str, new: State, merge_key: Hashable | None = None) -> None:
        """Take a whole state as the next step."""
        old = self.state
        self._history.push(new, label, merge_key)
        self._tell(old)

    def begin(self, state: State) -> None:
        """Take a whole state as the first one of a new history: there is nothing to undo."""
        old = self.state
        self._history = History(state)
        self._tell(old)

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        old = self.state
        if self._history.undo():
            self._tell(old)

    def redo(self) -> None:
        """Bring the step back that was undone last, if there is one."""
        old = self.state
        if self._history.redo():
            self._tell(old)

    def _tell(self, old: State) -> None:
        for listener in list(self._listeners):
            listener(old, self.state)
