"""The message bar: one sentence in the window on what failed or what may be done next, until it is closed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from convgui.views.theme import icon


class MessageBar(QFrame):
    """Shows a sentence; `closed` when the user has read it, `followed` when its button was pressed."""

    closed = Signal()
    followed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 5, 8, 5)
        row.setSpacing(10)
        self.symbol, self.text = QLabel(), QLabel()
        self.text.setObjectName("message_text")
        self.text.setWordWrap(True)
        self.button = QPushButton()
        self.button.setObjectName("message_action")
        self.button.clicked.connect(self.followed)
        self.close_button = QToolButton()
        self.close_button.setObjectName("message_close")
        self.close_button.setAccessibleName("Close the message")
        self.close_button.setToolTip("Close")
        self.close_button.setProperty("flat", True)
        self.close_button.clicked.connect(self._close)
        row.addWidget(self.symbol)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        self._kind = "info"
        self.hide()

    def show_message(self, text: str, kind: str = "info", action: str = "") -> None:
        """Show a sentence, with a button if there is something to do at once.

        Its kind is `info`, `error`, or `problem`: an error that no later success takes away.
        """
        self._kind = kind
        self.text.setText(text)
        self.text.setAccessibleName(text)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.refresh_icons()
        self.show()

    def clear(self) -> None:
        """Hide it."""
        self.hide()

    def clear_error(self) -> None:
        """Hide it if it tells of an error: something has succeeded since."""
        if self._kind == "error":
            self.hide()

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme."""
        error = self._kind != "info"
        pixmap = icon("triangle-alert" if error else "info", "warning" if error else "accent", 18).pixmap(18, 18)
        self.symbol.setPixmap(pixmap)
        self.close_button.setIcon(icon("x", size=16))

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
