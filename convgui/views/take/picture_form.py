"""How large a picture of a small grid is: pixels for each cell."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.number_field import NumberField


class PictureForm(QWidget):
    """`chosen` carries how many pixels wide and high each cell is, whenever that changes."""

    chosen = Signal(int)

    def __init__(self, pixels: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.pixels = NumberField("picture_pixels", "Pixels for each cell", 1, most, whole=True, unit=" pixels", width=110)
        self.pixels.set_value(pixels)
        self.pixels.changed.connect(lambda value: self.chosen.emit(int(value)))
        caption = label("Cell", "field")
        caption.setMinimumWidth(caption.fontMetrics().horizontalAdvance("Format"))  # the lines below begin there
        caption.setBuddy(self.pixels)
        row.addWidget(caption)
        row.addWidget(self.pixels)
        row.addWidget(label("wide and high, in exactly its colour", "field"))
        row.addStretch(1)
