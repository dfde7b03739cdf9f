"""What lies outside the input: for each border rule, the cell inside whose value is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BORDERS = ("zeros", "replicate", "reflect", "symmetric", "wrap")

BORDER_NAMES: dict[str, dict[str, str]] = {
    "zeros": {
        "NumPy": "constant",
        "SciPy": "constant",
        "OpenCV": "BORDER_CONSTANT",
        "PyTorch": "zeros",
        "Keras": "zero padding",
    },
    "replicate": {
        "NumPy": "edge",
        "SciPy": "nearest",
        "OpenCV": "BORDER_REPLICATE",
        "PyTorch": "replicate",
        "Keras": "none",
    },
    "reflect": {
        "NumPy": "reflect",
        "SciPy": "mirror",
        "OpenCV": "BORDER_REFLECT_101",
        "PyTorch": "reflect",
        "Keras": "reflect",
    },
    "symmetric": {
        "NumPy": "symmetric",
        "SciPy": "reflect",
        "OpenCV": "BORDER_REFLECT",
        "PyTorch": "none",
        "Keras": "symmetric",
    },
    "wrap": {"NumPy": "wrap", "SciPy": "grid-wrap", "OpenCV": "BORDER_WRAP", "PyTorch": "circular", "Keras": "wrap"},
}
"""The name that other libraries give to each border rule."""

OUTSIDE = -1
"""The index that stands for the constant outside the input."""


def border_index(index: NDArray[np.int64], n: int, border: str) -> NDArray[np.int64]:
    """Return which cell of an axis stands in for each index, inside or outside.

    Parameters
    ----------
    index : ndarray of int
        Positions on the axis, of any sign and size.
    n : int
        Cells of the axis.
    border : {'zeros', 'replicate', 'reflect', 'symmetric', 'wrap'}
        `reflect` leaves the edge cell out, `symmetric` repeats it.

    Returns
    -------
    ndarray of int64
        Positions from 0 to n - 1, or `OUTSIDE` where `zeros` puts its constant.

    Examples
    --------
    >>> border_index(np.arange(-2, 5), 3, "reflect").tolist()
    [2, 1, 0, 1, 2, 1, 0]
    """
    index = np.asarray(index, dtype=np.int64)
    if border not in BORDERS:
        raise ValueError(f"Expected a border of {', '.join(BORDERS)}, received {border!r}.")
    if border == "zeros":
        return np.where((index >= 0) & (index < n), index, OUTSIDE)
    if n == 0:
        raise ValueError(f"The border {border} needs at least one cell to take values from, received an empty axis.")
    if border == "replicate":
        return np.clip(index, 0, n - 1)
    if border == "wrap":
        return index % n
    period = 2 * n if border == "symmetric" else max(2 * n - 2, 1)
    folded = index % period
    return np.where(folded < n, folded, period - (1 if border == "symmetric" else 0) - folded)
