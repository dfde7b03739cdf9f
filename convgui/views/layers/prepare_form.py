"""What the network sees: how the photo becomes the input, as fields, and as pictures of what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, px, sized
from convgui.views.kit.thumbnail import draw_thumbnail, image_of
from convgui.views.layers.layer_form import LayerForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

NAMES = ("as RGB", "as BGR")
HIGH, APART, NAME = 84, 8, 16


class PreparedPictures(QWidget):
    """Pictures beside each other, each with its name below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prepared_pictures")
        self.setToolTip("The input of the first layer as a picture: its planes taken as red, green and blue, and reversed")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._images: list[QImage] = []

    def set_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> None:
        """Show these."""
        self._images = [image_of(colours) for colours in pictures]
        self.update()

    def pictures(self) -> list[QImage]:
        """Return what is shown."""
        return list(self._images)

    def sizeHint(self) -> QSize:
        """Return the room for two."""
        return QSize(240, HIGH + px(NAME) + 2)

    def paintEvent(self, event) -> None:
        """Draw them."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(sized(self, 11))
            count = max(len(self._images), 1)
            room = (self.width() - APART * (count - 1)) // count
            for place, image in enumerate(self._images):
                scale = min(room / image.width(), HIGH / image.height())
                wide, high = max(round(image.width() * scale), 1), max(round(image.height() * scale), 1)
                left = place * (room + APART)
                draw_thumbnail(painter, QRect(left + (room - wide) // 2, HIGH - high, wide, high), image)
                painter.setPen(ink("secondary"))
                line = QRect(left, HIGH + 2, room, px(NAME))
                painter.drawText(line, Qt.AlignmentFlag.AlignCenter, NAMES[place] if count > 1 else "one plane")


class PrepareForm(LayerForm):
    """Shows the fields and the pictures; `changed(name, value)` when the user sets one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="prepare")
        self.set_title("What the network sees")
        self.pictures = PreparedPictures()
        self.warning = label("", "warning", wrap=True)
        self.warning.setObjectName("prepare_warning")
        self.warning.hide()
        self.body.insertWidget(0, self.pictures)
        self.body.insertWidget(1, self.warning)

    def set_warning(self, text: str) -> None:
        """Say what does not suit the network."""
        self.warning.setText(text)
        self.warning.setVisible(bool(text))
