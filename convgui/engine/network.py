"""The engine's front: exact values of a layer's output, for a window of it and at every step-th cell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine import reference
from convgui.engine.layers.activations import activate
from convgui.engine.strategies import costs, jit, memory
from convgui.engine.strategies.direct import Direct, output
from convgui.engine.strategies.fourier import Fourier, blocks
from convgui.engine.strategies.gather import address, gathered_cells
from convgui.engine.strategies.recent import Recent
from convgui.engine.strategies.separable import Separable, factored
from convgui.engine.strategies.tiles import Load, Tile, Window, cut, cut_blocks, never, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.conv import Conv, Plan
    from convgui.engine.source import Form, Source

REFERENCE_PRODUCTS = 2_000_000
"""Up to so many multiplications the reference is sooner done than the compiler is loaded."""


def output_shape(layers: Sequence[Conv], source: Source) -> tuple[int, int, int]:
    """Return maps, rows and columns of the last layer's output."""
    layer, source = _last(layers, source)
    return layer.plan(source).shape


def evaluate(
    layers: Sequence[Conv],
    source: Source,
    window: Window | None = None,
    step: int = 1,
    *,
    map: int | None = None,
    strongest: bool = False,
    wait: bool = True,
    cancelled: Callable[[], bool] = never,
    progress: Callable[[float], None] | None = None,
) -> NDArray[np.float32]:
    """Return exact activations.

    Parameters
    ----------
    layers : sequence of Conv
        Applied one after the other.
    source : Source
        What the first layer reads.
    window : Window, optional
        The output cells that are wanted; all of them by default.
    step : int
        Every step-th row and column of the window is computed.
    map : int, optional
        The only map that is wanted.
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
        If the layers do not fit the source.
    Cancelled
        If it was cancelled.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.source import Source
    >>> sequence = Source(np.array([[0, 1, 0, 1, 1, 0]], np.float32))
    >>> evaluate([Conv(Kernel([[0, 1]]))], sequence).tolist()
    [[[1.0, 0.0, 1.0, 1.0, 0.0, 0.0]]]
    """
    layer, source = _last(layers, source, cancelled)
    strategy = choose(layer, source, map, wait, 1 if strongest else step)
    maps, rows, cols = strategy.shape
    window = (window or Window(0, 0, rows, cols)).inside(rows, cols)
    if strongest and step > 1:
        return _strongest(strategy, window, step, cancelled, progress)
    out = memory.empty((maps, -(-window.rows // step), -(-window.cols // step)))
    down = range(window.top, window.top + window.rows, step)
    across = range(window.left, window.left + window.cols, step)

    def work(tile: Tile) -> None:
        strategy(down[tile.top : tile.bottom], across[tile.left : tile.right], out, tile.top, tile.left)

    run(strategy.tiles(down, across), work, cancelled, progress)
    return out


def _last(layers: Sequence[Conv], source: Source, cancelled: Callable[[], bool] = never) -> tuple[Conv, Source]:
    """Return the last layer and what the layers before it make of the source."""
    for layer in layers[:-1]:
        maps = evaluate([layer], source, cancelled=cancelled)
        source = replace(source, array=np.moveaxis(maps, 0, -1), scale=1.0, toy=False)
    return layers[-1], source


def _strongest(
    strategy: Strategy,
    window: Window,
    step: int,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None] | None,
) -> NDArray[np.float32]:
    """Compute every cell of the window tile by tile, and keep the strongest of each block."""
    maps = strategy.shape[0]
    out = np.empty((maps, -(-window.rows // step), -(-window.cols // step)), np.float32)
    down, across = range(window.top, window.top + window.rows), range(window.left, window.left + window.cols)

    def work(tile: Tile) -> None:
        values = np.empty((maps, tile.bottom - tile.top, tile.right - tile.left), np.float32)
        strategy(down[tile.top : tile.bottom], across[tile.left : tile.right], values, 0, 0)
        keep_strongest(values, out, tile.top // step, tile.left // step, step)

    run(strategy.tiles(down, across, multiple=step), work, cancelled, progress)
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


def choose(layer: Conv, source: Source, map: int | None = None, wait: bool = True, step: int = 1) -> Strategy:
    """Return the strategy that computes tiles of this layer, every step-th output, bias and activation included."""
    compiled = jit.ready()
    if compiled is None and wait and _bind(layer, source, map).products > REFERENCE_PRODUCTS:
        compiled = jit.load()
    if compiled is None or not source.array.size:
        return Definition(_bind(layer, source, map))
    key = layer, source.form, map
    prepared = _prepared.get(key)
    if prepared is None:
        prepared = _prepared.keep(key, Prepared(_bind(layer, source, map), compiled))
    return Finished(prepared, source, step)


def _bind(layer: Conv, source: Source, map: int | None) -> Plan:
    plan = layer.plan(source)
    return plan if map is None else plan.only(map)


def _cheapest(plan: Plan, compiled: Any) -> Direct | Fourier:
    """Return the strategy that the cost model thinks cheapest for all of an output."""
    best: Callable[[Plan, Any], Direct | Fourier] = Direct
    cost = costs.direct(plan)
    if min(plan.layer.kernel.size) > 1 and costs.separable(plan, 1) < cost:
        parts = factored(plan)
        if parts is not None:
            rank = max(len(pairs) for row in parts for pairs in row)
            if costs.separable(plan, rank) < cost:
                best, cost = partial(Separable, parts=parts), costs.separable(plan, rank)
    if sizes := blocks(plan):
        block = min(sizes, key=partial(costs.fourier, plan))
        if costs.fourier(plan, block) < cost:
            best = partial(Fourier, block=block)
    return best(plan, compiled)


class Prepared:
    """What is found out once about a layer and all sources of one form."""

    def __init__(self, plan: Plan, compiled: Any) -> None:
        self.shape, self.activation = plan.shape, plan.layer.activation
        self.whole = _cheapest(plan, compiled)
        self.sampled = self.whole.direct if isinstance(self.whole, Fourier) else self.whole
        self.gathered = cache(partial(gathered_cells, plan.rows, plan.cols, len(plan.mixes)))


_prepared: Recent[tuple[Conv, Form, int | None], Prepared] = Recent(32)
"""The last layers that were prepared, so that the next tile, window or picture of the same form begins at once."""


class Definition:
    """The reference as a strategy, for a while or where nothing else works."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.shape = plan, plan.shape

    def tiles(self, rows: range, cols: range, multiple: int = 1) -> list[Tile]:
        """Cut output positions rows x cols into tiles."""
        return cut(len(rows), len(cols), Load(len(self.plan.mixes), self.plan.weights.size), multiple)

    def __call__(self, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile."""
        with np.errstate(over="ignore", invalid="ignore"):
            values = reference.convolve(self.plan, np.arange(rows.start, rows.stop, rows.step), np.asarray(cols))
            out[:, top : top + len(rows), left : left + len(cols)] = values


class Finished:
    """A prepared strategy with its source and activation function, done while the tile is in the cache."""

    def __init__(self, prepared: Prepared, source: Source, step: int) -> None:
        self._strategy = prepared.whole if step == 1 else prepared.sampled
        self._source, self._activation = source, prepared.activation
        self._gathered = prepared.gathered(step)
        self._address = address(source.array)
        self.shape = prepared.shape

    def tiles(self, rows: range, cols: range, multiple: int = 1) -> list[Tile]:
        """Cut output positions rows x cols into tiles; those of transforms are whole blocks where that may be."""
        if isinstance(self._strategy, Fourier):
            return cut_blocks(rows, cols, self._strategy.block.size, multiple)
        return cut(len(rows), len(cols), Load(self._gathered, self._strategy.products), multiple)

    def __call__(self, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile."""
        self._strategy(self._address, rows, cols, out, top, left)
        if self._activation != "linear":
            part = out[:, top : top + len(rows), left : left + len(cols)]
            part[...] = activate(part, self._activation)


Strategy = Definition | Finished
