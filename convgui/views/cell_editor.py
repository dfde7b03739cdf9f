"""A field over one cell of a grid, to type a number into: the kernel's grid and the toy grids have it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

DIGITS = "0123456789"
TYPED = DIGITS + ".,-+"
NUMBER = QRegularExpression(r"[-+]?\d*[.,]?\d*([eE][-+]?\d+)?")
"""What may be typed: no locale has a say in what a comma is."""


class CellEditor(QLineEdit):
    """A field over one cell: `left(down, right)` when it is complete and where to go on, `dropped` by Esc."""

    left = Signal(int, int)
    dropped = Signal()

    def __init__(self, text: str, parent: QWidget, cell: QRectF) -> None:
        super().__init__(text.replace("\N{MINUS SIGN}", "-"), parent)
        self.setValidator(QRegularExpressionValidator(NUMBER, self))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = cell.toRect()
        width, height = max(box.width(), 56), max(box.height(), 28)
        left = min(max(box.center().x() - width // 2, 0), parent.width() - width)
        top = min(max(box.center().y() - height // 2, 0), max(parent.height() - height, 0))
        self.setGeometry(left, top, width, height)

    def number(self) -> float | None:
        """Return what was typed, None if it is no number."""
        try:
            return float(self.text().replace(",", "."))
        except ValueError:
            return None

    def event(self, event) -> bool:
        """Take the keys that end typing, which would else reach the grid."""
        if event.type() == QEvent.Type.KeyPress:
            goes = {
                Qt.Key.Key_Return: (0, 0),
                Qt.Key.Key_Enter: (0, 0),
                Qt.Key.Key_Tab: (0, 1),
                Qt.Key.Key_Backtab: (0, -1),
                Qt.Key.Key_Up: (-1, 0),
                Qt.Key.Key_Down: (1, 0),
            }
            if event.key() in goes:
                self.left.emit(*goes[event.key()])
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.dropped.emit()
                return True
        return super().event(event)

    def focusOutEvent(self, event) -> None:
        """Complete what was typed when the focus goes elsewhere."""
        super().focusOutEvent(event)
        if self.isVisible():
            self.left.emit(0, 0)
