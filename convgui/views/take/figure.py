"""The figure: input, kernel and activation with colour bar and captions, drawn for a page instead of a screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtSvg import QSvgGenerator

from convgui.engine.shown import apart, number
from convgui.views.kit import drawable
from convgui.views.kit.cells import draw_cell, fitted_font
from convgui.views.kit.colours import signed_colour
from convgui.views.kit.drawable import painting

if TYPE_CHECKING:
    from numpy.typing import NDArray

PANEL, GAP, EDGE, CAPTION, TITLE = 420.0, 34.0, 28.0, 46.0, 30.0
KERNEL, BAR = 190.0, 84.0
FORMATS = ((".png", "PNG, 288 dpi"), (".svg", "SVG, vector"), (".pdf", "PDF, vector"))
PNG_SCALE = 3.0
INK, FAINT = QColor("#1c222c"), QColor("#626d7d")


def page_size(*pictures: tuple[int, ...]) -> QSizeF:
    """Return width and height in points of the figure of pictures of these rows and columns."""
    height = max(KERNEL, *(_panel_height(rows, cols) for rows, cols in pictures))
    return QSizeF(2 * EDGE + 2 * PANEL + KERNEL + 2 * GAP + BAR, 2 * EDGE + TITLE + height + CAPTION)


def _panel_height(rows: int, cols: int) -> float:
    if rows == 1:
        return min(PANEL / cols, 70.0)
    return min(PANEL * rows / cols, PANEL * 1.5)


@dataclass(frozen=True, eq=False)
class Figure:
    """What is drawn: two pictures with captions, the kernel between them, and the colour bar.

    `input_values` and `map_values` are given for toy grids, of which each cell is drawn with its number.
    """

    input: NDArray[np.uint8]
    map: NDArray[np.uint8]
    weights: NDArray[np.float64]
    kernel_table: NDArray[np.uint8]
    table: NDArray[np.uint8]
    limits: tuple[float, float]
    captions: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
    input_values: NDArray[np.float32] | None = None
    map_values: NDArray[np.float32] | None = None

    @property
    def size(self) -> QSizeF:
        """Width and height in points."""
        return page_size(self.input.shape[:2], self.map.shape[:2])

    def draw(self, painter: QPainter) -> None:
        """Draw it, in points from the upper left corner."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self.size
        painter.fillRect(QRectF(0, 0, size.width(), size.height()), QColor("white"))
        height = size.height() - 2 * EDGE - TITLE - CAPTION
        x, y = EDGE, EDGE + TITLE
        middle = y + height / 2
        boxes = []
        for width, picture in ((PANEL, self.input), (KERNEL, None), (PANEL, self.map)):
            boxes.append(QRectF(x, y, width, height))
            if picture is not None:
                tall = _panel_height(*picture.shape[:2])
                wide = min(width, tall * picture.shape[1] / picture.shape[0])
                box = QRectF(x + (width - wide) / 2, middle - tall / 2, wide, tall)
                self._draw_picture(painter, box, picture, self.input_values if picture is self.input else self.map_values)
            else:
                self._draw_kernel(painter, QRectF(x, middle - KERNEL / 2, KERNEL, KERNEL))
            x += width + GAP
        self._draw_bar(painter, QRectF(x - GAP + 16, y, 14, height))
        for box, (title, caption) in zip(boxes, self.captions, strict=True):
            self._text(painter, QRectF(box.left(), EDGE - 4, box.width(), TITLE), title, 17, INK, bold=True)
            below = QRectF(box.left(), box.bottom() + 8, box.width() + 24, CAPTION)
            self._text(painter, below, caption, 12.5, FAINT, wrap=True)
        for box, sign in ((boxes[0], "∗"), (boxes[1], "=")):
            self._text(painter, QRectF(box.right(), middle - 16, GAP, 32), sign, 20, FAINT, centre=True)

    def _draw_picture(self, painter, box: QRectF, picture: NDArray[np.uint8], values) -> None:
        rows, cols, _ = picture.shape
        if values is None:
            image = QImage(picture.data, cols, rows, cols * 3, QImage.Format.Format_RGB888)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, cols > PANEL / 4)
            painter.drawImage(box, image)
            return
        self._draw_cells(painter, box, values, lambda i, j: QColor(*(int(c) for c in picture[i, j])))

    def _draw_cells(self, painter, box: QRectF, values, colour) -> None:
        rows, cols = values.shape
        wide, high = box.width() / cols, box.height() / rows
        texts = [[number(float(v)) for v in row] for row in values]
        longest = max((t for row in texts for t in row), key=len)
        font = fitted_font(QFont("sans-serif"), longest, wide, high) if max(rows, cols) <= 16 else None
        gap = min(2.0, wide / 12)
        for i in range(rows):
            for j in range(cols):
                cell = QRectF(box.left() + j * wide, box.top() + i * high, wide, high).adjusted(gap, gap, -gap, -gap)
                draw_cell(painter, cell, colour(i, j), texts[i][j] if font else "", font)

    def _draw_kernel(self, painter, box: QRectF) -> None:
        rows, cols = self.weights.shape
        cell = min(box.width() / cols, box.height() / rows, 64.0)
        inner = QRectF(0, 0, cell * cols, cell * rows)
        inner.moveCenter(box.center())
        largest = float(np.abs(self.weights).max())
        colour = lambda i, j: signed_colour(float(self.weights[i, j]), largest, self.kernel_table)  # noqa: E731
        self._draw_cells(painter, inner, self.weights, colour)

    def _draw_bar(self, painter, box: QRectF) -> None:
        column = np.ascontiguousarray(self.table[:-1][::-1].reshape(-1, 1, 3))
        painter.drawImage(box, QImage(column.data, 1, len(column), 3, QImage.Format.Format_RGB888))
        low, high = drawable.ends(*self.limits)
        ticks = (low, 0.0, high) if low < 0 < high else (low, high)
        for value, text in zip(ticks, apart(ticks), strict=True):
            y = box.bottom() - (value - low) / (high - low) * box.height()
            painter.setPen(QPen(FAINT, 1))
            painter.drawLine(round(box.right()), round(y), round(box.right() + 4), round(y))
            self._text(painter, QRectF(box.right() + 7, y - 8, BAR + EDGE - 40, 16), text, 12, FAINT)

    @staticmethod
    def _text(painter, box: QRectF, text: str, size: float, colour: QColor, *, bold=False, wrap=False, centre=False) -> None:
        font = QFont(painter.font())
        font.setPixelSize(round(size))
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(colour)
        flags = Qt.AlignmentFlag.AlignCenter if centre else Qt.AlignmentFlag.AlignLeft
        if wrap:
            painter.drawText(box, flags | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, text)
        else:
            painter.drawText(box, flags | Qt.AlignmentFlag.AlignVCenter, text)

    # files

    def image(self, scale: float = PNG_SCALE) -> QImage:
        """Return it as an image."""
        size = self.size
        image = QImage(round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_RGB32)
        image.setDotsPerMeterX(round(72 * scale / 0.0254 * 96 / 72))
        image.setDotsPerMeterY(image.dotsPerMeterX())
        with painting(image) as painter:
            painter.scale(scale, scale)
            self.draw(painter)
        return image

    def encoded(self, extension: str) -> bytes:
        """Return the file's contents for one of `FORMATS`."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if extension == ".png":
            QImageWriter(buffer, QByteArray(b"png")).write(self.image())
        elif extension == ".svg":
            self._to_svg(buffer)
        else:
            self._to_pdf(buffer)
        buffer.close()
        return bytes(data.data())

    def _to_svg(self, buffer: QBuffer) -> None:
        size = self.size
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setTitle("convgui figure")
        generator.setResolution(96)
        generator.setSize(QSize(round(size.width()), round(size.height())))
        generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
        with painting(generator) as painter:
            self.draw(painter)

    def _to_pdf(self, buffer: QBuffer) -> None:
        size = self.size
        writer = QPdfWriter(buffer)
        writer.setTitle("convgui figure")
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setResolution(72)
        with painting(writer) as painter:
            self.draw(painter)
