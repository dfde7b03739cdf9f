"""The end of a sum: total, bias and activation, what each channel brings, and the result in large letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics

from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from convgui.engine.shown import Arithmetic
    from convgui.views.measure.sheet import Sheet
    from convgui.views.measure.values import Sum

RESULT, LINE = 126.0, 16
"""Pixels for the result at the least, and from one line above it to the next."""


def result_width(sheet: Sheet, s: Sum, written: Arithmetic) -> float:
    """Return how many pixels the result takes."""
    small, large = QFontMetrics(sheet.font(12)), QFontMetrics(sheet.font(24, semibold=True))
    lines = max(small.horizontalAdvance(text) for text in _lines(s, written))
    value = large.horizontalAdvance(f"+{written.value}")
    wide = max(RESULT, lines + 8.0, value + 8.0)
    if not s.channels or _stacked(sheet, s):
        return wide
    names, parts = _channel_widths(sheet, s, written)
    return max(wide, names + parts + 12.0 + max(lines, value))


def _lines(s: Sum, written: Arithmetic) -> list[str]:
    return [f"sum {written.total}", f"+ bias {written.bias}", f"→ {s.activation}"]


def _stacked(sheet: Sheet, s: Sum) -> bool:
    """Whether there is room for what each channel brings above the sum; else it stands beside it."""
    return 0 < len(s.channels) and sheet.height >= (len(s.channels) + 3) * LINE + 40


def draw_result(sheet: Sheet, s: Sum, written: Arithmetic, tint: QColor, box: QRectF) -> None:
    """Draw the end of the sum at the right of a box; `tint` is the ink of the result."""
    painter = sheet.painter
    stacked = _stacked(sheet, s)
    brought = [f"{name} {text}" for (name, _), text in zip(s.channels, written.parts, strict=False)] if stacked else []
    lines = brought + _lines(s, written)
    middle = box.top() + min(box.height(), 150) / 2 + LINE * len(brought) / 2
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.setPen(ink("secondary"))
    painter.setFont(sheet.font(12))
    top = middle + 2 - LINE * len(lines)
    for k, text in enumerate(lines):
        painter.setPen(ink("faint" if k < len(brought) else "secondary"))
        painter.drawText(QRectF(box.left(), top + LINE * k, box.width(), LINE), right, text)
    if s.channels and not stacked:
        _draw_channels(sheet, s, written, box.left(), middle - 46)
    painter.setPen(tint if tint.isValid() else ink("text"))
    painter.setFont(sheet.font(24, semibold=True))
    text = f"+{written.value}" if s.value > 0 and np.isfinite(s.value) else written.value
    painter.drawText(QRectF(box.left(), middle + 4, box.width(), 32), right, text)


def _channel_widths(sheet: Sheet, s: Sum, written: Arithmetic) -> tuple[int, int]:
    """Return how wide the names of the channels are, and what each brings."""
    metrics = QFontMetrics(sheet.font(12))
    names = max((metrics.horizontalAdvance(name) for name, _ in s.channels), default=0) + 8
    return names, max((metrics.horizontalAdvance(text) for text in written.parts), default=0)


def _draw_channels(sheet: Sheet, s: Sum, written: Arithmetic, left: float, top: float) -> None:
    """Draw what each channel brings, as far as there is room."""
    painter = sheet.painter
    names, wide = _channel_widths(sheet, s, written)
    fitting = max(int((sheet.height - top) // 16), 3)
    shown = s.channels if len(s.channels) <= fitting else s.channels[: fitting - 1]
    for k, (name, text) in enumerate(zip([name for name, _ in shown], written.parts, strict=False)):
        y = top + 16 * k
        painter.setPen(ink("faint"))
        painter.drawText(QRectF(left, y, names, 16), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(ink("secondary"))
        painter.drawText(QRectF(left + names, y, wide + 2, 16), Qt.AlignmentFlag.AlignVCenter, text)
    if len(shown) < len(s.channels):
        painter.setPen(ink("faint"))
        more = f"and {len(s.channels) - len(shown)} more"
        painter.drawText(QRectF(left, top + 16 * len(shown), 120, 16), Qt.AlignmentFlag.AlignVCenter, more)
