"""What there is to show of what is pointed at: how a value is made, or where an input cell goes; also as a request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.large import Large
from convgui.engine.layers.activation import BoundActivation
from convgui.engine.looking.beside import beside
from convgui.engine.looking.explain import Explanation
from convgui.engine.looking.fields import readers, receptive_field
from convgui.engine.looking.uses import uses
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.model.pointed import (
    Pointed,
    explain_cell,
    input_cell_at,
    output_cell_at,
    photo_shown,
    pixel_middle,
    pixel_value,
)
from convgui.model.provenance import under

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.explained import Explained
    from convgui.engine.looking.uses import Uses
    from convgui.model.pointed import Cell
    from convgui.model.requests import Token
    from convgui.model.state import State

    Cells = tuple[NDArray[np.int64], NDArray[np.int64]]
    Cancel = Callable[[], bool]

AT_ONCE = 1 << 17
"""Products of a convolution on the source that are added up between two frames of the screen."""

POINTS = 161
"""Points at which a function is drawn; an odd number, so that zero is one of them."""


class Curve(NamedTuple):
    """An activation function around a value: numbers, and the function of each."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]


class Finding(NamedTuple):
    """A document, what is pointed at in it, and all that the window shows of it; None where there is nothing of the kind.

    Attributes
    ----------
    explanation, made : Explanation, Explained
        How the value of a cell is made: of a convolution the first, of another layer the second.
    uses, readers : Uses, (ndarray, ndarray)
        Which outputs read an input cell: of a convolution with their weights, else their rows and columns.
    reads : (ndarray, ndarray)
        The rows and columns that a layer that is no convolution reads for the cell.
    field : (ndarray, ndarray)
        The rows and columns of the photo that can change the cell, where the photo is shown.
    curve : Curve
        The function around the value, where it is that of an activation layer.
    value, over : float
        Of the input cell under the cursor, and of the output that lies over it.
    beside : float
        What whoever runs a graph has in place of the value, where our layers make it from what that has.
    """

    state: State
    pointed: Pointed
    explanation: Explanation | None = None
    uses: Uses | None = None
    made: Explained | None = None
    readers: Cells | None = None
    reads: Cells | None = None
    field: Cells | None = None
    curve: Curve | None = None
    value: float | None = None
    over: float | None = None
    beside: float | None = None

    def is_of(self, state: State, pointed: Pointed) -> bool:
        """Whether it is what would be found of that; which term is pointed out, and what is hidden, changes nothing."""
        return self.state is state and (self.pointed.cell, self.pointed.pixel) == (pointed.cell, pointed.pixel)

    def seen_as(self, pointed: Pointed) -> Finding:
        """Return the same finding with what is pointed out, pinned and hidden now."""
        same = (self.pointed.cell, self.pointed.pixel) == (pointed.cell, pointed.pixel)
        term, pinned = (pointed.term, pointed.pinned) if same else (None, False)
        return self._replace(pointed=replace(self.pointed, term=term, pinned=pinned, value_hidden=pointed.value_hidden))

    def stays(self, state: State) -> bool:
        """Whether it may stay on the screen until that of another document is there: cells lie where they lay."""
        old = self.state
        if old is state:
            return True
        if old.why or state.why or old.source is not state.source or old.looked != state.looked:
            return False
        same = photo_shown(old) == photo_shown(state) and old.unit.start == state.unit.start
        return same and old.axes == state.axes and old.input.place == state.input.place


@dataclass(frozen=True, eq=False)
class FindRequest:
    """Find what there is to show of what is pointed at in a document."""

    state: State
    pointed: Pointed

    def __call__(self, token: Token) -> Finding:
        """Find it."""
        return find(self.state, self.pointed, token.cancelled)


def is_found_at_once(state: State, pointed: Pointed) -> bool:
    """Whether a finding takes no time: nothing is pointed at, or a convolution reads a handful of cells of the source."""
    if state.why or (pointed.cell is None and pointed.pixel is None):
        return True
    if state.conv is None or not state.conv.on or not state.input.direct or not _is_held(state, pointed):
        return False
    weights: NDArray[np.float64] = state.chain.bounds[state.unit.start].weights  # type: ignore[attr-defined]
    return weights[0].size <= AT_ONCE


