"""The engine's front: exact values of a layer's output, for a window of it and at every step-th cell."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Block, Needs
from convgui.engine.layers.conv import BoundConv
from convgui.engine.layers.pooling import BoundPool
from convgui.engine.network.cache import LARGEST, kept
from convgui.engine.network.pulling import Puller
from convgui.engine.network.tiles import cost, cut_chain, extents
from convgui.engine.strategies import jit, memory
from convgui.engine.strategies.direct import output
from convgui.engine.strategies.gather import address
from convgui.engine.strategies.tiles import Load, Tile, Window, cut, never, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Maps
    from convgui.engine.layers.pooling import Folding
    from convgui.engine.network.chain import Chain

TOGETHER, MOST_TOGETHER, FEW_CELLS = 256_000_000, 128, 64
"""Multiplications, and maps, that are computed together when one map is wanted, and cells below which it is not done."""

REFERENCE_PRODUCTS = 2_000_000
"""Up to so many multiplications the reference is sooner done than the compiler is loaded."""


def evaluate(
    chain: Chain,
    window: Window | None = None,
    step: int = 1,
    *,
    upto: int | None = None,
    maps: int | Sequence[int] | None = None,
    strongest: bool = False,
    wait: bool = True,
    cancelled: Callable[[], bool] = never,
    progress: Callable[[float], None] | None = None,
) -> NDArray[np.float32]:
    """Return exact values of a layer's output.

    Parameters
    ----------
    chain : Chain
        Source, reading and layers.
    window : Window, optional
        The output cells that are wanted; all of them by default.
    step : int
        Every step-th row and column of the window is computed.
    upto : int, optional
        The number of the layer whose output is wanted, from 1 on; all of them by default. 0 gives the planes.
    maps : int or sequence of int, optional
        The maps that are wanted, in any order; all of them by default.
    strongest : bool
        With a step: compute every cell and keep, of each block of step x step, the value of largest magnitude.
    wait : bool
        Whether to wait for the compiler where much is to be done; else the reference serves until it is there.
    cancelled : callable returning bool
        Asked between tiles.
    progress : callable taking a float
        Called after each tile with the part that is done, rising to 1.

    Returns
    -------
    ndarray of float32, shape (maps, ceil(rows / step), ceil(cols / step))

    Raises
    ------
    ValueError
        If the layers do not fit the source, or there is no such map.
    Cancelled
        If it was cancelled.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> sequence = Source(np.array([[0, 1, 0, 1, 1, 0]], np.float32))
    >>> evaluate(Chain(sequence, layers=(Conv(Kernel([[0, 1]])),))).tolist()
    [[[1.0, 0.0, 1.0, 1.0, 0.0, 0.0]]]
    """
    wanted = choose(chain, upto, maps, wait, window)
    _, rows, cols = wanted.shape
    window = (window or Window(0, 0, rows, cols)).inside(rows, cols)
    down = range(window.top, window.top + window.rows)
    across = range(window.left, window.left + window.cols)
    if step == 1 and (found := wanted.kept(down, across)) is not None:
        return found
    wanted.prepare(down, across, cancelled)
    if strongest and step > 1:
        return _strongest(wanted, down, across, step, cancelled, progress)
    if step == 1 and (found := wanted.kept(down, across)) is not None:  # together with others
        return found
    return wanted.compute(down[::step], across[::step], cancelled, progress)


def pull(chain: Chain, upto: int, needs: Needs, cancelled: Callable[[], bool] = never) -> Block:
    """Return some cells of a layer's output: those of maps, rows and columns, which must lie inside.

    Examples
    --------
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> chain = Chain(Source(np.arange(12.0).reshape(3, 4)))
    >>> pull(chain, 0, Needs(np.array([0]), range(1, 3), range(2, 4))).values.tolist()
    [[[6.0, 7.0], [10.0, 11.0]]]
    """
    window = Window(needs.rows.start, needs.cols.start, len(needs.rows), len(needs.cols))
    values = evaluate(chain, window, upto=upto, maps=needs.maps.tolist(), cancelled=cancelled)
    return Block(values, needs.maps, needs.rows.start, needs.cols.start)


def output_shape(chain: Chain, upto: int | None = None) -> tuple[int, int, int]:
    """Return maps, rows and columns of a layer's output."""
    return chain.shape(len(chain.layers) if upto is None else upto)


