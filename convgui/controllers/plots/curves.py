"""The curves of a sequence, computed while their panel is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.model.curves import CurvesRequest
from convgui.views.plots.curves_panel import HINT
from convgui.views.plots.line_plot import Curve

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.model.curves import Curves

LANE = "curves"

PATIENCE = 0.25
"""Seconds for which a running request may still finish when a newer one is wanted, so that a drag shows something."""


class CurvesController:
    """Fills the panel of the curves, and marks the step under the cursor of the panes in it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._panel, self._dock = context.window.curves, context.window.docks["curves"]
        self._shown: Curves | None = None
        self._dock.seen_changed.connect(lambda _: self._refresh())
        context.afterwards.changed(lambda old, new: self._refresh())
        self._panel.plot.pointed.connect(self._panel.plot.set_cursor)
        self._panel.plot.left.connect(lambda: self._panel.plot.set_cursor(None))
        for pane in context.window.pair.panes:
            pane.hovered.connect(self._hover)
            pane.unhovered.connect(lambda: self._panel.plot.set_cursor(None))

    def _refresh(self) -> None:
        """Ask for the curves where they are seen, unless they are there."""
        state = self._context.state
        if not self._dock.seen() or not state.input.sequence:
            self._context.runner.cancel(LANE)
            self._shown = None
            self._panel.set_detail("")
            self._panel.plot.set_hint(HINT)
            self._panel.tools.setEnabled(False)
            return
        shown = self._shown
        if shown is not None and shown.state.layers is state.layers and shown.state.input.same(state.input):
            if (shown.state.map, shown.state.looked) == (state.map, state.looked):
                return
        request = CurvesRequest(state, shown)
        self._context.runner.submit(LANE, request, self._take, self._context.tell_error, patience=PATIENCE)

    def _take(self, found: Curves) -> None:
        state = self._context.state
        if found.state.source is not state.source or not self._dock.seen():
            return
        self._shown = found
        curves = [Curve(row.name, row.envelope, row.first, row.apart) for row in found.inputs]
        table = {row.name: row.envelope.values for row in found.inputs}
        if found.map is not None:
            row = found.map
            curves.append(Curve(row.name, row.envelope, row.first, row.apart, right=True))
            table[row.name] = row.envelope.values
        self._panel.plot.set_curves(curves, table, ("input", "activation"), keep=True)
        self._panel.tools.setEnabled(True)
        self._panel.set_detail(state.why or f"{len(found.inputs[0].envelope):,} steps · the wheel zooms, a drag moves")

    def _hover(self, x: float, y: float) -> None:
        if self._shown is not None:
            self._panel.plot.set_cursor(float(int(x // 1)))
