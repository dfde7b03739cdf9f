"""The status bar: where the cursor is, the value of the input cell there, and that of the output cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.looking.single import explain_layer
from convgui.engine.shown import number
from convgui.model import derive, input_values, provenance
from convgui.model.pointed import output_cell_at
from convgui.views.window.status_bar import strong

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.engine.looking.explain import Explanation
    from convgui.engine.looking.uses import Uses
    from convgui.model.pointed import Cell, Finding


class ReadoutController:
    """Tells the status bar what is under the cursor."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context = context
        probe.found.connect(self._show)
        self._show(probe.finding())

    def _show(self, finding: Finding) -> None:
        if finding.explanation is not None:
            self._show_output(finding, finding.explanation)
        elif finding.uses is not None:
            self._show_input(finding, finding.uses)
        else:
            self._context.window.status.set_cursor("", "", "")

    def _show_output(self, finding: Finding, e: Explanation) -> None:
        """Show the value of an output cell, and that of the input cell that it lies over."""
        state = finding.state
        row, col = provenance.under(state.layer, state.source, e.row, e.col)
        if state.source.sequence:  # no value of its own where several channels are read
            row = e.reads[0] if len(e.reads) == 1 else -1
        self._set_cursor(finding, (e.row, e.col), (row, col), e)

    def _show_input(self, finding: Finding, found: Uses) -> None:
        """Show the value of an input cell, and that of the output that lies over it."""
        state, here = finding.state, finding.pointed.pixel or (found.row, found.col)
        cell = output_cell_at(state, found.col + 0.5, found.row + 0.5)
        over = None if cell is None else explain_layer(state.layer, state.source, derive.shown_map(state), *cell)
        self._set_cursor(finding, here, here, over)

    def _set_cursor(self, finding: Finding, at: Cell, pixel: Cell, e: Explanation | None) -> None:
        state = finding.state
        where = f"step <b>{at[1]}</b>" if state.source.sequence else f"row <b>{at[0]}</b> column <b>{at[1]}</b>"
        value = input_values.input_value(state, *pixel)
        shown = strong("input", number(value, 4)) if value is not None else ""
        over = "no output here"
        if e is not None:
            over = strong("activation", "?" if finding.pointed.value_hidden else number(e.value, 4, sign=e.value != 0))
        self._context.window.status.set_cursor(where, shown, over)
