"""The value at the cursor: a chip beside the cell that is pointed at, with its place and its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from convgui.views.kit.card import label

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

APART, EDGE = 12, 8
"""Pixels between the chip and the cell, and between the chip and the edge of the pane."""


class ReadoutChip(QFrame):
    """Lies over a pane; the cursor goes through it."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("over", True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 4, 9, 5)
        column.setSpacing(0)
        self.where, self.value = label("", "detail"), QLabel()
        self.value.setProperty("role", "readout")
        for part in (self.where, self.value):
            part.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(part)
        self.hide()

    def show_at(self, cell: QRectF, where: str, value: str) -> None:
        """Stand beside a cell, given in pixels of the pane, on the side where there is room."""
        if (where, value) != (self.where.text(), self.value.text()):
            self.where.setText(where)
            self.value.setText(value)
        self.resize(self.sizeHint())
        room = self.parentWidget().rect().adjusted(EDGE, EDGE, -EDGE, -EDGE)
        box = QRect(0, 0, self.width(), self.height())
        box.moveLeft(round(cell.right()) + APART)
        if box.right() > room.right():
            box.moveRight(round(cell.left()) - APART)
        box.moveTop(round(cell.center().y()) - box.height() // 2)
        box.moveLeft(min(max(box.left(), room.left()), max(room.right() - box.width(), room.left())))
        box.moveTop(min(max(box.top(), room.top()), max(room.bottom() - box.height(), room.top())))
        self.move(box.topLeft())
        self.show()
