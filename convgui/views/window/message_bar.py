"""The message: one sentence over the panes on what failed or what may be done next; what only informs goes by itself."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from convgui.trouble import one_line
from convgui.views.kit.theme import icon

PATIENCE_MS, LETTER_MS = 5000, 60
"""Milliseconds that a message stays, and for each letter of it; what went wrong stays until it is closed or mended."""


class MessageBar(QFrame):
    """Shows a sentence over the panes; `closed` when the user has read it, `followed` when its button was pressed."""

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
        self._kind, self._problems = "info", ""
        self._going = QTimer(self)
        self._going.setSingleShot(True)
        self._going.timeout.connect(self._go)
        self.hide()

    def show_message(self, text: str, kind: str = "info", action: str = "", *, stays: bool = False) -> None:
        """Show a sentence, with a button if there is something to do at once; what only informs goes, unless it `stays`.

        Its kind is `info`, `error`, or `problem`: this one stays, beside whatever else there is to say, until it is closed.
        """
        if kind == "problem":
            self._problems = " ".join(dict.fromkeys(filter(None, (self._problems, text))))
            text = ""
        self._show(kind, f"{self._problems} {text}".strip(), action, stays=stays)

    def _show(self, kind: str, text: str, action: str = "", *, stays: bool = False) -> None:
        self._kind = "problem" if self._problems and kind == "info" else kind
        line = one_line(text)
        self.text.setText(line)
        self.text.setAccessibleName(line)
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.refresh_icons()
        self.show()
        self._going.stop()
        if self._kind == "info" and not action and not stays:
            self._going.start(PATIENCE_MS + LETTER_MS * len(text))

    def _go(self) -> None:
        """Go by itself once it can have been read, unless the cursor is on it."""
        if self.underMouse():
            self._going.start(PATIENCE_MS)
        else:
            self.hide()

    def clear(self) -> None:
        """Hide it, but for a problem that nobody has closed yet."""
        if self._problems:
            self._show("problem", self._problems)
        else:
            self.hide()

    def clear_error(self) -> None:
        """Hide it if it tells of an error: something has succeeded since."""
        if self._kind == "error":
            self.clear()

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme."""
        error = self._kind != "info"
        pixmap = icon("triangle-alert" if error else "info", "warning" if error else "accent", 18).pixmap(18, 18)
        self.symbol.setPixmap(pixmap)
        self.close_button.setIcon(icon("x", size=16))

    def _close(self) -> None:
        self._problems = ""
        self.hide()
        self.closed.emit()
