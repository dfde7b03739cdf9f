"""Number fields that look and behave the same everywhere."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from convgui.views.theme import CONTROL


def number_field(
    name: str, accessible: str, low: float, high: float, *, decimals: int = 3, step: float = 0.1, width: int = 84
) -> QDoubleSpinBox:
    """Return a field for a number; it tells of a typed one when it is complete."""
    field = QDoubleSpinBox()
    field.setDecimals(decimals)
    return _dressed(field, name, accessible, low, high, step, width)


def count_field(name: str, accessible: str, low: int, high: int, *, width: int = 84) -> QSpinBox:
    """Return a field for a whole number."""
    return _dressed(QSpinBox(), name, accessible, low, high, 1, width)


class _Calm(QObject):
    """Lets the wheel through to the column, which scrolls, where a field has not the focus."""

    def eventFilter(self, watched, event) -> bool:
        """Refuse the wheel."""
        if event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()
            return True
        return False


def calm(field: QWidget) -> None:
    """Let a field change by the wheel only where it has the focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not give it
    field.installEventFilter(_Calm(field))


class _LeaveUndo(QObject):
    """Lets Undo and Redo through to the document, whose steps they are, while a number field has the focus."""

    def eventFilter(self, watched, event) -> bool:
        """Refuse the field's own undo."""
        if event.type() == QEvent.Type.ShortcutOverride:
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys):
                event.ignore()
                return True
        return False


def _dressed(field, name: str, accessible: str, low: float, high: float, step: float, width: int):
    field.setObjectName(name)
    field.setAccessibleName(accessible)
    field.setRange(low, high)
    field.setSingleStep(step)
    field.setKeyboardTracking(False)
    field.setFixedSize(width, CONTROL)
    field.lineEdit().setTextMargins(5, 0, 0, 0)
    calm(field)
    undo = _LeaveUndo(field)
    for part in (field, field.lineEdit()):
        part.installEventFilter(undo)
    return field
