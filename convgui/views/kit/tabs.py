"""The order in which Tab goes through widgets, where that is not the order in which they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable


def order_tabs(before: QWidget | None, widgets: Iterable[QWidget]) -> None:
    """Let Tab go from one widget through others of the same window; those among them that do not take it are left out."""
    for widget in widgets:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and (before is None or before.window() is widget.window()):
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget
