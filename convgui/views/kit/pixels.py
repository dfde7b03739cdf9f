"""Pixels: Qt's images as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from convgui.views.kit.drawable import painting

if TYPE_CHECKING:
    from numpy.typing import NDArray


def image_array(image: QImage) -> NDArray[np.uint8]:
    """Return an image as uint8, shape (rows, cols, 3), on a white ground where it is transparent."""
    if image.hasAlphaChannel():
        ground = QImage(image.size(), QImage.Format.Format_RGB32)
        ground.fill(0xFFFFFFFF)
        with painting(ground) as painter:
            painter.drawImage(0, 0, image)
        image = ground
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()
