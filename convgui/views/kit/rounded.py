"""Round corners for what pops up: menus, the lists of choices, and the finder, on any desktop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QPainterPath, QRegion
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

RADIUS = 8


class Rounder(QObject):
    """Gives popups round corners as soon as their size is known."""

    def round(self, window: QWidget, *others: QWidget) -> None:
        """Round what pops up in a window or a part of it, and others: to filter all events would slow down each of them."""
        lists = [box.view().parentWidget() for box in window.findChildren(QComboBox)]
        for popup in (*window.findChildren(QMenu), *lists, *others):
            if popup is not None:
                popup.installEventFilter(self)

    def eventFilter(self, watched, event) -> bool:
        """Cut the corners."""
        if event.type() == QEvent.Type.Resize:
            path = QPainterPath()
            path.addRoundedRect(QRectF(watched.rect()), RADIUS, RADIUS)
            watched.setMask(QRegion(path.toFillPolygon().toPolygon()))
        return False
