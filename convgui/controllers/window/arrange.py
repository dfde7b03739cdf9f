"""How the panes lie: beside each other, one above the other, or whichever way makes the pictures larger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from convgui.model import derive
from convgui.model.viewport import larger_stacked

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.model.state import State

WAYS = ("side", "stacked", "larger")


class ArrangeController:
    """Arranges the panes as the user wants them; a sequence always lies above its map, on the same axis."""

    def __init__(self, context: Context) -> None:
        self._context, self._pair = context, context.window.pair
        way = context.preferences.get("arrange", WAYS[0])
        self._way = way if way in WAYS else WAYS[0]
        self._share = float(context.preferences.get("share", 0.5))
        self._lanes: float | None = None
        """The part that the user has given to a sequence, until there is another one."""
        self._pair.shared.connect(self._take)
        self._pair.laid.connect(self._arrange)
        context.session.changed(self._changed)
        self._mark()
        self._arrange()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the panes."""
        return {f"arrange_{way}": partial(self.set_way, way) for way in WAYS}

    def set_way(self, way: str) -> None:
        """Arrange the panes in another way from now on, with equal room for both."""
        self._way, self._share = way, 0.5
        self._context.preferences.update(arrange=way, share=0.5)
        self._mark()
        self._arrange()

    def _mark(self) -> None:
        self._context.window.actions_by_id[f"arrange_{self._way}"].setChecked(True)

    def _take(self, share: float) -> None:
        if self._context.state.input.sequence:
            self._lanes = share
        else:
            self._share = share
            self._context.preferences["share"] = share

    def _changed(self, old: State, new: State) -> None:
        if old.source is not new.source:
            self._lanes = None
        elif old.output_shape == new.output_shape and old.input.sequence == new.input.sequence:
            return
        self._arrange()

    def _arrange(self) -> None:
        state = self._context.state
        if state.input.sequence:
            self._pair.set_arrangement(stacked=True, share=self._lanes or derive.input_share(state))
            return
        stacked = self._way == "stacked"
        if self._way == "larger":
            stacked = larger_stacked(derive.extent(state), self._pair.width(), self._pair.height())
        self._pair.set_arrangement(stacked=stacked, share=self._share)
