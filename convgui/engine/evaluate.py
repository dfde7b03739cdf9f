"""The engine's front: exact values of a layer's output, for a window of it and at every step-th cell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine import costs, jit, memory, reference
from convgui.engine.activations import activate
from convgui.engine.direct import Direct
from convgui.engine.separable import Separable, factored
from convgui.engine.tiles import Tile, Window, cut, never, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers import Conv, Plan
    from convgui.engine.source import Source

REFERENCE_PRODUCTS = 2_000_000
"""Up to so many multiplications the reference is sooner done than the compiler is loaded."""


def output_shape(layers: Sequence[Conv], source: Source) -> tuple[int, int, int]:
    """Return maps, rows and columns of the last layer's output."""
    return _last_plan(layers, source).shape


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
    >>> from convgui.engine.kernel import Kernel
    >>> from convgui.engine.layers import Conv
    >>> from convgui.engine.source import Source
    >>> sequence = Source(np.array([[0, 1, 0, 1, 1, 0]], np.float32))
    >>> evaluate([Conv(Kernel([[0, 1]]))], sequence).tolist()
    [[[1.0, 0.0, 1.0, 1.0, 0.0, 0.0]]]
    """
    plan = _last_plan(layers, source, cancelled)
    plan = plan if map is None else plan.only(map)
    maps, rows, cols = plan.shape
    window = (window or Window(0, 0, rows, cols)).inside(rows, cols)
    if strongest and step > 1:
        return _strongest(plan, window, step, wait, cancelled, progress)
    out = memory.empty((maps, -(-window.rows // step), -(-window.cols // step)))
    strategy = choose(plan, step, int(out.size) * plan.weights[0].size, wait)

    def work(tile: Tile) -> None:
        at_rows = range(window.top, window.top + window.rows, step)[tile.top : tile.bottom]
        at_cols = range(window.left, window.left + window.cols, step)[tile.left : tile.right]
        strategy(at_rows, at_cols, out, tile.top, tile.left)

    run(cut(out.shape[1], out.shape[2], *strategy.load), work, cancelled, progress)
    return out


def _last_plan(layers: Sequence[Conv], source: Source, cancelled: Callable[[], bool] = never) -> Plan:
    """Bind the last layer to what the layers before it make of the source."""
    for layer in layers[:-1]:
        maps = evaluate([layer], source, cancelled=cancelled)
        source = replace(source, array=np.moveaxis(maps, 0, -1), scale=1.0, toy=False)
    return layers[-1].plan(source)


def _strongest(
    plan: Plan,
    window: Window,
    step: int,
    wait: bool,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None] | None,
) -> NDArray[np.float32]:
    """Compute every cell of the window tile by tile, and keep the strongest of each block."""
    maps = plan.shape[0]
    out = np.empty((maps, -(-window.rows // step), -(-window.cols // step)), np.float32)
    strategy = choose(plan, 1, maps * window.rows * window.cols * plan.weights[0].size, wait)

    def work(tile: Tile) -> None:
        values = np.empty((maps, tile.bottom - tile.top, tile.right - tile.left), np.float32)
        at_rows = range(window.top + tile.top, window.top + tile.bottom)
        at_cols = range(window.left + tile.left, window.left + tile.right)
        strategy(at_rows, at_cols, values, 0, 0)
        keep_strongest(values, out, tile.top // step, tile.left // step, step)

    run(cut(window.rows, window.cols, *strategy.load, multiple=step), work, cancelled, progress)
    return out


def keep_strongest(values: NDArray[np.float32], out: NDArray[np.float32], top: int, left: int, step: int) -> None:
    """Write the value of largest magnitude of each block of step x step to `out`, from (top, left) on; NaN wins."""
    if (compiled := jit.ready()) is not None:
        compiled.keep_strongest(values, out, top, left, step, step)
        return
    maps, rows, cols = values.shape
    padded = np.zeros((maps, -(-rows // step) * step, -(-cols // step) * step), np.float32)
    padded[:, :rows, :cols] = values
    blocks = padded.reshape(maps, -(-rows // step), step, -(-cols // step), step).transpose(0, 1, 3, 2, 4)
    blocks = blocks.reshape(*blocks.shape[:3], step * step)
    best = np.abs(blocks).argmax(axis=-1)  # argmax takes the first NaN for the largest
    found = np.take_along_axis(blocks, best[..., None], axis=-1)[..., 0]
    out[:, top : top + found.shape[1], left : left + found.shape[2]] = found


def choose(plan: Plan, step: int, products: int, wait: bool) -> Finished | Definition:
    """Return the strategy that computes tiles of this plan, bias and activation function included."""
    compiled = jit.ready()
    if compiled is None and wait and products > REFERENCE_PRODUCTS:
        compiled = jit.load()
    if compiled is None or not plan.source.array.size:
        return Definition(plan)
    return Finished(_cheapest(plan, step, compiled))


def _cheapest(plan: Plan, step: int, compiled: Any) -> Direct:
    """Return the strategy that the cost model thinks cheapest; its answer does not depend on the step."""
    if min(plan.layer.kernel.size) > 1 and costs.separable(plan, 1) < costs.direct(plan):
        parts = factored(plan)
        if parts is not None:
            rank = max(len(pairs) for row in parts for pairs in row)
            if costs.separable(plan, rank) < costs.direct(plan):
                return Separable(plan, step, compiled, parts)
    return Direct(plan, step, compiled)


Load = tuple[int, int]
"""Planes that a tile is gathered from, and multiplications for each of its cells."""


class Definition:
    """The reference as a strategy, for a while or where nothing else works."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.load: Load = (len(plan.mixes), plan.weights.size)

    def __call__(self, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile."""
        with np.errstate(over="ignore", invalid="ignore"):
            values = reference.convolve(self.plan, np.arange(rows.start, rows.stop, rows.step), np.asarray(cols))
            out[:, top : top + len(rows), left : left + len(cols)] = values


class Finished:
    """A strategy with bias and activation function, done while the tile is in the cache."""

    def __init__(self, strategy: Direct) -> None:
        self.strategy = strategy
        self.load: Load = (strategy.planes, strategy.products)
        self.bias = strategy.plan.bias.astype(np.float32)[:, None, None]
        self.name = strategy.plan.layer.activation

    def __call__(self, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile."""
        self.strategy(rows, cols, out, top, left)
        part = out[:, top : top + len(rows), left : left + len(cols)]
        if self.bias.any():
            part += self.bias
        if self.name != "linear":
            part[...] = activate(part, self.name)
