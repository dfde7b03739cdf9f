"""An input cell: its value, with which weights the outputs read it, and what it brings to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF

from convgui.engine.shown import spread
from convgui.views.measure.sheet import SIGN, TOP
from convgui.views.measure.waterfall import MANY

if TYPE_CHECKING:
    from convgui.views.measure.sheet import Sheet
    from convgui.views.measure.values import Shares

LEGIBLE = 12.0
"""Pixels that a cell must be high for a number in it."""

SQUARE = 7
"""Columns from which on cells are hardly wider than high."""

VALUE = 43.0
"""Pixels that the cell of the value is wide, and those of the others at most."""


def draw_shares(sheet: Sheet, s: Shares) -> None:
    """Draw value, weights and shares beside each other; where they are many, as colours without numbers."""
    rows, cols = s.weights.shape
    high = min((sheet.height - TOP) / rows, 31)
    wide = min(max((sheet.width - 240) / 2 / cols, 4), VALUE, high * 1.5 if cols > SQUARE else VALUE)
    few = s.weights.size <= MANY and high >= LEGIBLE
    value, weights, shares = spread(s.value, s.weights if few else s.weights[:0])
    x, one = 2.0, np.array([[s.value]])
    sheet.title(x, "value")
    sheet.cells(QRectF(x, TOP, VALUE, 31), one, sheet.level, [[value]])
    x += VALUE
    sheet.sign(QRectF(x, TOP, SIGN, 31), "×")
    x += SIGN
    for title, values, texts, sign in (
        ("weights of its outputs", s.weights, weights, "="),
        ("what it brings to each", s.shares, shares, ""),
    ):
        box = QRectF(x, TOP, wide * cols, high * rows)
        sheet.title(x, title)
        if few:
            sheet.cells(box, values, sheet.signed(values), texts)
        else:
            sheet.image(box, values)
        x += max(box.width(), 150.0)
        sheet.sign(QRectF(x, TOP, SIGN, high * rows), sign)
        x += SIGN
