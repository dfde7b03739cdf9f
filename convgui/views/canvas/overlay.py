"""What is drawn over a picture: weights on its cells, border cells, and lines to where their values come from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from convgui.engine.shown import decimals_for, fixed
from convgui.views.kit import drawable
from convgui.views.kit.cells import PALE, draw_cell, draw_numbers, fitted_font
from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from PySide6.QtGui import QFont

    from convgui.views.canvas.pane_geometry import PaneGeometry
    from convgui.views.canvas.values import Bands, BorderCells, Picture
    from convgui.views.kit.drawable import Rect

    ToPixels = Callable[[float, float, float, float], QRectF]

LEAST = 7.0
"""Pixels that a cell must measure before anything is drawn over it."""

DIGITS = 28
"""Pixels that a number in a cell is high at most."""

STEMS = 16.0
"""Pixels above the highest stem."""

BANDS = 6.0
"""Pixels that a cell must measure for its weight to be drawn."""

NOTHING = 0.02
"""Weights smaller than that beside the largest are left out where there is no room for a number."""

WRITTEN, ALONE = 40.0, 28.0
"""Pixels that a cell must measure for a weight to be written on its band, and where the band has a row of its own."""


def draw_stems(
    painter: QPainter,
    picture: Picture,
    to_pixels: ToPixels,
    top: float,
    ends: tuple[float, float],
    hidden: Callable[[float], bool],
) -> None:
    """Draw the values of one row of a sequence as stems above its cells, from a line at zero.

    `top` is where there is room from, in pixels, and `ends` the least and the largest value, with zero between them.
    """
    assert picture.values is not None
    values = np.clip(picture.values[0].astype(np.float64), -drawable.LARGEST, drawable.LARGEST)
    left, row, width, _ = picture.rect
    cell, (low, high) = width / len(values), ends
    room = to_pixels(left, row, 1, 1).top() - top
    foot, head = top + room - min(16.0, room / 6), min(STEMS, room / 6)

    def y(value: float) -> float:
        return foot - (value - low) / ((high - low) or 1.0) * max(foot - top - head, 8.0)

    whole = to_pixels(left, row, width, 1)
    painter.setPen(QPen(ink("line"), 1))
    painter.drawLine(QPointF(whole.left(), y(0)), QPointF(whole.right(), y(0)))
    wide = to_pixels(left, row, cell, 1).width()
    for j, value in enumerate(values.tolist()):
        x = to_pixels(left + j * cell, row, cell, 1).center().x()
        if not math.isfinite(value) or hidden(left + j * cell) or not whole.left() <= x <= whole.right():
            continue
        painter.setPen(QPen(ink("secondary"), 2 if wide >= 12 else 1))
        painter.drawLine(QPointF(x, y(0)), QPointF(x, y(value)))
        if wide >= 8:
            painter.setBrush(QColor(*(int(c) for c in picture.colours[0, j])))
            painter.setPen(QPen(ink("secondary"), 1.4))
            painter.drawEllipse(QPointF(x, y(value)), min(wide / 4, 4.5), min(wide / 4, 4.5))


def draw_bands(
    painter: QPainter,
    bands: Bands,
    place: PaneGeometry,
    font: QFont,
    *,
    digits: int = DIGITS,
) -> None:
    """Draw the weights of cells that are large enough: at their feet, or below them where those are the rows of a sequence.

    Letters are at most half as high as `digits` pixels, those of the numbers in the cells.
    """
    if not len(bands):
        return
    boxes, below = place.boxes(bands.rects), place.lanes.kernel if place.lanes is not None else 0.0
    wide, tall = boxes[0, 2:].tolist()
    size = min(wide, tall)
    if size < BANDS:
        return
    seen = _within(painter.clipBoundingRect(), boxes)
    if size < WRITTEN and not below:
        _draw_plain_bands(painter, bands, boxes, np.flatnonzero(seen & (bands.parts >= NOTHING)))
        return
    high = below or _band_height(tall, digits)
    written = None
    if wide >= ALONE if below else size >= WRITTEN:
        longest = max(bands.texts, key=len)
        written = fitted_font(font, longest, wide + 2, high * 1.9, largest=max(digits // 2 - 2, 12), smallest=7)
    which = np.flatnonzero(seen)
    feet = boxes[which, 1] + boxes[which, 3]
    lefts, tops = (boxes[which, 0] + 1).tolist(), (feet + 5 if below else feet - high).tolist()
    strips = [QRectF(left, top, wide - 2, high - 1) for left, top in zip(lefts, tops, strict=True)]
    inks, texts, written_in = bands.inks, bands.texts, bands.text_inks
    painter.setPen(QPen(ink("card"), 1))
    for k, strip in zip(which.tolist(), strips, strict=True):
        painter.setBrush(inks[k])
        painter.drawRoundedRect(strip, 2, 2)
    if written is not None:
        numbers = zip(strips, (texts[k] for k in which), (written_in[k] for k in which), strict=True)
        draw_numbers(painter, numbers, written)


def _draw_plain_bands(painter: QPainter, bands: Bands, boxes: NDArray[np.float64], which: NDArray[np.intp]) -> None:
    """Draw many small bands without numbers, of whole pixels: round corners would cost time and not be visible."""
    inks, chosen = bands.inks, boxes[which]
    right, bottom = chosen[:, 0] + chosen[:, 2], chosen[:, 1] + chosen[:, 3]
    high = _band_height(float(boxes[0, 3]), DIGITS)
    corners = np.stack([chosen[:, 0] + 1, bottom - high, right - 1, bottom - 1], axis=1)
    left, top, right, bottom = np.rint(corners).astype(int).T
    strips = np.stack([left, top, np.maximum(right - left, 1), np.maximum(bottom - top, 1)], axis=1)
    for k, strip in zip(which.tolist(), strips.tolist(), strict=True):
        painter.fillRect(QRect(*strip), inks[k])


def _within(part: QRectF, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which boxes are seen in a part of the pane."""
    left, top, wide, high = boxes.T
    return (left < part.right()) & (left + wide > part.left()) & (top < part.bottom()) & (top + high > part.top())


