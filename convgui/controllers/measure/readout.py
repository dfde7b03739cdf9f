"""The status bar: where the cursor is, the value of the input cell there, and that of the output cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.looking.explain import Explanation
from convgui.engine.shown import number
from convgui.model import provenance
from convgui.model.pointed import explain_cell, output_cell_at
from convgui.views.window.status_bar import strong

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.engine.layers.explained import Explained
    from convgui.model.pointed import Cell, Finding


class ReadoutController:
    """Tells the status bar what is under the cursor."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context = context
        probe.found.connect(self._show)
        self._show(probe.finding())

    def _show(self, finding: Finding) -> None:
        made = finding.explanation or finding.made
        if made is not None:
            self._show_output(finding, made)
        elif finding.pointed.pixel is not None and (finding.uses is not None or finding.readers is not None):
            self._show_input(finding, finding.pointed.pixel)
        else:
            self._context.window.status.set_cursor("", "", "")

    def _show_output(self, finding: Finding, e: Explanation | Explained) -> None:
        """Show the value of an output cell, and that of the input cell that it lies over."""
        state = finding.state
        row, col = provenance.under(state, e.row, e.col)
        if state.input.sequence:  # no value of its own where several channels are read
            reads = e.reads if isinstance(e, Explanation) else sorted({cell.map for cell in e.cells})
            lane = state.input.lane(reads[0]) if len(reads) == 1 else None
            row = -1 if lane is None else lane
        self._set_cursor(finding, (e.row, e.col), (row, col), e)

    def _show_input(self, finding: Finding, here: Cell) -> None:
        """Show the value of an input cell, and that of the output that lies over it."""
        state, (row, col) = finding.state, here
        cell = output_cell_at(state, col + 0.5, 0.5 if state.input.sequence else row + 0.5)
        self._set_cursor(finding, here, here, None if cell is None else explain_cell(state, *cell))

    def _set_cursor(self, finding: Finding, at: Cell, pixel: Cell, e: Explanation | Explained | None) -> None:
        read = finding.state.input
        where = f"step <b>{at[1]}</b>" if read.sequence else f"row <b>{at[0]}</b> column <b>{at[1]}</b>"
        value = read.value(*pixel)
        shown = strong("input", number(value, 4)) if value is not None else ""
        over = "no output here"
        if e is not None:
            over = strong("activation", "?" if finding.pointed.value_hidden else number(e.value, 4, sign=e.value != 0))
        self._context.window.status.set_cursor(where, shown, over)
