"""Input and activation side by side, with panes of the same size; a sequence one above the other, on the same axis."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convgui.views.canvas.color_bar import WIDTH, ColorBar
from convgui.views.canvas.grid_brush import GridBrush
from convgui.views.canvas.image_pane import ImagePane
from convgui.views.files.page_choice import PageChoice
from convgui.views.kit.card import Card
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import GAP


class SideBySide(QWidget):
    """Holds both panes; a controller gives both the same viewport."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side_by_side")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.input_card, self.map_card = Card("input_card", "Input", self), Card("map_card", "Activation", self)
        self.input = ImagePane("input_pane", "Input")
        self.map = ImagePane("map_pane", "Activation")
        self.bar = ColorBar()
        self._share: float | None = None
        self.maps = Segmented("map_choice", "Which map is shown")
        self.maps.setProperty("compact", True)
        self.maps.hide()
        self.map_card.corner.addWidget(self.maps)
        self.brush = GridBrush()
        self.brush.hide()
        self.pages = PageChoice()
        self.input_card.corner.addWidget(self.pages)
        self.input_card.corner.addWidget(self.brush)
        for card in (self.input_card, self.map_card):
            margins = card.layout().contentsMargins()
            card.layout().setContentsMargins(8, margins.top(), 8, 8)
            card.title.setContentsMargins(4, 0, 0, 0)
        self.input_card.body.addWidget(self.input)
        row = QHBoxLayout()
        row.setSpacing(7)
        row.addWidget(self.map, 1)
        row.addWidget(self.bar)
        self.map_card.body.addLayout(row)

    @property
    def panes(self) -> tuple[ImagePane, ImagePane]:
        """Both panes, input first."""
        return self.input, self.map

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(840, 500)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(460, 200)

    def set_stacked(self, share: float | None) -> None:
        """Lay the activation below the input, which takes this part of the height; beside it for None."""
        if share != self._share:
            self._share = share
            self._arrange()

    def resizeEvent(self, event) -> None:
        """Give both panes the same width, whatever the colour bar takes."""
        self._arrange()

    def _arrange(self) -> None:
        extra = WIDTH + 7
        margins = self.map_card.layout().contentsMargins()
        right = margins.right() + (extra if self._share is not None else 0)
        self.input_card.layout().setContentsMargins(margins.left(), margins.top(), right, margins.bottom())
        if self._share is not None:
            high = round((self.height() - GAP) * self._share)
            self.input_card.setGeometry(0, 0, self.width(), high)
            self.map_card.setGeometry(0, high + GAP, self.width(), self.height() - GAP - high)
            return
        pane = (self.width() - GAP - extra) // 2
        self.input_card.setGeometry(0, 0, pane, self.height())
        self.map_card.setGeometry(pane + GAP, 0, pane + extra, self.height())
