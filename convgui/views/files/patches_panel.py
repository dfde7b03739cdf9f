"""The strongest patches: what excites the shown map most in the photo, or in all files; a click goes there."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QWidget

from convgui.views.kit.card import Card, label
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import ink, px, sized
from convgui.views.kit.thumb_list import ThumbList
from convgui.views.kit.thumbnail import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

HINT = "Nothing in this map is stronger than the rest."

SIDE, NAME, GAP = 102, 18, 8
"""Pixels: of a patch, for its value, and between patches."""

OF = (("photo", "This photo"), ("files", "All files"))
"""Where the patches are looked for."""

FRAME = Qt.ItemDataRole.UserRole


class PatchItem(NamedTuple):
    """A patch: its value in words, a tip, its colours (rows, cols, 3), and where the field lies in it, in parts of it."""

    value: str
    tip: str
    colours: NDArray[np.uint8]
    frame: tuple[float, float, float, float]


class PatchesModel(QAbstractListModel):
    """The patches, the strongest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[PatchItem] = []
        self._images: list[object] = []

    def set_items(self, items: Sequence[PatchItem]) -> None:
        """Show these."""
        self.beginResetModel()
        self._items = list(items)
        self._images = [image_of(item.colours) for item in self._items]
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many there are."""
        return len(self._items)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of one."""
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.value
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.value}, {item.tip}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<b>{escape(item.value)}</b><br>{escape(item.tip)}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._images[index.row()]
        return item.frame if role == FRAME else None


class PatchDelegate(QStyledItemDelegate):
    """Draws a patch with its whole height and width, the field framed in it, and the value below."""

    def sizeHint(self, option, index) -> QSize:
        """Return the size of one."""
        return QSize(px(SIDE) + GAP, px(SIDE) + px(NAME) + GAP)

    def paint(self, painter: QPainter, option, index) -> None:
        """Draw one."""
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        whole = QRectF(option.rect.left(), option.rect.top() + 2, px(SIDE), px(SIDE))
        image = index.data(Qt.ItemDataRole.DecorationRole)
        box = _fitted(whole, image.width(), image.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        clip = QPainterPath()
        clip.addRoundedRect(box, 5, 5)
        painter.fillPath(clip, ink("well"))
        painter.setClipPath(clip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > box.width())
        painter.drawImage(box, image)
        painter.setClipping(False)
        left, top, wide, high = index.data(FRAME)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if min(wide, high) < 1:
            painter.setPen(QPen(ink("accent"), 1.5))
            field = QRectF(
                box.left() + left * box.width(), box.top() + top * box.height(), wide * box.width(), high * box.height()
            )
            painter.drawRoundedRect(field, 2, 2)
        if chosen or hovered:
            painter.setPen(QPen(ink("accent" if chosen else "faint"), 2 if chosen else 1))
            painter.drawRoundedRect(box, 5, 5)
        painter.setFont(sized(option.widget, 12, semibold=chosen))
        painter.setPen(ink("text" if chosen else "secondary"))
        below = QRectF(whole.left(), whole.bottom() + 2, whole.width(), px(NAME))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, index.data())
        painter.restore()


def _fitted(box: QRectF, wide: int, high: int) -> QRectF:
    """Return the largest box of a picture's proportions in a square, at its left and in the middle of its height."""
    part = min(box.width() / max(wide, 1), box.height() / max(high, 1))
    inner = QRectF(0, 0, max(wide * part, 8.0), max(high * part, 8.0))
    inner.moveTo(box.left(), box.top() + (box.height() - inner.height()) / 2)
    return inner


class PatchesPanel(Card):
    """Shows the sheet.

    Signals
    -------
    chosen(int)
        The place of a patch is to be shown.
    looked_for(str)
        Where patches are to be looked for: ``photo`` or ``files``.
    """

    chosen = Signal(int)
    looked_for = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("patches", "Strongest patches", parent)
        self.where = Segmented("patches_of", "Where the patches are looked for")
        self.where.set_options(OF)
        self.where.set_value("photo")
        self.where.setProperty("roomy", True)
        self.where.chosen.connect(self.looked_for)
        self.corner.addWidget(self.where)
        self.model = PatchesModel(self)
        self.list = ThumbList("patches_list", "Strongest patches", self.model, QSize(600, 132), QSize(200, 118))
        self.list.setItemDelegate(PatchDelegate(self.list))
        self.list.selectionModel().currentChanged.connect(self._moved)
        self.list.clicked.connect(lambda index: self.chosen.emit(index.row()))
        self.hint = label(HINT, "prose", wrap=True)
        self.hint.setObjectName("patches_hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.hint, 1)
        self.set_patches((), "")

    def set_patches(self, patches: Sequence[PatchItem], detail: str, hint: str = HINT) -> None:
        """Show patches, the strongest first, and say of what they are; or why there is none."""
        selection, before = self.list.selectionModel(), self.list.verticalScrollBar().value()
        selection.blockSignals(True)
        self.model.set_items(patches)
        selection.blockSignals(False)
        self.list.verticalScrollBar().setValue(before)
        self.list.setVisible(bool(patches))
        self.hint.setText(hint)
        self.hint.setVisible(not patches)
        self.set_detail(detail)

    def set_where(self, where: str) -> None:
        """Mark where patches are looked for."""
        self.where.set_value(where)

    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        """Tell of what is reached by the keyboard; a click tells itself, also of what is chosen already."""
        if now.isValid() and not self.list.underMouse():
            self.chosen.emit(now.row())
