"""What the panes are given to show: pictures, the weights of cells, and border cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QImage

from convgui.engine.shown import number
from convgui.views.kit.colours import contrast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from convgui.views.kit.drawable import Rect


@dataclass(frozen=True, eq=False)
class Picture:
    """Colours that cover a rectangle (left, top, width, height) of input coordinates; values if they are one a cell.

    The colours have three channels, or four where what lies below is seen through them.
    """

    colours: NDArray[np.uint8]
    rect: tuple[float, float, float, float]
    values: NDArray[np.float32] | None = None

    def image(self) -> QImage:
        """Return the colours as an image that shares their memory."""
        rows, cols, channels = self.colours.shape
        kind = QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888
        return QImage(self.colours.data, cols, rows, cols * channels, kind)

    def lies_as(self, other: Picture) -> bool:
        """Whether another one has its cells where this one has them, and values for them if this one has values."""
        same = self.rect == other.rect and self.colours.shape[:2] == other.colours.shape[:2]
        return same and (self.values is None) == (other.values is None)

    def by_row(self) -> Iterator[Picture]:
        """Yield its rows as pictures of their own."""
        left, top, width, height = self.rect
        rows = len(self.colours)
        for k in range(rows):
            values = None if self.values is None else self.values[k : k + 1]
            yield Picture(self.colours[k : k + 1], (left, top + k * height / rows, width, height / rows), values)


@dataclass(frozen=True, eq=False)
class Bands:
    """The weights of cells: for each a band of the weight's colour at the lower edge of the cell's rectangle.

    Attributes
    ----------
    rects : ndarray of float64, shape (cells, 4)
        Left, top, width and height in input coordinates.
    weights : ndarray of float64, shape (cells,)
    colours : ndarray of uint8, shape (cells, 3)
    """

    rects: NDArray[np.float64]
    weights: NDArray[np.float64]
    colours: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.weights)

    def same(self, other: Bands) -> bool:
        """Whether others look the same."""
        pairs = (self.rects, other.rects), (self.weights, other.weights), (self.colours, other.colours)
        return all(np.array_equal(mine, others) for mine, others in pairs)

    def drawable(self) -> Bands:
        """Return those that have a place, a size and a weight."""
        good = (np.abs(self.rects) < LARGEST).all(axis=1) & np.isfinite(self.weights)
        return self if good.all() else Bands(self.rects[good], self.weights[good], self.colours[good])

    @property
    def parts(self) -> NDArray[np.float64]:
        """The magnitude of each weight beside that of the largest."""
        sizes = np.abs(self.weights)
        return sizes / (sizes.max(initial=0.0) or 1.0)

    @property
    def texts(self) -> tuple[str, ...]:
        """What is written on them where there is room."""
        return _texts(self.weights.tobytes())

    @property
    def inks(self) -> tuple[QColor, ...]:
        """Their colours as Qt has them."""
        return _inks(self.colours.tobytes())[0]

    @property
    def text_inks(self) -> tuple[QColor, ...]:
        """Colours in which numbers are legible on them."""
        return _inks(self.colours.tobytes())[1]


NO_BANDS = Bands(np.zeros((0, 4)), np.zeros(0), np.zeros((0, 3), np.uint8))

LARGEST = 1e15
"""Coordinates up to which something is drawn."""


@lru_cache(maxsize=8)  # while the cursor moves, the weights stay
def _texts(weights: bytes) -> tuple[str, ...]:
    return tuple(f"× {number(weight)}" for weight in np.frombuffer(weights).tolist())


@lru_cache(maxsize=8)
def _inks(colours: bytes) -> tuple[tuple[QColor, ...], tuple[QColor, ...]]:
    inks = tuple(QColor(*colour) for colour in np.frombuffer(colours, np.uint8).reshape(-1, 3).tolist())
    shared: dict[str, QColor] = {}  # a pen that is the same object need not be set
    return inks, tuple(shared.setdefault(ink.name(), ink) for ink in map(contrast, inks))


@dataclass(frozen=True, eq=False)
class BorderCells:
    """The border cells: cells around the input, with the values that the border rule gives them.

    `colours` and `values` cover `rect`, input coordinates, and what lies within `inside` is the input itself.
    """

    colours: NDArray[np.uint8]
    values: NDArray[np.float32]
    rect: Rect
    inside: Rect
