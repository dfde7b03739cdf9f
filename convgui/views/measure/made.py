"""The value of a layer that is no convolution: its cells as numbers, a list of the largest, or the curve of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPen, QPolygonF

from convgui.views.kit.cells import draw_cell
from convgui.views.kit.theme import ink
from convgui.views.measure.sheet import SIGN, TOP

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from convgui.views.measure.sheet import Sheet
    from convgui.views.measure.values import Function, Line, Made, Numbers

RESULT = 150.0
"""Pixels for the steps and the result, at least."""

CELL, HIGH = 58.0, 31.0
"""Largest width and height of a cell in pixels."""

LINE = 17.0
"""Pixels from one line of a list to the next."""

LONGEST = 230.0
"""Pixels of a number in words, at most."""

CURVE = 300.0
"""Width of a curve in pixels, at most."""

BAR = 34.0
"""Pixels of the longest bar."""

GAP = 14.0


def draw_made(sheet: Sheet, made: Made, tint: QColor, *, value_hidden: bool) -> None:
    """Draw what a value is made of, and the value after it; `tint` is the ink of the result."""
    wide = _result_width(sheet, made)
    room = sheet.width - wide - GAP
    x, middle = 2.0, min(sheet.height, 150.0) / 2 + 8
    if made.grids:
        x, bottom = _draw_grids(sheet, made.grids, room, value_hidden=value_hidden)
        x, middle = x + GAP, (TOP + bottom) / 2
    if made.function is not None:
        box = QRectF(x, 0, min(room - x, CURVE), sheet.height)
        _draw_function(sheet, made.function, box, value_hidden=value_hidden)
        x = box.right() + GAP
    elif made.lines:
        x = _draw_list(sheet, made, x, room - x, value_hidden=value_hidden) + GAP
    _draw_result(sheet, made, tint, min(x, sheet.width - wide), middle, value_hidden=value_hidden)


def _result_width(sheet: Sheet, made: Made) -> float:
    small, large = QFontMetrics(sheet.font(12)), QFontMetrics(sheet.font(24, semibold=True))
    wide = [small.horizontalAdvance(step) for step in made.steps] + [large.horizontalAdvance(_signed(made))]
    return min(max([RESULT, *(w + 6.0 for w in wide)]), sheet.width * 0.6)


def _signed(made: Made) -> str:
    return f"+{made.result}" if made.value > 0 and np.isfinite(made.value) else made.result


def _draw_result(sheet: Sheet, made: Made, tint: QColor, left: float, middle: float, *, value_hidden: bool) -> None:
    """Draw the value at a height, and the steps above it, or below where there is no room."""
    painter, aligned = sheet.painter, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    wide = sheet.width - left
    painter.setPen(ink("secondary"))
    painter.setFont(sheet.font(12))
    steps = () if value_hidden else made.steps
    top = middle - 16 - 16 * len(steps)
    top = top if top >= 0 else middle + 18
    for k, step in enumerate(steps):
        shown = painter.fontMetrics().elidedText(step, Qt.TextElideMode.ElideRight, round(wide))
        painter.drawText(QRectF(left, top + 16 * k, wide, 16), aligned, shown)
    painter.setPen(tint if tint.isValid() and not value_hidden else ink("text"))
    painter.setFont(sheet.font(24, semibold=True))
    text = "?" if value_hidden else _signed(made)
    painter.drawText(QRectF(left, middle - 16, wide, 32), aligned, text)


def _draw_grids(sheet: Sheet, grids: tuple[Numbers, ...], room: float, *, value_hidden: bool) -> tuple[float, float]:
    """Draw grids beside each other, with their signs, and return where they end at the right and below."""
    columns = sum(grid.values.shape[1] for grid in grids)
    metrics = QFontMetrics(sheet.font(12))
    titles = [metrics.horizontalAdvance(grid.title) + 8.0 for grid in grids]
    left = room - 2 - SIGN * len(grids)
    wide = min(left / columns, CELL)
    high = min((sheet.height - TOP - 2) / max(len(grid.values) for grid in grids), HIGH)
    x = 2.0
    for grid, title in zip(grids, titles, strict=True):
        rows, cols = grid.values.shape
        box = QRectF(x, TOP, wide * cols, high * rows)
        sheet.title(x, grid.title)
        colour = sheet.signed(grid.values) if grid.signed else sheet.level
        sheet.cells(box, grid.values, colour, grid.texts)
        if grid.marked is not None and not value_hidden:
            _outline(sheet, QRectF(x + grid.marked[1] * wide, TOP + grid.marked[0] * high, wide, high))
        x += max(box.width(), title if grid.sign else 0.0)
        if grid.sign:
            sheet.sign(QRectF(x, TOP, SIGN, high * rows), grid.sign)
            x += SIGN
    return max(x, 2.0 + titles[-1]), TOP + high * max(len(grid.values) for grid in grids)


def _outline(sheet: Sheet, box: QRectF) -> None:
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    sheet.painter.setPen(QPen(ink("accent"), 2))
    sheet.painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)


def _draw_list(sheet: Sheet, made: Made, left: float, room: float, *, value_hidden: bool) -> float:
    """Draw as many lines as there is room for, in columns, and return where they end."""
    painter, metrics = sheet.painter, QFontMetrics(sheet.font(12, semibold=True))
    half = min(max(metrics.horizontalAdvance(line.text) for line in made.lines) + 10.0, LONGEST)
    named = min(max(metrics.horizontalAdvance(line.name) for line in made.lines) + 18.0, LONGEST)
    column = BAR + 6 + half + named
    fitting = max(int((sheet.height - TOP) // LINE), 1)
    columns = min(-(-len(made.lines) // fitting), max(int(room // column), 1))
    shown = _shown(made.lines, fitting * columns)
    painter.setFont(sheet.font(12))
    more = f", {len(shown)} of {len(made.lines)}" if len(shown) < len(made.lines) else ""
    title = f"{made.title}{more}"
    sheet.title(left, painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, round(room)))
    end = left + max(columns * column, float(painter.fontMetrics().horizontalAdvance(title)))
    for k, line in enumerate(shown):
        x, y = left + (k // fitting) * column, TOP + (k % fitting) * LINE
        part = min(max(line.part, 0.0), 1.0) if np.isfinite(line.part) else 1.0
        strength = ink("accent" if line.marked else "faint")
        draw_cell(painter, QRectF(x, y + 3, max(part * BAR, 1.0), LINE - 6), strength)
        painter.setFont(sheet.font(12, semibold=line.marked))
        painter.setPen(ink("text"))
        vertically = Qt.AlignmentFlag.AlignVCenter
        text = "?" if value_hidden and line.marked else line.text
        shown_text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, round(half))
        painter.drawText(QRectF(x + BAR + 6, y, half, LINE), vertically, shown_text)
        painter.setPen(ink("text" if line.marked else "faint"))
        name = metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, round(named - 10))
        painter.drawText(QRectF(x + BAR + 6 + half, y, named - 10, LINE), vertically, name)
    return min(end, left + room)


def _shown(lines: tuple[Line, ...], count: int) -> tuple[Line, ...]:
    """Return the first lines, and the marked one if it is not among them."""
    if len(lines) <= count:
        return lines
    marked = [line for line in lines[count:] if line.marked]
    return (*lines[: count - len(marked)], *marked)


def _draw_function(sheet: Sheet, f: Function, box: QRectF, *, value_hidden: bool) -> None:
    """Draw the curve of a function with its axes, and the point at which it is taken."""
    painter = sheet.painter
    sheet.title(box.left(), f.name)
    box = box.adjusted(0, TOP + 2, 0, -6)
    across, values = f.across, f.values
    fine = np.isfinite(values)
    if not fine.any() or box.width() < 20 or box.height() < 20:
        return
    low, high = min(float(values[fine].min()), 0.0), max(float(values[fine].max()), 0.0)
    high = high if high > low else low + 1.0

    def at(x: float, y: float) -> QPointF:
        part = (x - across[0]) / (across[-1] - across[0])
        return QPointF(box.left() + part * box.width(), box.bottom() - (y - low) / (high - low) * box.height())

    painter.setPen(QPen(ink("line"), 1))
    zero = at(0.0, 0.0)
    painter.drawLine(QPointF(box.left(), zero.y()), QPointF(box.right(), zero.y()))
    painter.drawLine(QPointF(zero.x(), box.top()), QPointF(zero.x(), box.bottom()))
    painter.setPen(QPen(ink("secondary"), 1.5))
    points = [at(float(x), float(y)) for x, y in zip(across[fine], values[fine], strict=True)]
    painter.drawPolyline(QPolygonF(points))
    if value_hidden or not (np.isfinite(f.x) and np.isfinite(f.value)) or not across[0] <= f.x <= across[-1]:
        return
    point = at(f.x, min(max(f.value, low), high))
    painter.setPen(QPen(ink("accent"), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(point.x(), zero.y()), point)
    painter.drawLine(QPointF(zero.x(), point.y()), point)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink("accent"))
    painter.drawEllipse(point, 4.5, 4.5)
