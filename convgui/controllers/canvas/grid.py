"""Toy grids and sequences as a spreadsheet: type and paint, add and remove rows and columns, fill with a pattern."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.source import Source
from convgui.model import grids
from convgui.model.suit import with_source

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.model.state import State

    Grid = NDArray[np.float32]

OWN = "My grid"
MOST_CHANNELS = 64
"""Columns, or rows, of a grid that can become the channels of a sequence."""

SIDE = 6
"""Rows and columns of a new grid; a new sequence has twice as many steps."""

NONE = "Only a toy grid or a short sequence can be edited: choose one under Samples."


class GridController:
    """Edits the numbers of a toy grid or a sequence."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._own = False
        hand, brush = context.window.pair.input.hand, context.window.pair.brush
        hand.typed.connect(self.type_value)
        hand.painted.connect(self._paint)
        brush.value_changed.connect(lambda value: self._arm())
        context.window.actions_by_id["grid_paint"].toggled.connect(lambda on: self._arm())
        context.session.changed(self._changed)
        self._show()

    @property
    def editable(self) -> bool:
        """Whether the input is a grid, or a sequence, that is small enough to be typed."""
        source = self._context.state.source
        return source.toy and (source.channels == 1 or source.sequence)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about toy grids."""
        return {
            "grid_new": self.new_grid,
            "grid_new_sequence": self.new_sequence,
            "grid_sequence": self.turn_sequence,
            "grid_transpose": self.transpose,
            "grid_random": self.randomise,
            "grid_noise": self.fill_with_noise,
            **{name: partial(self.edit, label, fill) for name, (label, fill) in GRID_EDITS.items()},
        }

    # edits

    def type_value(self, row: int, col: int, value: float) -> None:
        """Set one cell."""
        if not abs(value) <= float(np.finfo(np.float32).max):
            self._context.tell_error(f"Expected a number that float32 can hold, received {value:g}.")
            return
        self.edit("type a value", lambda grid: grids.set_value(grid, row, col, value))

    def _paint(self, row: int, col: int, value: float, stroke: int) -> None:
        self.edit("paint", lambda grid: grids.set_value(grid, row, col, value), ("paint the grid", stroke))

    def randomise(self) -> None:
        """Fill the grid with small whole numbers."""
        self.edit("randomise", lambda grid: grids.randomise(grid, np.random.default_rng()))

    def fill_with_noise(self) -> None:
        """Fill the grid with normal noise."""
        self.edit("fill with noise", lambda grid: grids.noise(grid, np.random.default_rng()))

    def edit(self, label: str, change: Callable[[Grid], Grid], merge_key: Hashable | None = None) -> None:
        """Change the grid; say why if it cannot be changed."""
        state = self._context.state
        if not self.editable:
            self._context.tell(NONE)
            return
        grid = cells(state.source)
        try:
            changed = change(grid)
        except ValueError as error:
            self._context.tell_error(error)
            return
        if changed.shape != grid.shape or not np.array_equal(changed, grid, equal_nan=True):
            array = changed.T[None] if state.source.sequence and len(changed) > 1 else changed
            edited, replaced = with_source(state, Source(array, state.source.scale, OWN, toy=True))
            self._own = changed.shape == grid.shape
            self._context.session.replace(label, edited, merge_key)
            self._own = False
            if replaced:
                self._context.tell(replaced)

    # rows and columns as steps and channels

    def new_grid(self) -> None:
        """Begin a grid of zeros."""
        self._begin("new grid", np.zeros((SIDE, SIDE), np.float32))

    def new_sequence(self) -> None:
        """Begin a sequence of zeros."""
        self._begin("new sequence", np.zeros((1, 2 * SIDE), np.float32))

    def _begin(self, label: str, array: Grid) -> None:
        state, replaced = with_source(self._context.state, Source(array, name=OWN, toy=True))
        self._context.session.replace(label, state)
        self._context.tell(f"Double click a cell to type, or paint with the pencil. {replaced}".strip())

    def turn_sequence(self) -> None:
        """Read rows as the steps of a sequence and columns as its channels, or steps as rows again.

        Where there are too many columns for channels, they are the steps.
        """
        source = self._context.state.source
        if not self._no_sequence():
            grid = source.cube[:, :, 0]
            steps = grid if source.cols <= MOST_CHANNELS else grid.T
            array = source.cube[0] if source.sequence else steps[None]
            self._read_as("read as a grid" if source.sequence else "read as a sequence", array)

    def transpose(self) -> None:
        """Swap rows and columns, or channels and steps."""
        source = self._context.state.source
        if not self._no_transpose():
            array = source.cube.transpose(0, 2, 1) if source.sequence else source.cube[:, :, 0].T
            self._read_as("swap channels and steps" if source.sequence else "swap rows and columns", array)

    def _no_sequence(self) -> str:
        """Return why rows cannot be read as steps, empty if they can."""
        source = self._context.state.source
        if source.sequence or (source.channels == 1 and min(source.rows, source.cols) <= MOST_CHANNELS):
            return ""
        return f"A sequence is made of a grid of one channel with at most {MOST_CHANNELS} columns, or rows."

    def _no_transpose(self) -> str:
        """Return why rows and columns cannot be swapped, empty if they can."""
        source = self._context.state.source
        if source.cols <= MOST_CHANNELS if source.sequence else source.channels == 1:
            return ""
        return f"Only a grid of one channel, or a sequence of at most {MOST_CHANNELS} steps, can be turned so."

    def _read_as(self, label: str, array: NDArray[np.generic]) -> None:
        state = self._context.state
        source = Source(array, state.source.scale, state.source.name, toy=state.source.toy)
        state, replaced = with_source(state, source)
        self._context.session.replace(label, state)
        if replaced:
            self._context.tell(replaced)

    # showing

    def _allow(self, name: str, fault: str) -> None:
        """Let an action be chosen, or say why it cannot."""
        action = self._context.window.actions_by_id[name]
        action.setEnabled(not fault)
        action.setToolTip(fault or action.statusTip())

    def _arm(self) -> None:
        """Let the pane paint with the brush while painting is on."""
        window = self._context.window
        painting = self.editable and window.actions_by_id["grid_paint"].isChecked()
        window.pair.input.hand.set_brush(window.pair.brush.value() if painting else None)

    def _changed(self, old: State, new: State) -> None:
        if old.source is new.source:
            return
        if not self._own:  # close the field: it belongs to the former grid
            self._context.window.pair.input.hand.set_editable(False)
        self._show()

    def _show(self) -> None:
        window, source = self._context.window, self._context.state.source
        window.pair.input.hand.set_editable(self.editable)
        window.pair.brush.setVisible(self.editable)
        self._arm()
        for name in (*GRID_EDITS, "grid_random", "grid_noise", "grid_paint", "grid_copy", "grid_paste"):
            self._allow(name, "" if self.editable else NONE)
        self._allow("grid_sequence", self._no_sequence())
        self._allow("grid_transpose", self._no_transpose())
        for name, (grid, sequence) in WORDS.items():
            window.actions_by_id[name].setText(sequence if source.sequence else grid)


def cells(source: Source) -> Grid:
    """Return the numbers that are typed: rows and columns, of a sequence channels and steps."""
    return np.array(source.cube[0].T if source.sequence else source.cube[:, :, 0], np.float32)


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

WORDS = {
    "grid_add_column": ("Add a &column", "Add a &step"),
    "grid_remove_column": ("Remove a c&olumn", "Remove a st&ep"),
    "grid_add_row": ("Add a &row", "Add a c&hannel"),
    "grid_remove_row": ("Remove a ro&w", "Remove a cha&nnel"),
    "grid_sequence": ("Read as a se&quence", "Read as a &grid"),
    "grid_transpose": ("S&wap rows and columns", "S&wap steps and channels"),
}
"""Names of actions for a grid, and for a sequence."""
