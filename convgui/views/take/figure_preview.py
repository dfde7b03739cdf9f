"""A figure as the export dialog shows it: small, and on a chequered ground where it is transparent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.views.kit.pixels import image_array
from convgui.views.take.figure_parts import GROUNDS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from convgui.views.take.figure import Figure

SQUARE = 8
"""Pixels of a square of the chequered ground."""

LIGHT, DARK = (255, 236), (30, 46)
"""Its two greys, under dark and under light text."""


def preview_of(figure: Figure, room: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the colours of a figure as large as it fits into a room of so many pixels, shape (rows, cols, 3)."""
    size, ground = figure.size, GROUNDS[figure.options.ground]
    image = figure.image(min(room[0] / size.width(), room[1] / size.height()))
    return image_array(image) if ground.fill else on_squares(image, DARK if ground.dark else LIGHT)


def on_squares(image: QImage, greys: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a transparent image on squares of two greys."""
    premultiplied = image.convertToFormat(image.Format.Format_RGBA8888_Premultiplied)
    flat = np.frombuffer(premultiplied.constBits(), np.uint8).reshape(image.height(), premultiplied.bytesPerLine())
    cube = flat[:, : image.width() * 4].reshape(image.height(), image.width(), 4).astype(np.uint16)
    rows, cols = np.indices(cube.shape[:2]) // SQUARE
    ground = np.where((rows + cols) % 2, greys[1], greys[0]).astype(np.uint16)[:, :, None]
    through = (255 - cube[:, :, 3:]) * ground // 255
    return np.minimum(cube[:, :, :3] + through, 255).astype(np.uint8)
