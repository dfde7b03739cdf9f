"""Alpha is no colour: pixels are put on white by it, and it is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRIP = 65_536
"""Pixels that are mixed at a time: what is mixed takes eight times the memory of what is stored."""

NOTE = "Transparent parts were put on white."


def has_alpha(array: NDArray[Any]) -> bool:
    """Whether the last of 2 or 4 channels is alpha, as in PNG: so it is for bytes and 16-bit numbers.

    >>> has_alpha(np.zeros((8, 8, 4), np.uint8)), has_alpha(np.zeros((8, 8, 4), np.float32))
    (True, False)
    """
    return array.ndim == 3 and array.shape[0] > 1 and array.shape[2] in (2, 4) and array.dtype in (np.uint8, np.uint16)


def on_white(array: NDArray[Any], white: float, *, premultiplied: bool = False) -> tuple[NDArray[Any], str]:
    """Put colours on a white ground by their alpha, the last channel, and leave the alpha out.

    Parameters
    ----------
    array : ndarray, shape (rows, cols, channels)
        One or three colours and alpha.
    white : float
        The stored number of white, and of what is opaque.
    premultiplied : bool
        Whether the colours have been multiplied by alpha.

    Returns
    -------
    array : ndarray, shape (rows, cols) or (rows, cols, 3)
        In the dtype of the given one.
    note : str
        A sentence if any pixel was not opaque.

    Examples
    --------
    >>> on_white(np.array([[[10, 255], [10, 0]]], np.uint8), 255)
    (array([[ 10, 255]], dtype=uint8), 'Transparent parts were put on white.')
    """
    colours = array[..., :-1]
    single = colours.shape[2] == 1
    if _opaque(array, white):
        return np.ascontiguousarray(colours[..., 0] if single else colours), ""
    mixed = np.empty(colours.shape, array.dtype)
    step = max(STRIP // max(array.shape[1], 1), 1)
    for top in range(0, len(array), step):
        share = array[top : top + step, :, -1:].astype(np.float64) / white
        part = colours[top : top + step] * (1.0 if premultiplied else share) + (1 - share) * white
        mixed[top : top + step] = np.rint(part) if array.dtype.kind in "iu" else part
    return mixed[..., 0] if single else mixed, NOTE


def _opaque(array: NDArray[Any], white: float) -> bool:
    step = max(STRIP // max(array.shape[1], 1), 1)
    return all(bool((array[top : top + step, :, -1] == white).all()) for top in range(0, len(array), step))
