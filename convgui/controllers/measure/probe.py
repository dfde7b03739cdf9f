"""Pointing: which cell the cursor or the pin is on. Other controllers show the explanation of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from convgui.model import provenance
from convgui.model.pointed import (
    Finding,
    FindRequest,
    Pointed,
    find,
    input_cell_at,
    output_cell_at,
    term_drawn_at,
    term_of_weight,
)

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.model.pointed import Cell, Term


PATIENCE = 0.25
"""Seconds for which an explanation may still be finished when the cursor has moved on, so that a move shows something."""


class ProbeController(QObject):
    """Follows the cursor until a cell is pinned.

    Attributes
    ----------
    found : Signal
        Emitted with a `Finding` when something else is pointed at, or the document or the theme has changed.
    """

    found = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        self._pointed = Pointed()
        self._finding = Finding(context.state, self._pointed)
        pair, grid = context.window.pair, context.window.kernel_card.grid
        pair.map.hovered.connect(self._hover_map)
        pair.input.hovered.connect(self._hover_input)
        for pane in pair.panes:
            pane.unhovered.connect(self._leave)
            pane.clicked.connect(self._click)
            pane.moved.connect(self._move)
        pair.input.walked.connect(self._walk)
        grid.hovered.connect(lambda row, col: self._point(term_of_weight(context.state, row, col)))
        grid.unhovered.connect(partial(self._point, None))
        canvas = context.window.probe.canvas
        canvas.hovered.connect(lambda row, col: self._point(term_drawn_at(context.state, row, col)))
        canvas.unhovered.connect(partial(self._point, None))
        context.session.changed(lambda old, new: self._tell())
        context.on_theme(self._tell)

    @property
    def cell(self) -> Cell | None:
        """The map cell (row, column) that is explained."""
        return self._pointed.cell

    @property
    def pixel(self) -> Cell | None:
        """The input cell (row, column) whose readers are shown."""
        return self._pointed.pixel

    @property
    def pinned(self) -> bool:
        """Whether the cell stays when the cursor moves on."""
        return self._pointed.pinned

    def finding(self) -> Finding:
        """Return what there is to show of what is pointed at, as far as it is known."""
        return self._finding

    # what can be done

    def unpin(self) -> None:
        """Follow the cursor again; while a value is hidden the cell that is asked about stays."""
        if not self._pointed.value_hidden:
            self._look_at(pinned=False)

    def pin(self, cell: Cell) -> None:
        """Explain an output cell until another one is pinned."""
        self._look_at(cell=cell, pinned=True)

    def visit(self, cell: Cell) -> None:
        """Explain an output cell, as if the cursor were on it."""
        self._look_at(cell=cell)

    def set_value_hidden(self, value_hidden: bool) -> None:
        """Hide the value, so that it can be predicted."""
        self._set(replace(self._pointed, value_hidden=value_hidden))

    def _look_at(self, cell: Cell | None = None, pixel: Cell | None = None, pinned: bool | None = None) -> None:
        """Explain an output cell, an input cell, or nothing."""
        pinned = self._pointed.pinned if pinned is None else pinned
        self._set(Pointed(cell=cell, pixel=pixel, pinned=pinned, value_hidden=self._pointed.value_hidden))

    def _point(self, term: Term | None) -> None:
        """Point out one term of the cell that is explained."""
        if term != self._pointed.term:
            self._set(replace(self._pointed, term=term))

    def _set(self, pointed: Pointed) -> None:
        self._pointed = pointed
        self._tell()

    def _tell(self) -> None:
        """Find out what there is to show: at once on the picture itself, on a worker where layers lie below."""
        state, runner = self._context.state, self._context.runner
        if state.input.direct or (self._pointed.cell is None and self._pointed.pixel is None):
            runner.cancel("explanation")
            self._take(find(state, self._pointed))
            return
        request = FindRequest(state, self._pointed)
        runner.submit("explanation", request, self._take, self._context.tell_error, patience=PATIENCE)

    def _take(self, finding: Finding) -> None:
        """Show a finding, unless the document has changed meanwhile."""
        if finding.state is self._context.state:
            self._finding = finding
            self.found.emit(finding)

    # gestures

    def _hover_map(self, x: float, y: float) -> None:
        if not self.pinned:
            self._look_at(cell=output_cell_at(self._context.state, x, y))

    def _hover_input(self, x: float, y: float) -> None:
        state = self._context.state
        if not self.pinned:
            self._look_at(pixel=input_cell_at(state, x, y))
        elif self._finding.state is state and self._finding.explanation is not None:  # a cell of the patch is a term
            self._point(provenance.term_at(self._finding.explanation, int(np.floor(y)), int(np.floor(x)), state.input))

    def _leave(self) -> None:
        if self.pinned:
            self._point(None)
        else:
            self._look_at()

    def _click(self, x: float, y: float) -> None:
        if self._pointed.value_hidden:
            return
        cell = output_cell_at(self._context.state, x, y)
        if cell is None or (self.pinned and cell == self.cell):
            self.unpin()
            return
        self.pin(cell)

    def _move(self, down: int, right: int) -> None:
        shape = self._context.state.output_shape
        if shape is None or self._pointed.value_hidden:
            return
        row, col = self.cell if self.cell is not None else (shape[1] // 2 - down, shape[2] // 2 - right)
        cell = min(max(row + down, 0), shape[1] - 1), min(max(col + right, 0), shape[2] - 1)
        self.pin(cell)
        state = self._context.state  # where the keyboard is, it types as well
        self._context.window.pair.input.hand.set_cell(*provenance.under(state, *cell))

    def _walk(self, down: int, right: int) -> None:
        """Move the input cell whose readers are shown; begin under the pinned cell, or in the middle."""
        state = self._context.state
        rows, cols = state.input.shown_rows, state.input.cols
        if self._pointed.value_hidden or not rows or not cols:
            return
        row, col = self.pixel or (rows // 2 - down, cols // 2 - right)
        if self.pixel is None and self.cell is not None and not state.input.sequence and state.axes is not None:
            row, col = provenance.under(state, *self.cell)
        pixel = min(max(row + down, 0), rows - 1), min(max(col + right, 0), cols - 1)
        self._look_at(pixel=pixel, pinned=False)
