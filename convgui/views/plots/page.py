"""A plot drawn for a page: what a PNG or an SVG of it holds, and what is copied; drawn by ourselves, light on white."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, QPen, QPolygonF
from PySide6.QtSvg import QSvgGenerator

from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import base_font
from convgui.views.plots.ticks import counts_text, texts, ticks

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from convgui.views.plots.values import Drawing, Scale, Series

WIDE, HIGH = 720, 420
"""Points of the page."""

LEFT, RIGHT, TOP, BOTTOM = 64, 24, 40, 56
SCALE = 3
"""Pixels of a picture for each point."""

INK, FAINT, LINE = QColor("#1c222c"), QColor("#626d7d"), QColor("#c3c9d2")
APART = 80, 40
"""Points between two numbers of an axis, across and upwards."""


class Page:
    """Draws a plot; `image` and `svg` may be called on any thread."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        right = RIGHT if drawing.right is None else LEFT
        self._box = QRectF(LEFT, TOP, WIDE - LEFT - right, HIGH - TOP - BOTTOM)

    def image(self) -> QImage:
        """Return it in pixels."""
        image = QImage(WIDE * SCALE, HIGH * SCALE, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        with painting(image) as painter:
            painter.scale(SCALE, SCALE)
            self._draw(painter)
        return image

    def encoded(self, ending: str) -> bytes:
        """Return the bytes of a file: of a .svg, else of a PNG."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if ending == ".svg":
            generator = QSvgGenerator()
            generator.setOutputDevice(buffer)
            generator.setSize(QSize(WIDE, HIGH))
            generator.setViewBox(QRectF(0, 0, WIDE, HIGH))
            generator.setTitle(self._drawing.title)
            with painting(generator) as painter:
                self._draw(painter)
        else:
            QImageWriter(buffer, b"png").write(self.image())
        buffer.close()
        return bytes(data.data())

    # what is drawn

    def _draw(self, painter: QPainter) -> None:
        drawing, box = self._drawing, self._box
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(_font(15, bold=True))
        painter.setPen(INK)
        painter.drawText(QRectF(LEFT, 8, WIDE - 2 * LEFT, 24), Qt.AlignmentFlag.AlignVCenter, drawing.title)
        self._draw_legend(painter)
        painter.save()
        painter.setClipRect(box)
        if drawing.picture is not None:
            self._draw_picture(painter)
        for series in drawing.series:
            self._draw_series(painter, series)
        for value, colour in drawing.marks:
            painter.setPen(QPen(QColor(colour), 1.6))
            x = self._x(value)
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(LINE, 1))
        painter.drawRect(box)
        self._draw_across(painter)
        self._draw_up(painter, drawing.up, right=False)
        if drawing.right is not None:
            self._draw_up(painter, drawing.right, right=True)

    def _x(self, value: float) -> float:
        scale = self._drawing.across
        return self._box.left() + (value - scale.low) / (scale.high - scale.low) * self._box.width()

    def _y(self, value: float, scale: Scale) -> float:
        return self._box.bottom() - (value - scale.low) / (scale.high - scale.low) * self._box.height()

    def _draw_series(self, painter: QPainter, series: Series) -> None:
        scale = self._drawing.right if series.right and self._drawing.right is not None else self._drawing.up
        colour = QColor(series.colour)
        if series.bars:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            bottom = self._y(max(scale.low, 0.0), scale)
            for left, right, y in zip(series.x[:-1].tolist(), series.x[1:].tolist(), series.y.tolist(), strict=True):
                if y and self._x(right) > self._box.left() and self._x(left) < self._box.right():
                    painter.drawRect(QRectF(QPointF(self._x(left), self._y(y, scale)), QPointF(self._x(right), bottom)))
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.4))
        finite = np.isfinite(series.y) & np.isfinite(series.x)
        for run in np.split(np.arange(len(finite)), np.flatnonzero(np.diff(finite.astype(np.int8))) + 1):
            if not len(run) or not finite[run[0]]:
                continue
            line = QPolygonF([QPointF(self._x(float(series.x[k])), self._y(float(series.y[k]), scale)) for k in run])
            if len(run) == 1:
                painter.drawEllipse(line.first(), 1.2, 1.2)
            else:
                painter.drawPolyline(line)

    def _draw_picture(self, painter: QPainter) -> None:
        colours = np.ascontiguousarray(self._drawing.picture)
        rows, cols, _ = colours.shape
        left, top, width, height = self._drawing.where
        up = self._drawing.up
        first = QPointF(self._x(left), self._y(top, up))
        box = QRectF(first, QPointF(self._x(left + width), self._y(top + height, up)))
        painter.drawImage(box, QImage(colours.data, cols, rows, cols * 3, QImage.Format.Format_RGB888))

    def _draw_legend(self, painter: QPainter) -> None:
        """Name the lines where there are several."""
        named = self._drawing.series if len(self._drawing.series) > 1 else ()
        painter.setFont(_font(12))
        x = self._box.right()
        for series in reversed(named):
            wide = painter.fontMetrics().horizontalAdvance(series.name) + 2
            x -= wide
            painter.setPen(INK)
            painter.drawText(QRectF(x, 10, wide, 20), Qt.AlignmentFlag.AlignVCenter, series.name)
            painter.setPen(QPen(QColor(series.colour), 3))
            painter.drawLine(QPointF(x - 22, 20), QPointF(x - 6, 20))
            x -= 38

    def _draw_across(self, painter: QPainter) -> None:
        scale, box = self._drawing.across, self._box
        values = ticks(scale.low, scale.high, box.width() / APART[0])
        painter.setFont(_font(12))
        for value, text in zip(values, texts(values), strict=True):
            painter.setPen(LINE)
            painter.drawLine(QPointF(self._x(value), box.bottom()), QPointF(self._x(value), box.bottom() + 4))
            painter.setPen(FAINT)
            painter.drawText(QRectF(self._x(value) - 40, box.bottom() + 6, 80, 16), Qt.AlignmentFlag.AlignCenter, text)
        painter.setPen(INK)
        painter.drawText(QRectF(box.left(), box.bottom() + 26, box.width(), 20), Qt.AlignmentFlag.AlignCenter, scale.label)

    def _draw_up(self, painter: QPainter, scale: Scale, *, right: bool) -> None:
        box, side = self._box, self._box.right() if right else self._box.left()
        most = box.height() / APART[1]
        if scale.logarithmic:
            powers = [power for power in ticks(0.0, max(scale.high - scale.above, 0.0), most) if power == round(power)]
            shown = [(power + scale.above, counts_text(power)) for power in powers]
        else:
            values = ticks(scale.low, scale.high, most)
            shown = list(zip(values, texts(values), strict=True))
        painter.setFont(_font(12))
        for value, text in shown:
            y = self._y(value, scale)
            painter.setPen(LINE)
            painter.drawLine(QPointF(side, y), QPointF(side + (4 if right else -4), y))
            painter.setPen(FAINT)
            at = QRectF(side + 8, y - 8, 60, 16) if right else QRectF(side - 68, y - 8, 60, 16)
            align = Qt.AlignmentFlag.AlignLeft if right else Qt.AlignmentFlag.AlignRight
            painter.drawText(at, align | Qt.AlignmentFlag.AlignVCenter, text)
        painter.save()
        painter.translate(WIDE - 10 if right else 10, box.center().y())
        painter.rotate(-90)
        painter.setPen(INK)
        painter.drawText(QRectF(-box.height() / 2, -8, box.height(), 16), Qt.AlignmentFlag.AlignCenter, scale.label)
        painter.restore()


def _font(pixels: int, *, bold: bool = False) -> QFont:
    font = base_font()
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font
