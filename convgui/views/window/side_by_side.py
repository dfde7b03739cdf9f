"""Input and activation, edge to edge: beside each other or one above the other, with what lies over them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from convgui.views.canvas.color_bar import ColorBar
from convgui.views.canvas.grid_brush import GridBrush
from convgui.views.canvas.image_pane import ImagePane
from convgui.views.canvas.map_choice import MapChoice
from convgui.views.canvas.overlay import DIGITS
from convgui.views.canvas.overlay_strength import OverlayStrength
from convgui.views.canvas.readout_chip import ReadoutChip
from convgui.views.canvas.together_choice import TogetherChoice
from convgui.views.files.page_choice import PageChoice
from convgui.views.kit.chip import Chip
from convgui.views.kit.tabs import order_tabs

if TYPE_CHECKING:
    from convgui.views.canvas.grid_head import GridHead
    from convgui.views.canvas.map_grid import MapGrid
    from convgui.views.kit.drawable import Rect

EDGE = 8
"""Pixels between what lies over a pane and its edge."""

BAR = 12
"""Pixels that the colour bar keeps from the upper and the lower edge of the pane."""

TEXT, LARGE_TEXT, LARGE_DIGITS = 12, 22, 96
"""Pixels that letters are high: usually and for a projector, and numbers in cells there at most."""

LEAST = 36
"""Pixels below which a colour bar says nothing."""


class SideBySide(QWidget):
    """Holds both panes; a controller gives both the same viewport.

    `shared` tells which part of the room the input takes, when the user drags the line between the panes.
    """

    shared = Signal(float)
    laid = Signal()
    """There is more or less room for both."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side_by_side")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._share = 0.5
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.input = ImagePane("input_pane", "Input", self.splitter)
        self.map = ImagePane("map_pane", "Activation", self.splitter)
        self.splitter.setObjectName("panes")
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for pane in self.panes:
            self.splitter.addWidget(pane)
        self.splitter.splitterMoved.connect(self._moved)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self._add_chips()
        self._tiles: tuple[MapGrid, GridHead] | None = None
        self.bar = ColorBar(self.map)
        self.bar.wanted.connect(self._place_bar)
        self.readouts = ReadoutChip("input_readout", self.input), ReadoutChip("map_readout", self.map)
        self._read: list[tuple[Rect, str, str] | None] = [None, None]
        self.map.laid_out.connect(self._place_bar)
        for number, pane in enumerate(self.panes):
            pane.resized.connect(self._place)
            for moved in (pane.resized, pane.laid_out):
                moved.connect(partial(self._place_readout, number))

    @property
    def grid(self) -> MapGrid:
        """All maps as tiles, made when they are first shown: most pictures have one map."""
        return self._made_tiles()[0]

    @property
    def grid_head(self) -> GridHead:
        """What lies over the tiles."""
        return self._made_tiles()[1]

    def _made_tiles(self) -> tuple[MapGrid, GridHead]:
        if self._tiles is None:
            from convgui.views.canvas.grid_head import GridHead
            from convgui.views.canvas.map_grid import MapGrid

            grid = MapGrid(self.map)
            head = GridHead(grid)
            head.wanted.connect(self._place)
            grid.hide()
            order_tabs(self.map, [grid, *head.findChildren(QWidget)])
            self._tiles = grid, head
        return self._tiles

    def _has_grid(self) -> bool:
        """Whether the tiles are shown."""
        return self._tiles is not None and not self.grid.isHidden()

    def _add_chips(self) -> None:
        self.input_chip, self.map_chip = Chip("input_chip", "Input", self.input), Chip("map_chip", "Activation", self.map)
        self.maps = MapChoice(self.map_chip)
        self.maps.hide()
        self.map_chip.corner.addWidget(self.maps)
        self.together = TogetherChoice(self.map_chip)
        self.together.hide()
        self.map_chip.corner.addWidget(self.together)
        self.strength = OverlayStrength(self.map_chip)
        self.strength.hide()
        self.map_chip.corner.addWidget(self.strength)
        self.pages = PageChoice(self.input_chip)
        self.brush = GridBrush(self.input_chip)
        self.brush.hide()
        self.input_chip.corner.addWidget(self.pages)
        self.input_chip.corner.addWidget(self.brush)
        for chip in (self.input_chip, self.map_chip):
            chip.wanted.connect(self._place)

    @property
    def panes(self) -> tuple[ImagePane, ImagePane]:
        """Both panes, input first."""
        return self.input, self.map

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(840, 500)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(360, 200)

    # setters

    def set_arrangement(self, *, stacked: bool, share: float) -> None:
        """Lay the activation below the input, or beside it; the input takes this part of the room."""
        way = Qt.Orientation.Vertical if stacked else Qt.Orientation.Horizontal
        if (way, share) != (self.splitter.orientation(), self._share):
            self._share = share
            self.splitter.setOrientation(way)
            self._lay_out()

    def show_grid(self, shown: bool) -> None:
        """Show all maps in a grid, over the pane of the one."""
        if shown != self._has_grid():
            self.grid.setVisible(shown)
            self.map_chip.setVisible(not shown)
            self._place()

    def stacked(self) -> bool:
        """Whether the activation lies below the input."""
        return self.splitter.orientation() == Qt.Orientation.Vertical

    def set_readout(self, number: int, cell: Rect | None, where: str = "", value: str = "") -> None:
        """Write place and value beside a cell of one of the panes, given in input coordinates; nothing for None."""
        self._read[number] = None if cell is None else (cell, where, value)
        self._place_readout(number)

    def _place_readout(self, number: int) -> None:
        if (read := self._read[number]) is None:
            self.readouts[number].hide()
        else:
            cell, where, value = read
            self.readouts[number].show_at(self.panes[number].to_pixels(*cell), where, value)

    def set_large(self, large: bool) -> None:
        """Write numbers and titles so that the last row of a lecture room can read them."""
        for pane in self.panes:
            pane.set_digits(LARGE_DIGITS if large else DIGITS)
        self.bar.set_text_size(LARGE_TEXT if large else TEXT)
        for part in (self.input_chip, self.map_chip, *self.readouts):
            for label in part.findChildren(QLabel):
                label.setProperty("large", large)
                label.style().unpolish(label)
                label.style().polish(label)
        self._place()

    def head(self) -> int:
        """Return how many pixels at the top of a pane are taken by its chip."""
        return EDGE + max(self.input_chip.sizeHint().height(), self.map_chip.sizeHint().height())

    # layout

    def resizeEvent(self, event) -> None:
        """Keep the share of the panes."""
        super().resizeEvent(event)
        self.laid.emit()
        self._lay_out()

    def _lay_out(self) -> None:
        room = (self.height() if self.stacked() else self.width()) - self.splitter.handleWidth()
        first = round(room * self._share)
        self.splitter.setSizes([first, room - first])
        self._place()

    def _moved(self, at: int, _index: int) -> None:
        room = (self.height() if self.stacked() else self.width()) - self.splitter.handleWidth()
        self._share = at / max(room, 1)
        self.shared.emit(self._share)

    def _place(self) -> None:
        """Put what lies over the panes to its place."""
        for pane, chip in zip(self.panes, (self.input_chip, self.map_chip), strict=True):
            wide = min(chip.wanted_width(), pane.width() - 2 * EDGE)
            chip.setGeometry(EDGE, EDGE, max(wide, 0), chip.sizeHint().height())
        self._place_grid()
        self._place_bar()

    def _place_grid(self) -> None:
        """Lay the grid over the pane of the map, and its chip over the grid."""
        if not self._has_grid():
            return
        self.grid.setGeometry(self.map.rect())
        self.grid.raise_()
        wide = min(self.grid_head.wanted_width(), self.map.width() - 2 * EDGE)
        self.grid_head.setGeometry(EDGE, EDGE, max(wide, 0), self.grid_head.sizeHint().height())
        self.grid.set_head(EDGE + self.grid_head.height() + EDGE // 2)

    def _place_bar(self) -> None:
        """Lay the colour bar over the right edge of the map, as high as what is seen of it."""
        box = self.map.picture_box().intersected(QRectF(self.map.rect()))
        wide = self.bar.sizeHint().width()
        beside = round(box.right()) + EDGE + wide
        right = min(beside, self.map.width()) - EDGE
        if self.map.width() - EDGE < beside - wide / 2:  # there is no room beside it
            right = min(round(box.right()), self.map.width()) - EDGE
        top, bottom = max(round(box.top()), 0), min(round(box.bottom()), self.map.height())
        if self.map.place.lanes is not None:
            right, top, bottom = self.map.width() - EDGE, 0, self.map.height() - round(self.map.place.foot)
        if bottom - top > 4 * BAR:
            top, bottom = top + BAR, bottom - BAR
        if right - wide < self.map_chip.geometry().right():  # beside the chip where they would lie over each other
            top = max(top, self.map_chip.geometry().bottom() + EDGE)
        self.bar.setVisible(bottom - top >= LEAST and not self._has_grid())
        self.bar.setGeometry(QRect(right - wide, top, wide, max(bottom - top, 1)))
