"""The field for a number: it accepts many notations; text that is not valid stays in it, with the reason below."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPen

from convgui.engine.numerals import EXACT, LARGEST, read_number, read_whole, stepped, written
from convgui.views.kit.drawable import painting
from convgui.views.kit.refusing_field import RefusingField
from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

ARROWS = 18
"""Pixels at the right for the two arrows that step."""

SIDE, FRAME = 6, 8
"""Pixels between the frame and the text, and with the frame and what Qt adds."""


class NumberField(RefusingField):
    """A number, shown and kept to its last digit; `changed(value)` when the user has set another one.

    Parameters
    ----------
    name, accessible : str
        The object name, and what a screen reader calls it.
    low, high : float
        Both are allowed; what lies beyond is refused.
    whole : bool
        Whether only whole numbers are taken.
    single : bool
        Whether it is stored as float32: whole numbers that would be rounded are refused.
    step : float
        What an arrow key or a turn of the wheel adds, while the field has the focus; Shift makes it ten times as large.
    unit : str
        Follows the number.
    check : callable, optional
        Returns why a number within the range cannot be taken at present, empty if it can.
    """

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        accessible: str,
        low: float = -LARGEST,
        high: float = LARGEST,
        *,
        whole: bool = False,
        single: bool = False,
        step: float = 0.1,
        unit: str = "",
        check: Callable[[float], str] | None = None,
        width: int = 92,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, accessible, width, parent)
        self._low, self._high, self._whole, self._unit = low, high, whole, unit
        self._single, self._check = single, check
        self._step = 1.0 if whole else step
        self._value = min(max(0.0, low), high)
        self._tip, self._turned = "", 0
        self._arrows = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that the wheel does not give it the focus
        self.setTextMargins(0, 0, ARROWS - SIDE, 0)
        self._show()

    # setters, which emit nothing

    def value(self) -> float:
        """Return the number; an int in a field for whole ones."""
        return int(self._value) if self._whole else self._value

    def set_value(self, value: float) -> None:
        """Show a number; what is being typed, or was refused, stays if it is the present one."""
        if value != self._value or (not self._pending() and not self._is_shown()):
            self._value = float(value)
            self._refuse("")
            self._show()

    def set_range(self, low: float, high: float) -> None:
        """Allow numbers from `low` to `high`; the present one stays until another is set."""
        self._low, self._high = low, high

    def set_step(self, step: float) -> None:
        """Step by this much from now on."""
        self._step = step

    def set_tip(self, text: str) -> None:
        """Say what the number is for; the whole number is added where it does not fit."""
        self._tip = text
        self._show_tip()

    # taking

    def take(self) -> bool:
        """Take what stands in the field; return whether that could be done."""
        if not self._pending():
            return not self.reason()
        try:
            value = self._read(self.text())
        except ValueError as error:
            self._refuse(str(error))
            return False
        self._set(value)
        return True

    def drop(self) -> None:
        """Show the number again instead of what was typed."""
        self._refuse("")
        self._show()
        self._select()

    def _select(self) -> None:
        """Select all, and keep the first digit in sight rather than the last."""
        if self.hasFocus():
            self.end(False)
            self.home(True)

    def _read(self, text: str) -> float:
        value = read_whole(text, self._unit) if self._whole else read_number(text, self._unit)
        if not self._low <= value <= self._high:
            raise ValueError(self._beyond(text))
        if self._single and abs(value) > EXACT and value == int(value) and float(np.float32(value)) != value:
            raise ValueError(f"Expected a whole number that float32 holds, as all to {EXACT}; received {text.strip()[:24]}.")
        if self._check is not None and (fault := self._check(value)):
            raise ValueError(fault)
        return float(value)

    def _beyond(self, text: str) -> str:
        low, high, unit = written(self._low), written(self._high), self._unit
        received = f"received {' '.join(text.split())[:24]}."
        if self._low <= -LARGEST / 2:
            return f"Expected at most {high}{unit}, {received}"
        if self._high >= LARGEST / 2:
            return f"Expected at least {low}{unit}, {received}"
        return f"Expected {low} to {high}{unit}, {received}"

    def _set(self, value: float) -> None:
        """Make a number of the user's the present one."""
        differs = value != self._value
        self._value = value
        self._refuse("")
        self._show()
        if differs:
            self.changed.emit(value)

    # showing

    def _text(self) -> str:
        """Return the number as text: all of it in a field that is typed into, else as many digits as fit."""
        whole = f"{written(self._value)}{self._unit}"
        room = self.width() - 2 * FRAME - (ARROWS - SIDE if self._arrows else 0)
        if self.hasFocus() or self._fits(whole, room):
            return whole
        texts = (f"{written(self._value, digits)}{self._unit}" for digits in range(12, 1, -1))
        return next((text for text in texts if self._fits(text, room)), f"{written(self._value, 2)}{self._unit}")

    def _is_shown(self) -> bool:
        """Whether the number stands in the field as it should, for the room and the focus that there is."""
        return self.text() == self._shown and self._shown_for == (self.width(), self.hasFocus(), self._arrows)

    def _fits(self, text: str, room: int) -> bool:
        return self.fontMetrics().horizontalAdvance(text) <= room

    def _show(self) -> None:
        self._shown, self._shown_for = self._text(), (self.width(), self.hasFocus(), self._arrows)
        if self.text() != self._shown:
            self.setText(self._shown)
            self.setCursorPosition(0)
        self._show_tip()

    def _show_tip(self) -> None:
        whole = f"{written(self._value)}{self._unit}"
        self.setToolTip(self._tip if whole == self._shown else f"{self._tip}\n{whole}".strip())

    # keys, wheel and arrows

    def lets_through(self, event) -> bool:
        """Return whether a key is for the window first: Undo is, where nothing is typed."""
        undo = any(event.matches(key) for key in (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo))
        return not self._pending() if undo else super().lets_through(event)

    def keyPressEvent(self, event) -> None:
        """Take by Enter, drop by Esc, step by the arrow keys."""
        key = event.key()
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pending():
            if self.take():
                self._select()
        elif key == Qt.Key.Key_Escape and self._pending():
            self.drop()
        elif key in steps:
            self.step_by(steps[key] * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event) -> None:
        """Step where the field has the focus; else the wheel is for the column, which scrolls."""
        if not self.hasFocus():
            event.ignore()
            return
        self._turned += event.angleDelta().y() or event.angleDelta().x()
        turns = math.trunc(self._turned / 120)
        self._turned -= turns * 120
        if turns:
            self.step_by(turns)
        event.accept()

    def step_by(self, count: int) -> None:
        """Add so many steps, up to the end of the range."""
        if self.isReadOnly() or not self.take() or not math.isfinite(self._value):
            return
        value = min(max(stepped(self._value, self._step, count), self._low), self._high)
        if math.isfinite(value) and not (self._check is not None and self._check(value)):
            self._set(value)
            self._select()

    def mousePressEvent(self, event) -> None:
        """Step by a press on an arrow."""
        arrow = next((k for k, box in enumerate(self._boxes()) if box.contains(event.position().toPoint())), None)
        if arrow is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
        else:
            self.step_by(1 - 2 * arrow)

    def mouseMoveEvent(self, event) -> None:
        """Show an arrow over the arrows, and a text cursor over the text."""
        over = any(box.contains(event.position().toPoint()) for box in self._boxes())
        self.setCursor(Qt.CursorShape.ArrowCursor if over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event) -> None:
        """Step twice by two quick presses on an arrow, or select a word."""
        if any(box.contains(event.position().toPoint()) for box in self._boxes()):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def focusInEvent(self, event) -> None:
        """Show all digits."""
        super().focusInEvent(event)
        if not self._pending():
            self._show()
            if event.reason() != Qt.FocusReason.MouseFocusReason:
                self._select()

    def focusOutEvent(self, event) -> None:
        """Take what was typed."""
        super().focusOutEvent(event)
        if event.reason() == Qt.FocusReason.PopupFocusReason:
            return
        if self.take():
            self._show()

    def resizeEvent(self, event) -> None:
        """Show as many digits as fit."""
        super().resizeEvent(event)
        if not self._pending():
            self._show()

    # arrows

    def _boxes(self) -> tuple[QRect, QRect] | tuple[()]:
        """Return where the two arrows are."""
        if not self._arrows:
            return ()
        half = self.height() // 2
        left = self.width() - ARROWS
        return QRect(left, 0, ARROWS, half), QRect(left, half, ARROWS, self.height() - half)

    def paintEvent(self, event) -> None:
        """Draw the arrows over the frame."""
        super().paintEvent(event)
        if not self._arrows:
            return
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(ink("secondary" if self.isEnabled() else "faint"), 1.3))
            for box, down, towards in zip(self._boxes(), (1.5, -1.5), (-1, 1), strict=True):
                tip = QPointF(box.center()) + QPointF(-1, 2 * down + 1.5 * towards)
                painter.drawPolyline([tip + QPointF(-3, -3 * towards), tip, tip + QPointF(3, -3 * towards)])
