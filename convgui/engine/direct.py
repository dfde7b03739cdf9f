"""The direct strategy: gather a tile into a small buffer, then add up the products in register blocks (`blocks.py`).

Rows that are a distance apart, by stride or step, are read as they are needed. Columns that are a distance apart are not
worth splitting up: all columns are computed at full speed, and every one that is wanted is kept.

A source that is read as it is, one plane of float32, is not gathered where the whole patch lies inside.

Cost: the products of all columns of the rows that are wanted, and one pass over the input rows for the gather.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.padding import OUTSIDE, border_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.geometry import Axis
    from convgui.engine.layers import Plan


class Run(NamedTuple):
    """Source positions along one axis: which ones, and the stretch of them that lies inside, one after the other."""

    cells: NDArray[np.int64]
    first: int
    last: int


class RowRun(NamedTuple):
    """Source rows of a tile; its output rows begin `apart` of them apart, kernel rows lie `down` of them apart."""

    cells: NDArray[np.int64]
    apart: int
    down: int


@lru_cache(maxsize=1024)  # the tiles of a column share theirs
def column_run(axis: Axis, start: int, count: int, border: str) -> Run:
    """Return `count` source positions from `start` on."""
    raw = start + np.arange(count, dtype=np.int64)
    inside = np.flatnonzero((raw >= 0) & (raw < axis.size))
    first, last = (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)
    return Run(border_index(raw, axis.size, border), first, last)


@lru_cache(maxsize=1024)  # the tiles of a row share theirs
def row_run(axis: Axis, outputs: range, border: str) -> RowRun:
    """Return the source rows that these output rows read: all in between where patches overlap, else theirs alone."""
    start, distance, count = outputs.start * axis.stride - axis.before, axis.stride * outputs.step, len(outputs)
    if distance < axis.span or count == 1:
        raw = start + np.arange((count - 1) * distance + axis.span, dtype=np.int64)
        return RowRun(border_index(raw, axis.size, border), distance, axis.dilation)
    firsts = start + distance * np.arange(count, dtype=np.int64)
    raw = (firsts[:, None] + axis.dilation * np.arange(axis.kernel)).ravel()
    return RowRun(border_index(raw, axis.size, border), axis.kernel, 1)


_buffers = threading.local()


def buffer(name: str, planes: int, rows: int, cols: int, slack: int) -> NDArray[np.float32]:
    """Return this thread's buffer of that name, which is used again for each tile, with `slack` numbers behind it.

    Its rows are a little longer than asked for: an odd number of cache lines, so that rows do not displace each other.
    """
    cols = (cols // 16 + 1 | 1) * 16
    size = planes * rows * cols
    flat: NDArray[np.float32] | None = getattr(_buffers, name, None)
    if flat is None or flat.size < size + slack:
        flat = np.zeros(size + slack, np.float32)
        setattr(_buffers, name, flat)
    return flat[:size].reshape(planes, rows, cols)


def address(array: NDArray[Any], *index: int) -> int:
    """Return the address of a cell."""
    return int(array.ctypes.data) + sum(i * step for i, step in zip(index, array.strides, strict=False))


class Gather:
    """Reads the planes of a plan into tile buffers, or tells where they can be read as they are."""

    def __init__(self, plan: Plan, compiled: Any) -> None:
        self.plan, self.compiled = plan, compiled
        source = plan.source
        self.flat = source.cube.reshape(source.rows, -1)
        self.mixes = np.ascontiguousarray(plan.mixes, np.float32)
        self.single = [int(np.flatnonzero(mix)[0]) if np.count_nonzero(mix) == 1 else OUTSIDE for mix in plan.mixes]
        one_plane = source.channels == 1 and len(self.mixes) == 1 and source.array.dtype == np.float32
        self.bare = one_plane and self.mixes[0, 0] == 1 and source.cols >= 2 * compiled.SLACK

    def fill(self, rows: NDArray[np.int64], cols: Run) -> NDArray[np.float32]:
        """Return a buffer (planes, rows, at least cols) with the values at these source positions."""
        tile = buffer("tile", len(self.mixes), len(rows), len(cols.cells), self.compiled.SLACK)
        constant, channels = np.float32(self.plan.layer.constant), self.plan.source.channels
        for p, mix in enumerate(self.mixes):
            self.compiled.gather(
                *(self.flat, channels, self.single[p], mix, rows, cols.cells, cols.first, cols.last, constant, tile, p)
            )
        return tile


class Direct:
    """A plan made ready for the compiled loops, for output cells that lie `step` apart.

    Calling it computes one tile: output positions `rows` x `cols` go to ``out[:, top:, left:]``, without bias.
    """

    def __init__(self, plan: Plan, step: int, compiled: Any) -> None:
        self.plan, self.compiled = plan, compiled
        self.gather = Gather(plan, compiled)
        self.keep = plan.cols.stride * step
        self.cols = replace(plan.cols, stride=1)
        self.weights = np.ascontiguousarray(plan.weights, np.float32)
        self.reads = np.ascontiguousarray(plan.reads, np.int64)

    @property
    def planes(self) -> int:
        """Planes of a tile's buffer."""
        return len(self.gather.mixes) * self.keep

    @property
    def products(self) -> int:
        """Multiplications for each output position, for all maps together."""
        return self.weights.size * self.keep

    def __call__(self, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile."""
        if self.keep == 1:
            self._tile(rows, cols, out, top, left)
            return
        stride = self.plan.cols.stride
        whole = range(cols.start * stride, cols[-1] * stride + 1)
        full = buffer("full", len(out), len(rows), len(whole), 0)
        self._tile(rows, whole, full, 0, 0)
        for f in range(len(out)):
            self.compiled.keep_every(full, f, out, top, left, len(rows), len(cols), self.keep)

    def _tile(self, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute all columns of a tile; what lies within a bare source is read there."""
        axis = self.plan.rows
        inner, middle = _inside(rows, axis, last=1), _inside(cols, self.cols)
        if not (self.gather.bare and axis.stride * rows.step == 1 and inner and middle):
            self._gathered(rows, cols, out, top, left)
            return
        above, below = range(rows.start, inner.start), range(inner.stop, rows.stop)
        before, after = range(cols.start, middle.start), range(middle.stop, cols.stop)
        for part, across in ((above, cols), (inner, before), (inner, after), (below, cols)):
            if part and across:
                self._gathered(part, across, out, top + part.start - rows.start, left + across.start - cols.start)
        x = address(self.gather.flat, inner.start - axis.before, middle.start - self.cols.before)
        at = top + inner.start - rows.start, left + middle.start - cols.start
        self._correlate(x, self.gather.flat.shape[1], 0, (1, axis.dilation), (len(inner), len(middle)), out, at)

    def _gathered(self, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute all columns of a tile from gathered values."""
        down = row_run(self.plan.rows, rows, self.plan.layer.border)
        count = len(cols) + self.cols.span - 1
        tile = self.gather.fill(
            down.cells, column_run(self.cols, cols.start - self.cols.before, count, self.plan.layer.border)
        )
        apart = down.apart, down.down
        self._correlate(address(tile), tile.shape[2], tile.strides[0], apart, (len(rows), len(cols)), out, (top, left))

    def _correlate(
        self,
        x: int,
        x_row: int,
        x_plane: int,
        apart: tuple[int, int],
        size: tuple[int, int],
        out: NDArray[np.float32],
        at: tuple[int, int],
    ) -> None:
        """Write to `out`, from `at` on, what the kernel makes of the planes at the address `x`."""
        w, kh, kw = address(self.weights), *self.weights.shape[2:]
        self.compiled.correlate_all(
            *(x, x_row, x_plane, *apart, self.reads, w, kh, kw, self.cols.dilation),
            *(address(out, 0, *at), out.shape[2], out.strides[0], *size),
        )


def _inside(outputs: range, axis: Axis, last: int = 0) -> range:
    """Return those outputs of an axis without stride whose patch lies inside, the last cells of the input left out."""
    first, end = axis.before, axis.size - last - axis.span + axis.before + 1
    return range(max(outputs.start, first), min(outputs.stop, end))
