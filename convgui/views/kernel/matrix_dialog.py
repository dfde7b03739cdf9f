"""Paste a kernel as text: a field for a matrix from anywhere, with a live message on what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from convgui.views.kit.card import label

if TYPE_CHECKING:
    from collections.abc import Callable


class MatrixDialog(QDialog):
    """Asks for a matrix; `describe` says of a text whether it is one, and in a sentence what it is or what is wrong."""

    def __init__(self, describe: Callable[[str], tuple[bool, str]], text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix_dialog")
        self.setWindowTitle("Paste kernel")
        self.resize(460, 340)
        self._describe = describe
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(
            label("Rows of numbers from a paper, a spreadsheet or a program, with a factor if need be.", "prose", wrap=True)
        )
        self.field = QPlainTextEdit(text)
        self.field.setObjectName("matrix_text")
        self.field.setAccessibleName("Matrix as text")
        self.field.setPlaceholderText("-1 0 1\n-2 0 2\n-1 0 1")
        self.field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.field.setTabChangesFocus(True)
        self.field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        column.addWidget(self.field, 1)
        self.message = label("", "detail", wrap=True)
        self.message.setObjectName("matrix_message")
        column.addWidget(self.message)
        row = QHBoxLayout()
        row.addStretch(1)
        self.refuse, self.accept_button = QPushButton("Cancel"), QPushButton("Use this kernel")
        self.refuse.setObjectName("matrix_cancel")
        self.accept_button.setObjectName("matrix_accept")
        self.accept_button.setProperty("primary", True)
        self.accept_button.setDefault(True)
        self.refuse.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self.accept)
        row.addWidget(self.refuse)
        row.addWidget(self.accept_button)
        column.addLayout(row)
        self.field.textChanged.connect(self._look)
        QShortcut("Ctrl+Return", self, self.accept_button.click)
        self._look()

    def text(self) -> str:
        """Return what was typed."""
        return self.field.toPlainText()

    def _look(self) -> None:
        text = self.text()
        good, sentence = self._describe(text) if text.strip() else (False, "Paste or type the rows of a matrix.")
        self.message.setText(sentence)
        self.message.setProperty("role", "detail" if good or not text.strip() else "warning")
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)
        self.accept_button.setEnabled(good)
