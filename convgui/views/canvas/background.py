"""The background of a pane: picture or map, its numbers and stems; what stays while the marks over it move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from convgui.views.canvas.cell_numbers import CellNumbers
from convgui.views.canvas.overlay import DIGITS, draw_stems
from convgui.views.kit import drawable
from convgui.views.kit.cells import draw_cell, draw_numbers
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from convgui.views.canvas.pane_geometry import PaneGeometry
    from convgui.views.canvas.values import Picture
    from convgui.views.kit.drawable import Rect

NUMBERS_FROM = 34
"""Pixels that a cell of a photo must measure before its number is shown."""

TOY_NUMBERS_FROM = 16


@dataclass(frozen=True)
class Background:
    """Everything that decides how it looks; two that are equal look the same.

    Attributes
    ----------
    pictures : tuple of Picture
        The coarse one of the whole first, the finest last, which has numbers.
    under : Picture, optional
        What lies below all of them, where they let it through.
    cover : tuple of rectangles
        Where no stems are drawn yet.
    palette : int
        Which colours the theme has: a palette's cache key.
    """

    place: PaneGeometry
    font: QFont
    palette: int
    pictures: tuple[Picture, ...] = ()
    toy: bool = False
    names: tuple[str, ...] = ()
    cover: tuple[Rect, ...] = ()
    stale: bool = False
    digits: int = DIGITS
    under: Picture | None = None

    def drawn(self, ratio: float) -> QPixmap:
        """Return it as a picture of its own, for a screen of so many pixels to a pixel."""
        pixmap = QPixmap(round(self.place.width * ratio), round(self.place.height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(ink("well"))  # a pixmap without transparency is drawn faster
        with painting(pixmap) as painter:
            self.draw(painter)
        return pixmap

    def draw(self, painter: QPainter, part: QRect | None = None) -> None:
        """Draw it; numbers only where they are seen in a part, if one is given."""
        whole = QRectF(0, 0, self.place.width, self.place.height)
        seen = whole if part is None else whole.intersected(QRectF(part))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(whole, ink("well"))
        if self.under is not None and self.place.lanes is None:
            box = self.place.to_pixels(*self.under.rect)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, box.width() < self.under.colours.shape[1])
            painter.drawImage(box, self.under.image())
        for picture in self._seen():
            painter.save()
            painter.setClipRegion(self._bare(picture), Qt.ClipOperation.IntersectClip)
            for row in [picture] if self.place.lanes is None else picture.by_row():
                if row.colours.size:
                    self._draw_picture(painter, row, seen if picture is self.pictures[-1] else QRectF())
            painter.restore()
        if self.stale:
            veil = QColor(ink("well"))
            veil.setAlphaF(0.45)
            painter.fillRect(whole, veil)
        if self.place.lanes is not None and self.place.lanes.tall and self.pictures:
            self._draw_names(painter)
            self._draw_stems(painter, self.pictures[-1])

    def _bare(self, picture: Picture) -> QRegion:
        """Return where a picture is seen: a coarse one only where the finest does not lie over it."""
        whole = QRegion(0, 0, round(self.place.width), round(self.place.height))
        if picture is self.pictures[-1] or self.place.lanes is not None:
            return whole
        over = self.place.to_pixels(*self.pictures[-1].rect).intersected(QRectF(whole.boundingRect()))
        return whole - QRegion(over.adjusted(1, 1, -1, -1).toAlignedRect())

    def _seen(self) -> tuple[Picture, ...]:
        """Return the visible pictures: only the finest one where it covers the others."""
        if len(self.pictures) < 2 or self.place.lanes is not None:
            return self.pictures
        below, finest = (self.place.to_pixels(*picture.rect) for picture in (self.pictures[0], self.pictures[-1]))
        whole = QRectF(0, 0, self.place.width, self.place.height)
        return self.pictures[-1:] if finest.contains(below.intersected(whole)) else self.pictures

    def _draw_picture(self, painter: QPainter, picture: Picture, seen: QRectF) -> None:
        """Draw a picture, and the numbers of the cells that are in a part."""
        box = self.place.to_pixels(*picture.rect)
        rows, cols = picture.colours.shape[:2]
        cell = min(box.width() / cols, box.height() / rows)
        if self.toy and picture.values is not None and cell >= TOY_NUMBERS_FROM:
            if not seen.isEmpty():
                self._draw_cells(painter, picture, seen, gap=min(3.0, cell / 12), boxes=True)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, cell < 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(box, picture.image())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not seen.isEmpty() and picture.values is not None and cell >= NUMBERS_FROM:
            self._draw_cells(painter, picture, seen, gap=0, boxes=False)

    def _draw_cells(self, painter: QPainter, picture: Picture, seen: QRectF, gap: float, boxes: bool) -> None:
        """Draw the numbers of the cells that are in a part, in boxes or on the picture."""
        numbers = self._numbers(picture, gap)
        if boxes:
            for cell, text, written, at in numbers.seen(seen):
                colour = QColor(*picture.colours[at][:3].tolist())
                inner = cell.adjusted(gap / 2, gap / 2, -gap / 2, -gap / 2)
                draw_cell(painter, inner, colour, text, numbers.font, ink=written)
        elif numbers.font is not None:
            draw_numbers(painter, (cell[:3] for cell in numbers.seen(seen)), numbers.font)

    def _numbers(self, picture: Picture, gap: float) -> CellNumbers:
        """Return what is written into the cells of a picture; that of a whole pane is kept, as a cursor moves over it."""
        if self.place.lanes is not None:
            return CellNumbers.of(picture, self.place, self.font, self.digits, gap)
        kept: dict[tuple[Picture, float], CellNumbers] = vars(self).setdefault("_kept", {})
        if (picture, gap) not in kept:
            kept[picture, gap] = CellNumbers.of(picture, self.place, self.font, self.digits, gap)
        return kept[picture, gap]

    def _draw_stems(self, painter: QPainter, picture: Picture) -> None:
        """Draw the stems of a sequence, all rows on one scale."""
        lanes = self.place.lanes
        if picture.values is None or lanes is None:
            return
        finite = np.clip(picture.values[np.isfinite(picture.values)].astype(np.float64), -drawable.LARGEST, drawable.LARGEST)
        ends = min(0.0, float(finite.min(initial=0.0))), max(0.0, float(finite.max(initial=0.0)))
        for row, part in enumerate(picture.by_row(), lanes.first):
            draw_stems(painter, part, self.place.to_pixels, lanes.start(row), ends, self._hidden)

    def _hidden(self, x: float) -> bool:
        """Whether the step that begins at an input coordinate is hidden."""
        return any(left <= x + 0.5 < left + width for left, _, width, _ in self.cover)

    def _draw_names(self, painter: QPainter) -> None:
        """Draw what the rows of a sequence are called."""
        assert self.place.lanes is not None
        font = type(self.font)(self.font)
        font.setPixelSize(11)
        painter.setFont(font)
        for row, name in enumerate(self.names, self.place.lanes.first):
            box = QRectF(10, self.place.lanes.start(row) + 2, self.place.width, 16)
            painter.setPen(ink("secondary"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
