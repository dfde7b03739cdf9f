"""Provenance: the input cells that an output reads, and the outputs that read it, as rectangles. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.large import Large
from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.looking.below import Beneath
from convgui.engine.looking.colours import picture
from convgui.engine.source import Source, mix_plane
from convgui.engine.strategies.tiles import Window
from convgui.model.viewport import from_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.explained import Explained
    from convgui.engine.looking.explain import Explanation
    from convgui.engine.looking.uses import Uses
    from convgui.model.geometry import Along
    from convgui.model.inputs import Input
    from convgui.model.state import State

    Rect = tuple[float, float, float, float]
    Cells = tuple[NDArray[np.int64], NDArray[np.int64]]
    Places = NDArray[np.int64] | NDArray[np.float64]

MOST = 1200
"""Cells of a patch, or of the border, that are drawn one by one."""

MOST_RUNS = 64
"""Rectangles of a receptive field that are drawn one by one."""


class Weighted(NamedTuple):
    """Cells with weights.

    Attributes
    ----------
    rects : ndarray of float64, shape (cells, 4)
        Left, top, width and height of each.
    weights : ndarray of float64, shape (cells,)
    """

    rects: NDArray[np.float64]
    weights: NDArray[np.float64]


NO_CELLS = Weighted(np.zeros((0, 4)), np.zeros(0))


def output_rect(rows: Along, cols: Along, row: int, col: int) -> Rect:
    """Return where an output cell lies."""
    left, top = cols.origin + col * cols.stride, rows.origin + row * rows.stride
    return float(left), float(top), float(cols.stride), float(rows.stride)


def under(state: State, row: int, col: int) -> tuple[int, int]:
    """Return the input cell that the middle of an output cell lies over; it may be outside."""
    assert state.axes is not None
    sides = zip(state.axes, (row, col), strict=True)
    down, across = (int(np.floor(axis.origin + (at + 0.5) * axis.stride)) for axis, at in sides)
    return down, across


def patch_rects(rows: Along, cols: Along, e: Explanation, read: Input) -> list[Rect]:
    """Return the patch of an output cell; of a sequence, that of each channel that is read."""
    if read.sequence:
        return [(float(e.cols[0]), float(lane), float(cols.span), 1.0) for _, lane in _lanes(e, read)]
    return [(float(e.cols[0]), float(e.rows[0]), float(cols.span), float(rows.span))]


def _lanes(e: Explanation, read: Input) -> list[tuple[int, int]]:
    """Return which of the input channels of a cell of a sequence are shown, and in which row of the pane each is."""
    lanes = [(k, read.lane(channel)) for k, channel in enumerate(e.reads)]
    return [(k, lane) for k, lane in lanes if lane is not None]


def patch_cells(e: Explanation, border: str, read: Input) -> Weighted:
    """Return the input cells of a patch with their weights; none if they are too many.

    Those of a sequence lie in the rows of its channels; on a picture weights are summed over planes, on a map of a layer
    they are those with which this map is read.
    """
    if read.sequence:
        weights = e.weights[:, border_index(e.rows, 1, border) == 0].sum(axis=1)
        lanes = _lanes(e, read)
        return _weighted(e.cols, np.array([lane for _, lane in lanes]), 1.0, 1.0, weights[[k for k, _ in lanes]])
    weights = e.weights[np.array(e.reads) == read.map].sum(axis=0) if not read.direct else e.weights.sum(axis=0)
    return _weighted(e.cols, e.rows, 1.0, 1.0, weights)


def _weighted(lefts: Places, tops: Places, wide: float, high: float, weights: NDArray[np.float64]) -> Weighted:
    """Return cells in rows and columns with their weights, shape (rows, columns); none if they are too many."""
    if weights.size > MOST:
        return NO_CELLS
    rects = np.empty((len(tops), len(lefts), 4))
    rects[..., 0], rects[..., 1], rects[..., 2:] = lefts, tops[:, None], (wide, high)
    return Weighted(rects.reshape(-1, 4), np.asarray(weights, np.float64).ravel())


def made_rects(made: Explained, reads: Cells | None, read: Input) -> list[Rect]:
    """Return a rectangle around the cells that a layer that is no convolution reads; of a sequence it is in its lane."""
    lane = read.lane(made.map) if read.sequence else 0
    if lane is None or reads is None or not all(part.size for part in reads):
        return []
    rows, cols = (np.array([lane]), reads[1]) if read.sequence else reads
    left, top = float(cols[0]), float(rows[0])
    return [(left, top, float(cols[-1]) + 1 - left, float(rows[-1]) + 1 - top)]


def field_rects(read: Input, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> list[Rect]:
    """Return where the pixels of the photo lie that are in some rows and columns, in cells of the input: no others.

    Runs of pixels are one rectangle each; where these are very many, there is one around all of them.
    """
    if not rows.size or not cols.size:
        return []
    if read.source.sequence:
        rows = np.arange(read.source.channels)
    down, across = _runs(rows), _runs(cols)
    if len(down) * len(across) > MOST_RUNS:
        down, across = [(down[0][0], down[-1][1])], [(across[0][0], across[-1][1])]
    return [
        from_source((float(left), float(top), float(right - left), float(bottom - top)), read)
        for top, bottom in down
        for left, right in across
    ]


def _runs(positions: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the first and one past the last of each run of ascending positions."""
    gaps = np.flatnonzero(np.diff(positions) > 1) + 1
    return [(int(run[0]), int(run[-1]) + 1) for run in np.split(positions, gaps)]


