"""The microscope: which cell the cursor or the pin is on, where its value comes from, and where an input cell goes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QGuiApplication

from convgui.engine.looking.explain import explain
from convgui.engine.looking.uses import uses
from convgui.engine.shown import number
from convgui.model import derive, provenance
from convgui.views.canvas.overlay import Band
from convgui.views.kit.cells import signed_colour
from convgui.views.measure.probe_panel import LARGEST_GRID, Largest, Shares, Sum
from convgui.views.window.status_bar import strong

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.engine.looking.explain import Explanation
    from convgui.engine.looking.uses import Uses
    from convgui.model.state import State

    Cell = tuple[int, int]
    Tap = tuple[int | None, int, int]

HINT = (
    "Move the cursor over the activation to see how a value is made, over the input to see where a pixel goes. "
    "Click pins a cell, arrow keys move it."
)
NOWHERE = "No output reads this cell: the stride steps over it, or the padding leaves it out."
FIRST = "Point at a cell of the activation first, or click to pin one; then its sum can be copied."
PREDICT = "Predict the value first, or press Reveal; then its sum can be copied."
TERMS = 28
"""Terms of a large kernel that are shown."""


class ProbeController:
    """Follows the cursor until a cell is pinned.

    What is explained is either an output cell (`_cell`) with one of its terms (`_term`: the tap, None for all, and row and
    column of the kernel as it is laid on the picture), or an input cell (`_pixel`; of a sequence its channel and step).
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._cell: Cell | None = None
        self._pixel: Cell | None = None
        self._term: Tap | None = None
        self._pinned = self._veiled = False
        pair, grid = context.window.pair, context.window.kernel_card.grid
        pair.map.hovered.connect(self._hover_map)
        pair.input.hovered.connect(self._hover_input)
        for pane in pair.panes:
            pane.unhovered.connect(self._leave)
            pane.clicked.connect(self._click)
            pane.moved.connect(self._move)
        pair.input.walked.connect(self._walk)
        grid.hovered.connect(self._hover_weight)
        grid.unhovered.connect(partial(self._point, None))
        context.window.probe.canvas.hovered.connect(self._hover_product)
        context.window.probe.canvas.unhovered.connect(partial(self._point, None))
        context.window.actions_by_id["sort_terms"].toggled.connect(self.sort_terms)
        context.session.changed(lambda old, new: self._refresh())
        context.on_theme(self._theme)
        self._theme()

    @property
    def cell(self) -> Cell | None:
        """The map cell (row, column) that is explained."""
        return self._cell

    @property
    def pixel(self) -> Cell | None:
        """The input cell (row, column) of which is shown where it goes."""
        return self._pixel

    @property
    def pinned(self) -> bool:
        """Whether it stays when the cursor moves on."""
        return self._pinned

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the explanation."""
        return {
            "copy_sum": self.copy_text,
            "copy_numpy": self.copy_numpy,
        }

    # gestures

    def unpin(self) -> None:
        """Follow the cursor again; while a value is hidden the cell that is asked about stays."""
        if not self._veiled:
            self._pinned = False
            self._look_at()

    def pin(self, cell: Cell) -> None:
        """Explain an output cell until another one is pinned."""
        self._pinned = True
        self._look_at(cell=cell)

    def set_veiled(self, veiled: bool) -> None:
        """Hide what comes out, so that it can be predicted."""
        self._veiled = veiled
        self._context.window.probe.set_veiled(veiled)
        self._refresh()

    def visit(self, cell: Cell) -> None:
        """Explain an output cell, as if the cursor were on it."""
        self._look_at(cell=cell)

    def _look_at(self, cell: Cell | None = None, pixel: Cell | None = None) -> None:
        """Explain an output cell, an input cell, or nothing."""
        self._cell, self._pixel, self._term = cell, pixel, None
        self._refresh()

    def _point(self, term: Tap | None) -> None:
        """Point out one term of the cell that is explained."""
        if term != self._term:
            self._term = term
            self._refresh()

    def _at(self, x: float, y: float) -> Cell | None:
        state = self._context.state
        if derive.fault(state):
            return None
        rows, cols = state.layer.axes(state.source.rows, state.source.cols)
        row, col = int((y - rows.origin) // rows.stride), int((x - cols.origin) // cols.stride)
        if state.source.sequence and rows.outputs == 1:
            row = 0
        return (row, col) if 0 <= row < rows.outputs and 0 <= col < cols.outputs else None

    def _input_at(self, x: float, y: float) -> Cell | None:
        source, row, col = self._context.state.source, int(np.floor(y)), int(np.floor(x))
        rows = derive.lanes(source) if source.sequence else source.rows
        return (row, col) if 0 <= row < rows and 0 <= col < source.cols else None

    def _hover_map(self, x: float, y: float) -> None:
        if not self._pinned:
            self._look_at(cell=self._at(x, y))

    def _hover_input(self, x: float, y: float) -> None:
        if not self._pinned:
            self._look_at(pixel=self._input_at(x, y))
        elif (e := self._explained()) is not None:  # a cell of the pinned patch points out its term
            self._point(provenance.term_at(e, int(np.floor(y)), int(np.floor(x)), self._context.state.source))

    def _hover_weight(self, row: int, col: int) -> None:
        layer = self._context.state.layer
        rows, cols = layer.kernel.size
        self._point((None, rows - 1 - row, cols - 1 - col) if layer.flip else (None, row, col))

    def _hover_product(self, row: int, col: int) -> None:
        """Point out a term that is drawn in the arithmetic, where the taps of a sequence lie below each other."""
        rows, cols = self._context.state.kernel.size
        if self._context.state.source.sequence:
            self._point((row // rows, row % rows, col))
        else:
            self._point((col // cols, row, col % cols))

    def _leave(self) -> None:
        if self._pinned:
            self._point(None)
        else:
            self._look_at()

    def _click(self, x: float, y: float) -> None:
        if self._veiled:
            return
        cell = self._at(x, y)
        if cell is None or (self._pinned and cell == self._cell):
            self.unpin()
            return
        self.pin(cell)

    def _move(self, down: int, right: int) -> None:
        shape = derive.output_shape(self._context.state)
        if shape is None or self._veiled:
            return
        row, col = self._cell if self._cell is not None else (shape[1] // 2 - down, shape[2] // 2 - right)
        cell = min(max(row + down, 0), shape[1] - 1), min(max(col + right, 0), shape[2] - 1)
        self.pin(cell)
        state = self._context.state  # where the keyboard is, it types as well
        self._context.window.pair.input.hand.set_cell(*provenance.under(state.layer, state.source, *cell))

    def _walk(self, down: int, right: int) -> None:
        """Move the input cell of which is shown where it goes; the first one lies under the pin, or in the middle."""
        source = self._context.state.source
        if self._veiled or not source.array.size:
            return
        rows = derive.lanes(source) if source.sequence else source.rows
        row, col = self._pixel or (rows // 2 - down, source.cols // 2 - right)
        if self._pixel is None and self._cell is not None and not source.sequence:
            row, col = provenance.under(self._context.state.layer, source, *self._cell)
        self._pinned = False
        self._look_at(pixel=(min(max(row + down, 0), rows - 1), min(max(col + right, 0), source.cols - 1)))

    # actions

    def copy_text(self) -> None:
        """Put the sum on the clipboard as text."""
        self._copy(lambda e: e.as_text(), "The sum was copied as text")

    def copy_numpy(self) -> None:
        """Put an expression that evaluates to the value on the clipboard."""
        self._copy(lambda e: e.as_numpy(), "The sum was copied as a NumPy expression")

    def _copy(self, make: Callable[[Explanation], str], note: str) -> None:
        e = self._explained()
        if e is None or self._veiled:
            self._context.tell(PREDICT if self._veiled else FIRST)
            return
        QGuiApplication.clipboard().setText(make(e))
        self._context.succeeded(note)

    def sort_terms(self, by_size: bool) -> None:
        """Draw the products of the running sum by their size."""
        self._context.window.probe.set_order(by_size)

    # showing

    def _explained(self) -> Explanation | None:
        state, shape = self._context.state, derive.output_shape(self._context.state)
        if self._cell is None or shape is None or self._cell[0] >= shape[1] or self._cell[1] >= shape[2]:
            return None
        return explain(state.layer, state.source, derive.shown_map(state), *self._cell)

    def _used(self) -> Uses | None:
        state = self._context.state
        if self._pixel is None or derive.fault(state):
            return None
        if self._input_at(self._pixel[1], self._pixel[0]) is None:
            return None
        row, col = self._pixel
        if state.source.sequence:
            return uses(state.layer, state.source, derive.shown_map(state), 0, col, channel=row)
        return uses(state.layer, state.source, derive.shown_map(state), row, col)

    def _theme(self) -> None:
        probe = self._context.window.probe
        probe.set_colours(derive.signed_table(self._context.dark), probe.canvas.grey)
        self._refresh()

    def _refresh(self) -> None:
        state, window = self._context.state, self._context.window
        window.probe.set_turned(state.layer.flip, symmetric=derive.kernel_symmetric(state.kernel))
        window.probe.set_marks(self._drawn_terms(state))
        window.kernel_card.grid.set_mark(self._weight(state))
        if (e := self._explained()) is not None:
            self._show_sum(state, e)
            self._show_origin(state, e)
            self._show_status(state, e)
        elif (found := self._used()) is not None:
            self._show_shares(found)
            self._show_goal(state, found)
            self._show_input(state, found)
        else:
            self._show_nothing()
        window.kernel_card.grid.set_lit(e is not None)

    def _drawn_terms(self, state: State) -> list[Cell]:
        """Return where the term is drawn in the arithmetic, once for each of its taps."""
        if self._term is None or isinstance(state.bound, str):
            return []
        (tap, u, v), (rows, cols) = self._term, state.kernel.size
        plan = state.bound.unmixed if state.source.sequence else state.bound
        taps = [tap] if tap is not None else range(plan.weights.shape[1])
        return [(k * rows + u, v) if state.source.sequence else (u, k * cols + v) for k in taps]

    def _weight(self, state: State) -> Cell | None:
        """Return the weight of the kernel, as it is edited, that the term has."""
        if self._term is None or self._cell is None:
            return None
        rows, cols = state.kernel.size
        _, u, v = self._term
        return (rows - 1 - u, cols - 1 - v) if state.layer.flip else (u, v)

    def _show_nothing(self) -> None:
        window = self._context.window
        window.probe.set_nothing((derive.fault(self._context.state) and "There is no output to explain.") or HINT)
        window.status.set_cursor("", "", "")
        for pane in window.pair.panes:
            pane.set_marks([])
            pane.set_bands([], [])

    def _show_sum(self, state: State, e: Explanation) -> None:
        lay = np.vstack if state.source.sequence else np.hstack  # the channels of a sequence lie below each other
        patch, weights, products = (lay(list(planes)) for planes in (e.patch, e.weights, e.products))
        outside = lay([e.outside] * len(e.patch))
        shown = Sum(patch, weights, products, outside, e.total, e.bias, e.activation, e.value, e.channels)
        large = max(shown.weights.shape) > LARGEST_GRID
        rows = state.kernel.size[0]
        terms = [
            Largest(t.plane * rows + t.u if state.source.sequence else t.u, t.v, t.value, t.weight, t.product)
            for t in (e.largest(TERMS) if large else [])
        ]
        self._context.window.probe.set_places("channel, step" if len(e.reads) > 1 else "row, column")
        names = derive.names_of_maps(state)
        channel = f"{names[e.map]}  ·  " if len(names) > 1 else ""
        where = self._where(e.row, e.col)
        advice = "pinned, Esc frees, arrow keys move" if self._pinned else "click to pin, arrow keys move"
        self._context.window.probe.set_sum(f"{channel}{where}", shown, terms, self._tint(e.value), advice)

    def _tint(self, value: float) -> tuple[int, int, int] | None:
        """Return an ink for the value from the signed colour map, legible on the card."""
        if not np.isfinite(value) or value == 0:
            return None
        table = derive.signed_table(self._context.dark)
        place = {(True, True): 236, (True, False): 208, (False, True): 20, (False, False): 48}
        r, g, b = (int(c) for c in table[place[value > 0, self._context.dark]])
        return r, g, b

    def _bands(self, cells: list[tuple[provenance.Rect, float]]) -> list[Band]:
        """Return the weights of cells as they are laid over a picture."""
        largest = max((abs(weight) for _, weight in cells), default=0.0)
        table = derive.signed_table(self._context.dark)
        colours = {weight: signed_colour(weight, largest, table) for weight in {w for _, w in cells}}
        return [Band(rect, colours[weight], weight, abs(weight) / (largest or 1.0)) for rect, weight in cells]

    def _show_origin(self, state: State, e: Explanation) -> None:
        """Show patch, weights and borrowed cells in the input, and the cell in the map."""
        rows, cols = state.layer.axes(state.source.rows, state.source.cols)
        marks = [(rect, self._pinned) for rect in provenance.patch_rects(rows, cols, e, state.source)]
        if self._term is not None:
            marks += [(rect, True) for rect in provenance.term_rects(e, self._term, state.source)]
        pair = self._context.window.pair
        pair.input.set_marks(marks)
        pair.input.set_bands(
            self._bands(provenance.patch_cells(e, state.layer, state.source)), provenance.links(e, state.layer, state.source)
        )
        pair.map.set_marks([(provenance.output_rect(rows, cols, e.row, e.col), self._pinned)])
        pair.map.set_bands([], [])

    def _show_goal(self, state: State, found: Uses) -> None:
        """Show the cell in the input, and the outputs that read it with their weights in the map."""
        rows, cols = state.layer.axes(state.source.rows, state.source.cols)
        around, pair = provenance.reading_rect(rows, cols, found), self._context.window.pair
        row, col = self._pixel or (found.row, found.col)
        pair.input.set_marks([((float(col), float(row), 1.0, 1.0), False)])
        pair.input.set_bands([], [])
        pair.map.set_marks([] if around is None else [(around, False)])
        pair.map.set_bands(self._bands(provenance.reading_cells(rows, cols, found)), [])

    def _show_shares(self, found: Uses) -> None:
        where = self._where(found.row, found.col)
        if self._pixel is not None and derive.lanes(self._context.state.source) > 1:
            where = f"{self._context.state.source.channel_names[self._pixel[0]]}, {where}"
        count = found.rows.size * found.cols.size
        readers = f"read by {count} output{'s' if count != 1 else ''}" if count else "read by no output"
        value = float(found.values[0]) if found.values.size else float("nan")
        shares = Shares(value, found.weights.sum(axis=0), found.shares.sum(axis=0))
        self._context.window.probe.set_shares(f"{where} of the input  ·  {readers}", shares, NOWHERE)

    def _where(self, row: int, col: int) -> str:
        return f"step {col}" if self._context.state.source.sequence else f"row {row}, column {col}"

    def _show_status(self, state: State, e: Explanation) -> None:
        """Show the value of an output cell, and that of the input cell that it lies over."""
        row, col = provenance.under(state.layer, state.source, e.row, e.col)
        if state.source.sequence:  # no value of its own where several channels are read
            row = e.reads[0] if len(e.reads) == 1 else -1
        self._set_cursor(state, (e.row, e.col), (row, col), e)

    def _show_input(self, state: State, found: Uses) -> None:
        """Show the value of an input cell, and that of the output that lies over it."""
        cell, here = self._at(found.col + 0.5, found.row + 0.5), self._pixel or (found.row, found.col)
        over = None if cell is None else explain(state.layer, state.source, derive.shown_map(state), *cell)
        self._set_cursor(state, here, here, over)

    def _set_cursor(self, state: State, at: Cell, pixel: Cell, e: Explanation | None) -> None:
        """Tell the status bar where the cursor is, and the values of an input cell and of an output cell."""
        where = f"step <b>{at[1]}</b>" if state.source.sequence else f"row <b>{at[0]}</b> column <b>{at[1]}</b>"
        value = derive.input_value(state, *pixel)
        shown = strong("input", number(value, 4)) if value is not None else ""
        over = "no output here"
        if e is not None:
            over = strong("activation", "?" if self._veiled else number(e.value, 4, sign=e.value != 0))
        self._context.window.status.set_cursor(where, shown, over)
