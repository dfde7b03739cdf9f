"""Pointing: which cell the cursor or the pin is on, and the finding of it, which other controllers show."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from convgui.model import provenance
from convgui.model.finding import Finding, FindRequest, find, is_found_at_once
from convgui.model.pointed import (
    Pointed,
    input_cell_at,
    output_cell_at,
    photo_shown,
    pixel_extent,
    term_drawn_at,
    term_of_weight,
)

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.model.pointed import Cell, Term
    from convgui.model.state import State

LANE = "explanation"

PATIENCE = 0.25
"""Seconds for which a running request may still finish when a newer one is wanted, so that a move shows something."""


class ProbeController(QObject):
    """Follows the cursor until a cell is pinned.

    What takes no time is found at once, the rest on a worker; meanwhile the last finding stays, which is of its own cell.

    Attributes
    ----------
    found : Signal
        Emitted with a `Finding` when there is another one to show, or the document or the theme has changed.
    """

    found = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        self._pointed = Pointed()
        self._finding = Finding(context.state, self._pointed)
        self._asked: FindRequest | None = None
        self._pins: dict[int, Cell] = {}
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
        context.session.changed(self._changed)
        context.afterwards.changed(lambda old, new: None if self._marked() else self._tell())
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

    @property
    def waiting(self) -> Pointed | None:
        """What is being found on a worker; None if everything is there."""
        return None if self._asked is None else self._asked.pointed

    def finding(self) -> Finding:
        """Return what is shown."""
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

    def show_pixel(self, pixel: Cell) -> None:
        """Point out an input cell, or a pixel of the photo, as if the cursor were on it."""
        self._look_at(pixel=pixel, pinned=False)

    def follow(self, looked: int, cell: Cell) -> None:
        """Pin a cell of another layer, which is going to be looked at; back here the present cell is pinned again."""
        if self._pointed.cell is not None:
            self._pins[self._context.state.looked] = self._pointed.cell
        self._pins[looked] = cell
        self._pointed = replace(self._pointed, pinned=True)

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

    # finding

    def _changed(self, old: State, new: State) -> None:
        """Keep what is pointed at if the same layer is looked at; else pin what was pinned there on the way down."""
        if old.source is not new.source or len(old.layers) != len(new.layers):
            self._pins.clear()
        same = old.layers[old.looked] is new.layers[new.looked] or old.unit.start == new.unit.start
        if old.source is new.source and old.looked != new.looked and not same:
            cell = self._pins.get(new.looked) if self.pinned else None
            self._pointed = Pointed(cell=cell, pinned=cell is not None, value_hidden=self._pointed.value_hidden)
        if self._marked():
            self._tell()

    def _marked(self) -> bool:
        """Whether there are marks on the pictures, which belong to the frame; what else is found may follow it."""
        return self._pointed.anything or self._finding.pointed.anything

    def _tell(self) -> None:
        """Show the finding of what is pointed at, or ask for it and show the last one until it is there."""
        state, pointed = self._context.state, self._pointed
        if not self._finding.is_of(state, pointed):
            if not is_found_at_once(state, pointed):
                self._ask(state, pointed)
                return
            self._finding = find(state, pointed)
        self._leave_off()
        self._show(self._finding)

    def _ask(self, state: State, pointed: Pointed) -> None:
        if self._asked is None or not Finding(self._asked.state, self._asked.pointed).is_of(state, pointed):
            self._asked = FindRequest(state, pointed)
            runner = self._context.runner
            runner.submit(LANE, self._asked, self._take, self._failed, patience=PATIENCE)
        self._show(self._finding if self._finding.stays(state) else Finding(state, Pointed()))

    def _take(self, found: Finding) -> None:
        if self._asked is None or not found.stays(self._context.state):
            return
        if found.is_of(self._asked.state, self._asked.pointed):
            self._asked = None
        self._show(found)

    def _failed(self, error: Exception) -> None:
        self._asked = None
        self._context.tell_error(error)

    def _leave_off(self) -> None:
        """Want no finding of a worker any more."""
        if self._asked is not None:
            self._asked = None
            self._context.runner.cancel(LANE)

    def _show(self, finding: Finding) -> None:
        self._finding = finding.seen_as(self._pointed)
        self.found.emit(self._finding)

    # gestures

    def _hover_map(self, x: float, y: float) -> None:
        if not self.pinned and not self._context.playing:
            self._look_at(cell=output_cell_at(self._context.state, x, y))

    def _hover_input(self, x: float, y: float) -> None:
        state = self._context.state
        if self._context.playing:
            return
        if not self.pinned:
            self._look_at(pixel=input_cell_at(state, x, y))
        elif (e := self._finding.explanation) is not None and not photo_shown(state):  # a cell of the patch: its term
            self._point(provenance.term_at(e, int(np.floor(y)), int(np.floor(x)), state.input))

    def _leave(self) -> None:
        if self.pinned:
            self._point(None)
        elif not self._context.playing:
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
        if shape is None or self._pointed.value_hidden or self._context.stepping:
            return
        row, col = self.cell if self.cell is not None else (shape[1] // 2 - down, shape[2] // 2 - right)
        cell = min(max(row + down, 0), shape[1] - 1), min(max(col + right, 0), shape[2] - 1)
        self.pin(cell)
        state = self._context.state  # where the keyboard is, it types as well
        self._context.window.pair.input.hand.set_cell(*provenance.under(state, *cell))

    def _walk(self, down: int, right: int) -> None:
        """Move the input cell whose readers are shown; begin under the pinned cell, or in the middle."""
        state = self._context.state
        rows, cols = pixel_extent(state)
        if self._pointed.value_hidden or not rows or not cols:
            return
        row, col = self.pixel or (rows // 2 - down, cols // 2 - right)
        if self.pixel is None and self.cell is not None and not state.input.sequence and state.axes is not None:
            row, col = self._under(state, *self.cell)
        pixel = min(max(row + down, 0), rows - 1), min(max(col + right, 0), cols - 1)
        self._look_at(pixel=pixel, pinned=False)

    def _under(self, state: State, row: int, col: int) -> Cell:
        """Return the input cell, or the pixel of the photo, under the middle of an output cell; it may be outside."""
        down, across = provenance.under(state, row, col)
        return input_cell_at(state, across + 0.5, down + 0.5) or (down, across)
