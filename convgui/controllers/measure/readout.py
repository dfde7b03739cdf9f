"""The status bar: where the cursor is, the value of the input cell there, and that of the output cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.shown import number
from convgui.views.window.status_bar import strong

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.finding import Finding
    from convgui.model.pointed import Cell


class ReadoutController:
    """Tells the status bar what is under the cursor."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context = context
        probe.found.connect(self._show)
        self._show(probe.finding())

    def _show(self, finding: Finding) -> None:
        made, pixel = finding.explanation or finding.made, finding.pointed.pixel
        if made is not None:
            self._set_cursor(finding, (made.row, made.col))
        elif pixel is not None and (finding.uses is not None or finding.readers is not None):
            self._set_cursor(finding, pixel)
        else:
            self._context.window.status.set_cursor("", "", "")

    def _set_cursor(self, finding: Finding, at: Cell) -> None:
        """Show where it is, the value of the input cell there, and that of the output cell over it."""
        where = f"step <b>{at[1]}</b>" if finding.state.input.sequence else f"row <b>{at[0]}</b> column <b>{at[1]}</b>"
        shown = strong("input", number(finding.value, 4)) if finding.value is not None else ""
        over = "no output here"
        if finding.over is not None:
            text = "?" if finding.pointed.value_hidden else number(finding.over, 4, sign=finding.over != 0)
            over = strong("activation", text)
        self._context.window.status.set_cursor(where, shown, over)
