"""The chip over the grid of maps: what they are, how many of them, in which order, and whether they share their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QPushButton

from convgui.views.kit.card import HEADER, compact_button
from convgui.views.kit.chip import Chip
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

ORDERS = (
    ("index", "by number", "As the layer has them."),
    ("strength", "by strength", "The strongest response first: the root of the mean square over this picture."),
    ("total", "by total", "The largest sum over this picture first. MMEngine: topk."),
    ("norm", "by norm", "The largest weights first."),
    ("direction", "by direction", "By the direction of the waves that each filter lets pass."),
    ("frequency", "by frequency", "The finest structures first."),
)

TOP = (
    "Only the strongest maps: the first ones by strength, total or norm; in another order those with the largest sums. "
    "MMEngine: topk"
)

COUNT = 56
"""Pixels of the field for their number."""

MOST = 1_000_000
"""How many maps can be asked for: where there are fewer, all are shown."""


class GridHead(Chip):
    """Shows what the grid holds.

    Signals
    -------
    order_chosen(str), shared_chosen(bool)
        What the user picks.
    top_chosen(int)
        How many of the strongest maps are wanted; 0 for all.
    """

    order_chosen = Signal(str)
    shared_chosen = Signal(bool)
    top_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("grid_chip", "Maps", parent)
        self.order = QComboBox(self)
        self.order.setObjectName("map_order")
        self.order.setAccessibleName("Order of the maps")
        self.order.setProperty("compact", True)
        self.order.setFixedHeight(px(HEADER))
        for name, text, tip in ORDERS:
            self.order.addItem(text, name)
            self.order.setItemData(self.order.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.order.activated.connect(lambda place: self.order_chosen.emit(self.order.itemData(place)))
        self.top = self._switch("maps_top", "Top", "Only the strongest maps", TOP)
        self.count = NumberField("maps_topk", "How many of the strongest maps", 1, MOST, whole=True, width=COUNT)
        self.count.setProperty("compact", True)
        self.count.setFixedHeight(px(HEADER))
        self.count.set_tip(TOP)
        self.count.hide()
        self.shared = self._switch(
            "maps_shared",
            "Shared limits",
            "All maps share their limits",
            "All maps are coloured from and to the same values, or each by its own",
        )
        self.top.clicked.connect(lambda on: self.top_chosen.emit(int(self.count.value()) if on else 0))
        self.count.changed.connect(lambda count: self.top_chosen.emit(int(count)))
        self.shared.clicked.connect(self.shared_chosen)
        for part in (self.order, self.top, self.count, self.shared):
            self.corner.addWidget(part)

    def _switch(self, name: str, text: str, accessible: str, tip: str) -> QPushButton:
        button = compact_button(name, text, tip, accessible)
        button.setCheckable(True)
        return button

    def set_choices(self, order: str, *, shared: bool, bank: bool) -> None:
        """Show what is chosen; what is about weights can be chosen only where there is a bank."""
        self.order.setCurrentIndex(self.order.findData(order))
        for place, (name, _, _) in enumerate(ORDERS):
            self.order.model().item(place).setEnabled(bank or name in ("index", "strength", "total"))
        self.shared.setChecked(shared)

    def set_top(self, count: int, usual: int) -> None:
        """Show how many of the strongest maps are shown, 0 for all; `usual` is what is offered then."""
        self.top.setChecked(bool(count))
        self.count.setVisible(bool(count))
        self.count.set_value(count or usual)
