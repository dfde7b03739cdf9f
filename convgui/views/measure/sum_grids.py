"""The sum of a small kernel: patch, kernel and products as three grids of cells with their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF

from convgui.views.kit.theme import ink
from convgui.views.measure.sheet import SIGN, TOP
from convgui.views.measure.sum_result import RESULT

if TYPE_CHECKING:
    from convgui.engine.shown import Arithmetic
    from convgui.views.measure.sheet import Sheet
    from convgui.views.measure.values import Sum


WATERFALL = 96.0
"""Pixels that the running sum has at the least, where cells can be that small."""


class Grid(NamedTuple):
    """Where a grid of so many rows and columns is drawn."""

    box: QRectF
    rows: int
    cols: int

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the cell at a point, None outside."""
        if not self.box.contains(x, y):
            return None
        row = int((y - self.box.top()) / self.box.height() * self.rows)
        col = int((x - self.box.left()) / self.box.width() * self.cols)
        return min(row, self.rows - 1), min(col, self.cols - 1)

    def cell_rect(self, row: int, col: int) -> QRectF:
        """Return where a cell is drawn."""
        wide, high = self.box.width() / self.cols, self.box.height() / self.rows
        return QRectF(self.box.left() + col * wide, self.box.top() + row * high, wide, high)


def cell_size(s: Sum, width: float, height: float) -> tuple[float, float]:
    """Return how wide and how high the cells are in a panel of so many pixels."""
    rows, cols = s.weights.shape
    return min(max((width - RESULT - WATERFALL - 3 * SIGN) / 3 / cols, 18), 72), min((height - TOP) / rows, 46)


def draw_grids(sheet: Sheet, s: Sum, written: Arithmetic, *, kernel_title: str, value_hidden: bool) -> list[Grid]:
    """Draw the three grids and the signs between them, and return where they are; the products may be hidden."""
    rows, cols = s.weights.shape
    wide, high = cell_size(s, sheet.width, sheet.height)
    y = TOP + max((sheet.height - TOP - high * rows) / 2, 0) * 0.5
    seen = all(sheet.cell_font(texts, wide, high) for texts in (written.patch, written.weights, written.products))
    products = sheet.signed(s.products, sheet.possible(s.weights))  # one scale with the kernel, and for all cells
    texts = written.products
    if value_hidden:
        products, texts = (lambda value: ink("well")), [["?"] * cols] * rows
    parts = (
        ("patch", s.patch, sheet.level, written.patch, "×"),
        (kernel_title, s.weights, sheet.signed(s.weights), written.weights, "=" if written.agrees or not seen else "≈"),
        ("products", s.products, products, texts, "→"),
    )
    x, grids = 2.0, []
    for title, values, colour, numbers, sign in parts:
        sheet.title(x, title)
        grid = Grid(QRectF(x, y, wide * cols, high * rows), rows, cols)
        sheet.cells(grid.box, values, colour, numbers, s.outside if values is s.patch else None)
        grids.append(grid)
        x += wide * cols
        sheet.sign(QRectF(x, y, SIGN, high * rows), sign)
        x += SIGN
    return grids
