"""The arithmetic as it is drawn: patch x kernel = products, their running sum, the bias and the activation.

Over the input it is the other way round: with which weights the outputs read one cell, and what it brings to each of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convgui.engine.shown import arithmetic
from convgui.views.kit import drawable
from convgui.views.kit.pace import Pace
from convgui.views.kit.theme import ink
from convgui.views.measure.made import draw_made
from convgui.views.measure.shares import draw_shares
from convgui.views.measure.sheet import SIGN, Sheet
from convgui.views.measure.sum_grids import cell_size, draw_grids
from convgui.views.measure.sum_result import draw_result, result_width
from convgui.views.measure.sum_terms import draw_terms
from convgui.views.measure.waterfall import draw_waterfall, possible_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.shown import Arithmetic
    from convgui.views.measure.sum_grids import Grid
    from convgui.views.measure.values import Largest, Made, Shares, Sum

LARGEST_GRID = 7
"""Kernels up to this many rows and columns are shown cell by cell, larger ones by their largest terms."""

LETTER = 4.4
"""Pixels that a letter of a number takes at the least."""

WATERFALL = 150.0
"""Pixels for the running sum, at least, beside the terms of a large kernel."""


EVERY_MS = 33
"""Milliseconds between two drawings while the cursor moves: nobody reads faster."""


class ArithmeticCanvas(QWidget):
    """Draws the sum, or the shares; tells over which term the cursor is."""

    hovered = Signal(int, int)
    unhovered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setObjectName("arithmetic")
        self.setAccessibleName("Arithmetic")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.sum: Sum | None = None
        self.shares: Shares | None = None
        self.made: Made | None = None
        self.sorted = self.value_hidden = self.steady = False
        self.marks: Sequence[tuple[int, int]] = ()
        self.terms: Sequence[Largest] = ()
        self.table = np.full((257, 3), 128, np.uint8)
        self.grey = (0.0, 1.0)
        self.tint = QColor()
        self.hint = ""
        self.kernel_title = "kernel"
        self.places = "row, column"
        self._grids: list[Grid] = []
        self._written: tuple[Sum, float, Arithmetic] | None = None
        self._pace = Pace(EVERY_MS, self.update, self)

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(800, 132)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(330, 118)

    def update_soon(self) -> None:
        """Draw anew once the panes have been drawn: the picture comes first."""
        self._pace.ask()

    # gestures

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the term of a grid under a point."""
        return next((cell for grid in self._grids if (cell := grid.cell_at(x, y)) is not None), None)

    def cell_rect(self, grid: int, row: int, col: int) -> QRectF:
        """Return where a term is drawn in one of the grids."""
        return self._grids[grid].cell_rect(row, col)

    def mouseMoveEvent(self, event) -> None:
        """Tell which term the cursor is over."""
        cell = self.cell_at(event.position().x(), event.position().y()) if self.sum is not None else None
        if cell is None:
            self.unhovered.emit()
        else:
            self.hovered.emit(*cell)

    def leaveEvent(self, event) -> None:
        """Tell that the cursor has left."""
        self.unhovered.emit()

    # drawing

    def paintEvent(self, event) -> None:
        """Draw what there is to explain."""
        with drawable.painting(self) as painter:
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = Sheet(painter, self, self.table, self.grey)
        self._grids = []
        if self.shares is not None and self.shares.weights.size:
            draw_shares(sheet, self.shares)
        elif self.made is not None:
            draw_made(sheet, self.made, self.tint, value_hidden=self.value_hidden)
        elif self.sum is None:
            painter.setPen(ink("secondary"))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.hint)
        elif max(self.sum.weights.shape) <= LARGEST_GRID:
            self._draw_small(sheet, self.sum)
        else:
            self._draw_large(sheet, self.sum)

    def _draw_small(self, sheet: Sheet, s: Sum) -> None:
        """Draw a small kernel, cell by cell."""
        wide, _ = cell_size(s, sheet.width, sheet.height)
        written = self._texts(s, wide - 2)
        self._grids = draw_grids(sheet, s, written, kernel_title=self.kernel_title, value_hidden=self.value_hidden)
        for grid in self._grids:
            self._draw_marks(sheet.painter, grid)
        self._draw_sum(sheet, s, written, self._grids[-1].box.right() + SIGN)

    def _draw_large(self, sheet: Sheet, s: Sum) -> None:
        """Draw the largest terms of a large kernel."""
        written = self._texts(s, 0)
        room = min(sheet.width * 0.66, sheet.width - result_width(sheet, s, written) - WATERFALL)
        left = draw_terms(sheet, self.terms, s.products.size, self.places, room)
        self._draw_sum(sheet, s, written, left)

    def _draw_marks(self, painter: QPainter, grid: Grid) -> None:
        """Outline the terms that are pointed at."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink("accent"), 2))
        for row, col in self.marks:
            if row < grid.rows and col < grid.cols:
                painter.drawRoundedRect(grid.cell_rect(row, col).adjusted(1, 1, -1, -1), 3, 3)

    def _texts(self, s: Sum, room: float) -> Arithmetic:
        """Choose how the numbers of a sum are shown in cells of a width, in large letters if possible; 0: without cells."""
        if self._written is None or self._written[0] is not s or self._written[1] != room:
            parts = [part for _, part in s.channels]
            patch, weights = (s.patch, s.weights) if room else (np.zeros((0, 0)),) * 2
            for letter in (1.25 * LETTER, LETTER):
                found = arithmetic(patch, weights, s.total, s.bias, s.value, parts, longest=int(room / letter))
                if found.agrees:
                    break
            self._written = s, room, found
        return self._written[2]

    def _draw_sum(self, sheet: Sheet, s: Sum, written: Arithmetic, left: float) -> None:
        """Draw the running sum in the room that is left between the terms and the result."""
        painter = sheet.painter
        if self.value_hidden:
            painter.setPen(ink("secondary"))
            painter.setFont(sheet.font(24, semibold=True))
            painter.drawText(QRectF(left, 0, sheet.width - left, sheet.height), Qt.AlignmentFlag.AlignCenter, "?")
            return
        result = result_width(sheet, s, written)
        box = QRectF(left + 4, 24, max(sheet.width - left - result - 18, 20), sheet.height - 34)
        painter.setFont(sheet.font(12))
        metrics, room = painter.fontMetrics(), round(box.width())
        order = ", largest first" if self.sorted else ""
        text = next((t for t in (f"running sum{order}", f"sum{order}") if metrics.horizontalAdvance(t) <= room), "sum")
        sheet.title(box.left(), text)
        marked = {row * s.products.shape[-1] + col for row, col in self.marks}
        reach = possible_sums(s, self.grey) if self.steady else (0.0, 0.0)
        draw_waterfall(painter, box, s, self.table, reach, by_size=self.sorted, marked=marked)
        draw_result(sheet, s, written, self.tint, QRectF(sheet.width - result, 0, result - 2, sheet.height))
