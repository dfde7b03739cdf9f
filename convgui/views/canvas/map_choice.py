"""Which of several maps is shown: a few words side by side where they are few, else a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from convgui.views.kit.card import HEADER
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 8
"""Maps up to which they stand side by side."""


class MapChoice(QWidget):
    """Shows names of maps; `chosen` carries the number of the one that the user picks."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.buttons = Segmented("map_choice", "Which map is shown")
        self.buttons.setProperty("compact", True)
        self.buttons.chosen.connect(lambda name: self.chosen.emit(int(name)))
        self.list = QComboBox(self)
        self.list.setObjectName("map_list")
        self.list.setAccessibleName("Which map is shown")
        self.list.setProperty("compact", True)
        self.list.setFixedHeight(px(HEADER))
        self.list.setMaxVisibleItems(24)
        self.list.activated.connect(self.chosen)
        row.addWidget(self.buttons)
        row.addWidget(self.list)
        self.list.hide()

    def set_maps(self, names: Sequence[str], current: int) -> None:
        """Offer maps by their names, and mark the one that is shown; hidden where there is nothing to choose."""
        self.setVisible(len(names) > 1)
        few = len(names) <= FEW
        self.buttons.setVisible(few)
        self.list.setVisible(not few)
        if few:
            if len(names) > 1:
                self.buttons.set_options([(str(k), name) for k, name in enumerate(names)])
                self.buttons.set_value(str(current))
            return
        labels = [f"map {name}" for name in names]
        if [self.list.itemText(k) for k in range(self.list.count())] != labels:
            self.list.clear()
            self.list.addItems(labels)
        self.list.setCurrentIndex(current)
