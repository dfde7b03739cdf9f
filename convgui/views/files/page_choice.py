"""Which page, frame, channel or array of a file is shown, and how its axes are read: a list in the input's header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from convgui.views.kit.card import HEADER
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 190
"""Pixels that the list takes in the header; its entries are longer when it is open."""


class PageChoice(QWidget):
    """Lists what a file holds; `chosen` carries the number from 1 that the user picks, `other_reading` has none to carry.

    It is hidden where there is nothing to choose.
    """

    chosen = Signal(int)
    other_reading = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_choice_row")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.button = QPushButton(self)
        self.button.setObjectName("other_reading")
        self.button.setProperty("compact", True)
        self.button.setFixedHeight(px(HEADER))
        self.button.clicked.connect(self.other_reading)
        self.list = QComboBox(self)
        self.list.setObjectName("page_choice")
        self.list.setAccessibleName("Page of the file that is shown")
        self.list.setToolTip("Which page, frame, channel or array of the file is read")
        self.list.setProperty("compact", True)
        self.list.setFixedHeight(px(HEADER))
        self.list.setMaximumWidth(px(WIDEST))
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.list.setMinimumContentsLength(10)
        self.list.activated.connect(lambda place: self.chosen.emit(place + 1))
        row.addWidget(self.button)
        row.addWidget(self.list)
        self.setFixedHeight(px(HEADER))
        self.set_pages((), 1)
        self.set_other_reading("")

    def set_pages(self, labels: Sequence[str], page: int) -> None:
        """Show these entries, of which `page`, counted from 1, is the present one."""
        self.list.blockSignals(True)
        if [self.list.itemText(k) for k in range(self.list.count())] != list(labels):
            self.list.clear()
            self.list.addItems(list(labels))
        self.list.setCurrentIndex(page - 1 if labels else -1)
        self.list.blockSignals(False)
        self.list.setVisible(bool(labels))
        self._show()

    def set_other_reading(self, text: str) -> None:
        """Offer another reading of the same numbers; an empty text offers none."""
        short = text.removeprefix("Read as ").removeprefix("Read ").removesuffix(" instead")
        self.button.setText(short and f"As {short}")
        self.button.setToolTip(text)
        self.button.setAccessibleName(text or "Read the same numbers in another way")
        self.button.setVisible(bool(text))
        self._show()

    def _show(self) -> None:
        self.setVisible(not (self.list.isHidden() and self.button.isHidden()))
