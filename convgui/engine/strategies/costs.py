"""What each strategy costs, so that the cheapest can be chosen without trying them.

The unit is one multiply-add of the register blocks, about 1/130 ns on two cores of the machine on which the numbers below
were fitted (`tests/benchmarks/engine.py`); only ratios matter, and they hold on machines whose memory and arithmetic
stand in about the same relation. All costs are those of one output position, all maps together.

direct
    A product costs 1. A tile is gathered (GATHER for each cell and plane) and written (WRITE for each output). Where rows
    lie a distance apart, by stride, or there is but one, a block of one row shares no loads (ALONE times as dear). As many
    more cells are gathered as lie between outputs, up to the kernel's, and those of a row are split up (SPREAD instead).

separable
    Two passes of kh and kw products for each term of the factorisation. The vertical pass is written to a buffer and read
    again (BETWEEN). One-dimensional kernels keep fewer sums in flight, LINE times as dear as a square kernel's products.
    The vertical pass is done for all columns that are gathered.

fourier
    A complex number is a cell of each half of a block. Its transform costs TRANSFORM for each doubling of the length, there
    and back; a product of two of them PRODUCT, in float64. A sequence is laid into columns and back (FOLD for each cell).
    All is done for whole blocks: what they overlap by, and what lies beyond the edge, is counted in.

sampled
    Outputs that lie apart as dot products of patches where they lie: VECTOR for each vector of weights, OUTPUT for each
    output.

Nothing here depends on the tile, the window or the number of threads, so that the same layer always has the same values.
The choice is between these three at step 1; samples of the output, every so many rows and columns, are made by `direct` or
`separable`, whose cost follows the number of outputs. A matrix product is none of them: where a layer has many maps, the
register blocks of `direct` hold several maps, and so are a matrix product that has not to be laid out first.
"""

from __future__ import annotations

from math import ceil, log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convgui.engine.strategies.fourier import Block
    from convgui.engine.strategies.plan import Plan

GATHER, SPREAD, WRITE = 14.0, 40.0, 24.0
ALONE = 2.0
BETWEEN, LINE = 16.0, 1.3
TRANSFORM, PRODUCT, FOLD = 24.0, 8.5, 50.0
VECTOR, OUTPUT = 14.0, 110.0

NEVER = 1 << 30
"""A step that no sample has."""


def direct(plan: Plan, step: int = 1) -> float:
    """Return the cost of the direct strategy for outputs that lie `step` from the next."""
    maps, taps, kh, kw = plan.weights.shape
    apart = ALONE if plan.rows.stride * step > 1 or plan.rows.outputs == 1 else 1.0
    return maps * (taps * kh * kw * apart + WRITE) + _gather(plan, step)


def separable(plan: Plan, rank: int) -> float:
    """Return the cost of two passes for each of `rank` terms."""
    maps, taps, kh, kw = plan.weights.shape
    apart = ALONE if plan.rows.stride > 1 else 1.0
    vertical = kh * apart * LINE * min(plan.cols.stride, kw)
    return maps * (taps * rank * (vertical + kw * LINE + BETWEEN) + WRITE) + _gather(plan)


def fourier(plan: Plan, block: Block) -> float:
    """Return the cost of transforms of that size."""
    maps, taps, kh, kw = plan.weights.shape
    planes, (rows, cols) = len(plan.mixes), plan.shape[1:]
    columns, span = (kh, plan.rows.span) if block.folded else (kw, plan.cols.span)
    n, half = block.n, block.half
    forward = planes * n * (half + span - 1) * (TRANSFORM * log2(n) + 2 * GATHER)
    back = maps * n * half * (TRANSFORM * log2(n) + taps * columns * PRODUCT)
    write = maps * 2 * half * block.hop * WRITE + (FOLD * 4 * n * half if block.folded else 0)
    height, width = block.size
    return (forward + back + write) * ceil(rows / height) * ceil(cols / width) / (rows * cols)


def sampled(plan: Plan, vectors: int) -> float:
    """Return the cost of outputs that are dot products of so many vectors, those of all maps together."""
    return vectors * VECTOR + len(plan.weights) * OUTPUT


def sampled_from(plan: Plan, vectors: int) -> int:
    """Return from which step on outputs cost less as dot products than by `direct`; `NEVER` if they don't."""
    most = max(plan.rows.kernel, plan.cols.kernel)  # beyond it nothing more is gathered
    return next((step for step in range(2, most + 1) if sampled(plan, vectors) < direct(plan, step)), NEVER)


def _gather(plan: Plan, step: int = 1) -> float:
    down, across = (min(axis.stride * step, axis.kernel) for axis in (plan.rows, plan.cols))
    return len(plan.mixes) * (SPREAD if across > 1 else GATHER) * down * across
