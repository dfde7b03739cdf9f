"""The colour bar beside the map: which colour stands for which value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from convgui.engine.shown import apart
from convgui.views.kit import drawable
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, sized

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, STRIP, GAP = 68, 12, 6


class ColorBar(QWidget):
    """Shows a colour table with its limits, and zero where it lies between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("color_bar")
        self.setAccessibleName("Colour bar")
        self.setFixedWidth(WIDTH)
        self._strip = QImage()
        self._limits = (0.0, 1.0)

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(WIDTH, 200)

    def set_scale(self, table: NDArray[np.uint8], low: float, high: float) -> None:
        """Show a colour table from `low` at the bottom to `high` at the top."""
        column = np.ascontiguousarray(table[:-1][::-1].reshape(-1, 1, 3))
        self._strip = QImage(column.data, 1, len(column), 3, QImage.Format.Format_RGB888).copy()
        self._limits = low, high = drawable.ends(low, high)
        self.setToolTip(f"Colours from {' to '.join(apart([low, high], 5))}; values beyond take the colour at the end.")
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._strip = QImage()
        self.setToolTip("")
        self.update()

    def limits(self) -> tuple[float, float]:
        """Return the values at both ends."""
        return self._limits

    def ticks(self) -> list[tuple[float, str]]:
        """Return the values that are written beside the bar: the ends, zero or the middle."""
        low, high = self._limits
        middle = 0.0 if low < 0 < high else (low + high) / 2
        values = [low, middle, high] if middle not in (low, high) else [low, high]
        return list(zip(values, self._written(values)[0], strict=True))

    def _written(self, values: list[float]) -> tuple[list[str], QFont]:
        """Return the numbers and a font in which they fit: rather smaller letters than fewer digits, at least two."""
        for digits, size in ((3, 12), (3, 11), (3, 10), (2, 11), (2, 10), (2, 9), (1, 9), (1, 8)):
            texts, font = apart(values, digits), sized(self, size)
            widest = max(QFontMetricsF(font).horizontalAdvance(text) for text in texts)
            if widest <= WIDTH - STRIP - GAP:
                break
        return texts, font

    def paintEvent(self, event) -> None:
        """Draw the strip and its numbers."""
        if self._strip.isNull():
            return
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            box = QRectF(0.5, 0.5, STRIP, self.height() - 1)
            path = QPainterPath()
            path.addRoundedRect(box, 3, 3)
            painter.setClipPath(path)
            painter.drawImage(box, self._strip)
            painter.setClipping(False)
            ticks = self.ticks()
            painter.setFont(self._written([value for value, _ in ticks])[1])
            painter.setPen(ink("secondary"))
            low, high = self._limits
            line = painter.fontMetrics().height()
            taken: list[float] = []
            for value, text in sorted(ticks, key=lambda tick: tick[0] not in (low, high)):  # the ends first
                y = box.bottom() - (value - low) / (high - low) * box.height()
                top = min(max(y - line / 2, 0), self.height() - line)
                if any(abs(top - other) < line for other in taken):
                    continue
                taken.append(top)
                painter.drawText(QRectF(STRIP + GAP, top, WIDTH - STRIP - GAP, line), Qt.AlignmentFlag.AlignVCenter, text)
