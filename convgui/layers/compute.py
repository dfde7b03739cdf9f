"""From a batch to the engine and back: checks an input against a shape, and evaluates a chain for each of the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.arguments import short
from convgui.engine.masked import unmasked
from convgui.engine.network import Chain, evaluate
from convgui.engine.network.evaluate import REFERENCE_PRODUCTS
from convgui.engine.network.tiles import cost
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Window
from convgui.layers.arguments import float32_of, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


def batch_of(x: ArrayLike, shape: Shape | None, what: str) -> NDArray[np.float32]:
    """Return an input as float32, batch first.

    Parameters
    ----------
    x : array_like of real numbers
    shape : tuple of int or None, optional
        What it is to fit, batch first. As in Keras, an axis for a single channel may be missing, or be there twice.
    what : str
        Whose input it is, for the sentence.

    Raises
    ------
    ValueError
        If it does not fit, or holds no real numbers.

    Examples
    --------
    >>> batch_of([[1, 2, 3]], (None, 3, 1), "the model").shape
    (1, 3, 1)
    """
    try:
        values = unmasked(x, "x")
    except ValueError as error:
        if isinstance(x, list | tuple):
            raise ValueError(f"Expected an input of rows of one length for {what}, received {short(x)}.") from error
        raise
    values = _with_channels(values, shape)
    if shape is None and not 2 <= values.ndim <= 4:
        raise ValueError(
            f"Expected an input of (batch, rows, columns, channels), (batch, steps, channels) or (batch, channels) for "
            f"{what}, received the shape {values.shape}."
        )
    if shape is not None and not _fits(values.shape, shape):
        raise ValueError(
            f"Expected an input of the shape {shape} for {what}, received {values.shape}{_mend(values.shape, shape)}."
        )
    if values.size == 0 and 0 in values.shape[1:]:
        raise ValueError(f"Expected an input with cells and channels for {what}, received the shape {values.shape}.")
    return float32_of(f"the input of {what}", values)


def chain_of(image: NDArray[np.float32], layers: Sequence[EngineLayer]) -> Chain:
    """Return the chain of layers on one of a batch: (rows, columns, channels), (steps, channels) or (channels,)."""
    cube = image.reshape((1,) * (3 - image.ndim) + image.shape)
    return Chain(Source(cube), Reading(colour="each channel"), tuple(layers))


def evaluate_batch(
    layers: Sequence[EngineLayer],
    x: NDArray[np.float32],
    shape: Shape,
    window: Any = None,
    maps: int | Sequence[int] | None = None,
) -> NDArray[np.float32]:
    """Return what layers make of a batch.

    Parameters
    ----------
    layers : sequence of layers of the engine
    x : ndarray of float32, batch first
    shape : tuple of int
        Of the output, batch first.
    window : slice or (int, int), or one for each axis of cells, optional
        The output cells that are wanted.
    maps : int or sequence of int, optional
        The output maps that are wanted.

    Returns
    -------
    ndarray of float32
        Of the shape, or with as many cells and maps as are wanted.
    """
    spans = cells_of(window, shape)
    chosen = None if maps is None else maps_of(maps, shape)
    if len(x):
        _prepare(chain_of(x[0], layers), len(x))
    part = (*(len(span) for span in spans), (shape[-1] or 0) if chosen is None else len(chosen))
    out = np.empty((len(x), *part), np.float32)
    inside = Window(*_edges(spans)) if window is not None else None
    for place, image in enumerate(x):
        values = evaluate(chain_of(image, layers), inside, maps=chosen)
        out[place] = np.moveaxis(values, 0, -1).reshape(part)
    return out


def _prepare(chain: Chain, count: int) -> None:
    """Say what does not fit before memory is asked for, and wait for the compiler if it is worth it for so many."""
    n = len(chain.layers)
    chain.check(n)
    maps, rows, cols = chain.shape(n)
    if jit.ready() is None and count * cost(chain.stages(n), np.arange(maps), range(rows), range(cols)) > REFERENCE_PRODUCTS:
        jit.load()


def cells_of(window: Any, shape: Shape) -> list[range]:
    """Return the output cells that are wanted along each axis between batch and channels.

    Raises
    ------
    ValueError
        If there are no such cells.

    >>> cells_of(((0, 2), slice(1, None)), (None, 4, 6, 1))
    [range(0, 2), range(1, 6)]
    """
    sizes = [size or 0 for size in shape[1:-1]]
    if window is None:
        return [range(size) for size in sizes]
    parts = [window] if len(sizes) == 1 and not _is_nested(window) else window
    if not isinstance(parts, list | tuple) or len(parts) != len(sizes):
        raise ValueError(f"Expected a window of (first, end) along each of {len(sizes)} axes, received {short(window)}.")
    return [_span(part, size, window) for part, size in zip(parts, sizes, strict=True)]


def maps_of(maps: int | Sequence[int], shape: Shape) -> tuple[int, ...]:
    """Return the maps that are wanted, each one of those that there are; -1 is the last one."""
    count = shape[-1] or 0
    numbers: list[Any]
    try:
        numbers = [maps] if isinstance(maps, int | np.integer) else list(maps)
    except TypeError:
        numbers = [maps]
    if not numbers:
        raise ValueError("Expected at least one of the maps, received none.")
    for number in numbers:
        if whole("each of the maps", number, -count, None) >= count:
            raise ValueError(f"Expected maps from 0 to {count - 1}, received {number}.")
    return tuple(int(number) % count for number in numbers)


def cell_of(cell: Sequence[int], shape: Shape) -> tuple[int, int]:
    """Return row and column of an output cell; the row of a step is 0.

    Raises
    ------
    ValueError
        If there is no such cell.

    >>> cell_of((3,), (None, 5, 2))
    (0, 3)
    """
    sizes = shape[1:-1]
    if len(cell) != len(sizes):
        what = ("nothing, as the output has no cells", "a step", "a row and a column")[len(sizes)]
        raise ValueError(f"Expected {what}, received {short(tuple(cell))}.")
    for at, size in zip(cell, sizes, strict=True):
        if whole("a cell", at, 0, None) >= (size or 0):
            raise ValueError(f"Expected a cell of {' × '.join(map(str, sizes))}, received {short(tuple(cell))}.")
    row, col = (0,) * (2 - len(cell)) + tuple(cell)
    return int(row), int(col)


def _with_channels(values: NDArray[Any], shape: Shape | None) -> NDArray[Any]:
    """Return the input with the axis of a single channel, if it is missing or there twice, as Keras does."""
    if shape is not None and shape[-1] == 1 and values.ndim == len(shape) - 1 and values.shape[-1] != 1:
        return values[..., None]
    if shape is not None and values.ndim == len(shape) + 1 and values.shape[-1] == 1:
        return values[..., 0]
    return values


def _fits(received: tuple[int, ...], shape: Shape) -> bool:
    """Whether axes and channels are right; a model computes inputs of other sizes than its own as well."""
    return len(received) == len(shape) and received[-1] == shape[-1]


def _mend(received: tuple[int, ...], shape: Shape) -> str:
    """Return what to do where the batch is missing."""
    if len(received) == len(shape) - 1 and received[-1] == shape[-1]:
        return ": x[None] is a batch of one"
    return ": x[None, ..., None] is a batch of one" if len(received) == len(shape) - 2 and shape[-1] == 1 else ""


def _is_nested(window: Any) -> bool:
    return isinstance(window, list | tuple) and any(isinstance(part, slice | range | list | tuple) for part in window)


def _span(part: Any, size: int, window: Any) -> range:
    if isinstance(part, range):
        part = slice(part.start, part.stop, part.step)
    if isinstance(part, slice):
        try:
            cells = range(size)[part]
        except (TypeError, ValueError):
            cells = range(0)
    else:
        try:
            first, end = (whole("a window", side, 0, None) for side in part)
        except (TypeError, ValueError):
            raise ValueError(f"Expected a window of (first, end) along each axis, received {short(window)}.") from None
        cells = range(first, end) if first < end <= size else range(0)
    if not cells or cells.step != 1:
        raise ValueError(f"Expected a window of cells next to each other from 0 to {size}, received {short(part)}.")
    return cells


def _edges(spans: list[range]) -> tuple[int, int, int, int]:
    """Return top, left, rows and columns."""
    rows, cols = [range(1)] * (2 - len(spans)) + spans
    return rows.start, cols.start, len(rows), len(cols)
