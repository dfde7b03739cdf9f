"""The drop target: what is shown over the panes while a file or a picture is dragged over the window."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, sized

EDGE = 16
"""Pixels between the outline and the edge of the panes."""


class DropTarget(QWidget):
    """An outline with a sentence; it lies over everything and takes nothing itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drop_target")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = ""
        self.hide()

    def show_text(self, text: str) -> None:
        """Say what dropping does."""
        self.text = text
        self.setAccessibleName(text)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event) -> None:
        """Draw a veil, the outline and the sentence."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            veil = QColor(ink("card"))
            veil.setAlphaF(0.82)
            painter.fillRect(self.rect(), veil)
            painter.setPen(QPen(ink("accent"), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE), 12, 12)
            painter.setPen(ink("accent"))
            painter.setFont(sized(self, 16, semibold=True))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text)