def _is_held(state: State, pointed: Pointed) -> bool:
    """Whether nothing has to be read from a file to explain what is pointed at."""
    source, axes = state.source, state.axes
    if not isinstance(source, Large) or axes is None:
        return True
    around = []
    for k, axis in enumerate(axes):
        first, end = axis.reads(pointed.cell[k]) if pointed.cell is not None else (0, 0)
        if pointed.pixel is not None:
            first, end = pointed.pixel[k] - axis.span, pointed.pixel[k] + axis.span + 1
        if first < 0 or end > axis.size:  # the border rule may take values from far away
            return False
        around.append(np.arange(first, end))
    return source.has(*around)


def find(state: State, pointed: Pointed, cancelled: Cancel = never) -> Finding:
    """Return what there is to show of what is pointed at.

    Raises
    ------
    Cancelled
        If it was cancelled meanwhile.
    """
    if cancelled():
        raise Cancelled
    cell, pixel, shape = pointed.cell, pointed.pixel, state.output_shape
    if cell is not None and shape is not None and cell[0] < shape.rows and cell[1] < shape.cols:
        return _of_output(state, pointed, cell, cancelled)
    if pixel is not None and shape is not None and input_cell_at(state, *pixel_middle(state, pixel)) == pixel:
        return _of_input(state, pointed, pixel, cancelled)
    return Finding(state, pointed)


def _of_output(state: State, pointed: Pointed, cell: Cell, cancelled: Cancel) -> Finding:
    """Return how the value of an output cell is made."""
    made = explain_cell(state, *cell, cancelled=cancelled)
    row, col = under(state, *cell)
    if state.input.sequence:  # no value of its own where several channels are read
        reads = made.reads if isinstance(made, Explanation) else sorted({one.map for one in made.cells})
        lane = state.input.lane(reads[0]) if len(reads) == 1 else None
        row = -1 if lane is None else lane
    theirs = beside(state.chain, state.looked + 1, state.map, *cell)
    found = Finding(state, pointed, value=state.input.value(row, col), over=made.value, beside=theirs)
    if photo_shown(state):
        field = receptive_field(state.chain, state.looked + 1, state.map, *cell)
        found = found._replace(field=(field.rows, field.cols))
    if isinstance(made, Explanation):
        return found._replace(explanation=made)
    bound = state.chain.bounds[state.looked]
    curve = _curve(bound, made) if isinstance(bound, BoundActivation) else None
    return found._replace(made=made, reads=bound.reads(*cell), curve=curve)


def _curve(bound: BoundActivation, made: Explained) -> Curve:
    """Return the function around the value that it is applied to."""
    x = made.cells[0].value
    wide = max(1.25 * abs(x), 3.0) if np.isfinite(x) and abs(x) < 1e30 else 3.0
    across = np.linspace(-wide, wide, POINTS)
    return Curve(across, bound.along(across, made.map, made.row, made.col))


def _of_input(state: State, pointed: Pointed, pixel: Cell, cancelled: Cancel) -> Finding:
    """Return which outputs read an input cell, or a pixel of the photo."""
    x, y = pixel_middle(state, pixel)
    cell = output_cell_at(state, x, 0.5 if state.input.sequence else y)
    over = None if cell is None else explain_cell(state, *cell, cancelled=cancelled).value
    found = Finding(state, pointed, value=pixel_value(state, pixel), over=over)
    if photo_shown(state):
        return found._replace(readers=_reached(state, *pixel))
    row, col = pixel
    if state.conv is None or not state.conv.on:
        bound = state.chain.bounds[state.looked]
        return found._replace(readers=bound.readers(0 if state.input.sequence else row, col))
    read = state.input
    channel = read.channel(row) if read.sequence or not read.direct else None
    row = 0 if read.sequence else row
    return found._replace(
        uses=uses(state.chain, state.unit.start + 1, state.map, row, col, channel=channel, cancelled=cancelled)
    )


def _reached(state: State, row: int, col: int) -> Cells:
    """Return rows and columns of the cells of the shown map that a pixel of the photo can change."""
    n, source = state.looked + 1, state.source
    channels = [row] if source.sequence else range(source.channels)
    for channel in channels:
        found = readers(state.chain, n, channel, 0 if source.sequence else row, col)
        if state.map in found.maps:
            return found.rows, found.cols
    return np.zeros(0, np.int64), np.zeros(0, np.int64)