def winner_rects(made: Explained, read: Input) -> list[Rect]:
    """Return the cell that gave a maximum its value, where there is one and it is shown."""
    if made.winner < 0:
        return []
    cell = made.cells[made.winner]
    row = (read.lane(cell.map) if read.sequence else cell.row) if cell.map == read.map or read.direct else None
    return [] if row is None else [(float(cell.col), float(row), 1.0, 1.0)]


def around(rects: Sequence[Rect]) -> Rect:
    """Return the smallest rectangle that holds all of some."""
    left, top = min(rect[0] for rect in rects), min(rect[1] for rect in rects)
    right, bottom = max(rect[0] + rect[2] for rect in rects), max(rect[1] + rect[3] for rect in rects)
    return left, top, right - left, bottom - top


def reading_cells(rows: Along, cols: Along, found: Uses) -> Weighted:
    """Return the output cells that read an input cell with their weights, summed over planes; none if too many."""
    lefts, tops = (
        np.array([float(along.origin + at * along.stride) for at in places.tolist()])
        for along, places in ((cols, found.cols), (rows, found.rows))
    )
    return _weighted(lefts, tops, float(cols.stride), float(rows.stride), found.weights.sum(axis=0))


def reading_rect(rows: Along, cols: Along, found: Uses) -> Rect | None:
    """Return the rectangle around all output cells near an input cell that read it; None if there is none.

    Cells at the opposite edge, which read it through the border `wrap`, are left out.
    """
    near_rows, near_cols = _run(found.rows, rows, found.row), _run(found.cols, cols, found.col)
    if not near_rows or not near_cols:
        return None
    left, top, _, _ = output_rect(rows, cols, near_rows[0], near_cols[0])
    right, bottom, wide, high = output_rect(rows, cols, near_rows[-1], near_cols[-1])
    return left, top, right + wide - left, bottom + high - top


def _run(outputs: NDArray[np.int64], axis: Along, position: int) -> list[int]:
    """Return the outputs whose patch covers a position."""
    covering = [i for i in outputs.tolist() if axis.reads(i)[0] <= position < axis.reads(i)[1]]
    return covering or outputs.tolist()[:1]


def term_at(e: Explanation, row: int, col: int, read: Input) -> tuple[int, int, int] | None:
    """Return the term (channel, row and column of the kernel) that reads an input cell, None if it is not in the patch."""
    tap = 0
    if read.sequence or not read.direct:
        channel = read.channel(row)
        tap, row = (e.reads.index(channel) if channel in e.reads else -1), 0 if read.sequence else row
    us, vs = np.flatnonzero(e.rows == row), np.flatnonzero(e.cols == col)
    return (tap, int(us[0]), int(vs[0])) if tap >= 0 and us.size and vs.size else None


def term_rects(e: Explanation, term: tuple[int | None, int, int], read: Input) -> list[Rect]:
    """Return the input cells that a term reads: of a sequence in the row of its channel, or in all rows for None."""
    tap, u, v = term
    if u >= len(e.rows) or v >= len(e.cols):
        return []
    if not read.sequence:
        return [(float(e.cols[v]), float(e.rows[u]), 1.0, 1.0)]
    if e.rows[u] != 0:  # a kernel of several rows lies beyond the one row
        return []
    return [(float(e.cols[v]), float(lane), 1.0, 1.0) for k, lane in _lanes(e, read) if tap in (None, k)]


def links(e: Explanation, border: str, read: Input) -> list[tuple[Rect, Rect]]:
    """Return, for each border cell of a patch, the pair of its rectangle and that of the input cell whose value it has."""
    if border == "zeros" or e.outside.size > MOST:
        return []
    if read.sequence:
        steps = border_index(e.cols, read.cols, border).tolist()
        return [
            ((float(col), float(lane), 1.0, 1.0), (float(step), float(lane), 1.0, 1.0))
            for _, lane in _lanes(e, read)
            for col, step in zip(e.cols.tolist(), steps, strict=True)
            if col != step
        ]
    rows = border_index(e.rows, read.rows, border).tolist()
    cols = border_index(e.cols, read.cols, border).tolist()
    return [
        ((float(e.cols[v]), float(e.rows[u]), 1.0, 1.0), (float(cols[v]), float(rows[u]), 1.0, 1.0))
        for u, v in zip(*np.nonzero(e.outside), strict=True)
    ]


