"""The tools of a plot: linear or logarithmic, and how it is taken away; they stand in the header of its panel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from convgui.views.plots.plot import Plot

WAYS = (
    ("png", "PNG…", "Write the plot as a picture of pixels"),
    ("svg", "SVG…", "Write the plot as a vector drawing"),
    ("csv", "CSV…", "Write the numbers of the plot, all their digits"),
    ("copy", "Copy", "Put the plot on the clipboard: a document takes the picture, a spreadsheet the numbers"),
)


class PlotTools(QWidget):
    """Buttons for a plot, as flat as the others of a header."""

    def __init__(self, plot: Plot, text: str = "Export") -> None:
        super().__init__()
        self._name = plot.objectName()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        menu = QMenu(self)
        menu.setObjectName(f"menu_{self._name}")
        menu.setToolTipsVisible(True)
        self.ways: dict[str, QAction] = {}
        for way, words, tip in WAYS:
            action = menu.addAction(words)
            action.setObjectName(f"{self._name}_{way}")
            action.setToolTip(tip)
            action.triggered.connect(partial(plot.take, way))
            self.ways[way] = action
        export = self.add("export", text, "Take the plot away: as picture, as drawing, as numbers")
        export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        export.setMenu(menu)

    def add(self, name: str, text: str, tip: str, *, checkable: bool = False) -> QToolButton:
        """Add a button before the last one, and return it."""
        button = QToolButton()
        button.setObjectName(f"{self._name}_{name}")
        button.setAccessibleName(f"{text}: {self._name}")
        button.setText(text)
        button.setToolTip(tip)
        button.setProperty("flat", True)
        button.setCheckable(checkable)
        self._row.insertWidget(max(self._row.count() - 1, 0), button)
        return button
