"""What one picture shows of all maps of a layer: a list in the map's chip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox

from convgui.engine.looking.together import TOGETHER
from convgui.views.kit.card import HEADER
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class TogetherChoice(QComboBox):
    """Lists the ways; `chosen` carries the one that the user picks."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("together")
        self.setAccessibleName("What one picture shows of all maps")
        self.setProperty("compact", True)
        self.setFixedHeight(px(HEADER))
        for name, way in TOGETHER.items():
            self.addItem(way.name, name)
            self.setItemData(self.count() - 1, way.text, Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(lambda place: self.chosen.emit(self.itemData(place)))

    def set_value(self, name: str) -> None:
        """Show what is chosen."""
        self.setCurrentIndex(self.findData(name))
        self.setToolTip(TOGETHER[name].text)
