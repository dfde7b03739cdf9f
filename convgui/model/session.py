"""The session: the only place where the document changes, and where its listeners are called."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convgui.model.check import state_fault
from convgui.model.history import History

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from convgui.model.state import State

    Listener = Callable[[State, State], None]


class Session:
    """Holds the present state and its history, and tells its listeners `(old, new)` of every change.

    A step is always whole: listeners hear of it after it has been taken, in the order in which they were added, each of
    them, even if one raises; that is reported as an exception that nobody caught. A state that is not good is refused:
    the present one stays, and those who asked by `refused` are told why.

    Raises
    ------
    ValueError
        If the first state is not good.
    """

    def __init__(self, state: State) -> None:
        if fault := state_fault(state):
            raise ValueError(fault)
        self._history = History(state)
        self._listeners: list[Listener] = []
        self._told_refusals: list[Callable[[str], None]] = []

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

    def refused(self, listener: Callable[[str], None]) -> None:
        """Call `listener(sentence)` whenever a state is refused."""
        self._told_refusals.append(listener)

    def update(self, label: str, merge_key: Hashable | None = None, **parts: Any) -> bool:
        """Replace parts of the state: one step of the history.

        Parameters
        ----------
        label : str
            What undo calls it: "paint", "sigma", "open coffee.webp".
        merge_key : hashable, optional
            Steps of one gesture carry the same key and are undone together.
        **parts
            `source`, `reading`, `layers`, `looked` or `display`.

        Returns
        -------
        bool
            Whether it was taken; False if it was refused.
        """
        return self.replace(label, replace(self.state, **parts), merge_key)

    def replace(self, label: str, new: State, merge_key: Hashable | None = None) -> bool:
        """Take a whole state as the next step; return whether it was taken."""
        old = self.state
        if self._refuse(state_fault(new, old)):
            return False
        self._history.push(new, label, merge_key)
        self._tell(old)
        return True

    def renew(self) -> None:
        """Bind the layers of the present state once more, as a graph has run meanwhile; that is no step."""
        old = self.state
        self._history.amend(replace(old, layers=(*old.layers,), known=None))  # another tuple, so that it is seen as changed
        self._tell(old)

    def begin(self, state: State) -> bool:
        """Take a whole state as the first one of a new history, so that there is nothing to undo; return whether it was."""
        old = self.state
        if self._refuse(state_fault(state)):
            return False
        self._history = History(state)
        self._tell(old)
        return True

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

    def _refuse(self, fault: str) -> bool:
        """Say what is wrong with a state, if anything is; return whether."""
        for listener in self._told_refusals if fault else []:
            listener(fault)
        return bool(fault)

    def _tell(self, old: State) -> None:
        tell(self._listeners, old, lambda: self.state)


def tell(listeners: Sequence[Listener], old: State, present: Callable[[], State]) -> None:
    """Tell listeners of a change, each the present state; one that raises is reported, and the others are still told."""
    for listener in list(listeners):
        try:
            listener(old, present())
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
