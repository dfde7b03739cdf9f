"""The line of a profile over a pane: drawn with Shift, or by any drag once it was asked for; its ends can be moved."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from convgui.views.kit.theme import ink

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from convgui.views.canvas.pane_geometry import PaneGeometry

    Ends = tuple[float, float, float, float]

NEAR, MOVED = 8.0, 4.0
"""Pixels within which an end is taken hold of, and from which on a press is a drag."""

KNOB = 4.0
"""Radius of an end in pixels."""


class LineHand(QObject):
    """Handles a pane's events while a line is drawn or moved; each method returns whether it did.

    Signals
    -------
    drawn(float, float, float, float)
        The ends, x and y, in input coordinates, while the line is dragged.
    """

    drawn = Signal(float, float, float, float)

    def __init__(self, pane: QWidget, place: Callable[[], PaneGeometry]) -> None:
        super().__init__(pane)
        self._pane, self._place = pane, place
        self._ends: Ends | None = None
        self._width = 1
        self._at: tuple[float, float] | None = None
        self._armed = False
        self._press: QPointF | None = None
        self._held: Ends | None = None
        self._part = ""
        self._dragged = False

    # setters

    def set_line(self, ends: Ends | None, width: int = 1) -> None:
        """Show a line, so many cells wide."""
        if (ends, width) != (self._ends, self._width):
            self._ends, self._width = ends, width
            self._pane.update()

    def set_point(self, at: tuple[float, float] | None) -> None:
        """Mark a point of the line."""
        if at != self._at:
            self._at = at
            self._pane.update()

    def set_armed(self, armed: bool) -> None:
        """Let the next drag draw a line."""
        self._armed = armed

    def ends(self) -> Ends | None:
        """Return the line that is shown."""
        return self._ends

    def point(self) -> tuple[float, float] | None:
        """Return the point that is marked."""
        return self._at

    # mouse

    def press(self, event: QMouseEvent) -> bool:
        """Begin a new line, or take hold of an end or the middle of the one that is shown."""
        self._dragged = False
        if event.button() != Qt.MouseButton.LeftButton or self._place().lanes is not None:
            return False
        here = event.position()
        asked = self._armed or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._part = "new" if asked else self._part_at(here)
        if not self._part:
            return False
        self._press, self._held = here, self._ends
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Move what is held; else show that it can be taken."""
        here = event.position()
        if self._press is None:
            if event.buttons() == Qt.MouseButton.NoButton and self._part_at(here):
                self._pane.setCursor(Qt.CursorShape.SizeAllCursor)
            elif self._pane.cursor().shape() == Qt.CursorShape.SizeAllCursor:
                self._pane.setCursor(Qt.CursorShape.CrossCursor)
            return False
        if not self._dragged and (here - self._press).manhattanLength() <= MOVED:
            return True
        self._dragged = True
        (x0, y0), (x1, y1) = self._place().to_input(self._press), self._place().to_input(here)
        if self._part == "new" or self._held is None:
            self.drawn.emit(x0, y0, x1, y1)
            return True
        ends = list(self._held)
        for part, k in (("first", 0), ("last", 2)):
            if self._part in (part, "middle"):
                ends[k], ends[k + 1] = ends[k] + x1 - x0, ends[k + 1] + y1 - y0
        self.drawn.emit(*ends)
        return True

    def taken(self) -> bool:
        """Whether a line, or a part of it, is held."""
        return self._press is not None

    def release(self, event: QMouseEvent) -> bool:
        """Let go; a press that has moved nothing is a click like any other."""
        held, self._press = self._press is not None and (self._dragged or self._part == "new"), None
        return held

    def _part_at(self, point: QPointF) -> str:
        if self._ends is None:
            return ""
        first, last = self._points(self._ends)
        for part, end in (("first", first), ("last", last)):
            if hypot(point.x() - end.x(), point.y() - end.y()) < NEAR:
                return part
        way, here = last - first, point - first
        length = hypot(way.x(), way.y())
        if length < 1:
            return ""
        along = (here.x() * way.x() + here.y() * way.y()) / length
        aside = abs(here.x() * way.y() - here.y() * way.x()) / length
        return "middle" if 0 < along < length and aside < NEAR / 2 else ""

    def _points(self, ends: Ends) -> tuple[QPointF, QPointF]:
        place = self._place()
        boxes = place.to_pixels(*ends[:2], 0, 0), place.to_pixels(*ends[2:], 0, 0)
        return boxes[0].topLeft(), boxes[1].topLeft()

    # painting

    def draw(self, painter: QPainter) -> None:
        """Draw the line over the picture."""
        place = self._place()
        if self._ends is None or place.lanes is not None:
            return
        first, last = self._points(self._ends)
        halo = QColor(ink("card"))
        halo.setAlphaF(0.85)
        for pen in (QPen(halo, 4.0), QPen(ink("accent"), 1.8)):
            painter.setPen(pen)
            painter.drawLine(first, last)
        self._draw_width(painter, first, last, self._width * place.zoom)
        painter.setPen(QPen(ink("accent"), 1.8))
        painter.setBrush(ink("card"))
        for end in (first, last):
            painter.drawEllipse(end, KNOB, KNOB)
        if self._at is not None:
            painter.setPen(QPen(ink("card"), 1.5))
            painter.setBrush(ink("accent"))
            painter.drawEllipse(place.to_pixels(*self._at, 0, 0).topLeft(), KNOB, KNOB)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    @staticmethod
    def _draw_width(painter: QPainter, first: QPointF, last: QPointF, wide: float) -> None:
        """Draw how wide it is, where that can be seen."""
        way = last - first
        length = hypot(way.x(), way.y())
        if wide < 2 * KNOB or length < 1:
            return
        aside = QPointF(-way.y(), way.x()) * (wide / 2 / length)
        painter.setPen(QPen(ink("accent"), 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(first + aside, last + aside)
        painter.drawLine(first - aside, last - aside)
