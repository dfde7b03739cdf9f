"""Marks over the panes: the patch of an output cell in the input, the outputs that read an input cell in the activation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.model import colouring, provenance
from convgui.model.pointed import pixel_rect
from convgui.views.canvas.overlay import BANDS
from convgui.views.canvas.values import NO_BANDS, Bands
from convgui.views.kit.colours import signed_colours

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.engine.layers.explained import Explained
    from convgui.engine.looking.explain import Explanation
    from convgui.engine.looking.uses import Uses
    from convgui.model.finding import Finding
    from convgui.model.pointed import Pointed
    from convgui.model.state import State


class MarksController:
    """Marks what is pointed at in both panes."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context, self._probe = context, probe
        self._with_bands = self._large_enough()
        probe.found.connect(self._show)
        context.on_viewport(self._zoomed)
        self._show(probe.finding())

    def _large_enough(self) -> bool:
        """Whether cells are so large that weights are seen on them."""
        state, zoom = self._context.state, self._context.viewport.zoom
        sides = (1.0,) if state.axes is None else (1.0, *(float(axis.stride) for axis in state.axes))
        return zoom * max(sides) >= BANDS

    def _zoomed(self) -> None:
        if self._with_bands != self._large_enough():
            self._show(self._probe.finding())

    def _show(self, finding: Finding) -> None:
        self._with_bands = self._large_enough()
        if finding.field is not None:
            self._show_field(finding)
        elif finding.explanation is not None:
            self._show_origin(finding.state, finding.explanation, finding.pointed)
        elif finding.uses is not None:
            self._show_readers(finding.state, finding.uses, finding.pointed)
        elif finding.made is not None:
            self._show_made(finding, finding.made)
        elif finding.readers is not None:
            self._show_cells(finding)
        else:
            for pane in self._context.window.pair.panes:
                pane.set_marks([])
                pane.set_bands(NO_BANDS)

    def _show_origin(self, state: State, e: Explanation, pointed: Pointed) -> None:
        """Show the patch, its weights and the sources of border cells in the input, and the cell in the map."""
        assert state.axes is not None and state.conv is not None
        rows, cols = state.axes
        marks = [(rect, pointed.pinned) for rect in provenance.patch_rects(rows, cols, e, state.input)]
        if pointed.term is not None:
            marks += [(rect, True) for rect in provenance.term_rects(e, pointed.term, state.input)]
        pair, border = self._context.window.pair, state.conv.border
        pair.input.set_marks(marks)
        bands = self._bands(provenance.patch_cells(e, border, state.input)) if self._with_bands else NO_BANDS
        pair.input.set_bands(bands, provenance.links(e, border, state.input))
        pair.map.set_marks([(provenance.output_rect(rows, cols, e.row, e.col), pointed.pinned)])
        pair.map.set_bands(NO_BANDS)

    def _show_readers(self, state: State, found: Uses, pointed: Pointed) -> None:
        """Show the cell in the input, and the outputs that read it with their weights in the map."""
        assert state.axes is not None
        rows, cols = state.axes
        around, pair = provenance.reading_rect(rows, cols, found), self._context.window.pair
        row, col = pointed.pixel or (found.row, found.col)
        pair.input.set_marks([((float(col), float(row), 1.0, 1.0), False)])
        pair.input.set_bands(NO_BANDS)
        pair.map.set_marks([] if around is None else [(around, False)])
        pair.map.set_bands(self._bands(provenance.reading_cells(rows, cols, found)) if self._with_bands else NO_BANDS)

    def _show_field(self, finding: Finding) -> None:
        """Show in the photo all that can change a cell, and the cell in the map."""
        state, made = finding.state, finding.explanation or finding.made
        assert state.axes is not None and made is not None and finding.field is not None
        pair, pinned = self._context.window.pair, finding.pointed.pinned
        pair.input.set_marks([(rect, pinned) for rect in provenance.field_rects(state.input, *finding.field)])
        pair.map.set_marks([(provenance.output_rect(*state.axes, made.row, made.col), pinned)])
        for pane in pair.panes:
            pane.set_bands(NO_BANDS)

    def _show_made(self, finding: Finding, made: Explained) -> None:
        """Show the cells from which another layer makes a value, the winner of a maximum marked, and the cell in the map."""
        state, pointed = finding.state, finding.pointed
        assert state.axes is not None
        pair = self._context.window.pair
        around = [(rect, pointed.pinned) for rect in provenance.made_rects(made, finding.reads, state.input)]
        winner = [] if pointed.value_hidden else provenance.winner_rects(made, state.input)
        pair.input.set_marks([*around, *((rect, True) for rect in winner)])
        pair.map.set_marks([(provenance.output_rect(*state.axes, made.row, made.col), pointed.pinned)])
        for pane in pair.panes:
            pane.set_bands(NO_BANDS)

    def _show_cells(self, finding: Finding) -> None:
        """Show the cell in the input, and the outputs that read it in the map."""
        assert finding.state.axes is not None and finding.readers is not None and finding.pointed.pixel is not None
        pair = self._context.window.pair
        pair.input.set_marks([(pixel_rect(finding.state, finding.pointed.pixel), False)])
        down, across = (cells.tolist() for cells in finding.readers)
        corners = [(down[0], across[0]), (down[-1], across[-1])] if down and across else []
        rects = [provenance.output_rect(*finding.state.axes, *cell) for cell in corners]
        pair.map.set_marks([(provenance.around(rects), False)] if rects else [])
        for pane in pair.panes:
            pane.set_bands(NO_BANDS)

    def _bands(self, cells: provenance.Weighted) -> Bands:
        """Return the weights of cells as they are laid over a picture."""
        largest = float(np.abs(cells.weights).max(initial=0.0))
        table = colouring.signed_table(self._context.dark)
        return Bands(cells.rects, cells.weights, signed_colours(cells.weights, largest, table))
