"""Chooses the strategy of a convolution, once for all of its maps, and keeps what was made ready of it.

The choice looks at the whole layer, never at the maps, the window or the step that somebody asks for; so a value has the
same bits whatever asked for it. Samples of the output, every so many rows and columns, are made directly, or of patches
where they lie: they may differ from it in their last bits, and nothing else is ever made from them.
"""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies import costs, memory, sampled
from convgui.engine.strategies.channels_last import ChannelsLast, suits
from convgui.engine.strategies.direct import Direct
from convgui.engine.strategies.fourier import Block, Fourier, blocks
from convgui.engine.strategies.gather import cells_read
from convgui.engine.strategies.plan import Plan
from convgui.engine.strategies.planar import Planar
from convgui.engine.strategies.recent import Recent
from convgui.engine.strategies.sampled import Sampled
from convgui.engine.strategies.separable import Separable, factored
from convgui.engine.strategies.tiles import Tile, cut, cut_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.conv import BoundConv
    from convgui.engine.reading import Form, Planes
    from convgui.engine.strategies.costs import Costs
    from convgui.engine.strategies.separable import Factors

    Key = tuple[Form | None, bytes, bool]


class Choice(NamedTuple):
    """What a layer is computed by: two passes with these factors, transforms of that block, or directly."""

    factors: list[list[Factors]] | None = None
    block: Block | None = None


def chosen(plan: Plan, c: Costs, *, transforms: bool) -> Choice:
    """Return what the cost model thinks cheapest for all of an output, on processors where things cost so much."""
    best, cost = Choice(), costs.direct(plan, c)
    if min(plan.rows.kernel, plan.cols.kernel) > 1 and costs.separable(plan, 1, c) < cost:
        factors = factored(plan)
        if factors is not None:
            rank = max(len(pairs) for row in factors for pairs in row)
            if costs.separable(plan, rank, c) < cost:
                best, cost = Choice(factors), costs.separable(plan, rank, c)
    if transforms and (sizes := blocks(plan)):
        block = min(sizes, key=partial(costs.fourier, plan, c=c))
        if costs.fourier(plan, block, c) < cost:
            best = Choice(block=block)
    return best


KEPT = 64
"""Sets of maps of a bound convolution that stay made ready; they go when it goes."""


def _ready(bound: BoundConv) -> Recent[Key, Any]:
    """Return what was made ready of a bound convolution."""
    found: Recent[Key, Any] = vars(bound).setdefault("_ready", Recent(KEPT))
    return found


def _choice(bound: BoundConv, plan: Plan, form: Form | None, c: Costs) -> Choice:
    """Return how a bound convolution is computed, over sources of a form or over planes in memory."""
    choices: Recent[Form | None, Choice] = vars(bound).setdefault("_choices", Recent(KEPT))
    found = choices.get(form)
    if found is None:
        apart = _is_apart(bound)
        whole = plan.only(np.array([0])) if apart else plan
        one_group = apart or (bound.inputs == bound.inputs[:1]).all()
        found = choices.keep(form, chosen(whole, c, transforms=form is not None and one_group))
    return found


def _is_apart(bound: BoundConv) -> bool:
    """Whether all maps have one kernel, so that each is computed as if it were alone."""
    return bound.layer.kernel.weights.ndim == 2


def over_source(
    bound: BoundConv, planes: Planes, maps: NDArray[np.int64], compiled: Any, *, rectified: bool = False
) -> OverSource:
    """Return a convolution over the planes of a source, made ready for some of its maps, ReLU with it if `rectified`."""
    ready, key = _ready(bound), (planes.form, maps.tobytes(), rectified)
    found: OverSource | None = ready.get(key)
    if found is not None:
        return found
    plan = Plan.over(bound, planes)
    choice = _choice(bound, plan, planes.form, costs.of(compiled))
    made = OverSource(plan, maps, choice, compiled, apart=_is_apart(bound), rectified=rectified)
    ready.keep(key, made)
    return made


def channels_last(bound: BoundConv, planes: Planes, compiled: Any) -> ChannelsLast | None:
    """Return a bank over the channels of a source, all of its maps side by side; None if that is not for it."""
    plan = Plan.over(bound, planes)
    if not suits(plan, compiled) or _choice(bound, plan, planes.form, costs.of(compiled)) != Choice():
        return None
    return ChannelsLast(plan, compiled)


