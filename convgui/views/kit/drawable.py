"""Values that can be drawn: a view must not fail in `paintEvent`, whatever it is given, as that would end the program."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from PySide6.QtGui import QPaintDevice


Rect = tuple[float, float, float, float]
"""Left, top, width and height."""


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """Paint on a device; the painter is ended even if that fails, since an open painter ends the program."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


LARGEST = 1e300
"""Magnitude up to which sums and differences stay finite."""


def matrix(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a matrix of finite numbers: a single zero if it is no matrix, a bound instead of infinity.

    >>> matrix(np.ones(3)).tolist(), matrix(np.array([[np.nan, np.inf]])).tolist()
    ([[0.0]], [[0.0, 1e+300]])
    """
    if values.ndim != 2 or not values.size:
        return np.zeros((1, 1))
    if np.isfinite(values).all() and np.abs(values).max() <= LARGEST:
        return values
    return np.clip(np.nan_to_num(values, nan=0.0), -LARGEST, LARGEST)


def alike(*arrays: NDArray[np.float64]) -> bool:
    """Whether all are matrices of the same shape, with something in them.

    >>> alike(np.ones((2, 3)), np.zeros((2, 3))), alike(np.ones((2, 3)), np.ones((3, 2))), alike(np.ones((0, 3)))
    (True, False, False)
    """
    return all(a.ndim == 2 and a.size and a.shape == arrays[0].shape for a in arrays)


def ends(low: float, high: float) -> tuple[float, float]:
    """Return two finite numbers in ascending order: those that are given, else 0 and 1.

    >>> ends(-1, 2), ends(2, 2), ends(float("nan"), 1)
    ((-1, 2), (0.0, 1.0), (0.0, 1.0))
    """
    usable = math.isfinite(low) and math.isfinite(high) and low < high and high - low < LARGEST
    return (low, high) if usable and 1 / (high - low) < LARGEST else (0.0, 1.0)


def is_rect(rect: Rect) -> bool:
    """Whether a rectangle (left, top, width, height) has a place and a size."""
    return all(math.isfinite(part) and abs(part) < 1e15 for part in rect)


def rects(given: Iterable[Rect]) -> list[Rect]:
    """Return those rectangles that have a place and a size."""
    return [rect for rect in given if is_rect(rect)]
