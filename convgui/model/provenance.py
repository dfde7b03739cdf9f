"""Provenance: the input cells that an output reads, and the outputs that read it, as rectangles. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.looking.colours import picture
from convgui.engine.source import Source, mix_plane
from convgui.engine.strategies.tiles import Window
from convgui.model import input_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.conv import Conv
    from convgui.engine.layers.geometry import Axis
    from convgui.engine.looking.explain import Explanation
    from convgui.engine.looking.uses import Uses
    from convgui.model.state import State

    Rect = tuple[float, float, float, float]

MOST = 1200
"""Cells of a patch, or of the border, that are drawn one by one."""


def output_rect(rows: Axis, cols: Axis, row: int, col: int) -> Rect:
    """Return where an output cell lies."""
    left, top = cols.origin + col * cols.stride, rows.origin + row * rows.stride
    return float(left), float(top), float(cols.stride), float(rows.stride)


def under(layer: Conv, source: Source, row: int, col: int) -> tuple[int, int]:
    """Return the input cell that the middle of an output cell lies over; it may be outside."""
    axes = zip(layer.axes(source.rows, source.cols), (row, col), strict=True)
    down, across = (int(np.floor(axis.origin + (at + 0.5) * axis.stride)) for axis, at in axes)
    return down, across


def patch_rects(rows: Axis, cols: Axis, e: Explanation, source: Source) -> list[Rect]:
    """Return the patch of an output cell; of a sequence, that of each channel that is read."""
    if source.sequence:
        return [(float(e.cols[0]), float(lane), float(cols.span), 1.0) for lane in e.reads]
    return [(float(e.cols[0]), float(e.rows[0]), float(cols.span), float(rows.span))]


def patch_cells(e: Explanation, layer: Conv, source: Source) -> list[tuple[Rect, float]]:
    """Return the input cells of a patch with their weights; none if they are too many.

    Those of a sequence lie in the rows of its channels; elsewhere weights are summed over planes.
    """
    if source.sequence:
        weights = e.weights[:, border_index(e.rows, 1, layer.border) == 0].sum(axis=1)
        if weights.size > MOST:
            return []
        return [
            ((float(col), float(lane), 1.0, 1.0), float(weights[k, v]))
            for k, lane in enumerate(e.reads)
            for v, col in enumerate(e.cols.tolist())
        ]
    weights = e.weights.sum(axis=0)
    if weights.size > MOST:
        return []
    return [
        ((float(col), float(row), 1.0, 1.0), float(weights[u, v]))
        for u, row in enumerate(e.rows.tolist())
        for v, col in enumerate(e.cols.tolist())
    ]


def reading_cells(rows: Axis, cols: Axis, found: Uses) -> list[tuple[Rect, float]]:
    """Return the output cells that read an input cell with their weights, summed over planes; none if too many."""
    weights = found.weights.sum(axis=0)
    if weights.size > MOST:
        return []
    return [
        (output_rect(rows, cols, row, col), float(weights[i, j]))
        for i, row in enumerate(found.rows.tolist())
        for j, col in enumerate(found.cols.tolist())
    ]


def reading_rect(rows: Axis, cols: Axis, found: Uses) -> Rect | None:
    """Return the rectangle around all output cells near an input cell that read it; None if there is none.

    Cells at the opposite edge, which read it through the border `wrap`, are left out.
    """
    near_rows, near_cols = _run(found.rows, rows, found.row), _run(found.cols, cols, found.col)
    if not near_rows or not near_cols:
        return None
    left, top, _, _ = output_rect(rows, cols, near_rows[0], near_cols[0])
    right, bottom, wide, high = output_rect(rows, cols, near_rows[-1], near_cols[-1])
    return left, top, right + wide - left, bottom + high - top


def _run(outputs: NDArray[np.int64], axis: Axis, position: int) -> list[int]:
    """Return the outputs whose patch covers a position."""
    covering = [i for i in outputs.tolist() if axis.reads(i)[0] <= position < axis.reads(i)[1]]
    return covering or outputs.tolist()[:1]


def term_at(e: Explanation, row: int, col: int, source: Source) -> tuple[int, int, int] | None:
    """Return the term (channel, row and column of the kernel) that reads an input cell, None if it is not in the patch."""
    tap, row = (e.reads.index(row) if row in e.reads else -1, 0) if source.sequence else (0, row)
    us, vs = np.flatnonzero(e.rows == row), np.flatnonzero(e.cols == col)
    return (tap, int(us[0]), int(vs[0])) if tap >= 0 and us.size and vs.size else None


def term_rects(e: Explanation, term: tuple[int | None, int, int], source: Source) -> list[Rect]:
    """Return the input cells that a term reads: of a sequence in the row of its channel, or in all rows for None."""
    tap, u, v = term
    if u >= len(e.rows) or v >= len(e.cols):
        return []
    if not source.sequence:
        return [(float(e.cols[v]), float(e.rows[u]), 1.0, 1.0)]
    if e.rows[u] != 0:  # a kernel of several rows lies beyond the one row
        return []
    return [(float(e.cols[v]), float(lane), 1.0, 1.0) for k, lane in enumerate(e.reads) if tap in (None, k)]


def links(e: Explanation, layer: Conv, source: Source) -> list[tuple[Rect, Rect]]:
    """Return, for each border cell of a patch, the pair of its rectangle and that of the input cell whose value it has."""
    if layer.border == "zeros" or e.outside.size > MOST:
        return []
    if source.sequence:
        steps = border_index(e.cols, source.cols, layer.border).tolist()
        return [
            ((float(col), float(lane), 1.0, 1.0), (float(step), float(lane), 1.0, 1.0))
            for lane in e.reads
            for col, step in zip(e.cols.tolist(), steps, strict=True)
            if col != step
        ]
    rows = border_index(e.rows, source.rows, layer.border).tolist()
    cols = border_index(e.cols, source.cols, layer.border).tolist()
    return [
        ((float(e.cols[v]), float(e.rows[u]), 1.0, 1.0), (float(cols[v]), float(rows[u]), 1.0, 1.0))
        for u, v in zip(*np.nonzero(e.outside), strict=True)
    ]


def invented(rows: Axis, cols: Axis) -> list[Rect]:
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


def _whole(axis: Axis) -> tuple[int, int]:
    """Return the first and one past the last output whose patch lies inside the input."""
    first = -(-axis.before // axis.stride)
    last = (axis.size - axis.span + axis.before) // axis.stride + 1
    return min(first, axis.outputs), max(min(last, axis.outputs), 0)


def block_rect(rows: Axis, cols: Axis, part: Window) -> Rect:
    """Return where a window of output cells lies."""
    return _block(rows, cols, (part.top, part.top + part.rows), (part.left, part.left + part.cols))


def _block(rows: Axis, cols: Axis, down: tuple[int, int], across: tuple[int, int]) -> Rect:
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
    if isinstance(state.bound, str):
        return None
    source, layer = state.source, state.layer
    if source.sequence:
        return _beyond_sequence(state, _seen(state.bound.cols, seen[0], seen[2]), low, high)
    down, across = _seen(state.bound.rows, seen[1], seen[3]), _seen(state.bound.cols, seen[0], seen[2])
    inside = len(down) and len(across) and down[0] >= 0 and across[0] >= 0
    if inside and down[-1] < source.rows and across[-1] < source.cols:
        return None
    if not 0 < len(down) * len(across) <= 8 * MOST:
        return None
    rows, cols = border_index(down, source.rows, layer.border), border_index(across, source.cols, layer.border)
    cells = Source(source.cube[np.ix_(rows, cols)], scale=source.scale, toy=source.toy)
    values = mix_plane(cells.cube, input_values.input_mix(state))
    colours = np.array(picture(cells, Window(0, 0, len(rows), len(cols)), 1, low, high))
    outside = (rows == OUTSIDE)[:, None] | (cols == OUTSIDE)[None, :]
    values[outside], colours[outside] = layer.constant, _level(layer.constant / source.scale, low, high)
    return Beyond(colours, values, (float(across[0]), float(down[0]), float(len(across)), float(len(down))))


def _beyond_sequence(state: State, across: NDArray[np.int64], low: float, high: float) -> Beyond | None:
    """Return the visible steps of each channel, border cells included."""
    source = state.source
    assert not isinstance(state.bound, str)
    if not 0 < len(across) * source.channels <= 8 * MOST or (across[0] >= 0 and across[-1] < source.cols):
        return None
    steps, constant = border_index(across, source.cols, state.layer.border), state.bound.unmixed.layer.constant
    cells = Source(source.cube[0][steps].T, scale=source.scale, toy=source.toy)
    values = mix_plane(cells.cube, np.array([source.scale]))
    colours = np.array(picture(cells, Window(0, 0, cells.rows, cells.cols), 1, low, high))
    outside = steps == OUTSIDE
    values[:, outside], colours[:, outside] = constant, _level(constant / source.scale, low, high)
    return Beyond(colours, values, (float(across[0]), 0.0, float(len(across)), float(source.channels)))


def _level(stored: float, low: float, high: float) -> int:
    """Return the grey level that a stored number is shown as."""
    return int(np.clip((stored - low) / (high - low) * 255, 0, 255))


def _seen(axis: Axis, start: float, length: float) -> NDArray[np.int64]:
    """Return the visible positions of an axis, padding included."""
    last = max((axis.outputs - 1) * axis.stride - axis.before + axis.span, axis.size)
    first, end = max(int(np.floor(start)), -axis.before), min(int(np.ceil(start + length)), last)
    return np.arange(first, max(first, end), dtype=np.int64)
