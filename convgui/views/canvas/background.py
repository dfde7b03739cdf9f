"""The background of a pane: picture or map, its numbers and stems; what stays while the marks over it move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QRegion

from convgui.engine.shown import decimals_for, fixed
from convgui.views.canvas.overlay import DIGITS, draw_stems
from convgui.views.kit import drawable
from convgui.views.kit.cells import draw_cell, draw_numbers, fitted_font
from convgui.views.kit.colours import DARK_INK, LIGHT_INK, inks
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    from numpy.typing import NDArray
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

    def draw(self, painter: QPainter) -> None:
        """Draw it."""
        whole = QRectF(0, 0, self.place.width, self.place.height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(whole, ink("well"))
        if self.under is not None and self.place.lanes is None:
            box = self.place.to_pixels(*self.under.rect)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, box.width() < self.under.colours.shape[1])
            painter.drawImage(box, self.under.image())
        for picture in self._seen():
            painter.save()
            painter.setClipRegion(self._bare(picture), Qt.ClipOperation.IntersectClip)
            for part in [picture] if self.place.lanes is None else picture.by_row():
                if part.colours.size:
                    self._draw_picture(painter, part, picture is self.pictures[-1])
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

    def _draw_picture(self, painter: QPainter, picture: Picture, with_numbers: bool) -> None:
        box = self.place.to_pixels(*picture.rect)
        rows, cols = picture.colours.shape[:2]
        cell = min(box.width() / cols, box.height() / rows)
        if self.toy and picture.values is not None and cell >= TOY_NUMBERS_FROM:
            if with_numbers:
                self._draw_cells(painter, picture, box, gap=min(3.0, cell / 12), boxes=True)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, cell < 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(box, picture.image())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if with_numbers and picture.values is not None and cell >= NUMBERS_FROM:
            self._draw_cells(painter, picture, box, gap=0, boxes=False)

    def _draw_cells(self, painter: QPainter, picture: Picture, box: QRectF, gap: float, boxes: bool) -> None:
        assert picture.values is not None
        rows, cols = picture.colours.shape[:2]
        width, height = box.width() / cols, box.height() / rows
        last_row = min(int((self.place.height - box.top()) / height) + 1, rows)
        last_col = min(int((self.place.width - box.left()) / width) + 1, cols)
        first_row, first_col = max(int(-box.top() / height), 0), max(int(-box.left() / width), 0)
        shown = picture.values[first_row:last_row, first_col:last_col]
        texts, font = self._written(shown, width - 2 * gap, height)
        dark, ink_of = inks(picture.colours[..., :3]).tolist(), {True: QColor(DARK_INK), False: QColor(LIGHT_INK)}
        left, top = box.left(), box.top()
        cells = (
            (QRectF(left + j * width, top + i * height, width, height), text, ink_of[dark[i][j]], (i, j))
            for i, row in enumerate(texts, first_row)
            for j, text in enumerate(row, first_col)
        )
        if boxes:
            for cell, text, written, at in cells:
                colour = QColor(*picture.colours[at][:3].tolist())
                draw_cell(painter, cell.adjusted(gap / 2, gap / 2, -gap / 2, -gap / 2), colour, text, font, ink=written)
        elif font is not None:
            draw_numbers(painter, (cell[:3] for cell in cells), font)

    def _written(self, values: NDArray[np.float32], width: float, height: float) -> tuple[list[list[str]], QFont | None]:
        """Return values as texts with the font in which all fit; in small cells with fewer digits."""
        most = decimals_for(values)
        for decimals in range(most, max(most - 3, 0), -1) if most else (0,):
            texts = [[fixed(float(value), decimals) for value in row] for row in values]
            longest = max((text for row in texts for text in row), key=len, default="")
            if (font := fitted_font(self.font, longest, width, height, self.digits)) is not None:
                return texts, font
        return texts, None

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
