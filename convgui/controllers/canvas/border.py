"""The border: the border cells around the input, and the outputs that read any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.model import provenance
from convgui.views.canvas.overlay import LEAST
from convgui.views.canvas.values import BorderCells

if TYPE_CHECKING:
    from convgui.controllers.canvas.compute import ComputeController
    from convgui.controllers.context import Context


class BorderController:
    """Shows the border cells when zoomed in far enough, and hatches the outputs that read them on demand."""

    def __init__(self, context: Context, compute: ComputeController) -> None:
        self._context, self._compute = context, compute
        self._marked = False
        context.window.actions_by_id["mark_border"].toggled.connect(self.mark)
        context.session.changed(lambda old, new: self._show())
        context.on_viewport(self._show)
        compute.range_found.connect(self._show)
        self._show()

    def mark(self, marked: bool) -> None:
        """Hatch the outputs whose patch reaches beyond the input, or stop hatching them."""
        self._marked = marked
        self._show()

    def _show(self) -> None:
        state, pair = self._context.state, self._context.window.pair
        pair.map.set_hatched([] if state.axes is None or not self._marked else provenance.outputs_of_border(*state.axes))
        pair.input.set_border_cells(self._border_cells())

    def _border_cells(self) -> BorderCells | None:
        state, pane = self._context.state, self._context.window.pair.input
        if self._context.viewport.zoom < LEAST or self._compute.range is None or state.why:
            return None
        left, top = pane.to_input(pane.rect().topLeft().toPointF())
        right, bottom = pane.to_input(pane.rect().bottomRight().toPointF())
        found = provenance.beyond(state, (left, top, right - left, bottom - top), *self._compute.range)
        if found is None:
            return None
        inside = (0.0, 0.0, float(state.input.cols), float(state.input.shown_rows))
        return BorderCells(found.colours, found.values, found.rect, inside)
