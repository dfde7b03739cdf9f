"""Cells: draws small numbers in rounded boxes, the same way in the panes, the kernel grid and the arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from convgui.views.kit.colours import contrast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

TIGHT = 10
"""Font size up to which letters may come close to the edge of their cell."""

LARGEST, PART = 28, 0.42
"""Pixels that a number is high at most, and its part of the cell."""

FIGURES = str.maketrans("123456789", "000000000")

PALE = 0.3
"""Opacity of a border cell."""


def fitted_font(
    font: QFont, text: str, width: float, height: float, largest: int = LARGEST, smallest: int = 8
) -> QFont | None:
    """Return the font at the largest size at which `text` fits into width x height; None if it does not fit at all."""
    result = QFont(font)
    size = int(min(largest, height * PART))
    while size >= smallest:
        result.setPixelSize(size)
        if QFontMetricsF(result).horizontalAdvance(text) <= width - (max(6.0, width * 0.2) if size > TIGHT else 4.0):
            return result
        size -= 1
    return None


def draw_cells_at_once(painter: QPainter, box: QRectF, colours: NDArray[np.uint8]) -> None:
    """Draw colours, shape (rows, cols, 3), as cells without rims or numbers, in one go however many there are."""
    colours = np.ascontiguousarray(colours)
    rows, cols, _ = colours.shape
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawImage(box, QImage(colours.data, cols, rows, cols * 3, QImage.Format.Format_RGB888))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def draw_cell(
    painter: QPainter,
    box: QRectF,
    colour: QColor,
    text: str = "",
    font: QFont | None = None,
    radius: float = 4,
    ink: QColor | None = None,
    rim: QPen | QColor | None = None,
) -> None:
    """Draw a rounded box with a number in its middle, in the ink that is legible there unless another one is given."""
    painter.setPen(Qt.PenStyle.NoPen if rim is None else rim)
    painter.setBrush(colour)
    radius = min(radius, box.width() / 5, box.height() / 5)
    if radius < 0.6:
        painter.fillRect(box, colour)
    else:
        painter.drawRoundedRect(box, radius, radius)
    if text and font is not None:
        draw_number(painter, box, ink or contrast(colour), text, font)


def draw_numbers(painter: QPainter, numbers: Iterable[tuple[QRectF, str, QColor]], font: QFont) -> None:
    """Draw numbers in the middle of their boxes, each in its ink: many of them sooner than one by one.

    Figures are equally wide, so that the width of a number follows from where it has figures.
    """
    metrics = QFontMetricsF(font)
    down, widths, pen = (metrics.ascent() - metrics.descent()) / 2, dict[str, float](), None
    painter.setFont(font)
    for box, text, ink in numbers:
        if ink is not pen:
            painter.setPen(ink)
            pen = ink
        shape = text.translate(FIGURES)
        wide = widths.get(shape)
        if wide is None:
            wide = widths[shape] = metrics.horizontalAdvance(shape)
        middle = box.center()
        painter.drawText(QPointF(middle.x() - wide / 2, middle.y() + down), text)


def draw_number(painter: QPainter, box: QRectF, ink: QColor, text: str, font: QFont) -> None:
    """Draw a number in the middle of a box."""
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
