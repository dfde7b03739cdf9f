"""Draws one layer of the strip: a thumbnail, its name, what comes out of it, its settings, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from convgui.views.kit.theme import ink, px, sized
from convgui.views.kit.thumbnail import draw_thumbnail
from convgui.views.layers.layer_model import CARD

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from convgui.views.layers.values import LayerCard

THUMB, INSIDE, HEIGHT = 48, 7, 62
"""Pixels: the side of a thumbnail, between it and the edge, and the height of a card."""

ARROW = 20
"""Pixels before a card, for the sign that it reads the one before."""

WIDEST, STEP = 168, 28
"""Pixels for the text of a card, and by which it widens: what stands behind it does not move with each digit."""

LINE = 16
"""Pixels for a line of text."""

DIMMED = 0.35
"""How much is seen of the thumbnail of a layer that is not applied."""


class LayerDelegate(QStyledItemDelegate):
    """Draws cards; the selected one has the accent."""

    def sizeHint(self, option, index) -> QSize:
        """Return the size of a card with its arrow: as wide as its words, within bounds."""
        card: LayerCard = index.data(CARD)
        bold, plain = (QFontMetrics(sized(option.widget, 12, semibold=bold)) for bold in (True, False))
        words = [bold.horizontalAdvance(card.name), *(plain.horizontalAdvance(line) for line in _lines(card))]
        text = min(-(-(max(words) + 4) // STEP) * STEP, px(WIDEST))
        return QSize((ARROW if index.row() else 0) + px(THUMB) + 3 * INSIDE + text, px(HEIGHT))

    def paint(self, painter: QPainter, option, index) -> None:
        """Draw a card."""
        card: LayerCard = index.data(CARD)
        box = card_box(option.rect, index.row())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.row():
            self._draw_arrow(painter, box)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver) and index.row() > 0
        edge = "accent" if chosen else "warning" if card.fault else "faint" if hovered else "line"
        painter.setPen(QPen(ink(edge), 1.5 if chosen else 1))
        painter.setBrush(ink("soft" if chosen else "card"))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 8, 8)
        self._draw_picture(painter, box, card, index.data(Qt.ItemDataRole.DecorationRole))
        self._draw_words(painter, box, card, option.widget)
        painter.restore()

    @staticmethod
    def _draw_arrow(painter: QPainter, box: QRect) -> None:
        middle = QPointF(box.left() - ARROW / 2, box.center().y())
        painter.setPen(QPen(ink("faint"), 1.4))
        painter.drawPolyline([middle + QPointF(-2, -4), middle + QPointF(2, 0), middle + QPointF(-2, 4)])

    @staticmethod
    def _draw_picture(painter: QPainter, box: QRect, card: LayerCard, image) -> None:
        place = QRect(box.left() + INSIDE, box.top() + (box.height() - px(THUMB)) // 2, px(THUMB), px(THUMB))
        painter.setOpacity(1.0 if card.on else DIMMED)
        draw_thumbnail(painter, place, image if card.reached and not card.fault else None)
        painter.setOpacity(1.0)

    @staticmethod
    def _draw_words(painter: QPainter, box: QRect, card: LayerCard, view: QWidget) -> None:
        alive = card.on and card.reached
        left = box.left() + 2 * INSIDE + px(THUMB)
        room = QRect(left, box.top(), box.right() - INSIDE - left + 2, box.height())
        if card.fault:
            _write(painter, room, card.name, "text", sized(view, 12, semibold=True), 0, 3)
            _write(painter, room, card.fault, "warning", sized(view, 12), 1, 3, lines=2)
            return
        lines = _lines(card)
        _write(painter, room, card.name, "text" if alive else "faint", sized(view, 12, semibold=True), 0, 1 + len(lines))
        for number, line in enumerate(lines, 1):
            _write(painter, room, line, "secondary" if alive else "faint", sized(view, 12), number, 1 + len(lines))


def _write(
    painter: QPainter, room: QRect, text: str, colour: str, font: QFont, number: int, count: int, *, lines: int = 1
) -> None:
    """Write line `number` of `count`, all together in the middle of the height; what does not fit is cut."""
    painter.setFont(font)
    painter.setPen(ink(colour))
    top = room.top() + (room.height() - px(LINE) * count) // 2 + number * px(LINE)
    place = QRect(room.left(), top, room.width(), px(LINE) * lines)
    width = round(room.width() * (1 if lines == 1 else lines - 0.25))  # words are not parted at the end of a line
    cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(place, int(flags) | (Qt.TextFlag.TextWordWrap.value if lines > 1 else 0), cut)


def _lines(card: LayerCard) -> list[str]:
    """Return what stands below the name: two lines at the most."""
    if card.state:
        return [card.fault] if card.fault else [part for part in (card.parameters, card.state) if part]
    return [part for part in (card.parameters, card.shape) if part]


def card_box(rect: QRect, row: int) -> QRect:
    """Return where the card lies in the room of its row, which begins with the arrow."""
    left = ARROW if row else 0
    return QRect(rect.left() + left, rect.top(), rect.width() - left, px(HEIGHT))
