"""What is pointed at: a cell of the activation with one of its terms, or a cell of the input, and how it is explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.looking.single import explain_layer, uses_layer
from convgui.model import derive

if TYPE_CHECKING:
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
    """A document, what is pointed at in it, and how its value is made or which outputs read it; both None for nothing."""

    state: State
    pointed: Pointed
    explanation: Explanation | None
    uses: Uses | None


def find(state: State, pointed: Pointed) -> Finding:
    """Return what there is to show of what is pointed at."""
    explanation = explanation_of(state, pointed)
    return Finding(state, pointed, explanation, _uses(state, pointed) if explanation is None else None)


def explanation_of(state: State, pointed: Pointed) -> Explanation | None:
    """Return how the value of the output cell is made; None where no output cell is pointed at."""
    cell, shape = pointed.cell, derive.output_shape(state)
    if cell is None or shape is None or cell[0] >= shape[1] or cell[1] >= shape[2]:
        return None
    return explain_layer(state.layer, state.source, derive.shown_map(state), *cell)


def _uses(state: State, pointed: Pointed) -> Uses | None:
    """Return which outputs read the input cell; None where no input cell is pointed at."""
    if pointed.pixel is None or derive.fault(state):
        return None
    row, col = pointed.pixel
    if input_cell_at(state, col, row) is None:
        return None
    if state.source.sequence:
        return uses_layer(state.layer, state.source, derive.shown_map(state), 0, col, channel=row)
    return uses_layer(state.layer, state.source, derive.shown_map(state), row, col)


def output_cell_at(state: State, x: float, y: float) -> Cell | None:
    """Return the cell of the activation at a point, which is given in input pixels; None outside."""
    if derive.fault(state):
        return None
    rows, cols = state.layer.axes(state.source.rows, state.source.cols)
    row, col = int((y - rows.origin) // rows.stride), int((x - cols.origin) // cols.stride)
    if state.source.sequence and rows.outputs == 1:
        row = 0
    return (row, col) if 0 <= row < rows.outputs and 0 <= col < cols.outputs else None


def input_cell_at(state: State, x: float, y: float) -> Cell | None:
    """Return the input cell at a point, which is given in input pixels; None outside."""
    source, row, col = state.source, int(np.floor(y)), int(np.floor(x))
    return (row, col) if 0 <= row < input_rows(state) and 0 <= col < source.cols else None


def input_rows(state: State) -> int:
    """Return how many rows the input pane shows: of a sequence one for each channel."""
    return derive.lanes(state.source) if state.source.sequence else state.source.rows


def weight_of_term(state: State, pointed: Pointed) -> Cell | None:
    """Return row and column of the term's weight in the kernel as it is edited."""
    if pointed.term is None or pointed.cell is None:
        return None
    rows, cols = state.kernel.size
    _, u, v = pointed.term
    return (rows - 1 - u, cols - 1 - v) if state.layer.flip else (u, v)


def term_of_weight(state: State, row: int, col: int) -> Term:
    """Return the term that a weight of the kernel, as it is edited, has."""
    rows, cols = state.kernel.size
    return (None, rows - 1 - row, cols - 1 - col) if state.layer.flip else (None, row, col)


def drawn_terms(state: State, term: Term | None) -> list[Cell]:
    """Return where a term is drawn in the arithmetic, once for each of its input channels.

    The channels of a picture lie beside each other there, those of a sequence below each other.
    """
    if term is None or isinstance(state.bound, str):
        return []
    (channel, u, v), (rows, cols) = term, state.kernel.size
    plan = state.bound.unmixed if state.source.sequence else state.bound
    channels = [channel] if channel is not None else range(plan.weights.shape[1])
    return [(k * rows + u, v) if state.source.sequence else (u, k * cols + v) for k in channels]


def term_drawn_at(state: State, row: int, col: int) -> Term:
    """Return the term that is drawn in a cell of the arithmetic."""
    rows, cols = state.kernel.size
    return (row // rows, row % rows, col) if state.source.sequence else (col // cols, row, col % cols)
