"""The chip over the grid of maps: what they are, in which order they stand, and whether they share their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QPushButton

from convgui.views.kit.card import HEADER
from convgui.views.kit.chip import Chip
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

ORDERS = (
    ("index", "by number", "As the layer has them."),
    ("strength", "by strength", "The strongest response first: the root of the mean square over this picture."),
    ("norm", "by norm", "The largest weights first."),
    ("direction", "by direction", "By the direction of the waves that each filter lets pass."),
    ("frequency", "by frequency", "The finest structures first."),
)


class GridHead(Chip):
    """Shows what the grid holds.

    Signals
    -------
    order_chosen(str), shared_chosen(bool)
        What the user picks.
    """

    order_chosen = Signal(str)
    shared_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("grid_chip", "Maps", parent)
        self.order = QComboBox()
        self.order.setObjectName("map_order")
        self.order.setAccessibleName("Order of the maps")
        self.order.setProperty("compact", True)
        self.order.setFixedHeight(px(HEADER))
        for name, text, tip in ORDERS:
            self.order.addItem(text, name)
            self.order.setItemData(self.order.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.order.activated.connect(lambda place: self.order_chosen.emit(self.order.itemData(place)))
        self.shared = QPushButton("Shared limits")
        self.shared.setObjectName("maps_shared")
        self.shared.setAccessibleName("All maps share their limits")
        self.shared.setToolTip("All maps are coloured from and to the same values, or each by its own")
        self.shared.setCheckable(True)
        self.shared.setProperty("compact", True)
        self.shared.setFixedHeight(px(HEADER))
        self.shared.clicked.connect(self.shared_chosen)
        self.corner.addWidget(self.order)
        self.corner.addWidget(self.shared)

    def set_choices(self, order: str, *, shared: bool, bank: bool) -> None:
        """Show what is chosen; what is about weights can be chosen only where there is a bank."""
        self.order.setCurrentIndex(self.order.findData(order))
        for place, (name, _, _) in enumerate(ORDERS):
            self.order.model().item(place).setEnabled(bank or name in ("index", "strength"))
        self.shared.setChecked(shared)
