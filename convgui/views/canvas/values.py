"""What the panes are given to show: pictures, the weights of cells, and border cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QColor, QImage

from convgui.engine.shown import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
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

    def by_row(self) -> Iterator[Picture]:
        """Yield its rows as pictures of their own."""
        left, top, width, height = self.rect
        rows = len(self.colours)
        for k in range(rows):
            values = None if self.values is None else self.values[k : k + 1]
            yield Picture(self.colours[k : k + 1], (left, top + k * height / rows, width, height / rows), values)


class Band(NamedTuple):
    """The weight of a cell: a band of the weight's colour at the lower edge of the cell's rectangle.

    `part` is its magnitude beside that of the largest weight.
    """

    rect: Rect
    colour: QColor
    weight: float
    part: float = 1.0

    @property
    def text(self) -> str:
        """What is written on it where there is room."""
        return f"× {number(self.weight)}"


@dataclass(frozen=True, eq=False)
class BorderCells:
    """The border cells: cells around the input, with the values that the border rule gives them.

    `colours` and `values` cover `rect`, input coordinates, and what lies within `inside` is the input itself.
    """

    colours: NDArray[np.uint8]
    values: NDArray[np.float32]
    rect: Rect
    inside: Rect
