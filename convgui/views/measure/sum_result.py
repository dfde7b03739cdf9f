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

RESULT, LINE = 150.0, 96.0
"""Pixels for the result, and for the lines above it where the channels stand beside them."""


def result_width(sheet: Sheet, s: Sum, written: Arithmetic) -> float:
    """Return how many pixels the result takes."""
    names, parts = _channel_widths(sheet, s, written)
    return max(RESULT, names + parts + 12 + LINE) if s.channels else RESULT


def draw_result(sheet: Sheet, s: Sum, written: Arithmetic, tint: QColor, box: QRectF) -> None:
    """Draw the end of the sum at the right of a box; `tint` is the ink of the result."""
    painter = sheet.painter
    middle = box.top() + min(box.height(), 150) / 2
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.setPen(ink("secondary"))
    painter.setFont(sheet.font(12))
    lines = [f"sum {written.total}", f"+ bias {written.bias}", f"→ {s.activation}"]
    for k, text in enumerate(lines):
        painter.drawText(QRectF(box.left(), middle - 46 + 16 * k, box.width(), 16), right, text)
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
