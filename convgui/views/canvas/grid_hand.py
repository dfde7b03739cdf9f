"""Editing a toy grid in a pane: turns typing, painting and pasting over its cells into signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence

from convgui.views.kit.cell_editor import DIGITS, Typing
from convgui.views.kit.strokes import cells_between

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from convgui.views.canvas.pane_geometry import PaneGeometry

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class GridHand(QObject):
    """Handles a pane's events while its cells can be edited; each method returns whether it did.

    `typed(row, col, value)`; `painted(row, col, value, stroke)`: all cells of one drag have the same stroke number;
    `pasted(row, col)`: from this cell on.
    """

    typed = Signal(int, int, float)
    painted = Signal(int, int, float, int)
    pasted = Signal(int, int)

    def __init__(self, pane: QWidget, place: Callable[[], PaneGeometry], numbers: Callable[[], NDArray[np.float32]]) -> None:
        super().__init__(pane)
        self._place, self._numbers = place, numbers
        self._editable, self._cell = False, (0, 0)
        self._brush: float | None = None
        self._stroke, self._stroking, self._last, self._value = 0, False, (0, 0), 0.0
        self._typing = Typing(pane, "grid_cell_editor", single=True)
        self._typing.done.connect(self._complete)

    def set_editable(self, editable: bool) -> None:
        """Allow editing; for another grid, call it with False first, which resets the cell."""
        self._editable = editable
        if not editable:
            self._typing.close()
            self._cell, self._stroking = (0, 0), False

    def drop(self) -> None:
        """Discard what is being typed, as its cell moves."""
        self._typing.close()

    def set_brush(self, value: float | None) -> None:
        """Paint this value where the mouse is dragged, 0 with the right button; None paints nothing."""
        self._brush = value

    def set_cell(self, row: int, col: int) -> None:
        """Let typing and pasting begin at a cell, if the grid has it."""
        rows, cols = self._numbers().shape
        if 0 <= row < rows and 0 <= col < cols:
            self._cell = row, col

    def cell_under(self, point: QPointF) -> tuple[int, int] | None:
        """Return the editable cell under a point of the pane."""
        x, y = self._place().to_input(point)
        rows, cols = self._numbers().shape
        return (int(y), int(x)) if self._editable and 0 <= x < cols and 0 <= y < rows else None

    # mouse

    def press(self, event: QMouseEvent) -> bool:
        """Begin a stroke."""
        cell = self.cell_under(event.position()) if self._brush is not None else None
        if cell is None or event.button() not in (LEFT, RIGHT):
            return False
        if not self._typing.finish():
            return True
        self._stroke, self._stroking = self._stroke + 1, True
        self._value = (self._brush or 0.0) if event.button() == LEFT else 0.0
        self._last = self._cell = cell
        self.painted.emit(*cell, self._value, self._stroke)
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Go on with the stroke, or remember the cell under the cursor: typing and pasting begin there."""
        cell = self.cell_under(event.position())
        if self._brush is None or not event.buttons() & (LEFT | RIGHT):
            self._cell = cell or self._cell
            return False
        if self._stroking and cell is not None and cell != self._last:
            for step in cells_between(self._last, cell):
                self.painted.emit(*step, self._value, self._stroke)
            self._last = self._cell = cell
        return True

    def double_click(self, event: QMouseEvent) -> bool:
        """Type into the cell; with the brush, begin a second stroke."""
        cell = self.cell_under(event.position())
        if cell is None or self._brush is not None:
            return self.press(event)
        if not self._typing.finish():
            return True
        self._cell = cell
        self._edit()
        return True

    # keyboard

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is for the grid: digits and Ctrl+V, which are shortcuts of the window elsewhere."""
        return self._editable and (self._begins(event) or event.matches(QKeySequence.StandardKey.Paste))

    def key(self, event: QKeyEvent) -> bool:
        """Type or paste."""
        if not self._editable:
            return False
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(*self._cell)
        elif self._begins(event):
            self._edit(event.text())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.typed.emit(*self._cell, 0.0)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._edit()
        else:
            return False
        return True

    @staticmethod
    def _begins(event: QKeyEvent) -> bool:
        return bool(event.text()) and event.text() in DIGITS

    def _edit(self, typed: str = "", numbers: NDArray[np.float32] | None = None) -> None:
        """Open a field over the cell, with what was typed or its number."""
        numbers = self._numbers() if numbers is None else numbers
        row, col = self._cell
        if row < numbers.shape[0] and col < numbers.shape[1]:
            box = self._place().to_pixels(col, row, 1, 1)
            value = float(str(numbers[row, col]))  # the shortest number that is stored so, not 0.10000000149
            self._typing.open(box, f"Value in row {row}, column {col}", value, typed)

    def _complete(self, value: float | None, down: int, right: int) -> None:
        numbers = self._numbers()  # read before emitting, which may remove the picture until a new one is there
        if value is not None:
            self.typed.emit(*self._cell, value)
        row, col = self._cell[0] + down, self._cell[1] + right
        if (down, right) != (0, 0) and 0 <= row < numbers.shape[0] and 0 <= col < numbers.shape[1]:
            self._cell = row, col  # go on in the next cell, as in a spreadsheet
            self._edit(numbers=numbers)
