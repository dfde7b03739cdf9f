"""The cells of a figure: each with a thin rim, so that a white one is seen on white; those that are added, dashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from convgui.engine.shown import number
from convgui.views.kit.cells import draw_number, fitted_font
from convgui.views.kit.colours import contrast, signed_colour, signed_colours
from convgui.views.kit.drawable import matrix
from convgui.views.take.figure_layout import font_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.views.take.figure_parts import Board, Inks, Middle

RIM = 0.9
PALE = 0.16
"""Opacity of a cell that is added around the input."""

MOST = 40
"""Rows and columns of a kernel of which each cell is drawn by itself, and 16 of which each has its number."""

NUMBERED = 16
LARGEST, SMALLEST = 22, 7
"""Points of the largest digits, and of the smallest that are written."""


def draw_board(painter: QPainter, board: Board, box: QRectF, inks: Inks) -> None:
    """Draw a picture, cell by cell where its numbers are given, with a rim in either case."""
    if board.values is None:
        _draw_picture(painter, board.colours, box, inks)
        return
    rows, cols = board.values.shape
    texts = [[number(float(v)) for v in row] for row in board.values]
    added = np.zeros((rows, cols), bool) if board.added is None else board.added
    colours = [[QColor(*(int(c) for c in board.colours[i, j])) for j in range(cols)] for i in range(rows)]
    _draw_cells(painter, box, texts, colours, added, inks)


def draw_kernel(painter: QPainter, middle: Middle, box: QRectF, inks: Inks) -> None:
    """Draw a kernel, with its weights where they can be read."""
    assert middle.weights is not None
    weights = matrix(middle.weights)
    rows, cols = weights.shape
    largest = float(np.abs(weights).max())
    if max(rows, cols) > MOST:
        _draw_picture(painter, signed_colours(weights, largest, middle.table), box, inks)
        return
    texts = [[number(float(w)) for w in row] for row in weights]
    colours = [[signed_colour(float(w), largest, middle.table) for w in row] for row in weights]
    _draw_cells(painter, box, texts, colours, np.zeros((rows, cols), bool), inks)


def draw_words(painter: QPainter, words: str, box: QRectF, inks: Inks) -> None:
    """Draw what a layer does that has no kernel."""
    inner = QRectF(0, 0, box.width(), 48)
    inner.moveCenter(box.center())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(inks.rim, 1))
    painter.drawRoundedRect(inner, 8, 8)
    font = font_of(14)
    painter.setFont(font)
    painter.setPen(inks.ink)
    text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, round(inner.width() - 16))
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignCenter), text)


def _draw_picture(painter: QPainter, colours: NDArray[np.uint8], box: QRectF, inks: Inks) -> None:
    rows, cols, _ = colours.shape
    colours = np.ascontiguousarray(colours)
    image = QImage(colours.data, cols, rows, cols * 3, QImage.Format.Format_RGB888)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, cols > box.width() / 4)
    painter.drawImage(box, image)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(inks.rim, RIM))
    painter.drawRect(box)


def _draw_cells(
    painter: QPainter,
    box: QRectF,
    texts: list[list[str]],
    colours: list[list[QColor]],
    added: NDArray[np.bool_],
    inks: Inks,
) -> None:
    rows, cols = added.shape
    wide, high = box.width() / cols, box.height() / rows
    longest = max((text for row in texts for text in row), key=len)
    readable = max(rows, cols) <= NUMBERED or wide > 14
    font = fitted_font(font_of(12), longest, wide, high, largest=LARGEST, smallest=SMALLEST) if readable else None
    gap = min(1.8, wide / 14)
    for i in range(rows):
        for j in range(cols):
            cell = QRectF(box.left() + j * wide, box.top() + i * high, wide, high).adjusted(gap, gap, -gap, -gap)
            colour = colours[i][j]
            _draw_rim(painter, cell, colour, bool(added[i, j]), inks)
            if not font or not texts[i][j]:
                continue
            if added[i, j]:
                painter.setFont(font)
                painter.setPen(inks.faint)
                painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), texts[i][j])
            else:
                draw_number(painter, cell, contrast(colour), texts[i][j], font)


def _draw_rim(painter: QPainter, cell: QRectF, colour: QColor, added: bool, inks: Inks) -> None:
    """Draw a cell with its rim; one that is added lets its ground shine through."""
    radius = min(4.0, cell.width() / 5, cell.height() / 5)
    pen = QPen(inks.rim, RIM)
    if added:
        colour = QColor(colour)
        colour.setAlphaF(PALE)
        pen.setDashPattern([3, 3])
    painter.setBrush(colour)
    painter.setPen(pen)
    painter.drawRoundedRect(cell, radius, radius)
