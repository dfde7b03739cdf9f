"""Edits of a kernel's weights: pure functions from an array of shape (rows, cols) to a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.kernel import MAX_SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Weights = NDArray[np.float64]


def rotate_right(weights: Weights) -> Weights:
    """Turn by 90 degrees clockwise.

    >>> rotate_right(np.array([[1, 2], [3, 4]])).tolist()
    [[3, 1], [4, 2]]
    """
    return np.rot90(weights, -1).copy()


def rotate_left(weights: Weights) -> Weights:
    """Turn by 90 degrees counter-clockwise."""
    return np.rot90(weights, 1).copy()


def rotate_45(weights: Weights) -> Weights:
    """Turn by 45 degrees clockwise: each ring around the middle moves by an eighth of its length.

    Raises
    ------
    ValueError
        If the kernel is no odd square.
    """
    rows, cols = weights.shape
    if rows != cols or rows % 2 == 0:
        raise ValueError(f"Turning by 45 degrees needs an odd square such as 3 × 3, this kernel is {rows} × {cols}.")
    result = weights.copy()
    middle = rows // 2
    for radius in range(1, middle + 1):
        places = _ring(middle, radius)
        for k, place in enumerate(places):
            result[places[(k + radius) % len(places)]] = weights[place]
    return result


def _ring(middle: int, radius: int) -> list[tuple[int, int]]:
    """Return the cells of a square ring, clockwise from its upper left corner."""
    low, high = middle - radius, middle + radius
    top = [(low, j) for j in range(low, high)]
    right = [(i, high) for i in range(low, high)]
    bottom = [(high, j) for j in range(high, low, -1)]
    left = [(i, low) for i in range(high, low, -1)]
    return top + right + bottom + left


def flip_horizontal(weights: Weights) -> Weights:
    """Swap left and right."""
    return weights[:, ::-1].copy()


def flip_vertical(weights: Weights) -> Weights:
    """Swap top and bottom."""
    return weights[::-1].copy()


def transpose(weights: Weights) -> Weights:
    """Swap rows and columns."""
    return weights.T.copy()


def negate(weights: Weights) -> Weights:
    """Change the sign of each weight; zero stays a plain zero."""
    return 0.0 - weights


def normalise(weights: Weights) -> Weights:
    """Divide by the sum, so that brightness is kept.

    Raises
    ------
    ValueError
        If the weights sum to 0.
    """
    total = float(weights.sum())
    if abs(total) <= 1e-12 * max(float(np.abs(weights).sum()), 1e-300):
        raise ValueError("Weights that sum to 0 cannot be brought to the sum 1: add a centre weight first.")
    result: Weights = weights / total
    return result


def zero_sum(weights: Weights) -> Weights:
    """Subtract the mean from each weight, so that flat areas vanish."""
    return weights - weights.mean()


def scale(weights: Weights, factor: float) -> Weights:
    """Multiply each weight; zero stays a plain zero.

    Raises
    ------
    ValueError
        If the factor, or a weight that it gives, is NaN or infinite.
    """
    if not np.isfinite(factor):
        raise ValueError(f"Expected a finite factor, received {factor}.")
    with np.errstate(over="ignore"):
        result: Weights = weights * factor + 0.0
    if not np.isfinite(result).all():
        raise ValueError(f"Scaling by {factor:g} would make weights infinite.")
    return result


def set_cell(weights: Weights, row: int, col: int, value: float) -> Weights:
    """Replace one weight.

    Raises
    ------
    ValueError
        If the value is NaN or infinite, or there is no such cell.
    """
    if not np.isfinite(value):
        raise ValueError(f"Expected a finite weight, received {value}.")
    rows, cols = weights.shape
    if not (0 <= row < rows and 0 <= col < cols):
        raise ValueError(f"Expected a cell of {rows} × {cols}, received row {row}, column {col}, counted from 0.")
    result = weights.astype(np.float64)
    result[row, col] = value
    return result


def resize(weights: Weights, rows: int, cols: int) -> Weights:
    """Grow by zeros or crop, the centre staying the centre.

    The centre of n cells is cell ``(n - 1) // 2``, which is where `same` padding lays a kernel on its cell; growing and
    then shrinking back gives the same weights.

    Raises
    ------
    ValueError
        If a side is not from 1 to 63.
    """
    for side in (rows, cols):
        if not 1 <= side <= MAX_SIDE:
            raise ValueError(f"Expected a kernel of 1 to {MAX_SIDE} rows and columns, received {rows} × {cols}.")
    return _resized(_resized(weights, rows).T, cols).T.copy()


def _resized(weights: Weights, rows: int) -> Weights:
    before = weights.shape[0]
    shift = (rows - 1) // 2 - (before - 1) // 2
    result = np.zeros((rows, weights.shape[1]))
    first, last = max(shift, 0), min(before + shift, rows)
    result[first:last] = weights[first - shift : last - shift]
    return result
