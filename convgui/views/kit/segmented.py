"""A segmented control: a few words side by side of which one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence


FEW = 3
"""Number of options up to which the usual font size fits."""


class Segmented(QFrame):
    """Shows options as buttons in a row; `chosen` carries the value when the user picks one."""

    chosen = Signal(str)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setProperty("segments", True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, 2, 2)
        self._row.setSpacing(1)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Show these (value, text) pairs."""
        if list(self._buttons) == [value for value, _ in options]:
            return
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.setParent(None)
            button.deleteLater()
        self._buttons = {}
        self.setProperty("dense", len(options) > FEW or bool(self.property("dense")))
        before = self._focused_before()
        for value, text in options:
            button = QPushButton(text)
            button.setObjectName(f"{self.objectName()}_{value}")
            button.setAccessibleName(f"{self.accessibleName()}: {text}")
            button.setCheckable(True)
            button.setProperty("segment", True)
            button.clicked.connect(lambda _=False, value=value: self.chosen.emit(value))
            self._group.addButton(button)
            self._row.addWidget(button, 1)
            self._buttons[value] = button
            QWidget.setTabOrder(before, button)  # keep the tab order, whenever the button was made
            before = button

    def _focused_before(self) -> QWidget:
        """Return what Tab comes from: the last widget before this one that takes the focus."""
        before: QWidget | None = self.previousInFocusChain()
        while before is not None and before is not self and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
            before = before.previousInFocusChain()
        return before or self

    def set_value(self, value: str) -> None:
        """Mark one option as chosen, without a signal."""
        if value in self._buttons:
            self._buttons[value].setChecked(True)

    def set_tip(self, value: str, tip: str, *, enabled: bool = True) -> None:
        """Explain one option, and say whether it can be chosen."""
        self._buttons[value].setToolTip(tip)
        self._buttons[value].setEnabled(enabled)

    def value(self) -> str:
        """Return the chosen option."""
        return next((value for value, button in self._buttons.items() if button.isChecked()), "")
