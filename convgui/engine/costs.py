"""What each strategy costs, so that the cheapest can be chosen without trying them.

The unit is one multiply-add of the register blocks, about 1/130 ns on two cores of the machine on which the numbers below
were fitted (`tests/benchmarks/engine.py`); only ratios matter, and they hold on machines whose memory and arithmetic
stand in about the same relation.

direct
    A product costs 1. A tile is gathered (GATHER for each cell and plane; a bare float32 source is read as it is) and
    written (WRITE for each output). With a distance S between the columns that are wanted, S columns are computed for
    each, and as the rows in between are not, a block of one row shares no loads (ALONE times as dear).

separable
    Two passes of kh and kw products for each term of the factorisation. The vertical pass is written to a buffer and read
    again (BETWEEN). One-dimensional kernels keep fewer sums in flight, LINE times as dear as a square kernel's products.

Nothing here depends on the tile, the window or the number of threads, so that the same layer always has the same values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convgui.engine.layers import Plan

GATHER, WRITE = 14.0, 24.0
ALONE = 2.0
BETWEEN, LINE = 16.0, 1.3


def direct(plan: Plan, step: int = 1) -> float:
    """Return the cost of one output of each map by the direct strategy."""
    maps, taps, kh, kw = plan.weights.shape
    keep = plan.cols.stride * step
    apart = ALONE if plan.rows.stride * step > 1 else 1.0
    return maps * (taps * kh * kw * apart * keep + WRITE) + _gather(plan, step)


def separable(plan: Plan, rank: int, step: int = 1) -> float:
    """Return the cost of one output of each map by two passes for each of `rank` terms."""
    maps, taps, kh, kw = plan.weights.shape
    keep = plan.cols.stride * step
    apart = ALONE if plan.rows.stride * step > 1 else 1.0
    return maps * (taps * rank * ((kh * apart + kw) * LINE + BETWEEN) * keep + WRITE) + _gather(plan, step)


def _gather(plan: Plan, step: int) -> float:
    rows = min(plan.rows.stride * step, plan.rows.kernel)
    return len(plan.mixes) * GATHER * rows * plan.cols.stride * step
