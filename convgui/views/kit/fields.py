"""What the wheel does over a list of choices in a column that scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


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
