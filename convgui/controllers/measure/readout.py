"""The status bar: where the cursor is, the value of the input cell there, and that of the output cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.shown import number
from convgui.model.pointed import pixel_rect
from convgui.model.provenance import output_rect, under
from convgui.model.texts import place_text
from convgui.views.kit.pace import Pace
from convgui.views.window.status_bar import strong

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.finding import Finding
    from convgui.model.pointed import Cell
    from convgui.model.provenance import Rect
    from convgui.model.state import State


EVERY_MS = 33
"""Milliseconds from one text in the status bar to the next, at least."""


class ReadoutController:
    """Tells the status bar what is under the cursor."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context, self._probe = context, probe
        self._pace = Pace(EVERY_MS, self._show_cursor, context.window.status)
        probe.found.connect(self._show)
        context.on_viewport(lambda: self._show_chips(probe.finding()))
        for pane in context.window.pair.panes:  # only with a picture it is known whether numbers stand in the cells
            pane.laid_out.connect(lambda: self._show_chips(probe.finding()))
        self._show(probe.finding())

    def _show(self, finding: Finding) -> None:
        self._show_chips(finding)
        self._pace.ask()

    def _show_cursor(self) -> None:
        """Write where the cursor is and what is there, as often as it can be read."""
        finding = self._probe.finding()
        made, pixel = finding.explanation or finding.made, finding.pointed.pixel
        if made is not None:
            self._set_cursor(finding, (made.row, made.col))
        elif pixel is not None and (finding.uses is not None or finding.readers is not None):
            self._set_cursor(finding, pixel)
        else:
            self._context.window.status.set_cursor("", "", "")

    def _show_chips(self, finding: Finding) -> None:
        """Write the value beside the cell that is pointed at, where the cells are too small for their numbers."""
        state, pixel, pair = finding.state, finding.pointed.pixel, self._context.window.pair
        made = finding.explanation or finding.made
        cells: list[tuple[Rect, Cell, float] | None] = [None, None]
        if made is not None and state.axes is not None and finding.over is not None:
            cells[1] = output_rect(*state.axes, made.row, made.col), (made.row, made.col), finding.over
        elif pixel is not None and finding.value is not None:
            cells[0] = pixel_rect(state, pixel), pixel, finding.value
        for which, cell in enumerate(cells):
            if cell is None or pair.panes[which].numbered():
                pair.set_readout(which, None)
                continue
            rect, (row, col), value = cell
            where = f"{_map_text(state)}{place_text(state, row, col)}" if which == 1 else place_text(state, row, col)
            hidden = which == 1 and finding.pointed.value_hidden
            pair.set_readout(which, rect, where, "?" if hidden else number(value, 4))

    def _named(self, finding: Finding, at: Cell) -> str:
        """Return what the input's value is of: of the cell under that of the activation, which may have another place."""
        state, made = finding.state, finding.explanation or finding.made
        if made is None or state.input.sequence or (cell := under(state, *at)) == at:
            return "input"
        return f"input ({cell[0]}, {cell[1]})"

    def _set_cursor(self, finding: Finding, at: Cell) -> None:
        """Show where it is, the value of the input cell there, and that of the output cell over it."""
        where = f"step <b>{at[1]}</b>" if finding.state.input.sequence else f"row <b>{at[0]}</b> column <b>{at[1]}</b>"
        shown = strong(self._named(finding, at), number(finding.value, 4)) if finding.value is not None else ""
        over = "no output here"
        if finding.over is not None:
            text = "?" if finding.pointed.value_hidden else number(finding.over, 4, sign=finding.over != 0)
            over = strong(_map_text(finding.state).rstrip(", ") or "activation", text)
        self._context.window.status.set_cursor(where, shown, over)


def _map_text(state: State) -> str:
    """Return of which map a value is, where several are looked at together."""
    return "" if state.way == "one" else f"map {state.map}, "
