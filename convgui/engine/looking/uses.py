"""Where an input cell goes: all output cells that read it, and the weight with which each of them does.

It is the definition read the other way round. Along each axis output i reads position i * s + u * d - before through kernel
cell u; so cell p is read by those i and u whose position is p, or lies outside and is one for which the border rule takes
the value of p. Rows and columns are found by themselves: the weights of the outputs are sums over all such pairs of u and v.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.border import border_index
from convgui.engine.reference import read_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.conv import Conv
    from convgui.engine.layers.geometry import Axis
    from convgui.engine.source import Source


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


def uses(layer: Conv, source: Source, map: int, row: int, col: int, channel: int | None = None) -> Uses:
    """Return where the input cell (row, col) goes in a map; of a sequence, one of its channels if that is given.

    Raises
    ------
    IndexError
        If there is no such cell.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.source import Source
    >>> found = uses(Conv(Kernel([[2, 3]]), padding="valid"), Source(np.array([[5, 1, 4]], np.float32)), 0, 0, 1)
    >>> found.cols.tolist(), found.weights.tolist()
    ([0, 1], [[[3.0, 2.0]]])
    """
    plan = layer.plan(source)
    if source.sequence:
        plan = plan.unmixed
    if not (0 <= map < plan.shape[0] and 0 <= row < source.rows and 0 <= col < source.cols):
        raise IndexError(
            f"Expected an input cell of {source.rows} x {source.cols} and one of {plan.shape[0]} maps, "
            f"received map {map}, {row}, {col}."
        )
    down, across = _readers(plan.rows, row, layer.border), _readers(plan.cols, col, layer.border)
    reads = plan.reads[map]
    taps = np.arange(len(reads)) if channel is None else np.flatnonzero(reads == channel)
    if not taps.size:
        down, across = {}, {}
    met = _counts(down, plan.rows.kernel) @ plan.weights[map][taps] @ _counts(across, plan.cols.kernel).T
    here = np.array([row]), np.array([col])
    values = np.array([read_plane(plan, int(plane), *here)[0, 0] for plane in reads[taps]])
    with np.errstate(invalid="ignore", over="ignore"):
        shares = met * values[:, None, None]
    rows, cols = (np.array(list(found), np.int64) for found in (down, across))
    return Uses(map, row, col, rows, cols, values, met, shares)


def _counts(readers: dict[int, list[int]], kernel: int) -> NDArray[np.float64]:
    """Return how often each output reads the cell through each kernel cell, shape (outputs, kernel)."""
    counts = np.zeros((len(readers), kernel))
    for row, cells in zip(counts, readers.values(), strict=True):
        np.add.at(row, cells, 1.0)
    return counts


def _readers(axis: Axis, position: int, border: str) -> dict[int, list[int]]:
    """Return the outputs along an axis that read a position, each with the kernel cells through which it does."""
    end = (axis.outputs - 1) * axis.stride - axis.before + axis.span
    outside = np.arange(-axis.before, 0), np.arange(axis.size, max(end, axis.size))  # only these can have its value as well
    raw = np.concatenate([outside[0], [position], outside[1]]).astype(np.int64)
    found: dict[int, list[int]] = {}
    for at in raw[border_index(raw, axis.size, border) == position].tolist():
        for u in range(axis.kernel):
            output, rest = divmod(at + axis.before - u * axis.dilation, axis.stride)
            if rest == 0 and 0 <= output < axis.outputs:
                found.setdefault(output, []).append(u)
    return dict(sorted(found.items()))
