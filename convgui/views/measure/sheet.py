"""The sheet that the arithmetic is drawn on: titles, signs, and values as cells, the same in all of its drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen

from convgui.views.kit.cells import PALE, draw_cell, draw_cells_at_once, fitted_font
from convgui.views.kit.colours import blended, signed_colour, signed_colours
from convgui.views.kit.theme import ink, sized

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QFont, QPainter
    from PySide6.QtWidgets import QWidget

TOP = 20.0
"""Pixels for the titles."""

SIGN = 26.0
"""Pixels that a sign between two grids takes."""


def _magnitude(values: NDArray[np.float64]) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if finite.size else 0.0


class Sheet:
    """A painter on a widget, with the signed colour table and the values that are black and white."""

    def __init__(self, painter: QPainter, widget: QWidget, table: NDArray[np.uint8], grey: tuple[float, float]) -> None:
        self.painter, self.widget, self.table, self.grey = painter, widget, table, grey
        self.width, self.height = float(widget.width()), float(widget.height())

    def font(self, pixels: int, *, semibold: bool = False) -> QFont:
        """Return the widget's font at a size in pixels."""
        return sized(self.widget, pixels, semibold=semibold)

    def title(self, x: float, text: str) -> None:
        """Write what a drawing shows above it."""
        self.painter.setPen(ink("secondary"))
        self.painter.setFont(self.font(12))
        self.painter.drawText(QRectF(x, 0, 420, 17), Qt.AlignmentFlag.AlignVCenter, text)

    def sign(self, box: QRectF, text: str) -> None:
        """Write a sign such as × or = in the middle of a box."""
        self.painter.setPen(ink("faint"))
        self.painter.setFont(self.font(16))
        self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def level(self, value: float) -> QColor:
        """Return the grey level of an input value."""
        if not np.isfinite(value):
            return QColor(*(int(c) for c in self.table[-1]))
        low, high = self.grey
        level = round(255 * min(max((value - low) / (high - low), 0.0), 1.0))
        return QColor(level, level, level)

    def signed(self, values: NDArray[np.float64], least: float = 0.0) -> Callable[[float], QColor]:
        """Return how values are coloured by the signed table, whose ends stand for the largest finite magnitude.

        They stand for `least` where no value is that large.
        """
        largest = max(_magnitude(values), least) or 1.0
        return lambda value: signed_colour(value, largest, self.table)

    def possible(self, weights: NDArray[np.float64]) -> float:
        """Return how large a product with one of these weights is where the input is as strong as it is shown at most."""
        return _magnitude(weights) * max(abs(end) for end in self.grey)

    def cell_font(self, texts: Sequence[Sequence[str]], wide: float, high: float) -> QFont | None:
        """Return the font in which all texts fit into cells; None if there is none."""
        longest = max((text for row in texts for text in row), key=len)
        return fitted_font(self.widget.font(), longest, wide + 2, high, largest=12, smallest=7)

    def cells(
        self,
        box: QRectF,
        values: NDArray[np.float64],
        colour: Callable[[float], QColor],
        texts: Sequence[Sequence[str]],
        outside: NDArray[np.bool_] | None = None,
    ) -> None:
        """Draw values as outlined cells; `outside` marks the border cells of the patch."""
        painter = self.painter
        rows, cols = values.shape
        wide, high = box.width() / cols, box.height() / rows
        gap = 1.0 if min(wide, high) >= 7 else 0.0
        font = self.cell_font(texts, wide, high)
        line, border = QPen(ink("line"), 1), QPen(ink("faint"), 1, Qt.PenStyle.DashLine)
        for i in range(rows):
            for j in range(cols):
                cell = QRectF(box.left() + j * wide, box.top() + i * high, wide, high).adjusted(gap, gap, -gap, -gap)
                beyond = outside is not None and outside[i, j]
                fill = QColor(colour(float(values[i, j])))
                if beyond:  # as pale as border cells are drawn around the input
                    fill = blended(fill, ink("card"), PALE)
                rim = (border if beyond else line) if gap else None
                draw_cell(painter, cell, fill, texts[i][j] if font else "", font, radius=3, rim=rim)

    def image(self, box: QRectF, values: NDArray[np.float64]) -> None:
        """Draw values that are too many for numbers at once, as colours."""
        finite = np.nan_to_num(values, posinf=0.0, neginf=0.0)
        draw_cells_at_once(self.painter, box, signed_colours(finite, float(np.abs(finite).max()), self.table))