def outputs_of_border(rows: Along, cols: Along) -> list[Rect]:
    """Return rectangles that cover exactly the output cells whose patch reaches beyond the input."""
    (top, bottom), (left, right) = _whole(rows), _whole(cols)
    if top >= bottom or left >= right:
        return [_block(rows, cols, (0, rows.outputs), (0, cols.outputs))]
    parts = (
        ((0, top), (0, cols.outputs)),
        ((bottom, rows.outputs), (0, cols.outputs)),
        ((top, bottom), (0, left)),
        ((top, bottom), (right, cols.outputs)),
    )
    return [_block(rows, cols, down, across) for down, across in parts if down[0] < down[1] and across[0] < across[1]]


def _whole(axis: Along) -> tuple[int, int]:
    """Return the first and one past the last output whose patch lies inside the input."""
    first = -int(-axis.before // axis.stride)
    last = int((axis.size - axis.span + axis.before) // axis.stride) + 1
    return min(first, axis.outputs), max(min(last, axis.outputs), 0)


def block_rect(rows: Along, cols: Along, part: Window) -> Rect:
    """Return where a window of output cells lies."""
    return _block(rows, cols, (part.top, part.top + part.rows), (part.left, part.left + part.cols))


def _block(rows: Along, cols: Along, down: tuple[int, int], across: tuple[int, int]) -> Rect:
    left, top, wide, high = output_rect(rows, cols, down[0], across[0])
    return left, top, wide * (across[1] - across[0]), high * (down[1] - down[0])


@dataclass(frozen=True, eq=False)
class Beyond:
    """The visible input with its border cells: colours and values."""

    colours: NDArray[np.uint8]
    values: NDArray[np.float32]
    rect: Rect


def beyond(state: State, seen: Rect, low: float, high: float) -> Beyond | None:
    """Return the border cells within the rectangle `seen`; None if none of them is visible, or too many are.

    Parameters
    ----------
    low, high : float
        The stored numbers that are black and white.
    """
    conv, read = state.conv, state.input
    if state.axes is None or conv is None or not conv.on or not read.direct:
        return None
    rows, cols = state.axes
    if read.sequence:
        return _beyond_sequence(state, _seen(cols, seen[0], seen[2]), low, high)
    source, down, across = read.source, _seen(rows, seen[1], seen[3]), _seen(cols, seen[0], seen[2])
    inside = len(down) and len(across) and down[0] >= 0 and across[0] >= 0
    if inside and down[-1] < source.rows and across[-1] < source.cols:
        return None
    if not 0 < len(down) * len(across) <= 8 * MOST:
        return None
    at = border_index(down, source.rows, conv.border), border_index(across, source.cols, conv.border)
    inside = [np.maximum(part, 0) for part in at]
    if isinstance(source, Large) and not source.has(*inside):
        return None  # they would have to be read first
    cells = Source(source.at(*inside), scale=source.scale, toy=source.toy)
    values = mix_plane(cells.cube, read.mix)
    colours = np.array(picture(cells, Window(0, 0, cells.rows, cells.cols), 1, low, high))
    outside = (at[0] == OUTSIDE)[:, None] | (at[1] == OUTSIDE)[None, :]
    values[outside], colours[outside] = conv.constant, _level(conv.constant / source.scale, low, high)
    return Beyond(colours, values, (float(across[0]), float(down[0]), float(len(across)), float(len(down))))


def _beyond_sequence(state: State, across: NDArray[np.int64], low: float, high: float) -> Beyond | None:
    """Return the visible steps of each channel, border cells included."""
    source, conv = state.input.source, state.conv
    assert conv is not None
    if not 0 < len(across) * source.channels <= 8 * MOST or (across[0] >= 0 and across[-1] < source.cols):
        return None
    steps, constant = border_index(across, source.cols, conv.border), outside_value(state)
    cells = Source(source.cube[0][steps].T, scale=source.scale, toy=source.toy)
    values = mix_plane(cells.cube, np.array([source.scale]))
    colours = np.array(picture(cells, Window(0, 0, cells.rows, cells.cols), 1, low, high))
    outside = steps == OUTSIDE
    values[:, outside], colours[:, outside] = constant, _level(constant / source.scale, low, high)
    return Beyond(colours, values, (float(across[0]), 0.0, float(len(across)), float(source.channels)))


def outside_value(state: State) -> float:
    """Return what each channel of a sequence is outside: the constant, shared out where channels are added up."""
    return Beneath.of(state.chain, state.unit.start + 1).around.constant


def _level(stored: float, low: float, high: float) -> int:
    """Return the grey level that a stored number is shown as."""
    return int(np.clip((stored - low) / (high - low) * 255, 0, 255))


def _seen(axis: Along, start: float, length: float) -> NDArray[np.int64]:
    """Return the visible positions of an axis, padding included."""
    last = max((axis.outputs - 1) * axis.stride - axis.before + axis.span, axis.size)
    first, end = max(int(np.floor(start)), -axis.before), min(int(np.ceil(start + length)), last)
    return np.arange(first, max(first, end), dtype=np.int64)
