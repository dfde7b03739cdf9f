"""One pane of the pair: shows a part of a picture or a map, its numbers when they are large enough, and the marks on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from convgui.views.canvas.background import NUMBERS_FROM, TOY_NUMBERS_FROM, Background
from convgui.views.canvas.grid_hand import GridHand
from convgui.views.canvas.line_hand import LineHand
from convgui.views.canvas.overlay import DIGITS, draw_bands, draw_border_cells, draw_hatching, draw_links
from convgui.views.canvas.pane_geometry import PaneGeometry
from convgui.views.canvas.values import NO_BANDS
from convgui.views.kit import drawable
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convgui.views.canvas.values import Bands, BorderCells, Picture
    from convgui.views.kit.drawable import Rect

RIM = 10
"""Pixels around a cell in which its marks are drawn."""

SMALL = 0.1
"""Part of a pane that is drawn as soon as it is asked for, without what lies beside it."""

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton

REMOTE = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
"""What the keys of a presenter's remote do: a step on, a step back."""


class ImagePane(QWidget):
    """Shows pictures in input coordinates; all gestures are emitted as signals, in input coordinates or in pixels."""

    hovered = Signal(float, float)
    unhovered = Signal()
    clicked = Signal(float, float)
    panned = Signal(float, float)
    zoomed = Signal(float, float, float)
    resized = Signal()
    moved = Signal(int, int)
    walked = Signal(int, int)
    turned = Signal(int)
    """A key of a presenter's remote: on by one step, or back."""
    fit_asked = Signal()
    released = Signal()
    """A line has been drawn to its end."""
    laid_out = Signal()
    """The picture lies elsewhere in the pane, or there is one that lies elsewhere or has other cells."""

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._toy, self._known = False, PaneGeometry(float(self.width()), float(self.height()))
        self._drawn: tuple[Background, float, QPixmap | None] | None = None
        self._lane_names: tuple[str, ...] = ()
        self._overview: Picture | None = None
        self._picture: Picture | None = None
        self._under: Picture | None = None
        self._over: Picture | None = None
        self._marks: list[tuple[Rect, bool]] = []
        self._bands = NO_BANDS
        self._links: list[tuple[Rect, Rect]] = []
        self._border_cells: BorderCells | None = None
        self._hatched: list[Rect] = []
        self._cover: list[Rect] = []
        self._stale, self._hint = False, ""
        self._digits = DIGITS
        self._plain = False
        self.hand = GridHand(self, place=lambda: self.place, numbers=self._numbers)
        self.line = LineHand(self, place=lambda: self.place)
        self._press: QPointF | None = None
        self._dragging = False

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(380, 420)

    def minimumSizeHint(self) -> QSize:
        """Return the smallest useful size."""
        return QSize(160, 120)

    # setters

    def set_viewport(self, x: float, y: float, zoom: float) -> None:
        """Show the point (x, y) in the middle, `zoom` pixels to an input cell."""
        if drawable.is_rect((x, y, zoom, 1.0)) and zoom > 0:
            self._move_to(replace(self.place, x=x, y=y, zoom=zoom))

    def set_kind(self, *, toy: bool, rows: tuple[int, int] | None = None, names: Sequence[str] = ()) -> None:
        """Set whether cells are drawn as boxes, and for a sequence its first row and the number of rows (lanes).

        Lanes may have names.
        """
        if (toy, tuple(names)) != (self._toy, self._lane_names):
            self._toy, self._lane_names = toy, tuple(names)
            self.update()
        self._move_to(replace(self.place, rows=rows if rows is not None and rows[1] > 0 else None))

    def set_digits(self, largest: int) -> None:
        """Write numbers in letters of so many pixels at most."""
        if largest != self._digits:
            self._digits = largest
            self.update()

    def set_insets(self, head: float, foot: float) -> None:
        """Leave so many pixels free above and below the rows of a sequence, which something else covers."""
        self._move_to(replace(self.place, head=head, foot=foot))

    def set_picture(self, picture: Picture | None, *, whole: bool = False) -> None:
        """Show a picture; one of the whole input or map is also shown wherever nothing finer is there yet."""
        if picture is not None and not (picture.colours.size and drawable.is_rect(picture.rect)):
            picture = None
        before, self._picture = self._picture, picture
        if whole or picture is None:
            self._overview = picture
        self._stale = False
        self.update()
        if picture is None or before is None or not picture.lies_as(before):
            self.laid_out.emit()

    def set_under(self, under: Picture | None) -> None:
        """Show a picture below the others, which is seen where they let it through."""
        if under is not None and not (under.colours.size and drawable.is_rect(under.rect)):
            under = None
        if under is not self._under:
            self._under = under
            self.update()

    def set_over(self, over: Picture | None) -> None:
        """Lay a picture over the others, which lets them through where its fourth channel says so."""
        if over is not None and not (over.colours.size and drawable.is_rect(over.rect)):
            over = None
        if over is not self._over:
            self._over = over
            self.update()

    def over(self) -> Picture | None:
        """Return the picture that is laid over the others."""
        return self._over

    def set_stale(self, stale: bool) -> None:
        """Tint the picture while a new one is on its way."""
        if stale != self._stale:
            self._stale = stale
            self.update()

    def set_bands(self, bands: Bands, links: Sequence[tuple[Rect, Rect]] = ()) -> None:
        """Lay weights over cells, and draw lines from border cells to the cells whose values they have."""
        bands = bands.drawable()
        lines = [link for link in links if drawable.is_rect(link[0]) and drawable.is_rect(link[1])]
        if lines != self._links or not bands.same(self._bands):
            for covered, shown in ((self._bands, self._links), (bands, lines)):
                self._renew(np.concatenate([covered.rects, np.array(shown, float).reshape(-1, 4)]))
            self._bands, self._links = bands, lines

    def set_border_cells(self, cells: BorderCells | None) -> None:
        """Show the border cells around the input."""
        if cells is not None and not (cells.values.size and drawable.is_rect(cells.rect)):
            cells = None
        if cells is not self._border_cells:
            self._border_cells = cells
            self.update()

    def set_cover(self, rects: list[Rect]) -> None:
        """Hide cells that have not been visited yet."""
        if (rects := drawable.rects(rects)) != self._cover:
            self._cover = rects
            self.update()

    def set_hatched(self, rects: list[Rect]) -> None:
        """Hatch cells."""
        if (rects := drawable.rects(rects)) != self._hatched:
            self._hatched = rects
            self.update()

    def set_marks(self, marks: list[tuple[Rect, bool]]) -> None:
        """Outline rectangles (left, top, width, height); a pinned one is drawn stronger."""
        marks = [mark for mark in marks if drawable.is_rect(mark[0])]
        if marks != self._marks:
            for now in (self._marks, marks):
                self._renew(np.array([rect for rect, _ in now], float))
            self._marks = marks

    def _renew(self, rects: NDArray[np.float64]) -> None:
        """Draw anew where cells are marked: the cursor moves far more often than the picture changes."""
        if self.place.lanes is not None:  # there weights lie below their cells
            self.update()
            return
        if not len(rects):
            return
        left, top, wide, high = rects.T
        right, bottom = float((left + wide).max()), float((top + high).max())
        first, upper = float(left.min()), float(top.min())
        whole = self.to_pixels(first, upper, right - first, bottom - upper).adjusted(-RIM, -RIM, RIM, RIM)
        if not (seen := whole.intersected(QRectF(self.rect()))).isEmpty():
            self.update(seen.toAlignedRect())

    def set_hint(self, text: str) -> None:
        """Show a sentence in the middle instead of a picture."""
        if text != self._hint:
            self._hint = text
            self.update()

    # geometry

    def picture(self) -> Picture | None:
        """Return what is shown."""
        return self._picture

    def picture_box(self) -> QRectF:
        """Return where what is shown lies, in pixels of the widget; empty if there is nothing."""
        shown = [self.to_pixels(*picture.rect) for picture in (self._overview, self._picture) if picture is not None]
        return shown[0].united(shown[-1]) if shown else QRectF()

    def numbered(self) -> bool:
        """Whether the cells are so large that each shows its number."""
        picture = self._picture
        if picture is None or picture.values is None:
            return False
        cell = self.to_pixels(*picture.rect).width() / max(picture.colours.shape[1], 1)
        return cell >= (TOY_NUMBERS_FROM if self._toy else NUMBERS_FROM)

    def hint(self) -> str:
        """Return the sentence that is shown instead of a picture, empty if there is a picture."""
        return self._hint

    def marks(self) -> list[tuple[Rect, bool]]:
        """Return the rectangles that are outlined."""
        return list(self._marks)

    def bands(self) -> Bands:
        """Return the weights that are laid over cells."""
        return self._bands

    def links(self) -> list[tuple[Rect, Rect]]:
        """Return the lines from border cells to their sources."""
        return list(self._links)

    def border_cells(self) -> BorderCells | None:
        """Return the border cells that are shown."""
        return self._border_cells

    def cover(self) -> list[Rect]:
        """Return the rectangles that are hidden."""
        return list(self._cover)

    def hatched(self) -> list[Rect]:
        """Return the rectangles that are hatched."""
        return list(self._hatched)

    def to_input(self, point: QPointF) -> tuple[float, float]:
        """Return the input coordinates of a point of the widget."""
        return self.place.to_input(point)

    def to_pixels(self, left: float, top: float, width: float, height: float) -> QRectF:
        """Return a rectangle of input coordinates in pixels of the widget."""
        return self.place.to_pixels(left, top, width, height)

    @property
    def place(self) -> PaneGeometry:
        """How input coordinates map to pixels at the present size of the pane."""
        if (self._known.width, self._known.height) != (self.width(), self.height()):
            self._known = replace(self._known, width=float(self.width()), height=float(self.height()))
        return self._known

    def _move_to(self, place: PaneGeometry) -> None:
        if place != self.place:
            self.hand.drop()
            self._known = place
            self.update()
            self.laid_out.emit()

    # painting

    def paintEvent(self, event) -> None:
        """Draw the background, or a sentence, and the marks over it."""
        with painting(self) as painter:
            self._draw_background(painter, event.rect())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._hint:
                self._draw_hint(painter)
            else:
                self._draw_over(painter)
                self._draw_overlay(painter)
                for box, pinned in self._marks:
                    self._draw_mark(painter, self.to_pixels(*box), pinned)
                self.line.draw(painter)
            if self.hasFocus() and self._digits == DIGITS and not self._plain:  # on a projector it would only distract
                painter.setPen(QPen(ink("accent"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _background(self) -> Background:
        """Return what lies under the marks."""
        key = QGuiApplication.palette().cacheKey()
        if self._hint:
            return Background(self.place, self.font(), key)
        pictures = tuple(
            p for p in dict.fromkeys((self._overview, self._picture)) if p is not None
        )  # once, if it is the same
        cover = tuple(self._cover) if self.place.lanes is not None else ()
        stale = self._stale and self._picture is not None
        kind = self._toy, self._lane_names, cover, stale, self._digits
        return Background(self.place, self.font(), key, pictures, *kind, self._under)

    def _draw_background(self, painter: QPainter, part: QRect) -> None:
        """Draw the background; a second time from a pixmap: the cursor moves far more often than the picture changes.

        For an animation, which draws at another size, it is drawn anew, and so is a small part, as under a chip that says
        something else: what is not drawn, costs little.
        """
        background, ratio = self._background(), self.devicePixelRatioF()
        if abs(painter.deviceTransform().m11() - ratio) > 1e-6:
            background.draw(painter)
            return
        if self._drawn is None or self._drawn[:2] != (background, ratio):
            self._drawn = background, ratio, None  # while a hand drags, each is drawn once
            background.draw(painter, part)
            return
        background, _, pixmap = self._drawn  # the one that is kept knows its numbers
        if pixmap is None and part.width() * part.height() < SMALL * self.width() * self.height():
            background.draw(painter, part)
        else:
            self._drawn = background, ratio, pixmap or background.drawn(ratio)
            painter.drawPixmap(0, 0, self._drawn[2])

    def _draw_hint(self, painter: QPainter) -> None:
        painter.setFont(sized(self, 13))
        painter.setPen(ink("secondary"))
        box = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint)

    def _draw_over(self, painter: QPainter) -> None:
        if self._over is not None and self.place.lanes is None:
            box = self.to_pixels(*self._over.rect)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, box.width() < self._over.colours.shape[1])
            painter.drawImage(box, self._over.image())

    def _draw_overlay(self, painter: QPainter) -> None:
        painter.save()
        painter.setClipRect(self.rect())
        for rect in self._cover:  # whole pixels, so that no gaps show
            painter.fillRect(self.to_pixels(*rect).toAlignedRect(), ink("well"))
        if self._border_cells is not None:
            draw_border_cells(
                painter,
                self._border_cells,
                self.to_pixels,
                self.font(),
                TOY_NUMBERS_FROM if self._toy else NUMBERS_FROM,
                self._digits,
            )
        draw_hatching(painter, self._hatched, self.to_pixels)
        draw_bands(painter, self._bands, self.place, self.font(), digits=self._digits)
        draw_links(painter, self._links, self.to_pixels)
        painter.restore()

    def _draw_mark(self, painter: QPainter, box: QRectF, pinned: bool) -> None:
        least = 7 - min(box.width(), box.height())
        if least > 0:  # a cell of a photo that is zoomed out is smaller than anybody can see
            box = box.adjusted(-least / 2, -least / 2, least / 2, least / 2)
        halo = QColor(ink("card"))
        halo.setAlphaF(0.85)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(halo, 4.5 if pinned else 3.5))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QPen(ink("accent"), 2.5 if pinned else 1.8))
        painter.drawRoundedRect(box, 4, 4)

    # gestures

    def mousePressEvent(self, event) -> None:
        """Begin a stroke of the brush, a drag or a click."""
        if self.hand.press(event) or self.line.press(event):
            return
        if event.button() in (LEFT, MIDDLE):
            self._press, self._dragging = event.position(), False

    def mouseMoveEvent(self, event) -> None:
        """Pan while a button is held, else tell where the cursor is."""
        here = event.position()
        if self._press is None and (self.hand.move(event) or self.line.move(event)):
            return
        if self._press is not None and event.buttons() & (LEFT | MIDDLE):
            delta = here - self._press
            if self._dragging or delta.manhattanLength() > 4:
                self._dragging = True
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self._press = here
                self.panned.emit(delta.x(), delta.y() if self.place.lanes is None else 0.0)
            return
        self.hovered.emit(*self.to_input(here))

    def mouseReleaseEvent(self, event) -> None:
        """End a drag, or tell of a click."""
        if self._press is None and self.line.taken():
            if self.line.release(event):
                self.released.emit()
                self.hovered.emit(*self.to_input(event.position()))
            else:
                self.clicked.emit(*self.to_input(event.position()))
            return
        if self._press is not None and not self._dragging and event.button() == LEFT:
            self.clicked.emit(*self.to_input(event.position()))
        self._press, self._dragging = None, False
        self.setCursor(Qt.CursorShape.CrossCursor)

    def mouseDoubleClickEvent(self, event) -> None:
        """Type into a cell of a grid, else ask for the whole picture."""
        if not self.hand.double_click(event):
            self.fit_asked.emit()

    def wheelEvent(self, event) -> None:
        """Zoom about the cursor."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        self.zoomed.emit(1.2 ** (turn / 120), *self.to_input(event.position()))
        event.accept()

    def leaveEvent(self, event) -> None:
        """Emit `unhovered`."""
        self.unhovered.emit()

    def resizeEvent(self, event) -> None:
        """Emit `resized`."""
        self.hand.drop()
        self.resized.emit()

    def set_plain(self, plain: bool) -> None:
        """Be drawn as a picture of it is taken: without the frame that says where the keyboard is."""
        self._plain = plain

    def keyPressEvent(self, event) -> None:
        """Move the explained cell by arrow keys, with Shift the input cell whose readers are shown.

        The keys of a presenter's remote go on and back.
        """
        if event.key() in REMOTE and not event.modifiers():
            self.turned.emit(REMOTE[event.key()])
            return
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        if event.key() in moves and not event.modifiers():
            self.moved.emit(*moves[event.key()])
            return
        if event.key() in moves and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self.walked.emit(*moves[event.key()])
            return
        if self.hand.key(event):
            return
        super().keyPressEvent(event)

    def event(self, event) -> bool:
        """Claim keys that the grid needs and that are shortcuts of the window elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and self.hand.wants(event):
            event.accept()
            return True
        return super().event(event)

    def _numbers(self) -> NDArray[np.float32]:
        """Return the numbers of the grid that is shown, an empty one if there is none."""
        shown = self._overview
        return np.empty((0, 0), np.float32) if shown is None or shown.values is None else shown.values
