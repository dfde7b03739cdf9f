"""Cells: draws small numbers in rounded boxes, the same way in the panes, the kernel grid and the arithmetic."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

if TYPE_CHECKING:
    from numpy.typing import NDArray

TIGHT = 10
"""Pixels up to which letters may come close to the rim of their cell."""

SOFT = 0.84
"""Part of the colour table that cells use: its darkest ends would be black to the eye in an area as large as a cell."""


def contrast(colour: QColor) -> QColor:
    """Return the ink, dark or light, that is legible on a colour."""
    light = 0.2126 * colour.redF() ** 2.2 + 0.7152 * colour.greenF() ** 2.2 + 0.0722 * colour.blueF() ** 2.2
    return QColor("#1c222c") if light > 0.22 else QColor("#ffffff")


def cells_between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the cells after `start` up to `end`, so that a quick stroke leaves no holes.

    >>> cells_between((0, 0), (1, 2))
    [(0, 1), (1, 2)]
    """
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    return [
        (round(start[0] + (end[0] - start[0]) * k / steps), round(start[1] + (end[1] - start[1]) * k / steps))
        for k in range(1, steps + 1)
    ]


def blended(colour: QColor, ground: QColor, part: float) -> QColor:
    """Return a colour that lies on a ground with an opacity.

    >>> blended(QColor(0, 0, 0), QColor(200, 100, 0), 0.5).name()
    '#643200'
    """
    over, under = ((c.red(), c.green(), c.blue()) for c in (colour, ground))
    return QColor(*(round(part * a + (1 - part) * b) for a, b in zip(over, under, strict=True)))


def signed_colour(value: float, largest: float, table: NDArray[np.uint8]) -> QColor:
    """Return the colour of a value on a signed table whose ends stand for -largest and +largest."""
    if math.isnan(value):
        return QColor(*(int(c) for c in table[-1]))
    place = 0.5 if largest <= 0 else 0.5 + 0.5 * SOFT * max(-1.0, min(1.0, value / largest))
    return QColor(*(int(c) for c in table[round(place * 254.49)]))


def signed_colours(values: NDArray[np.floating], largest: float, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return what `signed_colour` returns, for each of many finite values.

    >>> table = np.repeat(np.arange(257, dtype=np.uint8)[:, None], 3, axis=1)
    >>> values = np.array([-2.0, 0.0, 1.0])
    >>> signed_colours(values, 2, table)[:, 0].tolist() == [signed_colour(v, 2, table).red() for v in values]
    True
    """
    part = np.clip(values / largest, -1.0, 1.0) if largest > 0 else np.zeros_like(values)
    return table[np.rint((0.5 + 0.5 * SOFT * part) * 254.49).astype(np.intp)]


def fitted_font(font: QFont, text: str, width: float, height: float, largest: int = 17, smallest: int = 8) -> QFont | None:
    """Return the font at the largest size at which `text` fits into width x height; None if it does not fit at all."""
    result = QFont(font)
    size = int(min(largest, height * 0.46))
    while size >= smallest:
        result.setPixelSize(size)
        if QFontMetricsF(result).horizontalAdvance(text) <= width - (max(6.0, width * 0.15) if size > TIGHT else 4.0):
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
    painter: QPainter, box: QRectF, colour: QColor, text: str = "", font: QFont | None = None, radius: float = 4
) -> None:
    """Draw a rounded box with a number in its middle."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    radius = min(radius, box.width() / 5, box.height() / 5)
    if radius < 0.6:
        painter.fillRect(box, colour)
    else:
        painter.drawRoundedRect(box, radius, radius)
    if text and font is not None:
        draw_number(painter, box, colour, text, font)


def draw_number(painter: QPainter, box: QRectF, colour: QColor, text: str, font: QFont) -> None:
    """Draw a number in the middle of a box of that colour."""
    painter.setFont(font)
    painter.setPen(contrast(colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
