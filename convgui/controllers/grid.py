"""Toy grids and sequences as a spreadsheet: type into a cell, add and take away rows and columns, fill with a pattern."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.source import Source
from convgui.model import grids

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.model.state import State

    Grid = NDArray[np.float32]

OWN = "My grid"


class GridController:
    """Everything that happens to the numbers of a toy grid."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._random = np.random.default_rng()
        context.window.pair.input.typed.connect(self.type_value)
        context.session.changed(self._changed)
        self._show()

    @property
    def editable(self) -> bool:
        """Whether the input is a grid of one channel that is small enough to be typed."""
        source = self._context.state.source
        return source.toy and source.channels == 1

    def type_value(self, row: int, col: int, value: float) -> None:
        """Set one cell."""
        self.edit("type a value", lambda grid: grids.set_value(grid, row, col, value))

    def randomise(self) -> None:
        """Fill the grid with small whole numbers."""
        self.edit("randomise", lambda grid: grids.randomise(grid, self._random))

    def fill_with_noise(self) -> None:
        """Fill the grid with normal noise."""
        self.edit("fill with noise", lambda grid: grids.noise(grid, self._random))

    def edit(self, label: str, change: Callable[[Grid], Grid]) -> None:
        """Change the grid; what cannot be done is said."""
        state = self._context.state
        if not self.editable:
            self._context.tell("Only a toy grid or a short sequence can be edited: choose one under Samples.")
            return
        grid = np.array(state.source.cube[:, :, 0], np.float32)
        try:
            changed = change(grid)
        except ValueError as error:
            self._context.tell_error(error)
            return
        if changed.shape != grid.shape or not np.array_equal(changed, grid, equal_nan=True):
            source = Source(changed, state.source.scale, OWN, toy=True)
            self._context.session.replace(label, replace(state, source=source))

    def _changed(self, old: State, new: State) -> None:
        if old.source.array.shape != new.source.array.shape:  # what is being typed belongs to a grid that is gone
            self._context.window.pair.input.set_editable(False)
        self._show()

    def _show(self) -> None:
        self._context.window.pair.input.set_editable(self.editable)
        for name in (*GRID_EDITS, "grid_random", "grid_noise"):
            self._context.window.actions_by_id[name].setEnabled(self.editable)


GRID_EDITS: dict[str, tuple[str, Callable[[Grid], Grid]]] = {
    "grid_add_row": ("add a row", lambda grid: grids.grow(grid, 0)),
    "grid_remove_row": ("remove a row", lambda grid: grids.shrink(grid, 0)),
    "grid_add_column": ("add a column", lambda grid: grids.grow(grid, 1)),
    "grid_remove_column": ("remove a column", lambda grid: grids.shrink(grid, 1)),
    "grid_impulse": ("fill with an impulse", grids.impulse),
    "grid_step": ("fill with a step", grids.step),
    "grid_ramp": ("fill with a ramp", grids.ramp),
    "grid_checker": ("fill with a checker", grids.checker),
    "grid_rings": ("fill with rings", grids.rings),
    "grid_zone_plate": ("fill with a zone plate", grids.zone_plate),
    "grid_clear": ("fill with zeros", grids.clear),
}
