"""The sum of each map of a layer, band by band: what the maps with the largest total activation are found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.strategies.tiles import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Shape

HELD = 256_000_000
"""Bytes of maps that are held at a time."""


def bands(maps: int, window: Window) -> Iterator[Window]:
    """Return bands of a window, so many maps of each of which can be held.

    >>> [band.rows for band in bands(1000, Window(0, 0, 100, 1000))]
    [64, 36]
    """
    high = max(HELD // max(4 * maps * window.cols, 1), 1)
    for top in range(0, window.rows, high):
        yield Window(window.top + top, window.left, min(high, window.rows - top), window.cols)


def totals(
    shape: Shape, values: Callable[[Window], NDArray[np.float32]], progress: Callable[[float], None] | None = None
) -> NDArray[np.float64]:
    """Return the sum of each map; NaN where a value of it is none.

    Parameters
    ----------
    shape : Shape
        Maps, rows and columns.
    values : callable
        Returns the values of all maps in a window, shape (maps, rows, cols).
    progress : callable, optional
        Told which part is done, from 0 to 1.

    >>> from convgui.engine.layers.base import Shape
    >>> maps = np.arange(8, dtype=np.float32).reshape(2, 2, 2)
    >>> totals(Shape(2, 2, 2), lambda window: maps).tolist()
    [6.0, 22.0]
    """
    sums = np.zeros(shape.maps)
    for band in bands(shape.maps, Window(0, 0, shape.rows, shape.cols)):
        with np.errstate(invalid="ignore", over="ignore"):
            sums += values(band).sum(axis=(1, 2), dtype=np.float64)
        if progress is not None:
            progress((band.top + band.rows) / shape.rows)
    return sums
