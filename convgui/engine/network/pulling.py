"""Pulls a tile through a chain: it asks for the cells that it needs, layer by layer, down to the source.

What lies between two layers is in memory of the thread, for one tile; a point-wise layer works in place on what the layer
below has just written. A convolution that stands first reads the source itself.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.large import Large, Part
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.base import Block, Needs
from convgui.engine.layers.conv import BoundConv
from convgui.engine.layers.graph import BoundGraph
from convgui.engine.layers.reference import convolve
from convgui.engine.network.graphs import whole
from convgui.engine.strategies.faster import faster
from convgui.engine.strategies.gather import scratch
from convgui.engine.strategies.plan import Plan
from convgui.engine.strategies.prepared import OverSource, channels_last, in_memory, over_source
from convgui.engine.strategies.tiles import never

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Bound, Maps
    from convgui.engine.network.cache import Cache
    from convgui.engine.network.chain import Chain
    from convgui.engine.strategies.channels_last import ChannelsLast


FEW = 8
"""Planes of a source that a convolution reads itself; more of them are first laid out one behind the other."""


class Puller:
    """A chain up to one of its layers, made ready to be pulled.

    Stages are counted from 1 as layers are, those that are switched off left out; stage 0 are the planes of the source.

    Parameters
    ----------
    chain : Chain
    n : int
        The layer that is looked at.
    compiled : namespace, optional
        The compiled loops; without them the definitions serve.
    cache : Cache
        Where blocks of the stages below may be found.

    Attributes
    ----------
    in_memory : bool
        Whether a first convolution reads planes in memory, not the source: that depends on the number of planes alone.
    """

    def __init__(self, chain: Chain, n: int, compiled: Any, cache: Cache) -> None:
        chain.check(n)
        self._compiled = None if chain.source.empty or isinstance(chain.source, Large) else compiled
        self.planes, self.stages = chain.planes, [faster(bound, self._compiled) for bound in chain.stages(n)]
        self.top = len(self.stages)
        self._cache = cache
        self._address = chain.source.address
        self.in_memory = chain.planes.shape.maps > FEW
        self._layers = tuple(bound.layer for bound in self.stages[len(chain.sized) :])
        self._before = self.top - len(self._layers)
        self._reading, self._source = chain.reading, chain.source

    def key(self, stage: int) -> tuple[Any, ...]:
        """Return what the values of a stage are made by."""
        read = self._reading, min(stage, self._before)  # planes as they are read, and those that were resized
        return self._source, read, self._layers[: max(stage - self._before, 0)]

    def size(self, stage: int) -> tuple[int, int]:
        """Return rows and columns of a stage."""
        return (self.stages[stage - 1].output if stage else self.planes.shape)[1:]

    def channels_last(self) -> ChannelsLast | None:
        """Return the convolution that makes the whole first stage, channels and maps last, where that is quicker."""
        bound = self.stages[0]
        if self._compiled is None or not isinstance(bound, BoundConv):
            return None
        return channels_last(bound, self.planes, self._compiled)

    def over_source(self, maps: Maps) -> OverSource | None:
        """Return the convolution that makes the first stage by reading the source itself, if there is one."""
        bound = self.stages[0]
        if self._compiled is None or self.in_memory or not isinstance(bound, BoundConv):
            return None
        return over_source(bound, self.planes, maps, self._compiled)

    def plan_of(self, maps: Maps) -> Plan | None:
        """Return the plan of the convolution that makes maps by reading the source, if only point-wise layers follow."""
        bound = self.stages[0] if self.stages else None
        if self._compiled is None or self.in_memory or not isinstance(bound, BoundConv):
            return None
        if any(not after.pointwise for after in self.stages[1:]):
            return None
        return Plan.over(bound, self.planes).only(maps)

    def source_cells(self, maps: Maps, rows: range, cols: range, compiled: Any) -> tuple[range, range]:
        """Return the rows and columns of the source that are read for outputs maps x rows x cols of the last stage.

        They are more than the definition asks for where blocks are transformed as a whole; `compiled` are the loops that
        will be used.
        """
        for bound in reversed(self.stages[1:]):
            maps, rows, cols = bound.needs(maps, rows, cols)
        if not self.stages:
            return rows, cols
        first = self.stages[0]
        if compiled is not None and not self.in_memory and isinstance(first, BoundConv):
            return over_source(first, self.planes, maps, compiled).reads(rows, cols)
        return first.needs(maps, rows, cols)[1:]

    def fill(self, stage: int, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Write the values maps x rows x cols of a stage to `out`; `rows` and `cols` may have a step."""
        if not out.size:
            return
        if stage == 0:
            self.planes.fill(maps, rows, cols, out)
            return
        bound = self.stages[stage - 1]
        if isinstance(bound, BoundGraph):
            at = (slice(each.start, each.stop, each.step) for each in (rows, cols))
            out[...] = self.whole(stage).values[maps][:, *at]
        elif isinstance(bound, BoundConv):
            self._convolve(bound, stage, maps, rows, cols, out)
        elif stage > 1 and _rectifies(bound) and isinstance(below := self.stages[stage - 2], BoundConv):
            if self._compiled is None or self._is_kept(stage - 1, maps, rows, cols):
                self._in_place(bound, stage, maps, rows, cols, out)
            else:
                self._convolve(below, stage - 1, maps, rows, cols, out, rectified=True)
        elif bound.pointwise:
            self._in_place(bound, stage, maps, rows, cols, out)
        else:
            bound.fill(partial(self.pull, stage - 1), maps, rows, cols, out)

    def pull(self, stage: int, needs: Needs, out: NDArray[np.float32] | None = None) -> Block:
        """Return some cells of a stage, without a step; written to `out` if that is given.

        Else they lie in memory of this thread, until the next cells of this stage are pulled.
        """
        found = self._cache.find(self.key(stage), needs)
        if found is not None:
            if out is None:
                return found
            out[...] = found.part(needs)
        else:
            if out is None:
                out = scratch(f"stage {stage}", (len(needs.maps), len(needs.rows), len(needs.cols)))
            self.fill(stage, needs.maps, needs.rows, needs.cols, out)
        return Block(out, needs.maps, needs.rows.start, needs.cols.start)

    def whole(self, stage: int, cancelled: Callable[[], bool] = never) -> Block:
        """Return all cells of a stage that a graph makes; it is run if they are not there."""
        bound = self.stages[stage - 1]
        assert isinstance(bound, BoundGraph)
        return whole(bound, self.key(stage), partial(self._planes, stage - 1), cancelled)

    def _planes(self, stage: int, needs: Needs) -> NDArray[np.float32]:
        out = np.empty((len(needs.maps), len(needs.rows), len(needs.cols)), np.float32)
        return self.pull(stage, needs, out).values

    def _is_kept(self, stage: int, maps: Maps, rows: range, cols: range) -> bool:
        if rows.step > 1 or cols.step > 1:
            return False
        return self._cache.find(self.key(stage), Needs(maps, rows, cols)) is not None

    def _convolve(
        self,
        bound: BoundConv,
        stage: int,
        maps: Maps,
        rows: range,
        cols: range,
        out: NDArray[np.float32],
        *,
        rectified: bool = False,
    ) -> None:
        """Write the sums of a convolution, ReLU with it if they are to be `rectified`."""
        if self._compiled is None and stage == 1:
            at = np.arange(rows.start, rows.stop, rows.step), np.arange(cols.start, cols.stop, cols.step)
            with np.errstate(over="ignore", invalid="ignore"):
                out[...] = convolve(bound.terms(maps), bound.around, self.planes.cells, *at)
        elif self._compiled is None:
            bound.fill(partial(self.pull, stage - 1), maps, rows, cols, out)
        elif stage == 1 and not self.in_memory:
            ready = over_source(bound, self.planes, maps, self._compiled, rectified=rectified)
            if isinstance(self._source, Part):
                self._source.check(*ready.reads(rows, cols))
            ready(self._address, rows, cols, out)
        else:
            below = partial(self.pull, stage - 1)
            in_memory(bound, maps, self._compiled, rectified=rectified).fill(below, rows, cols, out, f"patches {stage}")

    def _in_place(self, bound: Bound, stage: int, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Let the stage below write to `out`, and change it there."""
        if rows.step == cols.step == 1:
            self.pull(stage - 1, Needs(maps, rows, cols), out)
            bound.compute(Block(out, maps, rows.start, cols.start), maps, rows, cols, out)
        elif bound.uniform:
            self.fill(stage - 1, maps, rows, cols, out)
            bound.compute(Block(out, maps, 0, 0), maps, range(len(rows)), range(len(cols)), out)
        else:
            bound.fill(partial(self.pull, stage - 1), maps, rows, cols, out)


def _rectifies(bound: Bound) -> bool:
    """Whether a layer is ReLU as it is meant, so that a convolution can do it on the way."""
    layer = bound.layer
    return isinstance(layer, Activation) and layer.function == "relu" and not layer.parameters
