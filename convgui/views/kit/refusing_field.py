"""What fields for numbers have in common: text that cannot be taken stays in the field, with the reason below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt

from convgui.views.kit.reason import Reason
from convgui.views.kit.text_field import TextField
from convgui.views.kit.theme import CONTROL, px

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class RefusingField(TextField):
    """A field for text that is read; whoever reads it says by `_refuse` why it cannot be taken.

    Parameters
    ----------
    name, accessible : str
        The object name, and what a screen reader calls it.
    width : int
        In pixels.
    """

    def __init__(self, name: str, accessible: str, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setProperty("number", True)
        self.setFixedSize(px(width), px(CONTROL))
        self._shown = ""  # what was taken, as text
        self._reason: Reason | None = None
        self.textEdited.connect(self._forget_reason)

    def reason(self) -> str:
        """Return why what stands in the field cannot be taken, empty if it can."""
        return self._reason.text() if self._reason is not None else ""

    def event(self, event) -> bool:
        """Keep Esc while there is something to drop."""
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.setAccepted(self._pending())
            return True
        return super().event(event)

    def _pending(self) -> bool:
        """Return whether something else stands in the field than what was taken."""
        return self.text() != self._shown

    def _refuse(self, reason: str) -> None:
        """Show why the text cannot be taken, or that it can."""
        if bool(reason) != bool(self.property("wrong")):
            self.setProperty("wrong", bool(reason))
            self.style().unpolish(self)
            self.style().polish(self)
        if reason and self._reason is None:
            self._reason = Reason(self)
        if self._reason is not None:
            self._reason.say(reason)
        self.setAccessibleDescription(reason)

    def _forget_reason(self) -> None:
        self._refuse("")