def _band_height(tall: float, digits: int) -> float:
    """Return how high the band of a cell is that is so many pixels high."""
    return min(max(tall * 0.26, 3.0), max(digits / 2, 16.0))


def draw_border_cells(
    painter: QPainter,
    cells: BorderCells,
    to_pixels: ToPixels,
    font: QFont,
    numbers_from: float,
    digits: int = DIGITS,
) -> None:
    """Draw the border cells, paler than the input, with a dashed outline and numbers a little smaller than the input's."""
    left, top, _, _ = cells.rect
    first_col, first_row, width, height = cells.inside
    if min(to_pixels(0, 0, 1, 1).width(), to_pixels(0, 0, 1, 1).height()) < LEAST:
        return
    with_numbers = to_pixels(0, 0, 1, 1).width() >= numbers_from
    decimals = decimals_for(cells.values)
    rows, cols = cells.values.shape
    seen = painter.clipBoundingRect()
    for i in range(rows):
        for j in range(cols):
            row, col = top + i, left + j
            if first_row <= row < first_row + height and first_col <= col < first_col + width:
                continue
            cell = to_pixels(col, row, 1, 1).adjusted(1.5, 1.5, -1.5, -1.5)
            if not cell.intersects(seen):
                continue
            colour = QColor(*(int(c) for c in cells.colours[i, j]))
            colour.setAlphaF(PALE)
            draw_cell(painter, cell, colour, radius=3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink("faint"), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(cell, 3, 3)
            if with_numbers:
                text = fixed(float(cells.values[i, j]), decimals)
                written = fitted_font(font, text, cell.width() + 4, cell.height(), largest=round(0.7 * digits), smallest=7)
                if written is not None:
                    painter.setFont(written)
                    painter.setPen(ink("text"))
                    painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)


def draw_links(painter: QPainter, links: Sequence[tuple[Rect, Rect]], to_pixels: ToPixels) -> None:
    """Draw a line from each border cell to the cell whose value it has."""
    colour = QColor(ink("accent"))
    colour.setAlphaF(0.6)
    for border, source in links:
        a, b = to_pixels(*border), to_pixels(*source)
        if min(b.width(), b.height()) < LEAST:
            return
        painter.setPen(QPen(colour, 1.2))
        painter.setBrush(colour)
        start, end = QPointF(a.center().x(), a.top() + a.height() * 0.3), QPointF(b.center().x(), b.top() + b.height() * 0.3)
        painter.drawLine(start, end)
        painter.drawEllipse(end, 2.6, 2.6)


def draw_hatching(painter: QPainter, rects: Sequence[Rect], to_pixels: ToPixels) -> None:
    """Hatch cells."""
    hatch, veil = QColor(ink("accent")), QColor(ink("accent"))
    hatch.setAlphaF(0.55)
    veil.setAlphaF(0.14)
    painter.setPen(Qt.PenStyle.NoPen)
    for rect in rects:
        box = to_pixels(*rect)
        painter.fillRect(box, veil)
        painter.fillRect(box, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
