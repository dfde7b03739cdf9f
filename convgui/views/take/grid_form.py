"""What becomes of a grid of maps: one labelled sheet, or a picture for each map."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.segmented import Segmented
from convgui.views.take.picture_form import PictureForm

TIPS = {
    "sheet": "All maps of the grid on one picture, each with its number and its kernel",
    "apart": "A file for each map of the grid at full resolution, with the number of the map in its name",
}


class GridForm(QWidget):
    """Shows which of both; of the pictures of a small grid also how large its cells are.

    Signals
    -------
    apart_chosen(bool)
        Whether each map becomes a picture of its own.
    chosen(int)
        How many pixels wide and high a cell is then.
    """

    apart_chosen = Signal(bool)
    chosen = Signal(int)

    def __init__(self, pixels: int, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.way = Segmented("grid_as", "What becomes of the grid")
        self.way.set_options([("sheet", "One labelled sheet"), ("apart", "A picture for each map")])
        self.way.set_value("sheet")
        for value, tip in TIPS.items():
            self.way.set_tip(value, tip)
        self.cells = PictureForm(pixels, most)
        self.cells.setVisible(False)
        self.cells.chosen.connect(self.chosen)
        caption = label("Maps", "field")
        caption.setMinimumWidth(caption.fontMetrics().horizontalAdvance("Format"))  # the lines below begin there
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(caption)
        row.addWidget(self.way, 1)
        column.addLayout(row)
        column.addWidget(self.cells)
        self._sized = most > 1
        self.way.chosen.connect(self._choose)

    def _choose(self, value: str) -> None:
        self.cells.setVisible(self._sized and value == "apart")
        self.apart_chosen.emit(value == "apart")
