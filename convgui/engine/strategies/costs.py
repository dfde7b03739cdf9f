"""What each strategy costs, so that the cheapest can be chosen without trying them.

The unit is one multiply-add of the register blocks, about 1/170 ns on two cores with AVX-512 and 1/72 to 1/95 with AVX2;
only ratios matter. They are fitted for each kind of processor by `tests/benchmarks/fit_costs.py`, which prints the table.
All costs are those of one output position, all maps together.

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
    All is done for whole blocks: what they overlap by, and what lies beyond the edge, is counted in; and that of two threads
    one waits at the end, for a whole block where their number is odd and for a part of one (WAITING) anyway.

sampled
    Outputs that lie apart as dot products of patches where they lie: VECTOR for each vector of weights, OUTPUT for each
    output.

Nothing here depends on the tile, the window or the number of threads, so that the same layer always has the same values.
The choice for a layer is between the first three. Samples of the output, every so many rows and columns, are made by
`direct` or `separable`, whose cost follows the number of outputs, or by `sampled` where that costs less than `direct`. A
matrix product is none of them: where a layer has many maps, the register blocks of `direct` hold several maps, and so are a
matrix product that has not to be laid out first.
"""

from __future__ import annotations

from math import ceil, log2
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from convgui.engine.strategies.fourier import Block
    from convgui.engine.strategies.plan import Plan


class Costs(NamedTuple):
    """What the parts of a strategy cost on a kind of processor; see above.

    As it is: with AVX2, the mean of what was fitted on an AMD EPYC and on an Intel Xeon.
    """

    GATHER: float = 12.0
    SPREAD: float = 18.0
    WRITE: float = 10.0
    ALONE: float = 1.4
    BETWEEN: float = 8.0
    LINE: float = 1.75
    TRANSFORM: float = 24.0
    PRODUCT: float = 8.4
    FOLD: float = 33.0
    VECTOR: float = 22.0
    OUTPUT: float = 175.0


COSTS = {
    "avx512f": Costs(
        GATHER=17.0,
        SPREAD=29.0,
        WRITE=29.0,
        ALONE=2.4,
        BETWEEN=12.0,
        LINE=1.8,
        TRANSFORM=40.0,
        PRODUCT=9.4,
        FOLD=18.0,
        VECTOR=60.0,
        OUTPUT=410.0,
    ),
    "avx2": Costs(),
    "neon": Costs(),
    "": Costs(),
}
"""For each kind of processor of `compiled.processor.SHAPES`; NEON's and SSE's are AVX2's until they are fitted."""

WAITING = 0.5
"""Blocks for which the thread that is done first waits, on the average."""

_decided: str | None = None


def decide_as(kind: str) -> None:
    """Choose strategies as that kind of processor does: on a cluster, as the one that hands out the work.

    So a map has the bits that it has there, whatever workers it is made by.
    """
    global _decided
    _decided = kind


def of(compiled: Any) -> Costs:
    """Return what things cost where choices are made."""
    return COSTS[compiled.KIND if _decided is None else _decided]


def direct(plan: Plan, c: Costs, step: int = 1) -> float:
    """Return the cost of the direct strategy for outputs that lie `step` from the next."""
    maps, taps, kh, kw = plan.weights.shape
    apart = c.ALONE if plan.rows.stride * step > 1 or plan.rows.outputs == 1 else 1.0
    return maps * (taps * kh * kw * apart + c.WRITE) + _gather(plan, c, step)


def separable(plan: Plan, rank: int, c: Costs) -> float:
    """Return the cost of two passes for each of `rank` terms."""
    maps, taps, kh, kw = plan.weights.shape
    apart = c.ALONE if plan.rows.stride > 1 else 1.0
    vertical = kh * apart * c.LINE * min(plan.cols.stride, kw)
    return maps * (taps * rank * (vertical + kw * c.LINE + c.BETWEEN) + c.WRITE) + _gather(plan, c)


def fourier(plan: Plan, block: Block, c: Costs) -> float:
    """Return the cost of transforms of that size."""
    maps, taps, kh, kw = plan.weights.shape
    planes, (rows, cols) = len(plan.mixes), plan.shape[1:]
    columns, span = (kh, plan.rows.span) if block.folded else (kw, plan.cols.span)
    n, half = block.n, block.half
    forward = planes * n * (half + span - 1) * (c.TRANSFORM * log2(n) + 2 * c.GATHER)
    back = maps * n * half * (c.TRANSFORM * log2(n) + taps * columns * c.PRODUCT)
    write = maps * 2 * half * block.hop * c.WRITE + (c.FOLD * 4 * n * half if block.folded else 0)
    height, width = block.size
    count = ceil(rows / height) * ceil(cols / width)
    return (forward + back + write) * (2 * ceil(count / 2) + WAITING) / (rows * cols)


def sampled(plan: Plan, vectors: int, c: Costs) -> float:
    """Return the cost of outputs that are dot products of so many vectors, those of all maps together."""
    return vectors * c.VECTOR + len(plan.weights) * c.OUTPUT


def _gather(plan: Plan, c: Costs, step: int = 1) -> float:
    down, across = (min(axis.stride * step, axis.kernel) for axis in (plan.rows, plan.cols))
    return len(plan.mixes) * (c.SPREAD if across > 1 else c.GATHER) * down * across
