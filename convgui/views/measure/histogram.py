"""A histogram of a map's values with its limits, which can be dragged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convgui.engine.shown import apart
from convgui.views.kit import drawable
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, sized

if TYPE_CHECKING:
    from numpy.typing import NDArray

LABELS = 18


def to_pixel(value: float, pixel: float) -> float:
    """Return the number with the fewest decimals within half a pixel of a position.

    >>> to_pixel(0.123456, 0.01), to_pixel(-2.6512e-4, 1e-6)
    (0.123, -0.000265)
    """
    return value if not 1e-300 < pixel < 1e300 else round(value, 1 - math.floor(math.log10(pixel)))


class Histogram(QWidget):
    """Draws counts over a range; `dragged(low, high, gesture)` while a limit is moved."""

    dragged = Signal(float, float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("histogram")
        self.setAccessibleName("Histogram of the map")
        self.setToolTip("How often each value occurs in the whole map. Drag a line to fix the limits.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self._bars = np.zeros(0)
        self._range, self._limits = (0.0, 1.0), (0.0, 1.0)
        self._held: int | None = None
        self._gesture = 0

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(240, 44)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(120, 44)

    def set_counts(self, counts: NDArray[np.int64], low: float, high: float) -> None:
        """Show counts of values from `low` to `high`; bars are as high as the square root of their count."""
        self._range = drawable.ends(low, high)
        self.update()
        if not len(counts):
            self._bars = np.zeros(0)
            return
        bins = min(64, len(counts))
        self._bars = np.sqrt(np.add.reduceat(counts, np.linspace(0, len(counts), bins, endpoint=False).astype(int)))

    def clear(self) -> None:
        """Show nothing."""
        self._bars = np.zeros(0)
        self.update()

    def set_limits(self, low: float, high: float) -> None:
        """Show the limits of the colour map."""
        self._limits = drawable.ends(low, high)
        self.update()

    def limits(self) -> tuple[float, float]:
        """Return the limits that are shown."""
        return self._limits

    def _shown(self) -> tuple[float, float]:
        """Return the values at the left and the right end."""
        low, high = min(self._range[0], self._limits[0]), max(self._range[1], self._limits[1])
        if self._limits[0] < 0 < self._limits[1] and self._range[0] < 0:
            high = max(high, -low)
            low = -high
        return low, high

    def _x(self, value: float) -> float:
        low, high = self._shown()
        return 2 + (value - low) / max(high - low, 1e-30) * (self.width() - 4)

    def paintEvent(self, event) -> None:
        """Draw bars, limits and numbers."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            bottom = self.height() - LABELS
            if len(self._bars) and self._bars.max() > 0:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink("faint"))
                left, right = self._x(self._range[0]), self._x(self._range[1])
                width = (right - left) / len(self._bars)
                for k, bar in enumerate(self._bars / self._bars.max() * (bottom - 4)):
                    if bar > 0:
                        high = max(bar, 1)
                        painter.drawRect(QRectF(left + k * width + 0.5, bottom - high, max(width - 1, 1), high))
            painter.setPen(QPen(ink("line"), 1))
            painter.drawLine(2, bottom, self.width() - 2, bottom)
            painter.setPen(QPen(ink("accent"), 2))
            for value in self._limits:
                x = self._x(value)
                painter.drawLine(round(x), 2, round(x), bottom)
            self._draw_numbers(painter, bottom)

    def _draw_numbers(self, painter: QPainter, bottom: int) -> None:
        painter.setFont(sized(self, 12))
        painter.setPen(ink("secondary"))
        metrics = painter.fontMetrics()
        low, high = self._shown()
        taken: list[tuple[float, float]] = []
        middle = [0.0] if low < 0 < high else []
        values = (*self._limits, *middle)
        for value, text in zip(values, apart(values), strict=True):
            width = metrics.horizontalAdvance(text)
            left = min(max(self._x(value) - width / 2, 0), self.width() - width)
            if any(left < end + 4 and start - 4 < left + width for start, end in taken):
                continue
            taken.append((left, left + width))
            painter.drawText(QRectF(left, bottom + 2, width + 2, LABELS - 2), Qt.AlignmentFlag.AlignVCenter, text)

    def _near(self, x: float) -> int | None:
        distances = [abs(self._x(value) - x) for value in self._limits]
        nearest = int(np.argmin(distances))
        return nearest if distances[nearest] < 7 else None

    def mousePressEvent(self, event) -> None:
        """Take hold of a limit."""
        self._held = self._near(event.position().x())
        self._gesture += 1

    def mouseMoveEvent(self, event) -> None:
        """Move the limit that is held."""
        if self._held is None:
            near = self._near(event.position().x()) is not None
            self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
            return
        low, high = self._shown()
        value = low + (event.position().x() - 2) / max(self.width() - 4, 1) * (high - low)
        value = to_pixel(value, (high - low) / max(self.width() - 4, 1))
        limits = list(self._limits)
        limits[self._held] = value
        if limits[0] < limits[1]:
            self.dragged.emit(limits[0], limits[1], self._gesture)

    def mouseReleaseEvent(self, event) -> None:
        """Let go."""
        self._held = None
