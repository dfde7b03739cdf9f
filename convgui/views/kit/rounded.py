"""Round corners for what pops up: menus, the lists of choices, and the finder, on any desktop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF
from PySide6.QtGui import QPainterPath, QRegion
from PySide6.QtWidgets import QComboBox, QMenu, QWidget

RADIUS = 8


class Rounder(QObject):
    """Gives each popup of an application round corners as soon as its size is known."""

    def eventFilter(self, watched, event) -> bool:
        """Cut the corners of a popup."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget) and watched.isWindow() and _pops_up(watched):
            path = QPainterPath()
            path.addRoundedRect(QRectF(watched.rect()), RADIUS, RADIUS)
            watched.setMask(QRegion(path.toFillPolygon().toPolygon()))
        return False


def _pops_up(widget: QWidget) -> bool:
    return isinstance(widget, QMenu) or isinstance(widget.parent(), QComboBox) or widget.objectName() == "finder"
