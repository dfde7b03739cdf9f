"""A wall of thumbnails that fills the room it has: what is chosen stays in sight."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView

from convgui.views.kit.thumb_delegate import ThumbDelegate


class ThumbList(QListView):
    """A list view of thumbnails, with a preferred and a least size that do not depend on what is in it."""

    def __init__(self, name: str, accessible: str, model: QAbstractItemModel, wanted: QSize, least: QSize) -> None:
        super().__init__()
        self._wanted, self._least = wanted, least
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setModel(model)
        self.setItemDelegate(ThumbDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return self._wanted

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return self._least

    def resizeEvent(self, event) -> None:
        """Keep what is chosen in sight."""
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
