"""A label that keeps its width while its text changes: nothing beside it jumps, and nothing around it is laid out anew."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

ANY = 16777215
"""Qt's own largest size: no limit."""


class SteadyLabel(QLabel):
    """As wide as the widest of its texts since it was empty last."""

    def set_text(self, text: str) -> None:
        """Show a text; an empty one takes the label away."""
        if text == self.text():
            return
        self.setText(text)
        if not text:
            self.hide()
            self.setMinimumSize(0, 0)
            self.setMaximumSize(ANY, ANY)
            return
        wanted = self.sizeHint()
        if wanted.width() > self.minimumWidth() or wanted.height() != self.minimumHeight():
            self.setFixedSize(max(wanted.width(), self.minimumWidth()), wanted.height())
        self.show()
