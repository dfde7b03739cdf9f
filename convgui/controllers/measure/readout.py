"""The status bar: where the cursor is, the value of the input cell there, and that of the output cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.shown import number
from convgui.views.window.status_bar import strong

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.pointed import Cell, Finding


class ReadoutController:
    """Tells the status bar what is under the cursor."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context = context
        probe.found.connect(self._show)
        self._show(probe.finding())

    def _show(self, finding: Finding) -> None:
        made, state = finding.explanation or finding.made, finding.state
        pixel = finding.pointed.pixel
        if made is not None:
            self._set_cursor(finding, (made.row, made.col), made.value)
        elif pixel is not None and not state.why and finding.below is not None:
            self._set_cursor(finding, pixel, finding.over)
        else:
            self._context.window.status.set_cursor("", "", "")

    def _set_cursor(self, finding: Finding, at: Cell, value: float | None) -> None:
        """Show the place of a cell, the value of the input cell there, and that of the output cell."""
        sequence = finding.state.input.sequence
        where = f"step <b>{at[1]}</b>" if sequence else f"row <b>{at[0]}</b> column <b>{at[1]}</b>"
        shown = strong("input", number(finding.below, 4)) if finding.below is not None else ""
        over = "no output here"
        if value is not None:
            over = strong("activation", "?" if finding.pointed.value_hidden else number(value, 4, sign=value != 0))
        self._context.window.status.set_cursor(where, shown, over)
