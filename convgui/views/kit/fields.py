"""Keeps the wheel from changing fields that a scrolling column moves under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class _WheelOnlyWithFocus(QObject):
    """An event filter that passes the wheel to the scrolling column unless the field has the focus."""

    def eventFilter(self, watched, event) -> bool:
        """Pass the wheel on."""
        if event.type() == QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()
            return True
        return False


def wheel_only_with_focus(field: QWidget) -> None:
    """Let the wheel change a field only while it has the focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that the wheel does not give it the focus
    field.installEventFilter(_WheelOnlyWithFocus(field))