def in_memory(bound: BoundConv, maps: NDArray[np.int64], compiled: Any, *, rectified: bool = False) -> Planar:
    """Return a convolution over planes in memory, made ready for some of its maps, ReLU with it if `rectified`."""
    ready, key = _ready(bound), (None, maps.tobytes(), rectified)
    found: Planar | None = ready.get(key)
    if found is not None:
        return found
    plan = Plan.over(bound)
    one, factors = plan.only(maps), _factors(_choice(bound, plan, None, costs.of(compiled)), maps)
    made = Planar(one, bound.reads_of(maps), _strategy(one, compiled, factors, rectified=rectified))
    ready.keep(key, made)
    return made


def _strategy(plan: Plan, compiled: Any, factors: list[list[Factors]] | None, *, rectified: bool) -> Direct:
    if factors is None:
        return Direct(plan, compiled, rectified=rectified)
    return Separable(plan, compiled, factors, rectified=rectified)


def _factors(choice: Choice, maps: NDArray[np.int64]) -> list[list[Factors]] | None:
    """Return the factors of some of the maps; there is one row of them where all maps have the same kernel."""
    factors = choice.factors
    return factors and [factors[min(int(map), len(factors) - 1)] for map in maps]


class OverSource:
    """A convolution that reads a source itself: no planes of it are ever made."""

    def __init__(
        self, plan: Plan, maps: NDArray[np.int64], choice: Choice, compiled: Any, *, apart: bool, rectified: bool
    ) -> None:
        one = plan.only(maps)
        self.shape, self._block, self._rectified = one.shape, choice.block, rectified
        self._rows, self._cols, self._border = one.rows, one.cols, one.border
        direct = _strategy(one, compiled, _factors(choice, maps), rectified=rectified)
        self._whole: list[tuple[slice, Direct | Fourier]] = [(slice(None), direct)]
        self._sampled: Direct | Sampled = direct
        if sampled.is_for(one, compiled):
            self._sampled = Sampled(one, compiled, direct, rectified=rectified)
        if choice.block is not None:
            groups = [maps[k : k + 1] for k in range(len(maps))] if apart else [maps]
            cost = costs.fourier(plan.only(groups[0]), choice.block, costs.of(compiled)) * prod(one.shape[1:])
            made = [Fourier(plan.only(group), compiled, choice.block, cost) for group in groups]
            spans = [slice(k, k + 1) for k in range(len(maps))] if apart else [slice(None)]
            self._whole = list(zip(spans, made, strict=True))

    def whole(self, source: NDArray[Any]) -> NDArray[np.float32]:
        """Return all outputs of a source."""
        (out, at), first = memory.placed(self.shape), address(source)
        for part, strategy in self._whole:
            strategy.work(first, at + (part.start or 0) * 4 * prod(self.shape[1:]), (source, out))
        if self._rectified and self._block is not None:
            np.maximum(out, 0, out=out)
        return out

    def tiles(self, rows: range, cols: range, multiple: int = 1) -> list[Tile]:
        """Cut output positions rows x cols into tiles; those of transforms are whole blocks where that may be."""
        if self._block is not None and rows.step == cols.step == 1:
            return cut_blocks(rows, cols, self._block.size, multiple)
        return cut(len(rows), len(cols), self._sampled.load(max(rows.step, cols.step)), multiple)

    def reads(self, rows: range, cols: range) -> tuple[range, range]:
        """Return the source rows and columns that are read for some outputs; of transforms, for all of their blocks."""
        if self._block is not None and rows.step == cols.step == 1 and len(rows) and len(cols):
            rows, cols = (_whole_blocks(outputs, side) for outputs, side in zip((rows, cols), self._block.size, strict=True))
        if isinstance(self._sampled, Sampled) and (rows.step > 1 or cols.step > 1):
            return self._sampled.reads(rows, cols)
        return cells_read(self._rows, self._cols, rows, cols, self._border)

    def __call__(self, source: int, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Compute one tile of the source at an address."""
        if rows.step > 1 or cols.step > 1:
            self._sampled(source, rows, cols, out, 0, 0)
            return
        for part, strategy in self._whole:
            strategy(source, rows, cols, out[part], 0, 0)
        if self._rectified and self._block is not None:
            np.maximum(out, 0, out=out)


def _whole_blocks(outputs: range, side: int) -> range:
    return range(outputs.start // side * side, -(-outputs.stop // side) * side)
