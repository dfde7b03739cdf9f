"""The pictures of an equivalent kernel side by side, each with its title, the effective field framed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, px, sized
from convgui.views.kit.thumbnail import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

TITLE, GAP, LEAST = 20, 10, 34
"""Pixels: height of a title, between pictures, and the least width of one."""

WIDEST = 2.2
"""A picture is so many times as wide as it is high at most: that of a sequence is stretched to it."""


class FieldPicture(NamedTuple):
    """A picture: its title, colours (rows, cols, 3), and whether the effective field is framed in it."""

    title: str
    colours: NDArray[np.uint8]
    framed: bool = True


class FieldCanvas(QWidget):
    """Draws pictures as large as there is room for, at one scale; the last ones are left out where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("field_pictures")
        self.setAccessibleName("Pictures of the equivalent kernel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._pictures: list[tuple[FieldPicture, QImage]] = []
        self._frame: tuple[float, float, float, float] | None = None

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(480, 132)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(150, 96)

    def set_pictures(self, pictures: Sequence[FieldPicture], frame: tuple[float, float, float, float] | None = None) -> None:
        """Show pictures; the frame (left, top, width, height) is given in parts of them, from 0 to 1."""
        usable = [picture for picture in pictures if picture.colours.ndim == 3 and picture.colours.size]
        self._pictures = [(picture, image_of(picture.colours)) for picture in usable]
        self._frame = frame
        self.setAccessibleDescription(", ".join(picture.title for picture in usable))
        self.update()

    def boxes(self) -> list[QRectF]:
        """Return where the pictures lie."""
        if not self._pictures:
            return []
        title = px(TITLE)
        rows, cols = self._pictures[-1][0].colours.shape[:2]
        part = min(max(cols / rows, 1 / WIDEST), WIDEST)
        high = max(self.height() - title - 2.0, 1.0)
        count = len(self._pictures)
        while count > 1 and (self.width() - GAP * (count - 1)) / count < max(LEAST, 0.55 * high * part):
            count -= 1
        wide = max(min(high * part, (self.width() - GAP * (count - 1.0)) / count), 1.0)
        return [QRectF(k * (wide + GAP), title, wide, min(wide / part, high)) for k in range(count)]

    def paintEvent(self, event) -> None:
        """Draw them."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for box, (picture, image) in zip(self.boxes(), self._pictures, strict=False):
                self._draw(painter, box, picture, image)

    def _draw(self, painter: QPainter, box: QRectF, picture: FieldPicture, image: QImage) -> None:
        painter.setFont(sized(self, 12))
        painter.setPen(ink("secondary"))
        text = painter.fontMetrics().elidedText(picture.title, Qt.TextElideMode.ElideRight, round(box.width() + GAP - 4))
        painter.drawText(QRectF(box.left(), 0, box.width() + GAP, box.top() - 3), Qt.AlignmentFlag.AlignVCenter, text)
        clip = QPainterPath()
        clip.addRoundedRect(box, 5, 5)
        painter.save()
        painter.setClipPath(clip)
        ratio = self.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > box.width() * ratio)
        painter.drawImage(box, image)
        painter.restore()
        if self._frame is not None and picture.framed:
            left, top, wide, high = self._frame
            painter.setPen(QPen(ink("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inner = QRectF(
                box.left() + left * box.width(), box.top() + top * box.height(), wide * box.width(), high * box.height()
            )
            painter.drawRoundedRect(inner.adjusted(0.75, 0.75, -0.75, -0.75), 2, 2)
