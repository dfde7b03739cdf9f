"""The filter that a kernel is a channel of: pictures of all of it and of its channels, of which one is edited below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, px, sized
from convgui.views.kit.thumbnail import draw_thumbnail, image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

SIDE, APART, NAME = 46, 6, 15
"""Pixels of a picture, between two, and of the name below it."""


class FilterStrip(QWidget):
    """Shows a filter; `chosen` carries the channel that the user picks."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filter_strip")
        self.setAccessibleName("Channels of the filter")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("The filter in colour, and each of its input channels: a click edits a channel below")
        self._parts: list[tuple[int, str, QImage]] = []
        self._channel = -1

    def set_filter(self, parts: Sequence[tuple[int, str, NDArray[np.uint8]]] | None, channel: int = -1) -> None:
        """Show pictures as (channel, name, colours), that of -1 is all of it; None, or one, shows nothing."""
        self.setVisible(parts is not None and len(parts) > 1)
        self._parts = [(number, name, image_of(colours)) for number, name, colours in parts or ()]
        self._channel = channel
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for a row of pictures with their names."""
        return QSize(len(self._parts) * (SIDE + APART), SIDE + px(NAME) + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the room for a few."""
        return QSize(SIDE, SIDE + px(NAME) + 4)

    def _box(self, place: int) -> QRect:
        room = max(self.width() - APART * (len(self._parts) - 1), len(self._parts))
        side = min(SIDE, room // max(len(self._parts), 1))
        return QRect(place * (side + APART) + 1, 2, side - 2, side - 2)

    def paintEvent(self, event) -> None:
        """Draw the pictures with their names."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(sized(self, 11))
            for place, (channel, name, image) in enumerate(self._parts):
                box = self._box(place)
                draw_thumbnail(painter, box, image)
                here = channel == self._channel
                if here:
                    painter.setPen(QPen(ink("accent"), 2))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRoundedRect(box, 5, 5)
                painter.setPen(ink("text" if here else "secondary"))
                line = QRect(box.left() - APART // 2, box.bottom() + 3, box.width() + APART, px(NAME))
                text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, line.width())
                painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)

    def mousePressEvent(self, event) -> None:
        """Choose the channel under the cursor."""
        for place, (channel, _, _) in enumerate(self._parts):
            if channel >= 0 and self._box(place).contains(event.position().toPoint()):
                self.chosen.emit(channel)

    def keyPressEvent(self, event) -> None:
        """Go to the next channel, or the one before."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(event.key())
        channels = [channel for channel, _, _ in self._parts if channel >= 0]
        if by is None or self._channel not in channels:
            super().keyPressEvent(event)
            return
        place = channels.index(self._channel) + by
        if 0 <= place < len(channels):
            self.chosen.emit(channels[place])
