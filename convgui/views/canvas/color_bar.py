"""The colour bar over the map's right edge: which colour stands for which value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from convgui.engine.shown import apart
from convgui.views.kit import drawable
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, sized

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray
    from PySide6.QtGui import QFont

STRIP, GAP, PLATE = 10, 6, 5
"""Pixels: how wide the strip is, what lies between it and the numbers, and the rim of a number's plate."""


class ColorBar(QWidget):
    """Shows a colour table with its limits, and zero where it lies between them; as wide as its numbers.

    `wanted` is told when it wants another width.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("color_bar")
        self.setAccessibleName("Colour bar")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._strip = QImage()
        self._table: NDArray[np.uint8] = np.zeros((0, 3), np.uint8)
        self._limits = (0.0, 1.0)
        self._drawn: tuple[Hashable, QPixmap] | None = None
        self._drawn_strip: tuple[Hashable, QPixmap] | None = None
        self._wide = 0
        self._size = 12

    def sizeHint(self) -> QSize:
        """Return how wide it is with its numbers whole."""
        metrics = QFontMetricsF(self._font())
        widest = max(metrics.horizontalAdvance(text) for _, text in self.ticks())
        return QSize(round(widest + 2 * PLATE + GAP + STRIP + 2), 200)

    def set_scale(self, table: NDArray[np.uint8], low: float, high: float) -> None:
        """Show a colour table from `low` at the bottom to `high` at the top."""
        ends = low, high = drawable.ends(low, high)
        same_table = not self._strip.isNull() and np.array_equal(table, self._table)
        if same_table and ends == self._limits:
            return
        if not same_table:
            column = np.ascontiguousarray(table[:-1][::-1].reshape(-1, 1, 3))
            self._strip = QImage(column.data, 1, len(column), 3, QImage.Format.Format_RGB888).copy()
            self._drawn_strip = None
        self._limits, self._table, self._drawn = ends, table, None
        said = " to ".join(apart([low, high], 5))
        self.setAccessibleDescription(f"Colours from {said}; values beyond take the colour at the end.")
        self._tell()
        self.update()

    def set_text_size(self, pixels: int) -> None:
        """Write the numbers in letters of this size."""
        if pixels != self._size:
            self._size = pixels
            self._tell()
            self.update()

    def _tell(self) -> None:
        """Tell that another width is wanted, if it is."""
        if (wide := self.sizeHint().width()) != self._wide:
            self._wide = wide
            self.wanted.emit()

    def clear(self) -> None:
        """Show nothing."""
        self._strip = QImage()
        self.setAccessibleDescription("")
        self.update()

    def limits(self) -> tuple[float, float]:
        """Return the values at both ends."""
        return self._limits

    def ticks(self) -> list[tuple[float, str]]:
        """Return the values that are written beside the bar: the ends, zero or the middle."""
        low, high = self._limits
        middle = 0.0 if low < 0 < high else (low + high) / 2
        values = [low, middle, high] if middle not in (low, high) else [low, high]
        return list(zip(values, apart(values, 3), strict=True))

    def _font(self) -> QFont:
        return sized(self, self._size)

    def paintEvent(self, event) -> None:
        """Draw the strip and its numbers, each on a plate, as the picture lies below."""
        if self._strip.isNull():
            return
        key = self.size(), self.devicePixelRatioF(), self.palette().cacheKey(), self._size, self.limits()
        if self._drawn is None or self._drawn[0] != key:  # it lies over the map, which is drawn far more often
            self._drawn = key, self._picture()
        with painting(self) as painter:
            painter.drawPixmap(0, 0, self._drawn[1])

    def _picture(self) -> QPixmap:
        key = self.size(), self.devicePixelRatioF(), self.palette().cacheKey()
        if self._drawn_strip is None or self._drawn_strip[0] != key:
            strip = self._canvas()
            with painting(strip) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                self._draw_strip(painter)
            self._drawn_strip = key, strip
        pixmap = QPixmap(self._drawn_strip[1])
        with painting(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._font())
            for box, text in self._plates(painter.fontMetrics().height() + 3):
                plate = QColor(ink("card"))
                plate.setAlphaF(0.92)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(plate)
                painter.drawRoundedRect(box, 4, 4)
                painter.setPen(ink("text"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return pixmap

    def _canvas(self) -> QPixmap:
        """Return an empty picture of the bar's size."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap

    def _box(self) -> QRectF:
        return QRectF(self.width() - STRIP - 0.5, 0.5, STRIP, self.height() - 1)

    def _draw_strip(self, painter: QPainter) -> None:
        box, path = self._box(), QPainterPath()
        path.addRoundedRect(box, 4, 4)
        painter.setClipPath(path)
        painter.drawImage(box, self._strip)
        painter.setClipping(False)
        rim = QColor(ink("card"))
        rim.setAlphaF(0.7)
        painter.setPen(QPen(rim, 1))
        painter.drawPath(path)

    def _plates(self, line: float) -> list[tuple[QRectF, str]]:
        """Return where the numbers stand, the ends first, and without those for which there is no room."""
        (low, high), box, metrics = self._limits, self._box(), QFontMetricsF(self._font())
        plates: list[tuple[QRectF, str]] = []
        for value, text in sorted(self.ticks(), key=lambda tick: tick[0] not in (low, high)):
            y = box.bottom() - (value - low) / (high - low) * box.height()
            top = min(max(y - line / 2, 0), self.height() - line)
            wide = metrics.horizontalAdvance(text) + 2 * PLATE
            if all(abs(top - other.top()) >= line for other, _ in plates):
                plates.append((QRectF(box.left() - GAP - wide, top, wide, line), text))
        return plates
