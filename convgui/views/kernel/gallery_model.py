"""The model of the gallery: the kernels that match, with their thumbnails."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from convgui.views.kit.thumbnail import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget


class Item(NamedTuple):
    """What the gallery shows of a kernel."""

    id: str
    label: str
    family: str
    text: str


class GalleryModel(QAbstractListModel):
    """The kernels that match, with their thumbnails as far as they are there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []
        self._images: dict[str, QImage] = {}
        self.note = ""
        self._veiled = False

    def set_veiled(self, veiled: bool) -> None:
        """Show no thumbnails for a while."""
        if veiled != self._veiled:
            self._veiled = veiled
            self.dataChanged.emit(self.index(0), self.index(max(len(self._items) - 1, 0)))

    def set_items(self, items: Sequence[Item]) -> None:
        """Show these kernels."""
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def set_image(self, name: str, colours: NDArray[np.uint8]) -> None:
        """Show a thumbnail."""
        self._images[name] = image_of(colours)
        for row, item in enumerate(self._items):
            if item.id == name:
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many kernels match."""
        return len(self._items)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a kernel."""
        item = self._items[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return item.label
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<b>{escape(item.label)}</b><br>{escape(item.text)}<br><i>{escape(self.note)}</i>"
        if role == Qt.ItemDataRole.UserRole:
            return item.id
        if role == Qt.ItemDataRole.DecorationRole:
            return None if self._veiled else self._images.get(item.id)
        return None

    def row_of(self, name: str) -> int:
        """Return the row of a kernel, -1 if it does not match."""
        return next((row for row, item in enumerate(self._items) if item.id == name), -1)
