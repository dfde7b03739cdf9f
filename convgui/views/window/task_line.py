"""A task in the status bar: what it does, how far it is, a button that cancels it, and perhaps one that leads to more."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from convgui.views.kit.card import ElidedLabel
from convgui.views.kit.theme import icon, px

TEXT_WIDTH = 160
"""Pixels for what a task does; a longer text is cut, and whole in the tip."""


class TaskLine(QWidget):
    """Name, bar and cancel of one task; `followed` when its link was pressed."""

    cancelled = Signal(str)
    followed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"task_{name}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.text = ElidedLabel()
        self.text.setProperty("role", "detail")
        self.text.setObjectName(f"task_{name}_text")
        self.bar = QProgressBar()
        self.bar.setObjectName(f"task_{name}_progress")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(px(90))
        self.bar.setRange(0, 1000)
        self.cancel = QToolButton()
        self.cancel.setObjectName(f"task_{name}_cancel")
        self.cancel.setProperty("flat", True)
        self.cancel.setFixedSize(px(22), px(22))
        self.cancel.clicked.connect(lambda: self.cancelled.emit(name))
        self.link = QToolButton()
        self.link.setObjectName(f"task_{name}_link")
        self.link.setProperty("flat", True)
        self.link.setFixedHeight(px(22))
        self.link.clicked.connect(lambda: self.followed.emit(name))
        self.link.hide()
        for widget in (self.text, self.bar, self.link, self.cancel):
            row.addWidget(widget)
        self.refresh_icons()

    def set_task(self, text: str, part: float, *, ends: bool = True) -> None:
        """Show what is done and which part of it, from 0 to 1; what goes on after that, such as writing, has no end yet.

        `ends`: whether the user can cancel it.
        """
        self.cancel.setVisible(ends)
        self.text.set_text(text)
        needed = min(self.text.fontMetrics().horizontalAdvance(text) + 6, TEXT_WIDTH)
        self.text.setFixedWidth(max(needed, self.text.minimumWidth()))  # what counts on does not make the others move
        self.bar.setAccessibleName(f"Progress: {text}")
        self.cancel.setAccessibleName(f"Cancel: {text}")
        self.cancel.setToolTip(f"Cancel: {text}")
        self.link.setAccessibleName(f"More on: {text}")
        self.bar.setRange(0, 0 if part == 1 else 1000)
        self.bar.setValue(round(1000 * part) if 0 <= part < 1 else 0)

    def set_link(self, text: str, tip: str) -> None:
        """Offer a button that leads to more on it."""
        self.link.setText(text)
        self.link.setToolTip(tip)
        self.link.setVisible(bool(text))

    def refresh_icons(self) -> None:
        """Tint the icon anew after a change of theme."""
        self.cancel.setIcon(icon("x", size=14))
