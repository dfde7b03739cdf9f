"""The arithmetic: which cell the cursor or the pin is on, its patch, and the sum that makes its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.explain import explain
from convgui.model import derive
from convgui.views.cells import number
from convgui.views.probe_panel import LARGEST_GRID, Largest, Sum
from convgui.views.status_bar import strong

if TYPE_CHECKING:
    from convgui.controllers.compute import ComputeController
    from convgui.controllers.context import Context
    from convgui.engine.explain import Explanation
    from convgui.model.state import State

HINT = "Move the cursor over either picture to see how a value is made. Click pins the cell, arrow keys move it."
TERMS = 28
"""Terms of a large kernel that are shown."""


class ProbeController:
    """Follows the cursor until a cell is pinned."""

    def __init__(self, context: Context, compute: ComputeController) -> None:
        self._context, self._compute = context, compute
        self._cell: tuple[int, int] | None = None
        self._pinned = False
        for pane in context.window.pair.panes:
            pane.hovered.connect(self._hover)
            pane.unhovered.connect(self._leave)
            pane.clicked.connect(self._click)
            pane.moved.connect(self._move)
        context.session.changed(lambda old, new: self._refresh())
        context.on_theme(self._theme)
        self._theme()
        self._nothing()

    @property
    def cell(self) -> tuple[int, int] | None:
        """The map cell (row, column) that is explained."""
        return self._cell

    @property
    def pinned(self) -> bool:
        """Whether it stays when the cursor moves on."""
        return self._pinned

    def unpin(self) -> None:
        """Follow the cursor again."""
        self._pinned = False
        self._cell = None
        self._nothing()

    # gestures

    def _at(self, x: float, y: float) -> tuple[int, int] | None:
        state = self._context.state
        if derive.fault(state):
            return None
        rows, cols = state.layer.axes(state.source.rows, state.source.cols)
        row, col = int((y - rows.origin) // rows.stride), int((x - cols.origin) // cols.stride)
        if state.source.sequence and rows.outputs == 1:
            row = 0
        return (row, col) if 0 <= row < rows.outputs and 0 <= col < cols.outputs else None

    def _hover(self, x: float, y: float) -> None:
        if not self._pinned:
            self._cell = self._at(x, y)
            self._refresh()
        if self._cell is None:
            self._show_input(int(np.floor(y)), int(np.floor(x)))

    def _leave(self) -> None:
        if not self._pinned:
            self._cell = None
            self._nothing()

    def _click(self, x: float, y: float) -> None:
        cell = self._at(x, y)
        if cell is None or (self._pinned and cell == self._cell):
            self.unpin()
            return
        self._cell, self._pinned = cell, True
        self._refresh()

    def _move(self, down: int, right: int) -> None:
        shape = derive.output_shape(self._context.state)
        if shape is None:
            return
        row, col = self._cell if self._cell is not None else (shape[1] // 2 - down, shape[2] // 2 - right)
        self._cell = min(max(row + down, 0), shape[1] - 1), min(max(col + right, 0), shape[2] - 1)
        self._pinned = True
        self._refresh()

    # showing

    def _theme(self) -> None:
        table = derive.signed_table(self._context.dark)
        probe = self._context.window.probe
        probe.set_colours(table, probe.canvas.grey)
        self._refresh()

    def _nothing(self) -> None:
        window = self._context.window
        window.probe.set_nothing((derive.fault(self._context.state) and "There is no output to explain.") or HINT)
        window.status.set_cursor("", "", "")
        for pane in window.pair.panes:
            pane.set_marks([])

    def _refresh(self) -> None:
        state, shape = self._context.state, derive.output_shape(self._context.state)
        if self._cell is None or shape is None or self._cell[0] >= shape[1] or self._cell[1] >= shape[2]:
            self._nothing()
            return
        explained = explain(state.layer, state.source, derive.shown_map(state), *self._cell)
        self._show_sum(state, explained)
        self._show_marks(state, explained)
        self._show_status(state, explained)

    def _show_sum(self, state: State, e: Explanation) -> None:
        shown = Sum(
            *(e.patch[0], e.weights[0], e.products[0], e.outside),
            *(e.total, e.bias, e.activation, e.value),
        )
        large = max(e.weights.shape[1:]) > LARGEST_GRID
        terms = [Largest(t.u, t.v, t.value, t.weight, t.product) for t in e.largest(TERMS)] if large else []
        names = derive.names_of_maps(state)
        channel = f"{names[e.map]}  ·  " if len(names) > 1 else ""
        where = f"step {e.col}" if state.source.sequence else f"row {e.row}, column {e.col}"
        help_text = "pinned, Esc frees, arrow keys move" if self._pinned else "click to pin, arrow keys move"
        self._context.window.probe.set_sum(f"{channel}{where}  ·  {help_text}", shown, terms, self._tint(e.value))

    def _tint(self, value: float) -> tuple[int, int, int] | None:
        """Return an ink for the value from the signed colour map, legible on the card."""
        if not np.isfinite(value) or value == 0:
            return None
        table = derive.signed_table(self._context.dark)
        place = {(True, True): 236, (True, False): 208, (False, True): 20, (False, False): 48}
        r, g, b = (int(c) for c in table[place[value > 0, self._context.dark]])
        return r, g, b

    def _show_marks(self, state: State, e: Explanation) -> None:
        rows, cols = state.layer.axes(state.source.rows, state.source.cols)
        patch = (float(e.cols[0]), float(e.rows[0]), float(cols.span), float(rows.span))
        cell = (
            *(cols.origin + e.col * cols.stride, rows.origin + e.row * rows.stride),
            *(float(cols.stride), float(rows.stride)),
        )
        self._context.window.pair.input.set_marks([(patch, self._pinned)])
        self._context.window.pair.map.set_marks([(cell, self._pinned)])

    def _show_status(self, state: State, e: Explanation) -> None:
        where = f"step <b>{e.col}</b>" if state.source.sequence else f"row <b>{e.row}</b> column <b>{e.col}</b>"
        middle = int(e.rows[(len(e.rows) - 1) // 2]), int(e.cols[(len(e.cols) - 1) // 2])
        value = derive.input_value(state, *middle)
        shown = strong("input", number(value, 4)) if value is not None else ""
        activation = strong("activation", number(e.value, 4, sign=e.value != 0))
        self._context.window.status.set_cursor(where, shown, activation)

    def _show_input(self, row: int, col: int) -> None:
        value = derive.input_value(self._context.state, row, col)
        if value is not None:
            status = self._context.window.status
            status.set_cursor(f"row <b>{row}</b> column <b>{col}</b>", strong("input", number(value, 4)), "no output here")
