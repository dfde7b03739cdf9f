"""A line for text in which the window's shortcuts go on working."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLineEdit

EDITING = (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z)
"""Letters that edit text together with Ctrl on every system; Qt also has those of Emacs, which are left to the window."""


class TextField(QLineEdit):
    """A line edit that leaves all keys with Ctrl to the window, except the common editing keys."""

    def event(self, event) -> bool:
        """Refuse a key that may be a shortcut of the window; without one it comes back as a key of the text."""
        if event.type() == QEvent.Type.ShortcutOverride and self.lets_through(event):
            event.ignore()
            return True
        return super().event(event)

    def lets_through(self, event) -> bool:
        """Return whether a key is for the window first."""
        held, key = event.modifiers(), event.key()
        control, shift = bool(held & Qt.KeyboardModifier.ControlModifier), bool(held & Qt.KeyboardModifier.ShiftModifier)
        letter = Qt.Key.Key_A <= key <= Qt.Key.Key_Z
        if not control or not letter or held & Qt.KeyboardModifier.AltModifier:
            return control and letter
        return key not in EDITING or (shift and key != Qt.Key.Key_Z)
