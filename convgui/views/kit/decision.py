"""The two buttons of a dialog that asks: Cancel, and the primary one, which is named by what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog


def decision(dialog: QDialog, refuse: str, accept: str, text: str) -> tuple[QPushButton, QPushButton]:
    """Return both, connected to a dialog; `refuse` and `accept` are their object names, `text` stands on the primary one."""
    refused, accepted = QPushButton("Cancel"), QPushButton(text)
    refused.setObjectName(refuse)
    accepted.setObjectName(accept)
    refused.setAutoDefault(False)
    accepted.setProperty("primary", True)
    accepted.setDefault(True)
    refused.clicked.connect(dialog.reject)
    accepted.clicked.connect(dialog.accept)
    return refused, accepted
