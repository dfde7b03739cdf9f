"""A thumbnail: a small picture in a box with round corners, cells as cells where there are few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QPainterPath

from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CORNER = 5
"""The radius of the corners."""

FEW = 64
"""Up to so many rows and columns each cell is a square of one colour."""


def image_of(colours: NDArray[np.uint8]) -> QImage:
    """Return colours of shape (rows, cols, 3) as a picture with a memory of its own."""
    rows, cols, _ = colours.shape
    return QImage(colours.tobytes(), cols, rows, cols * 3, QImage.Format.Format_RGB888).copy()


def draw_thumbnail(painter: QPainter, box: QRect, image: QImage | None) -> None:
    """Draw a picture into a box, or just the box where there is no picture yet."""
    clip = QPainterPath()
    clip.addRoundedRect(box, CORNER, CORNER)
    painter.fillPath(clip, ink("well"))
    if image is not None:
        painter.save()
        painter.setClipPath(clip)
        _fill(painter, box, image)
        painter.restore()


def _fill(painter: QPainter, box: QRect, image: QImage) -> None:
    """Fill the box with the middle of the picture; a toy grid or a sequence is stretched, cells as cells."""
    smooth = image.width() > FEW or image.height() > FEW
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    if not smooth or image.height() == 1:
        painter.drawImage(box, image)
        return
    scale = max(box.width() / image.width(), box.height() / image.height())
    width, height = box.width() / scale, box.height() / scale
    part = QRect(round((image.width() - width) / 2), round((image.height() - height) / 2), round(width), round(height))
    painter.drawImage(box, image, part)
