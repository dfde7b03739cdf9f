"""The definition: the formula of a convolution read aloud in NumPy and float64, against which every strategy is tested.

y[i, j, f] = bias[f] + sum over u, v, c of  w[u, v, c, f] * x[i*s + u*d - top, j*s + v*d - left, c]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.distinct import distinct
from convgui.engine.layers.border import OUTSIDE, border_index

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.geometry import Axis

    Cells = Callable[[int, NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]


class Terms(NamedTuple):
    """What is multiplied and added: weights (maps, taps, kh, kw), the input map that each tap reads, and the bias."""

    weights: NDArray[np.float64]
    reads: NDArray[np.int64]
    bias: NDArray[np.float64]


class Around(NamedTuple):
    """The axes of the input, and what lies outside it."""

    down: Axis
    across: Axis
    border: str
    constant: float


def read(cells: Cells, around: Around, map: int, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the values at input positions rows x cols of one map, those outside as the border rule has them.

    `cells` gives the values of a map at rows and columns that lie inside.
    """
    inside_rows = border_index(rows, around.down.size, around.border)
    inside_cols = border_index(cols, around.across.size, around.border)
    beyond = (inside_rows == OUTSIDE)[:, None] | (inside_cols == OUTSIDE)[None, :]
    if beyond.all():
        return np.full(beyond.shape, around.constant, np.float64)
    return np.where(beyond, around.constant, cells(map, _asked_for(inside_rows), _asked_for(inside_cols)))


def _asked_for(at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return indices with one that is asked for anyway where there is none: no other cell may be there."""
    return np.where(at == OUTSIDE, at.max(), at)


def cells_of(values: NDArray[Any], maps: NDArray[np.int64], top: int, left: int) -> Cells:
    """Return what gives cells of planes that are in memory: these maps (ascending), from row `top` and column `left` on."""

    def cells(map: int, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float64]:
        return values[np.searchsorted(maps, map)][np.ix_(rows - top, cols - left)].astype(np.float64)

    return cells


def positions(axis: Axis, outputs: NDArray[np.int64], u: int) -> NDArray[np.int64]:
    """Return the input positions that meet kernel cell `u` under each of the output cells."""
    return outputs * axis.stride + u * axis.dilation - axis.before


def convolve(
    terms: Terms, around: Around, cells: Cells, out_rows: NDArray[np.int64], out_cols: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the sums at output positions out_rows x out_cols, which may be in any order.

    Returns
    -------
    ndarray of float64, shape (maps, len(out_rows), len(out_cols))
    """
    maps, taps, kh, kw = terms.weights.shape
    total = np.zeros((maps, len(out_rows), len(out_cols)))
    used = distinct(terms.reads)
    with np.errstate(invalid="ignore", over="ignore"):
        for u in range(kh):
            for v in range(kw):
                rows, cols = positions(around.down, out_rows, u), positions(around.across, out_cols, v)
                x = np.stack([read(cells, around, int(map), rows, cols) for map in used])
                for tap in range(taps):
                    planes = np.searchsorted(used, terms.reads[:, tap])
                    total += terms.weights[:, tap, u, v][:, None, None] * x[planes]
        return total + terms.bias[:, None, None]
