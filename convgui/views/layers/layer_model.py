"""The layers as a list of Qt: the input first, then a row for each layer, with thumbnails as far as they are there."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from convgui.views.kit.thumbnail import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from convgui.views.layers.values import LayerCard

CARD = Qt.ItemDataRole.UserRole
"""The role under which a row gives its `LayerCard`."""


class LayerModel(QAbstractListModel):
    """Row 0 is the input, row n + 1 is layer n."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[LayerCard] = []
        self._images: dict[int, QImage] = {}

    def set_cards(self, cards: Sequence[LayerCard]) -> None:
        """Show these; a thumbnail stays with the key of its card, and goes with it."""
        if [card.key for card in cards] == [card.key for card in self._cards]:
            changed = [row for row, (old, new) in enumerate(zip(self._cards, cards, strict=True)) if old != new]
            self._cards = list(cards)
            for row in changed:
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._cards = list(cards)
        self._images = {card.key: self._images[card.key] for card in cards if card.key in self._images}
        self.endResetModel()

    def set_image(self, key: int, colours: NDArray[np.uint8] | None) -> None:
        """Show a thumbnail, shape (rows, cols, 3), or none."""
        if colours is None:
            self._images.pop(key, None)
        else:
            self._images[key] = image_of(colours)
        for row, card in enumerate(self._cards):
            if card.key == key:
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many cards there are, the input included."""
        return len(self._cards)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a card."""
        card = self._cards[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return card.name
        if role == CARD:
            return card
        if role == Qt.ItemDataRole.DecorationRole:
            return self._images.get(card.key)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (card.name, card.parameters, card.shape, card.state) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            lines = [card.kind if card.kind != card.name else "", card.parameters, card.shape, card.effort, card.state]
            return "<br>".join([f"<b>{escape(card.name)}</b>", *(escape(line) for line in lines if line)])
        return None
