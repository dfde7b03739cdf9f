"""How one of many is drawn, a kernel or a picture: its thumbnail over its name."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from convgui.views.kit.theme import ink, px, sized
from convgui.views.kit.thumbnail import draw_thumbnail

THUMB = QSize(80, 58)
CELL = QSize(86, 84)
INSTEAD = Qt.ItemDataRole.UserRole + 1
"""The role of words that stand in place of a thumbnail which cannot be made."""

NAME = 18
"""Pixels of a cell for the name."""


class ThumbDelegate(QStyledItemDelegate):
    """Draws a thumbnail over its name, the chosen one framed."""

    def sizeHint(self, option, index) -> QSize:
        """Return the size of one."""
        return QSize(CELL.width(), CELL.height() - NAME + px(NAME))

    def paint(self, painter: QPainter, option, index) -> None:
        """Draw one."""
        view = option.widget
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        box = QRect(option.rect.left() + (option.rect.width() - THUMB.width()) // 2, option.rect.top() + 2, 80, 58)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_thumbnail(painter, box, index.data(Qt.ItemDataRole.DecorationRole))
        if words := index.data(INSTEAD):
            painter.setFont(sized(view, 11))
            painter.setPen(ink("secondary"))
            painter.drawText(box.adjusted(4, 4, -4, -4), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(ink("accent" if chosen else "faint"), 2 if chosen else 1))
            painter.drawRoundedRect(box, 5, 5)
        painter.setFont(sized(view, 12, semibold=chosen))
        painter.setPen(ink("text" if chosen else "secondary"))
        name = QRect(box.left(), box.bottom() + 3, box.width(), px(NAME))
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
