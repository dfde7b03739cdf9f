"""The strip of layers: the input, then each layer with what it makes of the picture; add, remove, move and switch them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from convgui.views.kit.card import Card
from convgui.views.kit.theme import icon
from convgui.views.layers.layer_list import LayerList

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from convgui.views.layers.values import LayerCard

HINT = "drag to move · Space switches off · Delete removes"


class LayerStrip(Card):
    """A panel below the panes; layers are counted from 0, the input is none of them.

    Signals
    -------
    selected, removed, switched, duplicated(int)
    moved(int, int)
        From which number to which.
    """

    selected = Signal(int)
    removed = Signal(int)
    switched = Signal(int)
    duplicated = Signal(int)
    moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("layers", "Layers", parent)
        self.set_detail(HINT)
        self.list = LayerList()
        self.body.addWidget(self.list)
        for name in ("selected", "removed", "switched", "duplicated", "moved"):
            getattr(self.list, name).connect(getattr(self, name))
        self.list.menu_wanted.connect(self._open_menu)
        self.add_button = QToolButton()
        self.add_button.setObjectName("layer_add")
        self.add_button.setText("Add")
        self.add_button.setAccessibleName("Add layer")
        self.add_button.setToolTip("Add a layer behind the selected one")
        self.add_button.setProperty("menubutton", True)
        self.add_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._kinds, self._tools = QMenu(self), QMenu(self)
        self._kinds.setObjectName("menu_layer_add")
        self._tools.setObjectName("menu_layer_tools")
        self.add_button.setMenu(self._kinds)

    # setters

    def set_actions(self, kinds: Sequence[QAction], tools: Sequence[QAction], photo: QAction) -> None:
        """Offer kinds of layer in a menu, tools as buttons and in the menu of a layer, and a switch for the left pane."""
        for kind in kinds:
            name = kind.text().replace("&", "").removesuffix("…").removeprefix("Add a ").removeprefix("Add an ")
            line = QAction(f"{name[:1].upper()}{name[1:]}\t{kind.statusTip()}", self._kinds)
            line.setObjectName(f"offered_{kind.objectName()}")
            line.triggered.connect(kind.trigger)
            self._kinds.addAction(line)
        self._tools.addActions(list(tools))
        self._tools.addSeparator()
        self._tools.addMenu(self._kinds).setText("Add a layer")
        self.corner.addWidget(self._button(photo, text=True))
        self.corner.addSpacing(8)
        for tool in tools:
            self.corner.addWidget(self._button(tool))
        self.corner.addSpacing(8)
        self.corner.addWidget(self.add_button)

    def _button(self, action: QAction, *, text: bool = False) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setObjectName(f"strip_{action.objectName()}")
        button.setAccessibleName(action.text().replace("&", ""))
        button.setProperty("flat", True)
        if text:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(16, 16))
        return button

    def set_layers(self, source: LayerCard, layers: Sequence[LayerCard], chosen: int, total: str = "") -> None:
        """Show the input and the layers, one of them marked; what is wrong with one, or what all cost, is in the header."""
        self.list.set_cards([source, *layers])
        self.list.set_chosen(chosen)
        fault = next((f"{card.name}: {card.fault}" for card in layers if card.fault), "")
        if total and not fault:
            self.set_detail(f"{total} · {HINT}", total)
        else:
            self.set_detail(fault or HINT)
        if self.detail.property("role") != ("warning" if fault else "detail"):
            self.detail.setProperty("role", "warning" if fault else "detail")
            self.detail.style().unpolish(self.detail)
            self.detail.style().polish(self.detail)

    def set_thumbnail(self, key: int, colours: NDArray[np.uint8] | None) -> None:
        """Show what comes out of a layer, shape (rows, cols, 3), on the card of that key; None takes it away."""
        self.list.cards.set_image(key, colours)

    def refresh_icons(self) -> None:
        """Tint the icon anew after a change of theme."""
        self.add_button.setIcon(icon("plus", size=16))

    def _open_menu(self, layer: int, place: QPoint) -> None:
        """Show what can be done with a layer, which is selected first."""
        if layer != self.list.chosen():
            self.selected.emit(layer)
        self._tools.popup(place)
