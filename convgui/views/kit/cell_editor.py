"""Typing numbers into cells, in a field over one of them, for the kernel's grid and for toy grids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal

from convgui.views.kit.number_field import NumberField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

DIGITS = "0123456789"
TYPED = DIGITS + ".,-+"
GOES = {
    Qt.Key.Key_Return: (0, 0),
    Qt.Key.Key_Enter: (0, 0),
    Qt.Key.Key_Tab: (0, 1),
    Qt.Key.Key_Backtab: (0, -1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
"""Keys that complete typing, and how many cells down and to the right typing continues."""


class CellEditor(NumberField):
    """A field over one cell: `left(down, right)` when its number was taken and where to go on, `dropped` by Esc."""

    left = Signal(int, int)
    dropped = Signal()

    def __init__(self, name: str, accessible: str, parent: QWidget, cell: QRectF, *, single: bool) -> None:
        super().__init__(name, accessible, single=single, parent=parent)
        self._arrows = False
        self.setTextMargins(0, 0, 0, 0)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = cell.toRect()
        width, height = max(box.width(), 56), max(box.height(), 28)
        left = min(max(box.center().x() - width // 2, 0), parent.width() - width)
        top = min(max(box.center().y() - height // 2, 0), max(parent.height() - height, 0))
        self.setFixedSize(width, height)
        self.move(left, top)

    def event(self, event) -> bool:
        """Handle the keys that end typing, before the grid or the window gets them."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            if event.key() in GOES:
                if self.take():
                    self.left.emit(*GOES[event.key()])
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.dropped.emit()
                return True
        return super().event(event)

    def wheelEvent(self, event) -> None:
        """Leave the wheel to the grid."""
        event.ignore()

    def focusOutEvent(self, event) -> None:
        """Complete typing when the focus is lost; text that is not valid stays."""
        super().focusOutEvent(event)
        if self.isVisible() and self.take():
            self.left.emit(0, 0)


class Typing(QObject):
    """The one field that may be open over the cells of a grid.

    `done(value, down, right)`: typing is complete, and goes on so many cells away. The value is None where it is the
    former one.

    Parameters
    ----------
    grid : QWidget
        What the field lies on.
    name : str
        The field's object name.
    single : bool
        Whether the cells are stored as float32.
    """

    done = Signal(object, int, int)

    def __init__(self, grid: QWidget, name: str, *, single: bool = False) -> None:
        super().__init__(grid)
        self._grid, self._name, self._single = grid, name, single
        self._editor: CellEditor | None = None
        self._before = 0.0

    def open(self, cell: QRectF, accessible: str, value: float, typed: str = "") -> None:
        """Open the field over a cell with its value selected, or with what was typed already."""
        self.close()
        editor = self._editor = CellEditor(self._name, accessible, self._grid, cell, single=self._single)
        self._before = value
        editor.set_value(value)
        editor.left.connect(self._complete)
        editor.dropped.connect(self._drop)
        editor.show()
        editor.setFocus()
        if typed:
            editor.setText(typed)
        else:
            editor.selectAll()

    def finish(self) -> bool:
        """Take what is being typed and close the field; return False where it cannot be taken, and stays."""
        if self._editor is not None and self._editor.take():
            self._complete(0, 0)
        if self._editor is not None:
            self._editor.setFocus()
        return self._editor is None

    def close(self) -> None:
        """Drop what is being typed."""
        if self._editor is not None:
            editor, self._editor = self._editor, None
            editor.drop()
            editor.hide()
            editor.deleteLater()

    def _complete(self, down: int, right: int) -> None:
        if self._editor is None:
            return
        value, held = self._editor.value(), self._editor.hasFocus()
        self.close()
        if held:
            self._grid.setFocus()
        self.done.emit(value if value != self._before else None, down, right)

    def _drop(self) -> None:
        self.close()
        self._grid.setFocus()
