"""The grid of maps: every map of a layer as a tile with its kernel in the corner, of which one is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip

from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, sized
from convgui.views.kit.thumbnail import image_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtWidgets import QWidget

SMALLEST, USUAL, LARGEST = 48, 104, 400
"""Pixels of a tile's longer side; few maps are larger than usual, so that they fill the room."""

FEW = 64
"""Maps up to which it is tried to show all of them at once."""

EDGE, APART, ROUND = 10, 8, 5
"""Pixels around all tiles, between them, and of their corners."""

KERNEL = 0.28
"""Part of a tile's shorter side that the kernel in its corner takes."""

PLATE = 8
"""Pixels that the plate behind a number is wider than it."""


class MapGrid(QAbstractScrollArea):
    """Shows many maps as tiles.

    Signals
    -------
    chosen(int)
        A map is to be the one that everything else is about.
    opened(int)
        A map is to be shown alone.
    looked
        Other tiles are seen, or they have another size.
    """

    chosen = Signal(int)
    opened = Signal(int)
    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map_grid")
        self.setAccessibleName("All maps of the layer")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self._order: tuple[int, ...] = ()
        self._places: dict[int, int] = {}
        self._images: dict[int, QImage] = {}
        self._kernels: dict[int, QImage] = {}
        self._texts: dict[int, str] = {}
        self._faint: frozenset[int] = frozenset()
        self._aspect = 1.0
        self._side: int | None = None
        """Pixels of the longer side of a tile, where the user has chosen them."""
        self._columns, self._tile = 1, QSize(USUAL, USUAL)
        self._current = 0
        self._hovered = -1
        self._stale = False

    # setters

    def set_maps(self, order: Sequence[int], aspect: float, *, same: bool = False) -> None:
        """Show these maps in this order; `aspect` is the width of each by its height.

        `same`: they are maps of the same layer as before, so that what is known of each is kept.
        """
        order = tuple(order)
        if (order, aspect) == (self._order, self._aspect):
            return
        if not same and set(order) != set(self._order):
            self._images, self._kernels = {}, {}
        self._order, self._aspect = order, min(max(aspect, 0.1), 10.0)
        self._places = {map: place for place, map in enumerate(order)}
        self._lay_out()
        self.looked.emit()

    def set_images(self, images: Mapping[int, NDArray[np.uint8]], *, alone: bool = False) -> None:
        """Show some maps as these colours; `alone` where the others have other colours by now, and are to be asked for."""
        if alone:
            self._images = {}
        self._images.update({map: image_of(colours) for map, colours in images.items()})
        self._stale = False
        self.viewport().update()

    def drop_images(self) -> None:
        """Show no map any more until there are new ones."""
        self._images = {}
        self.viewport().update()

    def set_kernels(self, kernels: Mapping[int, NDArray[np.uint8]]) -> None:
        """Show kernels in the corners of their maps."""
        self._kernels = {map: image_of(colours) for map, colours in kernels.items()}
        self.viewport().update()

    def set_texts(self, texts: Mapping[int, str], faint: Sequence[int] = ()) -> None:
        """Say something of some maps when the cursor rests there; those that do nothing are `faint`."""
        self._texts, self._faint = dict(texts), frozenset(faint)
        self.viewport().update()

    def set_current(self, map: int) -> None:
        """Mark a map as the one that everything else is about."""
        if map != self._current:
            self._current = map
            self.viewport().update()

    def set_stale(self, stale: bool) -> None:
        """Tint the maps while new ones are on their way."""
        if stale != self._stale:
            self._stale = stale
            self.viewport().update()

    def set_head(self, head: int) -> None:
        """Leave so many pixels free above the tiles."""
        if head != self.viewportMargins().top():
            self.setViewportMargins(0, head, 0, 0)

    def set_side(self, side: int) -> None:
        """Make the tiles so large, in pixels of the longer side."""
        side = min(max(side, SMALLEST), LARGEST)
        if side != self._side:
            self._side = side
            self._lay_out()
            self.show_map(self._current)
            self.looked.emit()

    def show_map(self, map: int) -> None:
        """Scroll so that a map is seen."""
        if map not in self._places:
            return
        box = self._box(self._places[map])
        bar = self.verticalScrollBar()
        if box.top() < EDGE:
            bar.setValue(bar.value() + box.top() - EDGE)
        elif box.bottom() > self.viewport().height() - EDGE:
            bar.setValue(bar.value() + box.bottom() - self.viewport().height() + EDGE)

    # what is shown

    def side(self) -> int:
        """Return the pixels of a tile's longer side."""
        return max(self._tile.width(), self._tile.height())

    def order(self) -> tuple[int, ...]:
        """Return the maps as they are shown, one after the other."""
        return self._order

    def seen(self) -> tuple[int, ...]:
        """Return the maps of which something is seen, from top to bottom."""
        if not self._order or not self.isVisible():
            return ()
        high = self._tile.height() + APART
        offset = self.verticalScrollBar().value() - EDGE
        first, last = max(offset // high, 0), (offset + self.viewport().height()) // high
        columns = self._columns
        return self._order[first * columns : (last + 1) * columns]

    def missing(self) -> tuple[int, ...]:
        """Return those that are seen and have no picture yet."""
        return tuple(map for map in self.seen() if map not in self._images)

    def image(self, map: int) -> QImage | None:
        """Return the picture of a map."""
        return self._images.get(map)

    def box_of(self, map: int) -> QRect:
        """Return where a map lies in the viewport."""
        return self._box(self._places[map])

    # geometry

    def _arrange(self) -> tuple[int, QSize]:
        """Return how many tiles stand in a row, and how large each is."""
        filling = max(self._fillings(), default=(0.0, 1)) if self._side is None else (0.0, 1)
        if filling[0] >= USUAL:
            columns, wide = filling[1], min(filling[0], LARGEST) * min(self._aspect, 1.0)
        else:
            wide = (self._side or USUAL) * min(self._aspect, 1.0)
            columns = max(round(self._room() / (wide + APART)), 1)
            if columns <= len(self._order):  # so that the tiles of a row fill it
                wide = self._room() / columns - APART
        return columns, QSize(max(int(wide), 8), max(round(wide / self._aspect), 8))

    def _fillings(self) -> list[tuple[float, int]]:
        """Return the longer side that tiles can have where all of them are seen, for each number of them in a row."""
        room, high, count = self._room(), self.viewport().height() - 2 * EDGE + APART, len(self._order)
        found = []
        for columns in range(1, count + 1 if count <= FEW else 1):
            wide = min(room / columns - APART, (high / -(-count // columns) - APART) * self._aspect)
            found.append((wide / min(self._aspect, 1.0), columns))
        return found

    def _room(self) -> int:
        return self.viewport().width() - 2 * EDGE + APART

    def _box(self, place: int) -> QRect:
        tile, columns = self._tile, self._columns
        x = EDGE + place % columns * (tile.width() + APART)
        y = EDGE + place // columns * (tile.height() + APART) - self.verticalScrollBar().value()
        return QRect(QPoint(x, y), tile)

    def _at(self, point: QPoint) -> int:
        """Return the map at a point of the viewport, -1 if there is none."""
        tile, columns = self._tile, self._columns
        x, y = point.x() - EDGE, point.y() - EDGE + self.verticalScrollBar().value()
        col, row = x // (tile.width() + APART), y // (tile.height() + APART)
        place = row * columns + col
        if not (0 <= col < columns and row >= 0 and place < len(self._order)) or not self._box(place).contains(point):
            return -1
        return self._order[place]

    def _lay_out(self) -> None:
        self._columns, self._tile = self._arrange()
        rows = -(-len(self._order) // self._columns)
        high = self._tile.height() + APART
        whole = 2 * EDGE + rows * high - APART
        bar = self.verticalScrollBar()
        bar.setRange(0, max(whole - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(high // 3, 1))
        self.viewport().update()

    def resizeEvent(self, event) -> None:
        """Lay the tiles out anew."""
        super().resizeEvent(event)
        self._lay_out()
        self.looked.emit()

    def showEvent(self, event) -> None:
        """Tell that tiles are seen."""
        super().showEvent(event)
        self.looked.emit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Show other tiles."""
        self.viewport().update()
        self.looked.emit()

    # painting

    def event(self, event) -> bool:
        """Draw what lies above the tiles as they are drawn."""
        if event.type() == event.Type.Paint and self.viewportMargins().top():
            with painting(self) as painter:
                painter.fillRect(self.rect(), ink("well"))
            return True
        return super().event(event)

    def paintEvent(self, event) -> None:
        """Draw the tiles that are seen."""
        with painting(self.viewport()) as painter:
            painter.fillRect(event.rect(), ink("well"))
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            painter.setFont(sized(self, 11))
            for map in self.seen():
                box = self._box(self._places[map])
                if box.intersects(event.rect()):
                    self._draw(painter, box, map)

    def _draw(self, painter: QPainter, box: QRect, map: int) -> None:
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(box), ROUND, ROUND)
        painter.fillPath(clip, ink("ground"))
        if (image := self._images.get(map)) is not None:
            painter.save()
            painter.setClipPath(clip)
            painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform, image.width() * 2 > box.width())
            painter.setOpacity((0.35 if map in self._faint else 1.0) * (0.6 if self._stale else 1.0))
            painter.drawImage(QRectF(box), image)
            painter.restore()
        self._draw_kernel(painter, box, map)
        self._draw_number(painter, box, map)
        current = map == self._current
        if current or map == self._hovered:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink("accent" if current else "faint"), 2.5 if current else 1.2))
            painter.drawRoundedRect(QRectF(box).adjusted(-1.5, -1.5, 1.5, 1.5), ROUND + 1, ROUND + 1)

    def _draw_kernel(self, painter: QPainter, box: QRect, map: int) -> None:
        if (image := self._kernels.get(map)) is None:
            return
        side = KERNEL * min(box.width(), box.height())
        longest = max(image.width(), image.height())
        wide, high = side * image.width() / longest, side * image.height() / longest
        place = QRectF(box.left() + 4, box.bottom() - 3 - high, wide, high)
        painter.save()
        clip = QPainterPath()
        clip.addRoundedRect(place, 2, 2)
        painter.setClipPath(clip)
        painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(place, image)
        painter.restore()

    def _draw_number(self, painter: QPainter, box: QRect, map: int) -> None:
        text = str(map)
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(text) + PLATE
        place = QRectF(box.right() - wide - 2, box.bottom() - metrics.height() - 2, wide, metrics.height())
        plate = QColor(ink("card"))
        plate.setAlphaF(0.72)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(ink("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    # gestures

    def mousePressEvent(self, event) -> None:
        """Choose the map under the cursor."""
        if event.button() == Qt.MouseButton.LeftButton and (map := self._at(event.position().toPoint())) >= 0:
            self.chosen.emit(map)

    def mouseDoubleClickEvent(self, event) -> None:
        """Show the map under the cursor alone."""
        if event.button() == Qt.MouseButton.LeftButton and (map := self._at(event.position().toPoint())) >= 0:
            self.opened.emit(map)

    def mouseMoveEvent(self, event) -> None:
        """Mark the map under the cursor."""
        map = self._at(event.position().toPoint())
        if map != self._hovered:
            self._hovered = map
            self.viewport().update()

    def viewportEvent(self, event) -> bool:
        """Say something of the map on which the cursor rests."""
        if event.type() == QEvent.Type.ToolTip:
            map = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self._texts.get(map, ""), self.viewport(), self._tip_room(map))
            return True
        return super().viewportEvent(event)

    def _tip_room(self, map: int) -> QRect:
        """Return where a tip stays: as long as the cursor is over its map."""
        return self._box(self._places[map]) if map in self._places else QRect()

    def leaveEvent(self, event) -> None:
        """Mark none."""
        self._hovered = -1
        self.viewport().update()

    def wheelEvent(self, event) -> None:
        """Scroll; with Ctrl make the tiles larger or smaller."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_side(round((self._side or self.side()) * 1.15 ** (event.angleDelta().y() / 120)))
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event) -> None:
        """Go from map to map by the arrow keys, enlarge the chosen one by Enter."""
        place, columns = self._places.get(self._current, 0), self._columns
        page = max(self.viewport().height() // (self._tile.height() + APART), 1) * columns
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -len(self._order),
            Qt.Key.Key_End: len(self._order),
        }
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._current)
        elif event.key() in moves and not event.modifiers() and self._order:
            to = place + moves[event.key()]
            if abs(moves[event.key()]) in (1, columns) and not 0 <= to < len(self._order):
                return
            map = self._order[min(max(to, 0), len(self._order) - 1)]
            self.show_map(map)
            self.chosen.emit(map)
        else:
            super().keyPressEvent(event)
