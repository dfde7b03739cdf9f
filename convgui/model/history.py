"""History: the list of snapshots behind undo and redo."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from convgui.model.state import State

LONGEST = 500
"""Steps that are kept."""

LARGEST = 400_000_000
"""Bytes of pictures, kernels and plans that are kept; the oldest steps go first.

The present step and the one before it stay, however large they are: eleven photos of 12 megapixels fit.
"""


@dataclass(frozen=True, eq=False)
class Step:
    """A state, the name of the edit that led to it, and the gesture that the edit belongs to."""

    state: State
    label: str = ""
    merge_key: Hashable | None = None

    @cached_property
    def held(self) -> dict[int, int]:
        """The bytes of each array that the state keeps alive, by which array it is, as they were when they were counted."""
        return {id(array): array.nbytes for array in self.state.arrays()}


class Held:
    """The bytes of the arrays that some steps keep alive; what several of them share is counted once.

    >>> held = Held()
    >>> held.add({1: 24, 2: 32}), held.add({1: 24}), held.bytes
    (None, None, 56)
    >>> held.remove({1: 24, 2: 32}), held.bytes
    (None, 24)
    """

    def __init__(self) -> None:
        self._holders = Counter[int]()
        self.bytes = 0

    def add(self, arrays: Mapping[int, int]) -> None:
        """Count the arrays of another step."""
        for name, size in arrays.items():
            self._holders[name] += 1
            self.bytes += size if self._holders[name] == 1 else 0

    def remove(self, arrays: Mapping[int, int]) -> None:
        """Count those of a step no more."""
        for name, size in arrays.items():
            self._holders[name] -= 1
            if not self._holders[name]:
                del self._holders[name]
                self.bytes -= size


class History:
    """Snapshots with a place in them.

    A new step drops those that were undone. Steps of one gesture (the same merge key, one after the other) are one step.
    """

    def __init__(self, state: State) -> None:
        self._steps = [Step(state)]
        self._held = Held()
        self._held.add(self._steps[0].held)
        self._at = 0

    @property
    def state(self) -> State:
        """The present state."""
        return self._steps[self._at].state

    @property
    def undo_label(self) -> str:
        """Name of the edit that undo takes back; empty if there is none."""
        return self._steps[self._at].label if self._at else ""  # older steps may have been dropped

    @property
    def redo_label(self) -> str:
        """Name of the edit that redo brings back; empty if there is none."""
        return self._steps[self._at + 1].label if self._at + 1 < len(self._steps) else ""

    def push(self, state: State, label: str, merge_key: Hashable | None = None) -> None:
        """Add a step, or replace the last one if it belongs to the same gesture."""
        last = self._steps[self._at]
        merged = merge_key is not None and last.merge_key == merge_key and self._at == len(self._steps) - 1
        self._drop(slice(self._at + (0 if merged else 1), None))
        self._steps.append(Step(state, label, merge_key))
        self._held.add(self._steps[-1].held)
        self._trim()
        self._at = len(self._steps) - 1

    def amend(self, state: State) -> None:
        """Put another state in place of the present one: the same document, of which more is known by now."""
        last = self._steps[self._at]
        self._held.remove(last.held)
        self._steps[self._at] = Step(state, last.label, last.merge_key)
        self._held.add(self._steps[self._at].held)

    def undo(self) -> bool:
        """Go back one step; return whether there was one."""
        self._at -= (moved := self._at > 0)
        return moved

    def redo(self) -> bool:
        """Go forward one step; return whether there was one."""
        self._at += (moved := self._at + 1 < len(self._steps))
        return moved

    def _trim(self) -> None:
        self._drop(slice(max(len(self._steps) - LONGEST, 0)))
        while len(self._steps) > 2 and self._held.bytes > LARGEST:
            self._drop(slice(1))

    def _drop(self, which: slice) -> None:
        for step in self._steps[which]:
            self._held.remove(step.held)
        del self._steps[which]
