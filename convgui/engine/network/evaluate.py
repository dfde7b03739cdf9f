"""The engine's front: exact values of a layer's output, for a window of it and at every step-th cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.distinct import distinct
from convgui.engine.large import Large, Outside
from convgui.engine.layers.base import Block, Needs
from convgui.engine.layers.graph import Graph
from convgui.engine.network.cache import kept
from convgui.engine.network.chain import Chain
from convgui.engine.network.graphs import keep, run_graph
from convgui.engine.network.in_parts import pieces
from convgui.engine.network.pulling import Puller
from convgui.engine.network.tiles import extents
from convgui.engine.network.wanted import Wanted
from convgui.engine.strategies import jit, memory
from convgui.engine.strategies.direct import output
from convgui.engine.strategies.tiles import Tile, Window, never, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

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
    if chain.fault is not None and chain.fault.waits and (upto is None or upto >= chain.fault.layer):
        learn(chain, cancelled)
    if isinstance(chain.source, Large):
        return _in_parts(chain, window, step, upto, maps, strongest, wait, cancelled, progress)
    wanted = choose(chain, upto, maps, wait, window)
    _, rows, cols = wanted.shape
    window = (window or Window(0, 0, rows, cols)).inside(rows, cols)
    down = range(window.top, window.top + window.rows)
    across = range(window.left, window.left + window.cols)
    if step == 1 and (found := wanted.kept(down, across, cancelled)) is not None:
        return found
    wanted.prepare(down, across, cancelled)
    if strongest and step > 1:
        return _strongest(wanted, down, across, step, cancelled, progress)
    return wanted.compute(down[::step], across[::step], cancelled, progress)


def learn(chain: Chain, cancelled: Callable[[], bool] = never) -> None:
    """Run the graphs of which it is not known what they make of what they are given; then the layers are bound to that.

    What they make is kept, so that it is there when it is asked for.

    Raises
    ------
    ValueError
        If one does not run on that.
    Cancelled
        If it was cancelled.
    """
    while chain.fault is not None and chain.fault.waits:
        n = chain.fault.layer
        graph = chain.layers[n - 1]
        assert isinstance(graph, Graph)
        planes = evaluate(chain, upto=n - 1, cancelled=cancelled)
        made = run_graph(graph, planes, cancelled)
        chain.again()
        puller = Puller(chain, n, None, kept)
        keep(puller.key(puller.top), made)


def _in_parts(
    chain: Chain,
    window: Window | None,
    step: int,
    upto: int | None,
    maps: int | Sequence[int] | None,
    strongest: bool,
    wait: bool,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None] | None,
) -> NDArray[np.float32]:
    """Return what `evaluate` does for a picture that is not in memory: each piece over the part of it that it reads."""
    compiled = jit.ready()
    wanted = choose(chain, upto, maps, wait=False)
    count, rows, cols = wanted.shape
    window = (window or Window(0, 0, rows, cols)).inside(rows, cols)
    out = memory.empty((count, -(-window.rows // step), -(-window.cols // step)))
    done = 0
    for piece in pieces(chain.source, wanted.source_cells, window, step, 1 if strongest else step):  # type: ignore[arg-type]
        (top, left, high, wide), before = piece.window, done
        done += high * wide
        share = None if progress is None else _share(progress, before, done, window.rows * window.cols)
        held = chain.source.holding(piece.rows, piece.cols, cancelled)  # type: ignore[attr-defined]
        part = Chain(held, chain.reading, chain.layers)
        asked: dict[str, Any] = {"upto": upto, "maps": maps, "strongest": strongest, "wait": wait}
        try:
            values = evaluate(part, piece.window, step, cancelled=cancelled, progress=share, **asked)
        except Outside:
            if compiled is not None:
                raise
            # meanwhile the compiler is there, whose strategies read other cells
            return _in_parts(chain, window, step, upto, maps, strongest, wait, cancelled, progress)
        if piece.window == window:
            return values
        first, begin = (top - window.top) // step, (left - window.left) // step
        out[:, first : first + values.shape[1], begin : begin + values.shape[2]] = values
    return out


def _share(progress: Callable[[float], None], begin: int, end: int, whole: int) -> Callable[[float], None]:
    """Return what reports the progress of a piece as that of the whole."""
    return lambda part: progress((begin + part * (end - begin)) / whole)


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
    if compiled is None and wait and not chain.source.empty:
        top, left, rows, cols = (window or Window(0, 0, *shape[1:])).inside(*shape[1:])
        asked = extents(chain.stages(n), distinct(chosen), range(top, top + rows), range(left, left + cols))
        compiled = jit.load() if sum(e.cells * e.products for e in asked) > REFERENCE_PRODUCTS else None
    pullers: dict[tuple[int, bool], Puller] = vars(chain).setdefault("_pullers", {})
    name = n, compiled is not None
    puller = pullers.get(name) or pullers.setdefault(name, Puller(chain, n, compiled, kept))
    return Wanted(puller, puller.top, chosen, shape[1:])


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
