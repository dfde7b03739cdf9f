"""The row of layers: it scrolls, is gone through by arrow keys, and a layer is dragged to another place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QWidget

from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, px
from convgui.views.layers.layer_delegate import ARROW, HEIGHT, LayerDelegate, card_box
from convgui.views.layers.layer_model import LayerModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.views.layers.values import LayerCard

EDGE, PACE = 40, 14
"""While a layer is dragged: so near to an end the row scrolls, by so many pixels at a time."""

BAR = 12
"""Pixels for the scroll bar, which are kept free where there is none, so that nothing jumps."""


class LayerList(QListView):
    """Shows cards; what the user does with one is told by its number, counted from 0, and changes nothing by itself.

    Signals
    -------
    selected, removed, switched, duplicated(int)
    moved(int, int)
        From which number to which.
    menu_wanted(int, QPoint)
        Where a menu for a layer is asked for, in global coordinates.
    """

    selected = Signal(int)
    removed = Signal(int)
    switched = Signal(int)
    duplicated = Signal(int)
    moved = Signal(int, int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layer_list")
        self.setAccessibleName("Layers")
        self.cards = LayerModel(self)
        self.setModel(self.cards)
        self.setItemDelegate(LayerDelegate(self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMouseTracking(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFixedHeight(px(HEIGHT + BAR))
        self._chosen = -1
        self._pressed: tuple[int, QPoint] | None = None
        self._target: int | None = None
        self._at = QPoint()
        self._scroll = QTimer(self)
        self._scroll.setInterval(30)
        self._scroll.timeout.connect(self._scroll_on)

    def sizeHint(self) -> QSize:
        """Ask for no more width than there is."""
        return QSize(320, px(HEIGHT + BAR))

    # setters

    def set_cards(self, cards: Sequence[LayerCard]) -> None:
        """Show these, the input first; the row stays where it was scrolled to."""
        place = self.horizontalScrollBar().value()
        self.cards.set_cards(cards)
        self._end_drag()
        self.executeDelayedItemsLayout()
        self.horizontalScrollBar().setValue(place)

    def set_chosen(self, layer: int) -> None:
        """Mark a layer by the accent, without a signal; -1 marks none."""
        self._chosen = layer if 0 <= layer < self.count() else -1
        if self._chosen < 0:
            self.selectionModel().clear()
        else:
            index = self.cards.index(self._chosen + 1)
            self.setCurrentIndex(index)
            self.scrollTo(index)
        self.viewport().update()

    def chosen(self) -> int:
        """Return which layer is marked, -1 if none is."""
        return self._chosen

    def count(self) -> int:
        """Return how many layers there are, without the input."""
        return max(self.cards.rowCount() - 1, 0)

    # keyboard

    def event(self, event) -> bool:
        """Take the keys of the strip before the window's shortcuts do, where the strip has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and self._meaning(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event) -> None:
        """Select by arrow keys; remove, switch, duplicate and move what is selected."""
        meaning = self._meaning(event)
        if meaning is None:
            super().keyPressEvent(event)
            return
        event.accept()
        if meaning == "drop":
            self._end_drag()
        elif self._chosen < 0:
            if self.count():
                self.selected.emit(0)
        else:
            self._do(str(meaning))

    def _do(self, meaning: str) -> None:
        last = self.count() - 1
        places = {"left": self._chosen - 1, "right": self._chosen + 1, "first": 0, "last": last}
        if meaning in places:
            to = min(max(places[meaning], 0), last)
            if to != self._chosen:
                self.selected.emit(to)
        elif meaning in ("back", "on"):
            to = self._chosen + (1 if meaning == "on" else -1)
            if 0 <= to <= last:
                self.moved.emit(self._chosen, to)
        else:
            {"remove": self.removed, "switch": self.switched, "duplicate": self.duplicated}[meaning].emit(self._chosen)

    def _meaning(self, event) -> str | None:
        """Return what a key means here."""
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.NoModifier:
            if key == Qt.Key.Key_Escape and self._target is not None:
                return "drop"
            return PLAIN.get(key)
        if held == Qt.KeyboardModifier.AltModifier:
            return {Qt.Key.Key_Left: "back", Qt.Key.Key_Right: "on"}.get(key)
        return "duplicate" if held == Qt.KeyboardModifier.ControlModifier and key == Qt.Key.Key_D else None

    # mouse

    def mousePressEvent(self, event) -> None:
        """Select a layer; it can be dragged from now on."""
        layer = self._layer_at(event.position().toPoint())
        if layer < 0:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = layer, event.position().toPoint()
        if layer != self._chosen:
            self.selected.emit(layer)

    def mouseMoveEvent(self, event) -> None:
        """Show where the layer would go."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)  # which would select, with a button held
            return
        self._at = event.position().toPoint()
        far = (self._at - self._pressed[1]).manhattanLength() >= QApplication.startDragDistance()
        if self._target is not None or far:
            self._target = self._gap_at(self._at.x())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._scroll.start()
            self.viewport().update()

    def mouseReleaseEvent(self, event) -> None:
        """Move the layer to where it was dragged."""
        pressed, gap = self._pressed, self._target
        self._end_drag()
        if pressed is None or gap is None:
            return
        layer = pressed[0]
        to = gap - 1 if gap > layer else gap
        if to != layer and layer < self.count():
            self.moved.emit(layer, to)

    def mouseDoubleClickEvent(self, event) -> None:
        """Be the second of two clicks."""
        self.mousePressEvent(event)

    def contextMenuEvent(self, event) -> None:
        """Ask for a menu for a layer; by the keyboard, for the selected one."""
        by_mouse = event.reason() == event.Reason.Mouse
        layer = self._layer_at(event.pos()) if by_mouse else self._chosen
        if layer >= 0:
            box = self.visualRect(self.cards.index(layer + 1))
            place = event.globalPos() if by_mouse else self.viewport().mapToGlobal(box.center())
            self.menu_wanted.emit(layer, place)

    def wheelEvent(self, event) -> None:
        """Scroll along the row by either wheel."""
        turn = event.angleDelta().x() or event.angleDelta().y()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - turn)
        event.accept()

    def _end_drag(self) -> None:
        self._pressed = self._target = None
        self._scroll.stop()
        self.unsetCursor()
        self.viewport().update()

    def _scroll_on(self) -> None:
        """Go on while a layer is held at an end of the row."""
        bar, width = self.horizontalScrollBar(), self.viewport().width()
        if self._at.x() < EDGE:
            bar.setValue(bar.value() - PACE)
        elif self._at.x() > width - EDGE:
            bar.setValue(bar.value() + PACE)
        self._target = self._gap_at(self._at.x())
        self.viewport().update()

    def _layer_at(self, place: QPoint) -> int:
        """Return which layer's card lies there, -1 if none does."""
        index = self.indexAt(place)
        return index.row() - 1 if index.isValid() and card_box(self.visualRect(index), index.row()).contains(place) else -1

    def _gap_at(self, x: int) -> int:
        """Return before which layer a place lies; as many as there are layers, if behind all."""
        boxes = (card_box(self.visualRect(self.cards.index(n + 1)), n + 1) for n in range(self.count()))
        return sum(1 for box in boxes if box.center().x() < x)

    def paintEvent(self, event) -> None:
        """Draw the cards, and a line where a dragged one would go."""
        super().paintEvent(event)
        if self._target is None:
            return
        row = min(self._target, self.count() - 1) + 1
        box = card_box(self.visualRect(self.cards.index(row)), row)
        x = box.right() + 3 if self._target == self.count() else box.left() - ARROW // 2
        with painting(self.viewport()) as painter:
            painter.setPen(QPen(ink("accent"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(x, box.top() + 4, x, box.bottom() - 4)


PLAIN = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Home: "first",
    Qt.Key.Key_End: "last",
    Qt.Key.Key_Delete: "remove",
    Qt.Key.Key_Backspace: "remove",
    Qt.Key.Key_Space: "switch",
}
"""What keys by themselves mean."""
