"""How an action is drawn in the finder: its name, the menu that it stands in, and its keys at the end of the line."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from convgui.views.kit.theme import ink, px, sized

MENU, KEYS = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
LINE, INSIDE, APART = 28, 10, 8
"""Pixels: the height of a line, what lies at its ends, and between a name and its menu."""


class FinderDelegate(QStyledItemDelegate):
    """Draws lines; widgets for all of them would take longer than one waits for a popup."""

    def sizeHint(self, option, index) -> QSize:
        """Return the size of a line."""
        return QSize(200, px(LINE))

    def paint(self, painter: QPainter, option, index) -> None:
        """Draw one action."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink("soft"))
            painter.drawRoundedRect(option.rect, 6, 6)
        box = option.rect.adjusted(INSIDE, 0, -INSIDE, 0)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        painter.setFont(sized(option.widget, 13))
        painter.setPen(ink("text" if enabled else "faint"))
        metrics = painter.fontMetrics()
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, index.data())
        after = QRect(box)
        after.setLeft(box.left() + metrics.horizontalAdvance(index.data()) + APART)
        painter.setFont(sized(option.widget, 12))
        painter.setPen(ink("secondary" if enabled else "faint"))
        painter.drawText(after, Qt.AlignmentFlag.AlignVCenter, index.data(MENU) or "")
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, index.data(KEYS) or "")
        painter.restore()
