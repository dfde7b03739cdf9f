"""The input of a figure with the cells that padding adds around it, and where input and map lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.controllers.take.captions import padding_words
from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.shown import number
from convgui.engine.strategies.tiles import Window
from convgui.model import provenance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.conv import Conv
    from convgui.model.geometry import Along
    from convgui.model.state import State
    from convgui.views.kit.drawable import Rect

MOST = 40
"""Rows and columns, with what is added, up to which the added cells are drawn."""


class Around(NamedTuple):
    """Rows and columns of the input with those added, as positions in it; `OUTSIDE` where a constant is put."""

    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    top: int
    left: int
    words: str

    @property
    def outside(self) -> NDArray[np.bool_]:
        """Which cells have the constant."""
        return (self.rows == OUTSIDE)[:, None] | (self.cols == OUTSIDE)[None, :]

    def added(self, rows: int, cols: int) -> NDArray[np.bool_]:
        """Which cells are no part of an input of that size."""
        down, across = np.arange(len(self.rows)) - self.top, np.arange(len(self.cols)) - self.left
        return ((down < 0) | (down >= rows))[:, None] | ((across < 0) | (across >= cols))[None, :]


def around(state: State, rows: int) -> Around:
    """Return the cells of the input, which is shown in so many rows, with those that the padding adds.

    None are added where a layer is no convolution, and where they would be very many.
    """
    read, conv = state.input, state.conv
    whole = Around(np.arange(rows), np.arange(read.cols), 0, 0, "")
    if conv is None or not conv.on or state.axes is None:
        return whole
    (down, across), border = state.axes, conv.border
    top, bottom = (0, 0) if read.sequence else (down.before, down.after)
    if not (top or bottom or across.before or across.after):
        return whole
    if max(top + rows + bottom, across.before + read.cols + across.after) > MOST:
        return whole._replace(words=f"the cells added by padding {padding_words(conv)} are not drawn")
    return Around(
        rows=border_index(np.arange(-top, rows + bottom), rows, border),
        cols=border_index(np.arange(-across.before, read.cols + across.after), read.cols, border),
        top=top,
        left=across.before,
        words=f"dashed: {_added(conv)}",
    )


def _added(conv: Conv) -> str:
    """Return what is added around the input."""
    if conv.border != "zeros":
        return f"added by border {conv.border}"
    return f"added, {number(conv.constant)}" if conv.constant else "added zeros"


def place_of_map(state: State, lanes: int, *, cells: bool) -> Rect:
    """Return where the map lies on the cells of the input.

    Cell by cell a map has cells as large as those of the input, and lies in the middle of what it was made from; with a
    stride of 1 each cell lies over the middle of its patch. A photo's map lies where the window shows it.
    """
    axes, shape = state.axes, state.output_shape
    assert axes is not None and shape is not None
    if state.input.sequence:
        left, _, wide, _ = provenance.block_rect(*axes, Window(0, 0, shape.rows, shape.cols))
        left, wide = _compact(axes[1]) if cells else (left, wide)
        return left, (lanes - shape.rows) / 2, wide, float(shape.rows)
    if not cells:
        return provenance.block_rect(*axes, Window(0, 0, shape.rows, shape.cols))
    (top, high), (left, wide) = (_compact(axis) for axis in axes)
    return left, top, wide, high


def _compact(axis: Along) -> tuple[float, float]:
    """Return start and length of an axis whose cells are as large as those of the input, around its own middle."""
    middle = axis.origin + axis.outputs * axis.stride / 2
    return float(middle - axis.outputs / 2), float(axis.outputs)
