"""The caption for a projector: what is done, and how the value that is pointed at is made, in large letters."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from convgui.views.kit.card import label


class Caption(QFrame):
    """Two lines below the panes; the second one is there as soon as something is pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 10, 24, 14)
        column.setSpacing(2)
        self.what, self.how = label("", "caption"), label("", "caption")
        for line in (self.what, self.how):
            line.setTextFormat(Qt.TextFormat.PlainText)
            line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            line.setMinimumWidth(1)
            column.addWidget(line)
        self.what.setObjectName("caption_what")
        self.how.setObjectName("caption_how")
        self.hide()

    def set_what(self, text: str) -> None:
        """Say what is done."""
        self.what.setText(text)

    def set_how(self, text: str) -> None:
        """Say how the value that is pointed at is made."""
        self.how.setText(text or " ")
