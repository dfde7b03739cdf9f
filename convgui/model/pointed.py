"""What is pointed at: a cell of the activation with one of its terms, or a cell of the input, and how it is explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.explained import Explained
from convgui.engine.looking.below import Beneath
from convgui.engine.looking.explain import explain
from convgui.engine.looking.uses import uses
from convgui.engine.network import pull
from convgui.model.provenance import under

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Needs
    from convgui.engine.looking.explain import Explanation
    from convgui.engine.looking.uses import Uses
    from convgui.model.state import State

    Cell = tuple[int, int]
    Term = tuple[int | None, int, int]


@dataclass(frozen=True)
class Pointed:
    """What the cursor or the pin is on.

    Attributes
    ----------
    cell : (int, int), optional
        Row and column of the cell of the activation that is explained.
    pixel : (int, int), optional
        Row and column of the input cell of which is shown which outputs read it; of a sequence its channel and step.
    term : (int or None, int, int), optional
        One term of the cell: its input channel, None for all, and row and column of the kernel as it is laid on the picture.
    pinned : bool
        Whether the cell stays when the cursor moves on.
    value_hidden : bool
        Whether the value is hidden, so that it can be predicted.
    """

    cell: Cell | None = None
    pixel: Cell | None = None
    term: Term | None = None
    pinned: bool = False
    value_hidden: bool = False


class Finding(NamedTuple):
    """A document, what is pointed at in it, and what there is to say of it.

    A convolution's value is an `explanation`, that of another layer is `made`; the outputs that read a cell of a
    convolution's input are its `uses`, those of another layer are rows and columns, `readers`. `below` is the value of the
    input cell that is pointed at or lies under the output cell, `over` that of the output that lies over the input cell.
    All are None where there is nothing.
    """

    state: State
    pointed: Pointed
    explanation: Explanation | None = None
    uses: Uses | None = None
    made: Explained | None = None
    readers: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
    below: float | None = None
    over: float | None = None


@dataclass(frozen=True, eq=False)
class FindRequest:
    """Find out what there is to show of what is pointed at; beyond a layer or two that may take a while."""

    state: State
    pointed: Pointed

    def __call__(self, token: object = None) -> Finding:
        """Find it out."""
        return find(self.state, self.pointed)


def find(state: State, pointed: Pointed) -> Finding:
    """Return what there is to show of what is pointed at."""
    found = explanation_of(state, pointed)
    if found is not None:
        below = state.input.value(*_under(state, found))
        if isinstance(found, Explained):
            return Finding(state, pointed, made=found, below=below)
        return Finding(state, pointed, explanation=found, below=below)
    pixel = pointed.pixel
    if pixel is None or state.why or input_cell_at(state, pixel[1], pixel[0]) is None:
        return Finding(state, pointed)
    sequence, (row, col) = state.input.sequence, pixel
    cell = output_cell_at(state, col + 0.5, 0.5 if sequence else row + 0.5)
    plain = Finding(state, pointed, below=state.input.value(row, col), over=_value(state, cell))
    if state.conv is None or not state.conv.on:
        return plain._replace(readers=state.chain.bounds[state.looked].readers(0 if sequence else row, col))
    return plain._replace(uses=_uses(state, row, col))


def _value(state: State, cell: Cell | None) -> float | None:
    return None if cell is None else explain_cell(state, *cell).value


def _under(state: State, e: Explanation | Explained) -> Cell:
    """Return the input cell that an output cell lies over; of a sequence -1 as the row where several channels are read."""
    row, col = under(state, e.row, e.col)
    if not state.input.sequence:
        return row, col
    reads = sorted({cell.map for cell in e.cells}) if isinstance(e, Explained) else e.reads
    lane = state.input.lane(reads[0]) if len(reads) == 1 else None
    return -1 if lane is None else lane, col


def explanation_of(state: State, pointed: Pointed) -> Explanation | Explained | None:
    """Return how the value of the output cell is made; None where no output cell is pointed at."""
    cell, shape = pointed.cell, state.output_shape
    if cell is None or shape is None or cell[0] >= shape.rows or cell[1] >= shape.cols:
        return None
    return explain_cell(state, *cell)


def explain_cell(state: State, row: int, col: int) -> Explanation | Explained:
    """Return how a value of the shown map is made."""
    number, bound = state.looked + 1, state.chain.bounds[state.looked]
    if bound.layer.on or state.unit.start < state.looked:
        return explain(state.chain, number, state.map, row, col)

    def values(needs: Needs) -> NDArray[np.float64]:
        return pull(state.chain, state.looked, needs).values.astype(np.float64)

    return bound.explain(values, state.map, row, col)


def _uses(state: State, row: int, col: int) -> Uses:
    """Return which outputs of a convolution read an input cell."""
    read = state.input
    channel = read.channel(row) if read.sequence or not read.direct else None
    return uses(state.chain, state.unit.start + 1, state.map, 0 if read.sequence else row, col, channel=channel)


def output_cell_at(state: State, x: float, y: float) -> Cell | None:
    """Return the cell of the activation at a point, which is given in input pixels; None outside."""
    if state.axes is None:
        return None
    rows, cols = state.axes
    row, col = int((y - rows.origin) // rows.stride), int((x - cols.origin) // cols.stride)
    if state.input.sequence and rows.outputs == 1:
        row = 0
    return (row, col) if 0 <= row < rows.outputs and 0 <= col < cols.outputs else None


def input_cell_at(state: State, x: float, y: float) -> Cell | None:
    """Return the input cell at a point, which is given in input pixels; None outside."""
    row, col = int(np.floor(y)), int(np.floor(x))
    return (row, col) if 0 <= row < state.input.shown_rows and 0 <= col < state.input.cols else None


def weight_of_term(state: State, pointed: Pointed) -> Cell | None:
    """Return row and column of the term's weight in the kernel as it is edited."""
    if pointed.term is None or pointed.cell is None or state.conv is None:
        return None
    rows, cols = state.conv.kernel.size
    _, u, v = pointed.term
    return (rows - 1 - u, cols - 1 - v) if state.conv.flip else (u, v)


def term_of_weight(state: State, row: int, col: int) -> Term | None:
    """Return the term that a weight of the kernel, as it is edited, has."""
    if state.conv is None:
        return None
    rows, cols = state.conv.kernel.size
    return (None, rows - 1 - row, cols - 1 - col) if state.conv.flip else (None, row, col)


def drawn_terms(state: State, term: Term | None) -> list[Cell]:
    """Return where a term is drawn in the arithmetic, once for each of its input channels.

    The channels of a picture lie beside each other there, those of a sequence below each other.
    """
    if term is None or state.why or state.conv is None or not state.conv.on:
        return []
    (channel, u, v), (rows, cols) = term, state.conv.kernel.size
    count = Beneath.of(state.chain, state.unit.start + 1).weights.shape[1]
    channels = [channel] if channel is not None else range(count)
    return [(k * rows + u, v) if state.input.sequence else (u, k * cols + v) for k in channels]


def term_drawn_at(state: State, row: int, col: int) -> Term | None:
    """Return the term that is drawn in a cell of the arithmetic."""
    if state.conv is None:
        return None
    rows, cols = state.conv.kernel.size
    return (row // rows, row % rows, col) if state.input.sequence else (col // cols, row, col % cols)