def choose(
    chain: Chain,
    upto: int | None = None,
    maps: int | Sequence[int] | None = None,
    wait: bool = True,
    window: Window | None = None,
) -> Wanted:
    """Return what computes tiles of some maps of a layer's output; `window` is all that will be asked for."""
    n = len(chain.layers) if upto is None else upto
    shape = chain.shape(n)
    chosen = np.arange(shape.maps) if maps is None else np.atleast_1d(np.asarray(maps, np.int64))
    if chosen.size and not (0 <= chosen.min() and chosen.max() < shape.maps):
        raise ValueError(f"Expected maps from 0 to {shape.maps - 1}, received {maps}.")
    compiled = jit.ready()
    if compiled is None and wait and chain.source.array.size:
        top, left, rows, cols = (window or Window(0, 0, *shape[1:])).inside(*shape[1:])
        asked = extents(chain.stages(n), np.unique(chosen), range(top, top + rows), range(left, left + cols))
        compiled = jit.load() if sum(e.cells * e.products for e in asked) > REFERENCE_PRODUCTS else None
    pullers: dict[tuple[int, bool], Puller] = vars(chain).setdefault("_pullers", {})
    name = n, compiled is not None
    puller = pullers.get(name) or pullers.setdefault(name, Puller(chain, n, compiled, kept))
    return Wanted(puller, puller.top, chosen, shape[1:])


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
        self._maps, self.shape = maps if len(maps) < 2 else np.unique(maps), (len(maps), *size)
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

    def kept(self, rows: range, cols: range) -> NDArray[np.float32] | None:
        """Return outputs rows x cols if they have been computed already, and are still there."""
        needs = Needs(self._maps, rows, cols)
        block = kept.find(self._puller.key(self._stage), needs)
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

        def work(tile: Tile) -> None:
            part = out[:, tile.top : tile.bottom, tile.left : tile.right]
            self(rows[tile.top : tile.bottom], cols[tile.left : tile.right], part)

        run(self.tiles(rows, cols), work, cancelled, progress)
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
        return cost(self._puller.stages[: self._stage], self._maps, rows, cols)

    def prepare(self, rows: range, cols: range, cancelled: Callable[[], bool] = never) -> None:
        """Compute as a whole what the last layer that reads patches needs for a window, if it is small: it serves again.

        Where it is large each tile pulls what it needs.
        """
        puller, maps = self._puller, self._group(rows, cols)
        if len(maps) > len(self._maps):
            Wanted(puller, self._stage, maps, self.shape[1:]).keep(rows, cols, cancelled)
            return
        for stage in range(self._stage, 0, -1):
            bound = puller.stages[stage - 1]
            if bound.pointwise:
                continue
            if stage < self._stage and isinstance(bound, BoundPool) and bound.folds(maps, rows, cols):
                if kept.find(puller.key(stage), Needs(maps, rows, cols)) is None:
                    Wanted(puller, stage, maps, puller.size(stage)).keep(rows, cols, cancelled)
                return
            if stage == 1 and (not puller.in_memory or len(maps) == bound.output.maps):  # planes serve but once
                return
            maps, rows, cols = needs = bound.needs(maps, rows, cols)
            if 4 * len(maps) * len(rows) * len(cols) > LARGEST:
                return
            if kept.find(puller.key(stage - 1), needs) is None:
                Wanted(puller, stage - 1, maps, puller.size(stage - 1)).keep(rows, cols, cancelled)
            self._base = stage - 1
            return

    def keep(self, rows: range, cols: range, cancelled: Callable[[], bool]) -> None:
        """Compute outputs rows x cols, and keep them."""
        self.prepare(rows, cols, cancelled)
        values = self.compute(rows, cols, cancelled)
        kept.keep(self._puller.key(self._stage), Block(values, self._maps, rows.start, cols.start))

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
        size = max(min(TOGETHER // (cells * prod(bound.weights.shape[1:])), MOST_TOGETHER), 1)
        first, last = (int(map) // size * size for map in (self._maps[0], self._maps[-1]))
        if first != last or size <= len(self._maps):  # they lie in several groups, or are one
            return self._maps
        return np.arange(first, min(first + size, len(bound.weights)))


def _strongest(
    wanted: Wanted,
    down: range,
    across: range,
    step: int,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None] | None,
) -> NDArray[np.float32]:
    """Compute every cell of the window tile by tile, and keep the strongest of each block."""
    maps = wanted.shape[0]
    out = np.empty((maps, -(-len(down) // step), -(-len(across) // step)), np.float32)

    def work(tile: Tile) -> None:
        values = np.empty((maps, tile.bottom - tile.top, tile.right - tile.left), np.float32)
        wanted(down[tile.top : tile.bottom], across[tile.left : tile.right], values)
        keep_strongest(values, out, tile.top // step, tile.left // step, step)

    run(wanted.tiles(down, across, multiple=step), work, cancelled, progress)
    return out


def keep_strongest(values: NDArray[np.float32], out: NDArray[np.float32], top: int, left: int, step: int) -> None:
    """Write the value of largest magnitude of each block of step x step to `out`, from (top, left) on; NaN wins."""
    if (compiled := jit.ready()) is not None:
        values = np.ascontiguousarray(values)
        start, out_row, out_map = output(out, top, left)
        compiled.keep_strongest(address(values), *values.shape, start, out_row, out_map, step, step)
        return
    maps, rows, cols = values.shape
    padded = np.zeros((maps, -(-rows // step) * step, -(-cols // step) * step), np.float32)
    padded[:, :rows, :cols] = values
    blocks = padded.reshape(maps, -(-rows // step), step, -(-cols // step), step).transpose(0, 1, 3, 2, 4)
    blocks = blocks.reshape(*blocks.shape[:3], step * step)
    best = np.abs(blocks).argmax(axis=-1)  # argmax takes the first NaN for the largest
    found = np.take_along_axis(blocks, best[..., None], axis=-1)[..., 0]
    out[:, top : top + found.shape[1], left : left + found.shape[2]] = found
