"""The waterfall: the running sum of an output cell, a bar for each product, then the bias and the activation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from convgui.views.kit.cells import draw_cell
from convgui.views.kit.colours import signed_colour
from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray
    from PySide6.QtGui import QColor

    from convgui.views.measure.values import Sum

MANY = 225
"""Cells, or bars, from which on they are drawn at once."""

MOST = 1e290
"""Magnitude up to which a sum of products stays finite."""

BAR, LAST = 36.0, 20.0
"""Pixels from one bar to the next, at most, and for those of the bias and of the activation."""

STRENGTH = 0.62
"""Where on the colour table bars that rise, or fall, take their colour."""


def possible_sums(s: Sum, ends: tuple[float, float]) -> tuple[float, float]:
    """Return between which values all sums lie while the input stays between these ends; weights that are none count 0."""
    weights = np.nan_to_num(s.weights, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = min(ends[0], 0.0), max(ends[1], 0.0)
    brought = weights * low, weights * high
    return float(np.minimum(*brought).sum().clip(-MOST, MOST)), float(np.maximum(*brought).sum().clip(-MOST, MOST))


def draw_waterfall(
    painter: QPainter,
    box: QRectF,
    s: Sum,
    table: NDArray[np.uint8],
    reach: tuple[float, float] = (0.0, 0.0),
    *,
    by_size: bool,
    marked: Collection[int],
) -> None:
    """Draw the running sum of a cell.

    Parameters
    ----------
    box : QRectF
        The room for it; zero is a line across.
    table : ndarray of uint8
        The signed colour table.
    reach : (float, float)
        What the scale holds at least: the sums that there may be, where those of several cells are compared.
    by_size : bool
        Largest products first, instead of as they lie in the kernel.
    marked : collection of int
        Products that are outlined, by their place among all.
    """
    products = np.clip(np.nan_to_num(s.products.ravel(), nan=0.0, posinf=0.0, neginf=0.0), -MOST, MOST)
    sizes = np.abs(np.nan_to_num(s.products.ravel(), nan=np.inf))
    order = np.argsort(-sizes, kind="stable") if by_size else np.arange(len(products))
    steps = [0.0, *np.cumsum(products[order]).tolist()]
    ends = _ends(s, steps[-1])
    every = [value for value in (*steps, *ends, *reach) if np.isfinite(value)]
    low, high = min(*every, 0.0), max(*every, 0.0)
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return box.bottom() - (value - low) / span * box.height()

    painter.setPen(QPen(ink("line"), 1))
    painter.drawLine(round(box.left()), round(y(0)), round(box.right()), round(y(0)))
    wide = min(max(box.width() - LAST * len(ends), 8) / max(len(products), 1), BAR)
    rising, falling = (signed_colour(sign, 1.0, table) for sign in (STRENGTH, -STRENGTH))
    if len(order) > MANY:
        _draw_at_once(painter, box.left(), wide, [y(value) for value in steps], rising, falling)
    else:
        for k, term in enumerate(order.tolist()):
            bar = _bar(box.left() + k * wide, min(wide, 20), y(steps[k]), y(steps[k + 1]))
            product = float(products[term])
            draw_cell(painter, bar, (rising if product > 0 else falling) if product else ink("line"), radius=2)
            if term in marked:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(ink("accent"), 2))
                painter.drawRoundedRect(bar.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)
    x, before = box.left() + len(products) * wide + 4, steps[-1]
    for end in ends:
        if np.isfinite(end):
            draw_cell(painter, _bar(x, LAST, y(before), y(end)), ink("secondary"), radius=2)
            x, before = x + LAST, end


def _ends(s: Sum, total: float) -> list[float]:
    """Return where the bias and the activation lead, as far as they change anything."""
    ends = [total + s.bias] if s.bias and abs(s.bias) < MOST else []
    changed = abs(s.value) < MOST and s.value != (ends or [total])[-1]
    return ends + ([s.value] if s.activation != "linear" and changed else [])


def _draw_at_once(
    painter: QPainter, left: float, wide: float, heights: list[float], rising: QColor, falling: QColor
) -> None:
    """Draw many bars: first those that rise, then those that fall."""
    up = [k for k in range(len(heights) - 1) if heights[k + 1] < heights[k]]
    down = [k for k in range(len(heights) - 1) if heights[k + 1] > heights[k]]
    for bars, colour in ((up, rising), (down, falling)):
        painter.setPen(QPen(colour, max(wide, 1.0), c=Qt.PenCapStyle.FlatCap))
        middles = [(left + (k + 0.5) * wide, k) for k in bars]
        painter.drawLines([QLineF(x, heights[k], x, heights[k + 1]) for x, k in middles])


def _bar(left: float, wide: float, start: float, end: float) -> QRectF:
    top, bottom = sorted((start, end))
    return QRectF(left, top - 0.75, max(wide - 1.5, 0.7), max(bottom - top, 1.5))
