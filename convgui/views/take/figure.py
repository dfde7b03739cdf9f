"""The figure: input, kernel and activation with colour bar and captions, drawn for a page instead of a screen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtSvg import QSvgGenerator

from convgui.engine.shown import apart
from convgui.views.kit import drawable
from convgui.views.kit.drawable import painting
from convgui.views.take.figure_cells import draw_board, draw_kernel, draw_words
from convgui.views.take.figure_layout import BAR, CAPTION, EDGE, GAP, TITLE, TITLE_ROW, Layout, font_of, lay_out, union
from convgui.views.take.figure_parts import AS_USUAL, GROUNDS, Board, FigureOptions, Inks, Middle, Step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = tuple[tuple[str, str], tuple[str, str], tuple[str, str]]

FORMATS = ((".png", "PNG, pixels"), (".svg", "SVG, vector"), (".pdf", "PDF, vector"))
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
SEEN = 13.0
"""Points that a mark is wide and high at least: a pixel of a photo is still found."""

WRAPPED = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, eq=False)
class Figure:
    """What is drawn: two pictures with captions, what stands between them, and the colour bar.

    Input and map are drawn at one scale and registered: a cell of the map lies where the middle of its patch lies. What
    is added around the input is drawn faint, with a dashed rim.
    """

    input: Board
    map: Board
    middle: Middle
    table: NDArray[np.uint8]
    limits: tuple[float, float]
    captions: Words
    step: Step | None = None
    options: FigureOptions = AS_USUAL

    @cached_property
    def layout(self) -> Layout:
        """Where everything lies."""
        weights = self.middle.weights
        seen = self.input.rect, self.map.rect, *(self.step.patch if self.step is not None else ())
        return lay_out(
            reduce(union, seen),
            (0, 0) if weights is None else (weights.shape[0], weights.shape[1]),
            self.captions,
            self._told,
            cells=self.input.values is not None,
            words=self.options.captions,
        )

    @property
    def size(self) -> QSizeF:
        """Width and height in points."""
        return QSizeF(self.layout.width, self.layout.height)

    @property
    def _told(self) -> str:
        return f"{self.step.title}: {self.step.text}" if self.step else ""

    def draw(self, painter: QPainter) -> None:
        """Draw it, in points from the upper left corner."""
        inks, page = Inks(GROUNDS[self.options.ground]), self.layout
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if inks.ground.fill:
            painter.fillRect(QRectF(0, 0, page.width, page.height), QColor(inks.ground.fill))
        self._draw_outline_of_input(painter, page, inks)
        draw_board(painter, self.input, page.place(self.input.rect, page.input), inks)
        draw_board(painter, self.map, page.place(self.map.rect, page.map), inks)
        if self.middle.weights is None:
            draw_words(painter, self.middle.words, page.columns[1], inks)
        else:
            draw_kernel(painter, self.middle, page.middle, inks)
        if self.step is not None:
            self._draw_step(painter, page, self.step, inks)
        self._draw_bar(painter, page, inks)
        self._draw_signs(painter, page, inks)
        if self.options.captions:
            self._draw_captions(painter, page, inks)

    def _draw_outline_of_input(self, painter, page: Layout, inks: Inks) -> None:
        """Draw where the input lies under a map that is smaller, so that the map is seen to be."""
        added = self.input.added
        if self.input.values is None or (added is not None and added.all()):
            return
        left, top, rows, cols = self.input.rect[0], self.input.rect[1], *self.input.colours.shape[:2]
        kept = np.ones((rows, cols), bool) if added is None else ~added
        down, across = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
        inside = (left + float(across[0]), top + float(down[0]), float(len(across)), float(len(down)))
        if union(inside, self.map.rect) != self.map.rect:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(inks.rim, 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(page.place(inside, page.map), 5, 5)

    def _draw_step(self, painter, page: Layout, step: Step, inks: Inks) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        width = 2.6 if self.input.values is not None else 2.0
        for rects, box, pen in (
            (step.reads, page.input, 1.4),
            (step.patch, page.input, width),
            ((step.cell,), page.map, width),
        ):
            for rect in rects:
                painter.setPen(QPen(inks.mark, pen))
                place = page.place(rect, box)
                least = max(SEEN - min(place.width(), place.height()), 0.0) / 2
                painter.drawRoundedRect(place.adjusted(-least, -least, least, least), 5, 5)

    def _draw_bar(self, painter, page: Layout, inks: Inks) -> None:
        column = page.columns[2]
        box = QRectF(column.right() + 16, column.top(), 14, column.height())
        colours = np.ascontiguousarray(self.table[:-1][::-1].reshape(-1, 1, 3))
        painter.drawImage(box, QImage(colours.data, 1, len(colours), 3, QImage.Format.Format_RGB888))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(inks.rim, 0.8))
        painter.drawRect(box)
        low, high = drawable.ends(*self.limits)
        ticks = (low, 0.0, high) if low < 0 < high else (low, high)
        at: list[float] = []
        for value, text in zip((low, high, *ticks[1:-1]), apart((low, high, *ticks[1:-1])), strict=True):
            y = box.bottom() - (value - low) / (high - low) * box.height()
            if any(abs(y - other) < 14 for other in at):  # zero beside an end would be written over it
                continue
            at.append(y)
            painter.setPen(QPen(inks.faint, 1))
            painter.drawLine(round(box.right()), round(y), round(box.right() + 4), round(y))
            self._write(painter, QRectF(box.right() + 7, y - 8, BAR + EDGE - 40, 16), text, font_of(12), inks.faint)

    def _draw_signs(self, painter, page: Layout, inks: Inks) -> None:
        first, second, third = page.columns
        signs = (self.middle.sign, "=") if self.middle.weights is not None else ("→", "→")
        for left, right, sign in ((first, second, signs[0]), (second, third, signs[1])):
            box = QRectF(left.right(), left.center().y() - 16, right.left() - left.right(), GAP)
            self._write(painter, box, sign, font_of(20), inks.faint, CENTRE)

    def _draw_captions(self, painter, page: Layout, inks: Inks) -> None:
        title_font = font_of(TITLE, bold=True)
        metrics = QFontMetricsF(title_font)
        for column, (title, caption) in zip(page.columns, self.captions, strict=True):
            shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, column.width())
            self._write(painter, QRectF(column.left(), EDGE - 6, column.width(), TITLE_ROW - 6), shown, title_font, inks.ink)
            below = QRectF(column.left(), page.caption, column.width(), page.height - page.caption)
            self._write(painter, below, caption, font_of(CAPTION), inks.faint, WRAPPED)
        if self.step is not None:
            box = QRectF(EDGE, page.below, page.width - 2 * EDGE, page.height - page.below)
            self._write(painter, box, self._told, font_of(CAPTION + 1), inks.ink, WRAPPED)

    @staticmethod
    def _write(painter, box: QRectF, text: str, font: QFont, colour: QColor, flags=LEFT) -> None:
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(box, int(flags), text)

    # files

    def image(self, scale: float | None = None) -> QImage:
        """Return it as an image, transparent where it has no ground; by default at the scale of its options."""
        scale, size = scale or self.options.scale, self.size
        wide, high = max(round(size.width() * scale), 1), max(round(size.height() * scale), 1)
        image = QImage(wide, high, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        image.setDotsPerMeterX(round(scale / 0.0254 * 96))
        image.setDotsPerMeterY(image.dotsPerMeterX())
        with painting(image) as painter:
            painter.scale(scale, scale)
            self.draw(painter)
        if not GROUNDS[self.options.ground].fill:
            return image
        opaque = image.convertToFormat(QImage.Format.Format_RGB32)
        opaque.setDotsPerMeterX(image.dotsPerMeterX())
        opaque.setDotsPerMeterY(image.dotsPerMeterY())
        return opaque

    def encoded(self, extension: str, metadata: bytes = b"") -> bytes:
        """Return the file's contents for one of `FORMATS`; a PDF takes metadata, an XMP packet."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if extension == ".png":
            QImageWriter(buffer, QByteArray(b"png")).write(self.image())
        elif extension == ".svg":
            self._to_svg(buffer)
        else:
            self._to_pdf(buffer, metadata)
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

    def _to_pdf(self, buffer: QBuffer, metadata: bytes) -> None:
        size = self.size
        writer = QPdfWriter(buffer)
        if metadata:
            writer.setDocumentXmpMetadata(QByteArray(metadata))
        writer.setTitle("convgui figure")
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setResolution(72)
        with painting(writer) as painter:
            self.draw(painter)
