"""The kernel's grid: weights are painted with the mouse, changed by the wheel, and typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convgui.engine.numerals import step_for, stepped
from convgui.engine.shown import number, short
from convgui.views.kit import drawable
from convgui.views.kit.cell_editor import TYPED, Typing
from convgui.views.kit.cells import draw_cell, draw_cells_at_once, fitted_font
from convgui.views.kit.colours import signed_colours
from convgui.views.kit.drawable import painting
from convgui.views.kit.strokes import cells_between
from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    from collections.abc import Hashable

    from numpy.typing import NDArray
    from PySide6.QtGui import QFont, QRegion

WIDTH, TALLEST = 262, 138
WITH_NUMBERS = 13
"""Kernels up to so many rows and columns have numbers."""

FINE = 0.01
"""What one pixel of a Shift drag changes a weight by, times the largest weight."""


class Face(NamedTuple):
    """What cells look like: in which font, and the text and colour of each; `key` says for what it holds."""

    key: Hashable
    font: QFont | None
    cells: dict[tuple[int, int], tuple[str, tuple[int, ...]]]


class KernelGrid(QWidget):
    """Shows weights; gestures are emitted as signals with the cell and the new value.

    `painted(row, col, value, stroke)`: left drag paints the brush, right drag its negative, all cells of one drag with
    the same stroke number. `nudged` is the same for the wheel, `scrubbed` for a Shift drag, `typed` for the keyboard.
    """

    painted = Signal(int, int, float, int)
    nudged = Signal(int, int, float)
    scrubbed = Signal(int, int, float, int)
    typed = Signal(int, int, float)
    hovered = Signal(int, int)
    unhovered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel_grid")
        self.setAccessibleName("Kernel weights")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setToolTip(  # as rich text, which is broken into lines
            "<qt>Left drag paints the brush, right drag its negative. The wheel nudges a weight, Shift and drag scrubs it "
            "finely. Arrow keys move, digits type, Delete sets 0.</qt>"
        )
        self._weights = np.zeros((3, 3))
        self._table: NDArray[np.uint8] = np.full((257, 3), 128, np.uint8)
        self._brush, self._stroke, self._focus = 1.0, 0, (0, 0)
        self._last: tuple[int, int] | None = None
        self._scrub: tuple[float, float, tuple[int, int]] | None = None
        self._scale = 1.0
        self._face: Face | None = None
        self._mark: tuple[int, int] | None = None
        self._outlined = False
        self._typing = Typing(self, "kernel_cell_editor")
        self._typing.done.connect(self._complete)
        self._before: float | None = None
        self.setFixedHeight(self.sizeHint().height())

    # setters

    def set_weights(self, weights: NDArray[np.float64]) -> None:
        """Show these weights, shape (rows, cols)."""
        weights = drawable.matrix(weights)
        shape_changed = weights.shape != self._weights.shape
        before = None if shape_changed else self._face
        self._weights, self._face = weights, None
        self._focus = min(self._focus[0], weights.shape[0] - 1), min(self._focus[1], weights.shape[1] - 1)
        if shape_changed:
            self._typing.close()
            self.setFixedHeight(self.sizeHint().height())
        if before is None or max(weights.shape) > WITH_NUMBERS:
            self.update()
            return
        now = self._faced()
        for (i, j), cell in now.cells.items():
            if cell != before.cells[i, j] or now.font != before.font:
                self.update(self.cell_rect(i, j).adjusted(-2, -2, 2, 2).toAlignedRect())

    def set_table(self, table: NDArray[np.uint8]) -> None:
        """Use this signed colour table."""
        self._table, self._face = table, None
        self.update()

    def set_brush(self, value: float) -> None:
        """Paint this value from now on."""
        self._brush = value

    def set_mark(self, cell: tuple[int, int] | None) -> None:
        """Outline a cell."""
        if cell != self._mark:
            self._mark = cell
            self.update()

    def mark(self) -> tuple[int, int] | None:
        """Return the cell that is outlined."""
        return self._mark

    def set_outlined(self, outlined: bool) -> None:
        """Outline all weights while an output cell is explained."""
        if outlined != self._outlined:
            self._outlined = outlined
            self.update()

    # geometry

    def sizeHint(self) -> QSize:
        """Return the size at which the cells are no taller than wide."""
        rows, cols = self._weights.shape
        cell = min(WIDTH / cols, TALLEST / rows, 66)
        return QSize(WIDTH, max(round(cell * rows), 26))

    def cell_rect(self, row: int, col: int) -> QRectF:
        """Return where a weight is drawn."""
        rows, cols = self._weights.shape
        height = self.height() / rows
        width = min(self.width() / cols, height * (1.4 if cols <= 7 else 1.0) if rows > 1 else 90.0)
        left = (self.width() - width * cols) / 2
        gap = min(3.0, width / 8, height / 8) if min(width, height) >= 7 else 0.0
        box = QRectF(left + col * width, row * height, width, height)
        return box.adjusted(gap / 2, gap / 2, -gap / 2, -gap / 2)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the cell under a point of the widget, if there is one."""
        rows, cols = self._weights.shape
        first, last = self.cell_rect(0, 0), self.cell_rect(rows - 1, cols - 1)
        if not (first.left() - 2 <= x <= last.right() + 2 and 0 <= y < self.height()):
            return None
        pitch = (last.right() - first.left() + 0.01) / cols
        col = min(max(int((x - first.left()) / pitch), 0), cols - 1)
        return min(int(y / (self.height() / rows)), rows - 1), col

    # painting

    def paintEvent(self, event) -> None:
        """Draw the weights."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            rows, cols = self._weights.shape
            if not self.isEnabled():  # there is no kernel, so no weights of a former one
                self._draw_nothing(painter)
                return
            if max(rows, cols) <= WITH_NUMBERS:
                self._draw_cells(painter, event.region())
            else:
                self._draw_image(painter)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if self.hasFocus():
                painter.setPen(QPen(ink("accent"), 2))
                painter.drawRoundedRect(self.cell_rect(*self._focus), 4, 4)
            if self._outlined:
                painter.setPen(QPen(ink("accent"), 1.5))
                whole = self.cell_rect(0, 0).united(self.cell_rect(rows - 1, cols - 1)).adjusted(-1, -1, 1, 1)
                painter.drawRoundedRect(whole.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1)), 5, 5)
            if self._mark is not None and self._mark[0] < rows and self._mark[1] < cols:
                painter.setPen(QPen(ink("accent"), 2))
                painter.drawRoundedRect(self.cell_rect(*self._mark), 4, 4)

    def _draw_nothing(self, painter: QPainter) -> None:
        """Draw the room that a kernel takes."""
        rows, cols = self._weights.shape
        whole = self.cell_rect(0, 0).united(self.cell_rect(rows - 1, cols - 1))
        painter.setPen(QPen(ink("line"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(whole.adjusted(1, 1, -1, -1), 5, 5)

    def _faced(self) -> Face:
        """Return what the cells look like, of weights that are few enough for numbers."""
        key = self.size(), self.font().key(), self.palette().cacheKey()
        if self._face is None or self._face.key != key:
            self._face = self._find_face(key)
        return self._face

    def _find_face(self, key: Hashable) -> Face:
        rows, cols = self._weights.shape
        largest = float(np.abs(self._weights).max()) or 1.0
        box = self.cell_rect(0, 0)
        for digits in (3, 2, 1):  # rather fewer digits than no numbers
            texts = [[number(float(w), digits) if digits > 1 else short(float(w)) for w in row] for row in self._weights]
            longest = max((text for row in texts for text in row), key=len)
            font = fitted_font(self.font(), longest, box.width() + 2, box.height(), largest=15)
            if font is not None:
                break
        colours = signed_colours(self._weights, largest, self._table).tolist()
        cells = {(i, j): (texts[i][j] if font else "", tuple(colours[i][j])) for i in range(rows) for j in range(cols)}
        return Face(key, font, cells)

    def _draw_cells(self, painter: QPainter, region: QRegion) -> None:
        """Draw weights that are few enough for numbers, as far as they lie in a region."""
        face, rim = self._faced(), ink("line") if self.cell_rect(0, 0).width() >= 7 else None  # zero is nearly the card's
        for (i, j), (text, colour) in face.cells.items():
            box = self.cell_rect(i, j)
            if region.intersects(box.adjusted(-2, -2, 2, 2).toAlignedRect()):
                draw_cell(painter, box, QColor(*colour), text, face.font, rim=rim)

    def _draw_image(self, painter: QPainter) -> None:
        """Draw many weights as one image, with the gaps drawn over it: a large kernel must be drawn quickly."""
        rows, cols = self._weights.shape
        largest = float(np.abs(self._weights).max()) or 1.0
        first, last = self.cell_rect(0, 0), self.cell_rect(rows - 1, cols - 1)
        whole = first.united(last)
        draw_cells_at_once(painter, whole, signed_colours(self._weights, largest, self._table))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        wide, high = (whole.width() + 1) / cols, (whole.height() + 1) / rows
        if min(wide, high) >= 5:
            painter.setPen(QPen(ink("card"), 1))
            for j in range(1, cols):
                x = round(whole.left() + j * wide)
                painter.drawLine(x, round(whole.top()), x, round(whole.bottom()))
            for i in range(1, rows):
                y = round(whole.top() + i * high)
                painter.drawLine(round(whole.left()), y, round(whole.right()), y)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink("line"), 1))
        painter.drawRoundedRect(whole, 3, 3)

    # mouse

    def mousePressEvent(self, event) -> None:
        """Begin a stroke or a scrub."""
        cell = self.cell_at(event.position().x(), event.position().y())
        if cell is None or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        if not self._typing.finish():
            return
        self._stroke += 1
        self._focus, self._last, self._before = cell, None, float(self._weights[cell])
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._scrub = (event.position().y(), float(self._weights[cell]), cell)
            self._scale = float(np.abs(self._weights).max())  # of the weights as they are when it begins
        else:
            self._paint(cell, event.button() == Qt.MouseButton.RightButton)
        self.update()

    def mouseMoveEvent(self, event) -> None:
        """Go on with the stroke or the scrub, or tell which cell the cursor is over."""
        if self._scrub is not None:
            start, value, cell = self._scrub
            fine = step_for(20 * FINE * min(self._scale or 1.0, 1.0))
            self.scrubbed.emit(*cell, stepped(value, fine, round(start - event.position().y())), self._stroke)
            return
        cell = self.cell_at(event.position().x(), event.position().y())
        held = event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton)
        if held and cell is not None and self._last is not None:
            for step in cells_between(self._last, cell):
                self._paint(step, bool(event.buttons() & Qt.MouseButton.RightButton))
        elif cell is not None:
            self.hovered.emit(*cell)

    def mouseReleaseEvent(self, event) -> None:
        """End the stroke."""
        self._last, self._scrub = None, None

    def mouseDoubleClickEvent(self, event) -> None:
        """Type into the cell."""
        cell = self.cell_at(event.position().x(), event.position().y())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            if self._before is not None and self._before != self._weights[cell]:
                self.painted.emit(*cell, self._before, self._stroke)  # the first click was not meant to paint
            self._focus = cell
            self._open_editor()

    def wheelEvent(self, event) -> None:
        """Nudge the weight under the cursor."""
        cell = self.cell_at(event.position().x(), event.position().y())
        if cell is None:
            return
        turns = event.angleDelta().y() / 120 or event.angleDelta().x() / 120
        step = 0.01 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.1
        self.nudged.emit(*cell, stepped(float(self._weights[cell]), step * turns))
        event.accept()

    def leaveEvent(self, event) -> None:
        """Tell that the cursor has left."""
        self.unhovered.emit()

    def contextMenuEvent(self, event) -> None:
        """Keep the right button for painting."""
        event.accept()

    def _paint(self, cell: tuple[int, int], negative: bool) -> None:
        self._last = cell
        self.painted.emit(*cell, -self._brush if negative else self._brush, self._stroke)

    # keyboard

    def event(self, event) -> bool:
        """Keep digits and signs for typing, which are shortcuts of the window elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and event.text() and event.text() in TYPED:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event) -> None:
        """Move by arrow keys, begin to type at a digit, set 0 by Delete, paint by Space."""
        moves = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if event.key() in moves and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            down, right = moves[event.key()]
            self._go(down, right)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.typed.emit(*self._focus, 0.0)
        elif event.key() == Qt.Key.Key_Space:
            self._stroke += 1
            self.painted.emit(*self._focus, self._brush, self._stroke)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self._open_editor()
        elif event.text() and event.text() in TYPED:
            self._open_editor(event.text())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event) -> None:
        """Show where typing goes."""
        self.update()

    def focusOutEvent(self, event) -> None:
        """Hide where typing goes."""
        self.unhovered.emit()
        self.update()

    def _open_editor(self, typed: str = "") -> None:
        row, col = self._focus
        name = f"Weight in row {row}, column {col}"
        self._typing.open(self.cell_rect(row, col), name, float(self._weights[row, col]), typed)

    def _complete(self, value: float | None, down: int, right: int) -> None:
        if value is not None:
            self.typed.emit(*self._focus, value)
        self._go(down, right)

    def _go(self, down: int, right: int) -> None:
        """Move the cell that is typed into."""
        rows, cols = self._weights.shape
        self._focus = min(max(self._focus[0] + down, 0), rows - 1), min(max(self._focus[1] + right, 0), cols - 1)
        self.hovered.emit(*self._focus)  # the keyboard points as the mouse does
        self.update()
