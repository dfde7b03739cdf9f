"""The direct strategy: gather a tile into a small buffer, then add up the products, kernel row by kernel row.

Stride, step and dilation are all the same thing here. Along one axis, sampled output cell i and kernel cell u read the
input at ``i*S + u*d`` with S = stride x step. The cells u that leave the same remainder of u*d by S form a *phase*: read
with distance S they are the cells of a dense kernel again, d / gcd(d, S) apart. So a tile is a sum of dense
convolutions, one for each phase, and every load is of neighbouring numbers.

Cost: products of the output, at 16 multiply-adds for each 4 loads, and one pass over the input for the gather.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.padding import OUTSIDE, border_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.geometry import Axis
    from convgui.engine.layers import Plan


class Phase(NamedTuple):
    """The kernel cells first, first + every, ... of an axis, which lie `spread` cells apart when read with distance S."""

    first: int
    every: int
    taps: int
    spread: int

    @property
    def reach(self) -> int:
        """Cells that it needs beyond the first one."""
        return (self.taps - 1) * self.spread


class Run(NamedTuple):
    """Source positions along one axis: which ones, and the stretch of them that lies inside."""

    cells: NDArray[np.int64]
    first: int
    last: int


def phases(kernel: int, dilation: int, distance: int) -> list[Phase]:
    """Return the phases of a kernel axis when output cells lie `distance` input cells apart.

    >>> phases(3, 1, 1)
    [Phase(first=0, every=1, taps=3, spread=1)]
    >>> [(p.first, p.taps) for p in phases(3, 1, 2)]
    [(0, 2), (1, 1)]
    """
    common = gcd(dilation, distance)
    every = distance // common
    return [Phase(u, every, -(-(kernel - u) // every), dilation // common) for u in range(min(every, kernel))]


def positions(axis: Axis, outputs: range, phase: Phase, border: str) -> Run:
    """Return the source positions that a phase reads for these output cells."""
    start = outputs.start * axis.stride + phase.first * axis.dilation - axis.before
    return stretch(axis, start, len(outputs) + phase.reach, axis.stride * outputs.step, border)


@lru_cache(maxsize=1024)  # the tiles of a row or a column share theirs
def stretch(axis: Axis, start: int, count: int, distance: int, border: str) -> Run:
    """Return `count` source positions from `start` on, `distance` apart."""
    raw = start + distance * np.arange(count, dtype=np.int64)
    inside = np.flatnonzero((raw >= 0) & (raw < axis.size))
    first, last = (int(inside[0]), int(inside[-1]) + 1) if len(inside) else (0, 0)
    return Run(border_index(raw, axis.size, border), first, last)


_buffers = threading.local()


def _buffer(name: str, planes: int, rows: int, cols: int) -> NDArray[np.float32]:
    """Return this thread's buffer of that name, which is used again for each tile."""
    size = planes * rows * cols
    flat: NDArray[np.float32] | None = getattr(_buffers, name, None)
    if flat is None or flat.size < size:
        flat = np.empty(size, np.float32)
        setattr(_buffers, name, flat)
    return flat[:size].reshape(planes, rows, cols)


class Direct:
    """A plan made ready for the compiled loops, for output cells that lie `step` apart.

    Calling it computes one tile: output positions `rows` x `cols` go to ``out[:, top:, left:]``, without bias.
    """

    def __init__(self, plan: Plan, step: int, compiled: Any) -> None:
        self.plan, self.compiled = plan, compiled
        layer = plan.layer
        kh, kw = layer.kernel.size
        self.down = phases(kh, layer.dilation[0], layer.stride[0] * step)
        self.across = phases(kw, layer.dilation[1], layer.stride[1] * step)
        source = plan.source
        self.flat = source.cube.reshape(source.rows, -1)
        self.mixes = np.ascontiguousarray(plan.mixes, np.float32)
        self.single = [int(np.flatnonzero(mix)[0]) if np.count_nonzero(mix) == 1 else OUTSIDE for mix in plan.mixes]
        self.parts = [
            [
                np.ascontiguousarray(plan.weights[:, :, a.first :: a.every, b.first :: b.every], np.float32)
                for b in self.across
            ]
            for a in self.down
        ]

    @property
    def planes(self) -> int:
        """Planes of a tile's buffer."""
        return len(self.mixes) * len(self.down) * len(self.across)

    def __call__(self, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile."""
        layer = self.plan.layer
        downs = [positions(self.plan.rows, rows, phase, layer.border) for phase in self.down]
        acrosses = [positions(self.plan.cols, cols, phase, layer.border) for phase in self.across]
        heights, widths = [len(run.cells) for run in downs], [len(run.cells) for run in acrosses]
        buffer = _buffer("tile", self.planes, max(heights), max(widths))
        count = len(self.mixes)
        out[:, top : top + len(rows), left : left + len(cols)] = 0
        for a, down in enumerate(downs):
            first = a * len(acrosses) * count
            self._gather(down, cols, acrosses, buffer, first)
            for b in range(len(acrosses)):
                self._add((a, b), buffer, first + b * count, out, (top, top + len(rows), left, left + len(cols)))

    def _gather(self, down: Run, cols: range, acrosses: list[Run], buffer: NDArray[np.float32], first: int) -> None:
        """Fill the planes from `first` on with the rows of one phase, its columns split into theirs."""
        distance = self.plan.cols.stride * cols.step
        count = len(self.mixes)
        if distance == 1 or distance > 4 * len(acrosses):  # far apart: reading only the cells needed is cheaper
            for b, across in enumerate(acrosses):
                self._fill(down, across, distance, buffer, first + b * count)
            return
        starts = [phase.first * self.plan.layer.dilation[1] for phase in self.across]
        ends = [start + (len(across.cells) - 1) * distance for start, across in zip(starts, acrosses, strict=True)]
        begin = cols.start * self.plan.cols.stride - self.plan.cols.before
        whole = stretch(self.plan.cols, begin, max(ends) + 1, 1, self.plan.layer.border)
        line = _buffer("line", count, len(down.cells), len(whole.cells))
        self._fill(down, whole, 1, line, 0)
        for b, across in enumerate(acrosses):
            for p in range(count):
                shape = (len(down.cells), len(across.cells))
                self.compiled.pick(line, p, buffer, first + b * count + p, *shape, starts[b], distance)

    def _fill(self, down: Run, across: Run, distance: int, buffer: NDArray[np.float32], first: int) -> None:
        """Read source positions down x across into the planes from `first` on."""
        constant, channels = np.float32(self.plan.layer.constant), self.plan.source.channels
        for p, mix in enumerate(self.mixes):
            self.compiled.gather(
                *(self.flat, channels, self.single[p], mix, down.cells, across.cells),
                *(across.first, across.last, distance, constant, buffer, first + p),
            )

    def _add(
        self,
        part: tuple[int, int],
        buffer: NDArray[np.float32],
        first: int,
        out: NDArray[np.float32],
        box: tuple[int, int, int, int],
    ) -> None:
        """Add to `out` what the phases of one part of the kernel contribute."""
        a, b = part
        weights, spread = self.parts[a][b], (self.down[a].spread, self.across[b].spread)
        for f, reads in enumerate(self.plan.reads):
            for q, plane in enumerate(reads):
                self.compiled.accumulate(out, f, *box, buffer, first + plane, 0, 0, weights[f, q], *spread)
