"""Where an input cell goes: all output cells that read it, and the weight with which each of them does.

It is the definition read the other way round. Along each axis output i reads position i * s + u * d - before through kernel
cell u; so cell p is read by those i and u whose position is p, or lies outside and is one for which the border rule takes
the value of p. Rows and columns are found by themselves: the weights of the outputs are sums over all such pairs of u and v.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.readers import readers
from convgui.engine.looking.below import Beneath
from convgui.engine.strategies.tiles import never

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.network import Chain


@dataclass(frozen=True, eq=False)
class Uses:
    """All output cells of a map that read one input cell.

    Attributes
    ----------
    map, row, col : int
        The map, and the input cell.
    rows, cols : ndarray of int64
        Rows and columns of the output cells: each row with each column.
    values : ndarray of float64, shape (taps,)
        What the input cell is worth in each plane that the map reads.
    weights, shares : ndarray of float64, shape (taps, len(rows), len(cols))
        With which weight each output reads it, and what that brings: value times weight.
    """

    map: int
    row: int
    col: int
    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    shares: NDArray[np.float64]


def uses(
    chain: Chain,
    n: int,
    map: int,
    row: int,
    col: int,
    channel: int | None = None,
    cancelled: Callable[[], bool] = never,
) -> Uses:
    """Return where the cell (row, col) that convolution n reads goes in a map; of a sequence, one of its channels if given.

    Raises
    ------
    IndexError
        If there is no such cell.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> layers = (Conv(Kernel([[2, 3]]), padding="valid"),)
    >>> found = uses(Chain(Source(np.array([[5, 1, 4]], np.float32)), layers=layers), 1, 0, 0, 1)
    >>> found.cols.tolist(), found.weights.tolist()
    ([0, 1], [[[3.0, 2.0]]])
    """
    beneath = Beneath.of(chain, n, cancelled)
    bound, border = beneath.bound, beneath.around.border
    maps, rows, cols = len(beneath.weights), bound.input.rows, bound.input.cols
    if not (0 <= map < maps and 0 <= row < rows and 0 <= col < cols):
        raise IndexError(
            f"Expected an input cell of {rows} × {cols} and one of {maps} maps, received map {map}, {row}, {col}."
        )
    down, across = readers(bound.down, row, border), readers(bound.across, col, border)
    inputs = beneath.inputs[map]
    taps = np.arange(len(inputs)) if channel is None else np.flatnonzero(inputs == channel)
    if not taps.size:
        down, across = {}, {}
    met = _counts(down, bound.down.kernel) @ beneath.weights[map][taps] @ _counts(across, bound.across.kernel).T
    values = np.array([]) if not taps.size else beneath.read(inputs[taps], np.array([row]), np.array([col]))[:, 0, 0]
    with np.errstate(invalid="ignore", over="ignore"):
        shares = met * values[:, None, None]
    found = [np.array(list(along), np.int64) for along in (down, across)]
    return Uses(map, row, col, found[0], found[1], values, met, shares)


def _counts(found: dict[int, list[int]], kernel: int) -> NDArray[np.float64]:
    """Return how often each output reads the cell through each kernel cell, shape (outputs, kernel)."""
    counts = np.zeros((len(found), kernel))
    for row, cells in zip(counts, found.values(), strict=True):
        np.add.at(row, cells, 1.0)
    return counts
