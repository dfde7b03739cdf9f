"""The sampled strategy: outputs that lie apart are dot products of patches where they lie, and nothing is gathered.

For a screen that shows a large map in small. It serves where a patch lies inside, and its numbers can be multiplied as they
are stored: bytes and words whose channels are mixed by shares that are not negative (so that nothing cancels), and single
planes of float32. The rim, and whatever it cannot do, is made by the strategy that it stands before, which also serves where
outputs lie so near to each other that a gather costs less. Its values may differ from that one's in their last bits.

Cost: each number of a patch for each output, and nothing for what lies between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies import costs
from convgui.engine.strategies.direct import Direct, output
from convgui.engine.strategies.gather import cells_read, inside, rim
from convgui.engine.strategies.tiles import Load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.strategies.plan import Plan


def is_for(plan: Plan, compiled: Any) -> bool:
    """Whether patches of a plan can be multiplied where they lie."""
    plain = plan.rows.dilation == plan.cols.dilation == 1 and not plan.offsets.any()
    long = plan.cols.size >= compiled.LANES  # a vector may reach into the next row, not beyond it
    if plan.dtype == np.float32:
        return plain and long and plan.channels == 1
    return plain and long and plan.dtype in compiled.KINDS and bool((plan.mixes >= 0).all())


def cost(plan: Plan, step: int, compiled: Any) -> float:
    """Return the cost of an output where outputs lie `step` apart, in multiplications; all maps together."""
    c = costs.of(compiled)
    gathered = costs.direct(plan, c, step)
    return min(costs.sampled(plan, vectors(plan, compiled), c), gathered) if is_for(plan, compiled) else gathered


def vectors(plan: Plan, compiled: Any) -> int:
    """Return how many vectors of weights all maps have."""
    maps, _, kh, kw = plan.weights.shape
    return maps * kh * -(-kw * plan.channels // compiled.LANES)


class Sampled:
    """A plan made ready for dot products of patches; see `Direct`."""

    def __init__(self, plan: Plan, compiled: Any, otherwise: Direct, *, rectified: bool) -> None:
        self._compiled, self._otherwise, self._plan = compiled, otherwise, plan
        weights = np.einsum("ftuv,ftc->fuvc", plan.weights, plan.mixes[plan.reads])
        maps, kh, kw, channels = weights.shape
        wide = -(-kw * channels // compiled.LANES)
        self._weights = np.zeros((maps, kh, wide * compiled.LANES), np.float32)
        self._weights[:, :, : kw * channels] = weights.reshape(maps, kh, kw * channels)
        self._bias = plan.bias.astype(np.float32)
        self._costs = costs.of(compiled)
        self._cost = costs.sampled(plan, vectors(plan, compiled), self._costs)
        record = self._record = np.zeros(1, compiled.SAMPLE)
        record["kind"], record["pitch"] = compiled.KINDS.index(plan.dtype), plan.pitch * channels
        record["kh"], record["vectors"], record["rest"] = kh, wide, kw * channels - (wide - 1) * compiled.LANES
        record["maps"], record["rectified"] = maps, rectified
        record["weights"], record["bias"] = self._weights.ctypes.data, self._bias.ctypes.data

    def serves(self, step: int) -> bool:
        """Whether outputs so far apart are made in this way."""
        return step > 1 and self._cost < costs.direct(self._plan, self._costs, step)

    def load(self, step: int) -> Load:
        """Return what there is to do for an output that lies `step` from the next."""
        if self.serves(step):
            return Load(0, round(self._cost))
        return self._otherwise.load(step)

    def reads(self, rows: range, cols: range) -> tuple[range, range]:
        """Return the source rows and columns that are read for some outputs, with those into which a vector may reach."""
        plan = self._plan
        down, across = cells_read(plan.rows, plan.cols, rows, cols, plan.border)
        if not len(down) or not len(across):
            return down, across
        left = max(min(across.start, across.stop - self._compiled.LANES), 0)
        right = max(across.stop, min(left + self._compiled.LANES, plan.cols.size))
        return range(down.start, min(down.stop + 1, plan.rows.size)), range(left, right)

    def __call__(self, source: int, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile."""
        down, across = self._plan.rows, self._plan.cols
        inner, middle = inside(rows, down, last=1), inside(cols, across)
        if not inner or not middle or not self.serves(max(rows.step, cols.step)):
            self._otherwise(source, rows, cols, out, top, left)
            return
        for some, part in rim(rows, cols, inner, middle):
            self._otherwise(source, some, part, out, top + rows.index(some[0]), left + cols.index(part[0]))
        self._make(source, inner, middle, out, top + rows.index(inner[0]), left + cols.index(middle[0]))

    def _make(self, source: int, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute outputs whose patches lie inside."""
        down, across = self._plan.rows, self._plan.cols
        pitch, channels = self._plan.pitch, self._plan.channels
        record = self._record.copy()
        record["down"], record["across"] = rows.step * down.stride * pitch * channels, cols.step * across.stride * channels
        first = ((rows.start * down.stride - down.before) * pitch + cols.start * across.stride - across.before) * channels
        self._compiled.sample_tile(source, address(record), first, *output(out, top, left), len(rows), len(cols))
