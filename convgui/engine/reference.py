"""The definition: the formula of a convolution read aloud in NumPy and float64, against which every strategy is tested.

y[i, j, f] = activation( bias[f] + sum over u, v, c of  w[u, v, c, f] * x[i*s + u*d - top, j*s + v*d - left, c] )
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.activations import activate
from convgui.engine.layers.border import OUTSIDE, border_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.conv import Plan
    from convgui.engine.layers.geometry import Axis


def read_plane(plan: Plan, plane: int, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the input values at input positions rows x cols of one plane, those outside as the border rule has them."""
    inside_rows = border_index(rows, plan.rows.size, plan.layer.border)
    inside_cols = border_index(cols, plan.cols.size, plan.layer.border)
    mix = plan.mixes[plane]
    used = np.flatnonzero(mix) if np.count_nonzero(mix) == 1 else np.arange(len(mix))
    values = np.zeros((len(rows), len(cols)))
    if plan.source.array.size:
        with np.errstate(invalid="ignore"):
            for c in used:
                values += plan.source.cube[:, :, c][np.ix_(inside_rows, inside_cols)].astype(np.float64) * mix[c]
    outside = (inside_rows == OUTSIDE)[:, None] | (inside_cols == OUTSIDE)[None, :]
    return np.where(outside, plan.layer.constant, values)


def positions(axis: Axis, outputs: NDArray[np.int64], u: int) -> NDArray[np.int64]:
    """Return the input positions that meet kernel cell `u` under each of the output cells."""
    return outputs * axis.stride + u * axis.dilation - axis.before


def convolve(plan: Plan, out_rows: NDArray[np.int64], out_cols: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the activation at output positions out_rows x out_cols.

    Parameters
    ----------
    plan : Plan
        The layer bound to its source.
    out_rows, out_cols : ndarray of int64
        Output positions in any order.

    Returns
    -------
    ndarray of float64, shape (maps, len(out_rows), len(out_cols))
    """
    maps, taps, kh, kw = plan.weights.shape
    total = np.zeros((maps, len(out_rows), len(out_cols)))
    with np.errstate(invalid="ignore", over="ignore"):
        for u in range(kh):
            for v in range(kw):
                rows, cols = positions(plan.rows, out_rows, u), positions(plan.cols, out_cols, v)
                x = np.stack([read_plane(plan, p, rows, cols) for p in range(len(plan.mixes))])
                for tap in range(taps):
                    total += plan.weights[:, tap, u, v][:, None, None] * x[plan.reads[:, tap]]
        total += plan.bias[:, None, None]
    return activate(total, plan.layer.activation)
