"""Typing numbers into the cells of a grid, through a field over one of them: the kernel's grid and the toy grids have it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from convgui.views.cells import MINUS, number

DIGITS = "0123456789"
TYPED = DIGITS + ".,-+"
NUMBER = QRegularExpression(r"[-+]?\d*[.,]?\d*([eE][-+]?\d+)?")
"""What may be typed: no locale has a say in what a comma is."""


def typed_number(text: str) -> float | None:
    """Return the number that a text is, None if it is none; with a comma or a true minus sign as well.

    >>> typed_number("0,5"), typed_number("−2"), typed_number("-")
    (0.5, -2.0, None)
    """
    try:
        return float(text.replace(",", ".").replace(MINUS, "-"))
    except ValueError:
        return None


class CellEditor(QLineEdit):
    """A field over one cell: `left(down, right)` when it is complete and where to go on, `dropped` by Esc."""

    left = Signal(int, int)
    dropped = Signal()

    def __init__(self, text: str, parent: QWidget, cell: QRectF) -> None:
        super().__init__(text.replace(MINUS, "-"), parent)
        self.setValidator(QRegularExpressionValidator(NUMBER, self))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = cell.toRect()
        width, height = max(box.width(), 56), max(box.height(), 28)
        left = min(max(box.center().x() - width // 2, 0), parent.width() - width)
        top = min(max(box.center().y() - height // 2, 0), max(parent.height() - height, 0))
        self.setGeometry(left, top, width, height)

    def event(self, event) -> bool:
        """Take the keys that end typing, which would else reach the grid."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()  # which is a shortcut of the window elsewhere
            return True
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


class Typing(QObject):
    """The one field that may be open over the cells of a grid.

    `done(value, down, right)`: typing is complete, and goes on so many cells away. The value is None where it was left as
    it was shown, or is no number: what is shown is shortened and must not replace the true one.
    """

    done = Signal(object, int, int)

    def __init__(self, grid: QWidget, name: str) -> None:
        super().__init__(grid)
        self._grid, self._name = grid, name
        self._editor: CellEditor | None = None
        self._shown = ""

    def open(self, cell: QRectF, accessible: str, value: float, typed: str = "") -> None:
        """Open the field over a cell with its value selected, or with what was typed already."""
        self.close()
        editor = self._editor = CellEditor(typed or number(value, 6), self._grid, cell)
        editor.setObjectName(self._name)
        editor.setAccessibleName(accessible)
        if not typed:
            editor.selectAll()
        self._shown = "" if typed else editor.text()
        editor.left.connect(self._complete)
        editor.dropped.connect(self._drop)
        editor.show()
        editor.setFocus()

    def close(self) -> None:
        """Drop what is being typed."""
        if self._editor is not None:
            editor, self._editor = self._editor, None
            editor.hide()
            editor.deleteLater()

    def _complete(self, down: int, right: int) -> None:
        if self._editor is None:
            return
        text, held = self._editor.text(), self._editor.hasFocus()
        self.close()
        if held:
            self._grid.setFocus()
        self.done.emit(typed_number(text) if text != self._shown else None, down, right)

    def _drop(self) -> None:
        self.close()
        self._grid.setFocus()
