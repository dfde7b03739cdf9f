"""The numbers of the cells that a pane shows: what is written, how large, and in which ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from convgui.engine.shown import decimals_for, fixed
from convgui.views.kit.cells import fitted_font
from convgui.views.kit.colours import DARK_INK, LIGHT_INK, inks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QFont

    from convgui.views.canvas.pane_geometry import PaneGeometry
    from convgui.views.canvas.values import Picture

    Cell = tuple[QRectF, str, QColor, tuple[int, int]]


@dataclass(frozen=True, eq=False)
class CellNumbers:
    """The numbers of the cells of a picture that lie in a pane; all are as large as fits the longest of them.

    Attributes
    ----------
    box : QRectF
        Where the whole picture lies, in pixels.
    width, height : float
        Of a cell, in pixels.
    rows, cols : range
        The cells.
    texts : list of list of str
    dark : list of list of bool
        Which of all cells of the picture are written in dark ink.
    font : QFont, optional
        None where not even the smallest letters fit.
    """

    box: QRectF
    width: float
    height: float
    rows: range
    cols: range
    texts: list[list[str]]
    dark: list[list[bool]]
    font: QFont | None

    @classmethod
    def of(cls, picture: Picture, place: PaneGeometry, font: QFont, digits: int, gap: float) -> CellNumbers:
        """Return the numbers of a picture with values, in letters of at most so many pixels, `gap` between its cells."""
        assert picture.values is not None
        box, (rows, cols) = place.to_pixels(*picture.rect), picture.colours.shape[:2]
        width, height = box.width() / cols, box.height() / rows
        down = _between(-box.top() / height, (place.height - box.top()) / height, rows)
        across = _between(-box.left() / width, (place.width - box.left()) / width, cols)
        shown = picture.values[down.start : down.stop, across.start : across.stop]
        texts, fitting = _written(shown, font, width - 2 * gap, height, digits)
        return cls(box, width, height, down, across, texts, inks(picture.colours[..., :3]).tolist(), fitting)

    def seen(self, part: QRectF) -> Iterator[Cell]:
        """Yield those cells that are in a part of the pane: where each lies, its text, its ink, and its row and column."""
        down = _between((part.top() - self.box.top()) / self.height, (part.bottom() - self.box.top()) / self.height)
        across = _between((part.left() - self.box.left()) / self.width, (part.right() - self.box.left()) / self.width)
        ink_of, left, top = {True: QColor(DARK_INK), False: QColor(LIGHT_INK)}, self.box.left(), self.box.top()
        for i in _both(self.rows, down):
            texts, dark, y = self.texts[i - self.rows.start], self.dark[i], top + i * self.height
            for j in _both(self.cols, across):
                cell = QRectF(left + j * self.width, y, self.width, self.height)
                yield cell, texts[j - self.cols.start], ink_of[dark[j]], (i, j)


def _between(first: float, last: float, count: int | None = None) -> range:
    """Return the cells between two places, counted in cells; of so many, if their number is given."""
    end = int(last) + 1
    return range(max(int(first), 0), end if count is None else min(end, count))


def _both(one: range, other: range) -> range:
    """Return what is in both of two ranges."""
    return range(max(one.start, other.start), min(one.stop, other.stop))


def _written(
    values: NDArray[np.float32], font: QFont, width: float, height: float, digits: int
) -> tuple[list[list[str]], QFont | None]:
    """Return values as texts with the font in which all fit; in small cells with fewer digits."""
    most = decimals_for(values)
    for decimals in range(most, max(most - 3, 0), -1) if most else (0,):
        texts = [[fixed(float(value), decimals) for value in row] for row in values]
        longest = max((text for row in texts for text in row), key=len, default="")
        if (fitting := fitted_font(font, longest, width, height, digits)) is not None:
            return texts, fitting
    return texts, None
