"""Some maps of a stage of a chain: computed tile by tile, and kept where they serve again."""

from __future__ import annotations

from functools import cached_property, partial
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.distinct import distinct
from convgui.engine.layers.base import Block, Needs
from convgui.engine.layers.conv import BoundConv
from convgui.engine.layers.pooling import BoundPool
from convgui.engine.network.cache import KEPT, LARGEST, kept
from convgui.engine.network.tiles import cost, cut_chain, extents
from convgui.engine.strategies import jit, memory, sampled
from convgui.engine.strategies.tiles import Load, Tile, cut, fill, never, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Maps
    from convgui.engine.layers.pooling import Folding
    from convgui.engine.network.pulling import Puller
    from convgui.engine.strategies.channels_last import ChannelsLast
    from convgui.engine.strategies.plan import Plan
    from convgui.engine.strategies.prepared import OverSource
    from convgui.engine.strategies.tiles import Window

TOGETHER, MOST_TOGETHER, FEW_CELLS = 256_000_000, 128, 64
"""Multiplications, and maps, that are computed together when one map is wanted, and cells below which it is not done."""


class Wanted:
    """Some maps of a stage of a chain, tile by tile.

    Parameters
    ----------
    puller : Puller
    stage : int
    maps : ndarray of int64
        In the order in which they are wanted.
    size : (int, int)
        Rows and columns of a whole map.
    """

    def __init__(self, puller: Puller, stage: int, maps: Maps, size: tuple[int, int]) -> None:
        self._puller, self._stage = puller, stage
        self._maps, self.shape = maps if len(maps) < 2 else distinct(maps), (len(maps), *size)
        self._base = 0  # the stage from which on tiles have something to do
        ordered = len(maps) < 2 or (len(self._maps) == len(maps) and bool((self._maps == maps).all()))
        self._order = None if ordered else np.searchsorted(self._maps, maps)

    def __call__(self, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Write outputs rows x cols to `out`, shape (maps, len(rows), len(cols))."""
        if self._order is None:
            self._puller.fill(self._stage, self._maps, rows, cols, out)
            return
        values = np.empty((len(self._maps), *out.shape[1:]), np.float32)
        self._puller.fill(self._stage, self._maps, rows, cols, values)
        out[...] = values[self._order]

    def alone(self) -> ChannelsLast | OverSource | None:
        """Return the convolution that makes these maps, all there are, by reading the source, if there is nothing but it."""
        if self._stage != 1 or self._order is not None or not self._maps.size:
            return None
        return self._puller.channels_last() or self._puller.over_source(self._maps)

    @cached_property
    def _plan(self) -> Plan | None:
        """What makes these maps if it is a convolution that reads the source, with only point-wise layers after."""
        return self._puller.plan_of(self._maps) if self._stage == self._puller.top else None

    def source_cells(self, rows: range, cols: range) -> tuple[range, range]:
        """Return the rows and columns of the source that are read for outputs rows x cols."""
        return self._puller.source_cells(self._maps, rows, cols, jit.ready())

    def kept(self, rows: range, cols: range, cancelled: Callable[[], bool] = never) -> NDArray[np.float32] | None:
        """Return outputs rows x cols if they are still there, or come with others of their group, which are kept then."""
        needs = Needs(self._maps, rows, cols)
        block = kept.find(self._puller.key(self._stage), needs)
        if block is None and len(self._group(rows, cols)) > len(self._maps):
            block = self.keep(rows, cols, cancelled)
        if block is None:
            return None
        values = block.part(needs)
        return np.array(values if self._order is None else values[self._order])

    def tiles(self, rows: range, cols: range, multiple: int = 1) -> list[Tile]:
        """Cut outputs rows x cols into tiles that begin at multiples of a number."""
        stages = self._puller.stages[self._base : self._stage]
        if self._base or any(not bound.pointwise for bound in stages[1:]) or (stages and self._puller.in_memory):
            copied = bool(self._base) or self._puller.in_memory
            return cut_chain(stages, self._maps, rows, cols, multiple, copied=copied)
        if stages and (first := self._puller.over_source(self._maps)) is not None:
            return first.tiles(rows, cols, multiple)
        asked = extents(stages, self._maps, range(1), range(1))
        return cut(len(rows), len(cols), Load(len(self._maps), sum(e.cells * e.products for e in asked)), multiple)

    def compute(
        self,
        rows: range,
        cols: range,
        cancelled: Callable[[], bool] = never,
        progress: Callable[[float], None] | None = None,
    ) -> NDArray[np.float32]:
        """Return outputs rows x cols, computed on all cores."""
        out = memory.empty((self.shape[0], len(rows), len(cols)))
        if not out.size:
            return out
        if (folding := self._folding(rows, cols)) is not None:
            self._fold(folding, out, cancelled, progress)
            return out
        fill(self, self.tiles(rows, cols), rows, cols, out, cancelled, progress)
        return out

    def _folding(self, rows: range, cols: range) -> Folding | None:
        """Return what folds these outputs strip by strip, if they are those of a pool with large patches."""
        bound = self._puller.stages[self._stage - 1] if self._stage else None
        return bound.folding(self._maps, rows, cols) if isinstance(bound, BoundPool) else None

    def _fold(
        self,
        folding: Folding,
        out: NDArray[np.float32],
        cancelled: Callable[[], bool],
        progress: Callable[[float], None] | None,
    ) -> None:
        """Fold the strips of large patches on all cores."""
        pull = partial(self._puller.pull, self._stage - 1)
        strips = [Tile(0, 1, across.start, across.stop) for across in folding.strips]
        run(strips, lambda strip: folding.fold(pull, range(strip.left, strip.right)), cancelled, progress)
        values = out if self._order is None else np.empty((len(self._maps), *out.shape[1:]), np.float32)
        folding.finish(values)
        if self._order is not None:
            out[...] = values[self._order]

    def cost(self, window: Window, step: int) -> float:
        """Return what a sample of a window costs, in multiplications."""
        rows = range(window.top, window.top + window.rows, step)
        cols = range(window.left, window.left + window.cols, step)
        if step > 1 and self._plan is not None:
            return len(rows) * len(cols) * sampled.cost(self._plan, step, jit.ready())
        return cost(self._puller.stages[: self._stage], self._maps, rows, cols)

    def prepare(self, rows: range, cols: range, cancelled: Callable[[], bool] = never) -> None:
        """Compute as a whole what the last layer that reads patches needs for a window, if it is small: it serves again.

        Where it is large each tile pulls what it needs.
        """
        puller, maps = self._puller, self._maps
        for stage, bound in enumerate(puller.stages[: self._stage], 1):
            if bound.entire:
                puller.whole(stage, cancelled)
        for stage in range(self._stage, 0, -1):
            bound = puller.stages[stage - 1]
            if bound.entire:
                self._base = stage
                return
            if bound.pointwise:
                continue
            if stage < self._stage and isinstance(bound, BoundPool) and bound.folds(maps, rows, cols):
                if kept.find(puller.key(stage), Needs(maps, rows, cols)) is None:
                    Wanted(puller, stage, maps, puller.size(stage)).keep(rows, cols, cancelled)
                return
            if stage == 1 and (not puller.in_memory or len(maps) == bound.output.maps):  # planes serve but once
                return
            maps, rows, cols = needs = bound.needs(maps, rows, cols)
            if stage > 1 and puller.stages[stage - 2].entire:
                self._base = stage - 1
                return
            if 4 * len(maps) * len(rows) * len(cols) > LARGEST:
                return
            if kept.find(puller.key(stage - 1), needs) is None:
                Wanted(puller, stage - 1, maps, puller.size(stage - 1)).keep(rows, cols, cancelled)
            self._base = stage - 1
            return

    def keep(self, rows: range, cols: range, cancelled: Callable[[], bool]) -> Block:
        """Compute outputs rows x cols of the whole group of the maps, and keep them."""
        maps = self._group(rows, cols)
        group = Wanted(self._puller, self._stage, maps, self.shape[1:])
        group.prepare(rows, cols, cancelled)
        block = Block(group.compute(rows, cols, cancelled), maps, rows.start, cols.start)
        kept.keep(self._puller.key(self._stage), block)
        return block

    def _group(self, rows: range, cols: range) -> Maps:
        """Return the maps that are computed together if a few of a bank's are wanted: more of them take hardly more time.

        So whoever asks for one map after the other, of a small window, does not wait for each of them.
        """
        bound = next((b for b in reversed(self._puller.stages[: self._stage]) if not b.pointwise), None)
        cells = len(rows) * len(cols)
        if cells < FEW_CELLS or not isinstance(bound, BoundConv) or not 0 < len(self._maps) < len(bound.weights):
            return self._maps
        if bound.layer.kernel.weights.ndim == 2 or bound.layer.groups > 1:
            return self._maps
        most = min(TOGETHER // prod(bound.weights.shape[1:]), KEPT // 4)  # more than is kept would be for nothing
        size = max(min(most // cells, MOST_TOGETHER), 1)
        first, last = (int(map) // size * size for map in (self._maps[0], self._maps[-1]))
        if first != last or size <= len(self._maps):  # they lie in several groups, or are one
            return self._maps
        return np.arange(first, min(first + size, len(bound.weights)))
