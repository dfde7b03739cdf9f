"""The arithmetic: patch x kernel = products, their running sum, the bias and the activation, with real numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convgui.views.card import Card
from convgui.views.cells import decimals_for, draw_cell, fitted_font, fixed, number, signed_colour
from convgui.views.theme import ink, sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TERM = 258
"""Pixels that one term of a large kernel takes."""

LARGEST_GRID = 7
"""Kernels up to this many rows and columns are shown cell by cell, larger ones by their largest terms."""


class Sum(NamedTuple):
    """One output cell as it is explained; patch, weights and products of shape (rows, cols)."""

    patch: NDArray[np.float64]
    weights: NDArray[np.float64]
    products: NDArray[np.float64]
    outside: NDArray[np.bool_]
    total: float
    bias: float
    activation: str
    value: float


BAR = 36.0
"""Pixels from one bar of the running sum to the next, at most."""


class Largest(NamedTuple):
    """A term of a large kernel: where it lies in the kernel, and its three numbers."""

    u: int
    v: int
    value: float
    weight: float
    product: float


class _Canvas(QWidget):
    """Draws the sum."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("arithmetic")
        self.setAccessibleName("Arithmetic")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.sum: Sum | None = None
        self.terms: Sequence[Largest] = ()
        self.table = np.full((257, 3), 128, np.uint8)
        self.grey = (0.0, 1.0)
        self.tint = QColor()
        self.hint = ""

    def sizeHint(self) -> QSize:
        return QSize(800, 132)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, 118)

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.sum is None:
            painter.setPen(ink("secondary"))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.hint)
        elif max(self.sum.weights.shape) <= LARGEST_GRID:
            left = self._draw_grids(painter, self.sum)
            self._draw_waterfall(painter, self.sum, left)
        else:
            left = self._draw_terms(painter, self.sum)
            self._draw_waterfall(painter, self.sum, left)
        painter.end()

    # small kernels: three grids

    def _draw_grids(self, painter: QPainter, s: Sum) -> float:
        rows, cols = s.weights.shape
        top = 20.0
        high = min((self.height() - top) / rows, 31)
        wide = min(max((self.width() * 0.58 - 2 * 26) / 3 / cols, 18), 43)
        y = top + max((self.height() - top - high * rows) / 2, 0) * 0.5
        largest = float(np.nanmax(np.abs(s.weights))) if np.isfinite(s.weights).any() else 1.0
        finite = np.abs(s.products[np.isfinite(s.products)])
        most = float(finite.max()) if finite.size else 1.0
        patch_decimals, product_decimals = min(decimals_for(s.patch), 2), min(decimals_for(s.products), 3)
        grids = (
            ("patch", s.patch, self._grey, lambda v: fixed(v, patch_decimals)),
            ("kernel", s.weights, lambda v: signed_colour(v, largest, self.table), number),
            ("products", s.products, lambda v: signed_colour(v, most, self.table), lambda v: fixed(v, product_decimals)),
        )
        x = 2.0
        for k, (title, values, colour, text) in enumerate(grids):
            self._title(painter, x, title)
            self._draw_grid(painter, QRectF(x, y, wide * cols, high * rows), values, colour, text, s, k == 0)
            x += wide * cols
            self._sign(painter, QRectF(x, y, 26, high * rows), ("×", "=", "→")[k])
            x += 26
        return x

    def _draw_grid(self, painter, box: QRectF, values, colour, text, s: Sum, is_patch: bool) -> None:
        rows, cols = values.shape
        wide, high = box.width() / cols, box.height() / rows
        texts = [[text(float(v)) for v in row] for row in values]
        longest = max((t for row in texts for t in row), key=len)
        font = fitted_font(self.font(), longest, wide + 2, high, largest=12, smallest=7)
        for i in range(rows):
            for j in range(cols):
                cell = QRectF(box.left() + j * wide, box.top() + i * high, wide, high).adjusted(1, 1, -1, -1)
                draw_cell(painter, cell, colour(float(values[i, j])), texts[i][j], font, radius=3)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                if not is_patch:  # zero is as dark as a dark card
                    painter.setPen(QPen(ink("line"), 1))
                    painter.drawRoundedRect(cell, 3, 3)
                else:  # a white cell needs a rim on a white card; one outside the input has a dashed one
                    dashed = Qt.PenStyle.DashLine if s.outside[i, j] else Qt.PenStyle.SolidLine
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(QPen(ink("faint" if s.outside[i, j] else "line"), 1, dashed))
                    painter.drawRoundedRect(cell, 3, 3)

    def _grey(self, value: float) -> QColor:
        if not np.isfinite(value):
            return QColor(*(int(c) for c in self.table[-1]))
        low, high = self.grey
        level = round(255 * min(max((value - low) / (high - low), 0.0), 1.0))
        return QColor(level, level, level)

    def _sign(self, painter: QPainter, box: QRectF, text: str) -> None:
        painter.setPen(ink("faint"))
        painter.setFont(sized(self, 16))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _title(self, painter: QPainter, x: float, text: str) -> None:
        painter.setPen(ink("secondary"))
        painter.setFont(sized(self, 12))
        painter.drawText(QRectF(x, 0, 420, 17), Qt.AlignmentFlag.AlignVCenter, text)

    # large kernels: their largest terms

    def _draw_terms(self, painter: QPainter, s: Sum) -> float:
        high = 17.0
        lines = max(int((self.height() - 20) // high), 1)
        columns = min(-(-len(self.terms) // lines), max(int(self.width() * 0.66 // TERM), 1))
        count = min(len(self.terms), lines * columns)
        self._title(painter, 2, f"the {count} largest of {s.products.size} products, with row and column in the kernel")
        most = max((abs(t.product) for t in self.terms if np.isfinite(t.product)), default=1.0) or 1.0
        painter.setFont(sized(self, 12))
        for k, term in enumerate(self.terms[: lines * columns]):
            x, y = 2 + (k // lines) * TERM, 20 + (k % lines) * high
            bar = abs(term.product) / most * 34 if np.isfinite(term.product) else 34
            draw_cell(painter, QRectF(x, y + 3, max(bar, 1), high - 6), signed_colour(term.product, most, self.table))
            painter.setPen(ink("text"))
            text = f"{fixed(term.value)} × {number(term.weight)} = {number(term.product)}"
            painter.drawText(QRectF(x + 40, y, 172, high), Qt.AlignmentFlag.AlignVCenter, text)
            painter.setPen(ink("faint"))
            painter.drawText(QRectF(x + 212, y, 44, high), Qt.AlignmentFlag.AlignVCenter, f"{term.u}, {term.v}")
        return 2 + columns * TERM + 6

    # the sum

    def _draw_waterfall(self, painter: QPainter, s: Sum, left: float) -> None:
        result = 176.0
        box = QRectF(left + 4, 24, max(self.width() - left - result - 18, 20), self.height() - 34)
        self._title(painter, box.left(), "running sum" if box.width() > 64 else "")
        products = np.nan_to_num(s.products.ravel(), nan=0.0, posinf=0.0, neginf=0.0)
        sums = np.concatenate([[0.0], np.cumsum(products)])
        low, high = min(float(sums.min()), 0.0), max(float(sums.max()), 0.0)
        span = (high - low) or 1.0

        def y(value: float) -> float:
            return box.bottom() - (value - low) / span * box.height()

        painter.setPen(QPen(ink("line"), 1))
        painter.drawLine(round(box.left()), round(y(0)), round(box.right()), round(y(0)))
        wide = min(box.width() / max(len(products), 1), BAR)
        most = float(np.abs(products).max()) or 1.0
        for k, product in enumerate(products):
            top, bottom = sorted((y(float(sums[k])), y(float(sums[k + 1]))))
            bar = QRectF(box.left() + k * wide, top - 0.75, max(min(wide, 20) - 1.5, 0.7), max(bottom - top, 1.5))
            ends = signed_colour(most * (0.62 if product > 0 else -0.62), most, self.table)
            draw_cell(painter, bar, ends if product else ink("line"), radius=2)
        self._draw_result(painter, s, QRectF(self.width() - result, 0, result - 2, self.height()))

    def _draw_result(self, painter: QPainter, s: Sum, box: QRectF) -> None:
        middle = box.top() + min(box.height(), 150) / 2
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(ink("secondary"))
        painter.setFont(sized(self, 12))
        lines = [f"sum {number(s.total, 4)}", f"+ bias {number(s.bias)}", f"→ {s.activation}"]
        for k, text in enumerate(lines):
            painter.drawText(QRectF(box.left(), middle - 46 + 16 * k, box.width(), 16), right, text)
        painter.setPen(self.tint if self.tint.isValid() else ink("text"))
        painter.setFont(sized(self, 24, semibold=True))
        text = number(s.value, 4, sign=s.value != 0)
        painter.drawText(QRectF(box.left(), middle + 4, box.width(), 32), right, text)


class ProbePanel(Card):
    """The card below the panes: setters only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("probe", "Arithmetic", parent)
        self.canvas = _Canvas()
        self.body.addWidget(self.canvas, 1)

    def set_nothing(self, hint: str) -> None:
        """Say how to get something to see."""
        self.canvas.sum, self.canvas.hint = None, hint
        self.set_detail("")
        self.canvas.update()

    def set_sum(self, where: str, explained: Sum, terms: Sequence[Largest], tint: tuple[int, int, int] | None) -> None:
        """Explain a cell; `terms` are the largest ones, `tint` the ink of the result."""
        self.set_detail(where)
        self.canvas.sum, self.canvas.terms = explained, terms
        self.canvas.tint = QColor(*tint) if tint else QColor()
        self.canvas.setAccessibleDescription(f"{where}: {number(explained.value, 6)}")
        self.canvas.update()

    def set_colours(self, table: NDArray[np.uint8], grey: tuple[float, float]) -> None:
        """Use a signed colour table, and these values as black and white."""
        self.canvas.table, self.canvas.grey = table, grey
        self.canvas.update()
