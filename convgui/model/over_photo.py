"""A map over its photo, pixel by pixel: each cell lies where its layers put it, so that it can be written as a picture."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Place

    Colours = NDArray[np.uint8]


def laid_over(photo: Colours, colours: Colours, down: Place, across: Place) -> Colours:
    """Return a photo with a map over it, shape (rows, cols, 3); pixels of which the middle is in no cell are the photo's.

    Parameters
    ----------
    photo : ndarray of uint8, shape (rows, cols, 3)
    colours : ndarray of uint8, shape (cells down, cells across, 4)
        Of the cells, with an alpha channel.
    down, across : Place
        Where the cells lie on the pixels.

    >>> from fractions import Fraction
    >>> from convgui.engine.layers.base import Place
    >>> half = Place(Fraction(1), Fraction(2))
    >>> cell = np.array([[[200, 0, 100, 255]]], np.uint8)
    >>> laid_over(np.zeros((1, 4, 3), np.uint8), cell, Place(), half)[0, :, 0].tolist()
    [0, 200, 200, 0]
    """
    (rows, inside_rows), (cols, inside_cols) = (
        _cells(place, pixels, cells)
        for place, pixels, cells in zip((down, across), photo.shape, colours.shape, strict=False)
    )
    made = photo.copy()
    if rows.size and cols.size:
        over = colours[np.ix_(rows, cols)].astype(np.float32)
        below, alpha = photo[inside_rows, inside_cols], over[..., 3:] / 255
        mixed = below + (over[..., :3] - below) * alpha
        made[inside_rows, inside_cols] = (mixed + 0.5).astype(np.uint8)
    return made


def _cells(place: Place, pixels: int, cells: int) -> tuple[NDArray[np.int64], slice]:
    """Return which cell each pixel is in along an axis, and which pixels are in one."""
    found = np.array([floor((pixel + 0.5 - place.origin) / place.pitch) for pixel in range(pixels)], np.int64)
    first, last = np.searchsorted(found, (0, cells))
    return found[first:last], slice(int(first), int(last))
