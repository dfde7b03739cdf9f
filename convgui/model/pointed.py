"""What is pointed at: a cell of the activation with one of its terms, or a cell of the input, and how it is explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.looking.below import Beneath
from convgui.engine.looking.explain import explain
from convgui.engine.network import pull
from convgui.engine.strategies.tiles import never
from convgui.model.viewport import from_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Needs
    from convgui.engine.layers.explained import Explained
    from convgui.engine.looking.explain import Explanation
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
        Row and column of the input cell of which is shown which outputs read it; of a sequence its channel and step. It is
        one of the photo where that is shown in place of the input.
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

    @property
    def anything(self) -> bool:
        """Whether there is a cell or a term of one."""
        return self.cell is not None or self.pixel is not None or self.term is not None


def explain_cell(state: State, row: int, col: int, cancelled: Callable[[], bool] = never) -> Explanation | Explained:
    """Return how a value of the shown map is made."""
    number, bound = state.looked + 1, state.chain.bounds[state.looked]
    if bound.layer.on or state.unit.start < state.looked:
        return explain(state.chain, number, state.map, row, col, cancelled)

    def values(needs: Needs) -> NDArray[np.float64]:
        return pull(state.chain, state.looked, needs, cancelled).values.astype(np.float64)

    return bound.explain(values, state.map, row, col)


def output_cell_at(state: State, x: float, y: float) -> Cell | None:
    """Return the cell of the activation at a point, which is given in input pixels; None outside."""
    if state.axes is None:
        return None
    rows, cols = state.axes
    row, col = int((y - rows.origin) // rows.stride), int((x - cols.origin) // cols.stride)
    if state.input.sequence and rows.outputs == 1:
        row = 0
    return (row, col) if 0 <= row < rows.outputs and 0 <= col < cols.outputs else None


def photo_shown(state: State) -> bool:
    """Whether the photo is shown beside the map, in place of a map of the layers below."""
    return state.display.photo and not state.input.direct


def pixel_extent(state: State) -> tuple[int, int]:
    """Return how many rows and columns of cells can be pointed at beside the map: of the input, or of the photo."""
    if photo_shown(state):
        return (state.source.channels if state.source.sequence else state.source.rows), state.source.cols
    return state.input.shown_rows, state.input.cols


def input_cell_at(state: State, x: float, y: float) -> Cell | None:
    """Return the input cell, or the pixel of the photo, at a point, which is given in input pixels; None outside."""
    if photo_shown(state):
        down, across = state.input.place
        x, y = float(across.origin) + x * float(across.pitch), float(down.origin) + y * float(down.pitch)
    row, col = int(np.floor(y)), int(np.floor(x))
    rows, cols = pixel_extent(state)
    return (row, col) if 0 <= row < rows and 0 <= col < cols else None


def pixel_rect(state: State, pixel: Cell) -> tuple[float, float, float, float]:
    """Return where an input cell, or a pixel of the photo, lies, in input pixels."""
    rect = (float(pixel[1]), float(pixel[0]), 1.0, 1.0)
    return from_source(rect, state.input) if photo_shown(state) else rect


def pixel_middle(state: State, pixel: Cell) -> tuple[float, float]:
    """Return the middle of an input cell, or of a pixel of the photo, in input pixels: x and y."""
    left, top, width, height = pixel_rect(state, pixel)
    return left + width / 2, top + height / 2


def pixel_value(state: State, pixel: Cell) -> float | None:
    """Return the value of an input cell, or of a pixel of the photo as the first layer reads it."""
    if not photo_shown(state):
        return state.input.value(*pixel)
    source, planes = state.source, state.chain.planes
    if source.sequence:
        return float(source.cube[0, pixel[1], pixel[0]]) * source.scale
    return float(planes.cells(0, np.array([pixel[0]]), np.array([pixel[1]]))[0, 0])


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
