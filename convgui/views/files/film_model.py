"""The model of the film strip: files with their names, what was measured of each, and thumbnails of those seen last."""

from __future__ import annotations

from collections import OrderedDict
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from convgui.trouble import one_line
from convgui.views.kit.thumb_delegate import INSTEAD
from convgui.views.kit.thumbnail import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

BROKEN = "cannot be opened"
"""What stands in place of the thumbnail of such a file."""

KEPT = 1500
"""Thumbnails that are kept, some dozens of kilobytes each; others are made again when they are seen again."""


class Shot(NamedTuple):
    """What the strip shows of a file: its name, what it is sorted by in words, its tip, and whether it cannot be opened."""

    path: str
    name: str
    value: str = ""
    tip: str = ""
    broken: bool = False


class FilmModel(QAbstractListModel):
    """The files in their order, with thumbnails as far as they are there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shots: list[Shot] = []
        self._rows: dict[str, int] = {}
        self._images: OrderedDict[str, QImage | None] = OrderedDict()

    def set_shots(self, shots: Sequence[Shot]) -> None:
        """Show these files in this order."""
        same = [shot.path for shot in shots] == [shot.path for shot in self._shots]
        if same:
            self._shots = list(shots)
            if shots:
                self.dataChanged.emit(self.index(0), self.index(len(shots) - 1))
            return
        self.beginResetModel()
        self._shots = list(shots)
        self._rows = {shot.path: row for row, shot in enumerate(shots)}
        self.endResetModel()

    def set_image(self, path: str, colours: NDArray[np.uint8] | None) -> None:
        """Show a thumbnail; None where the file cannot be shown."""
        self._images[path] = None if colours is None else image_of(colours)
        self._images.move_to_end(path)
        while len(self._images) > KEPT:
            self._images.popitem(last=False)
        if (row := self.row_of(path)) >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))

    def clear_images(self) -> None:
        """Forget all thumbnails."""
        self._images.clear()
        if self._shots:
            self.dataChanged.emit(self.index(0), self.index(len(self._shots) - 1))

    def without_image(self, first: int, last: int) -> list[str]:
        """Return the files of some rows that have no thumbnail yet."""
        return [shot.path for shot in self._shots[max(first, 0) : last + 1] if shot.path not in self._images]

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many files there are."""
        return len(self._shots)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a file."""
        shot = self._shots[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(f"{shot.value} · {shot.name}" if shot.value else shot.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return one_line(f"{shot.name} {self._instead(shot) or shot.value}".strip())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<b>{escape(shot.name)}</b><br>{escape(shot.tip)}"
        if role == Qt.ItemDataRole.UserRole:
            return shot.path
        if role == Qt.ItemDataRole.DecorationRole:
            return self._images.get(shot.path)
        if role == INSTEAD:
            return self._instead(shot)
        return None

    def _instead(self, shot: Shot) -> str:
        """Return what stands in place of a thumbnail that cannot be made, empty where it can."""
        return BROKEN if shot.broken or (shot.path in self._images and self._images[shot.path] is None) else ""

    def row_of(self, path: str) -> int:
        """Return the row of a file, -1 if it is not among them."""
        return self._rows.get(path, -1)

    def path_at(self, row: int) -> str:
        """Return the file of a row, empty beyond the ends."""
        return self._shots[row].path if 0 <= row < len(self._shots) else ""
