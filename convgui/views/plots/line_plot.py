"""Lines over one axis: curves of any length, which keep their peaks at any zoom, with scales of their own left and right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from convgui.engine.looking.envelopes import Envelope, extremes
from convgui.engine.shown import number
from convgui.views.kit import drawable
from convgui.views.kit.theme import ink
from convgui.views.plots.library import LIGHT_LINES, line_inks
from convgui.views.plots.plot import Plot
from convgui.views.plots.values import Drawing, Scale, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from convgui.engine.looking.envelopes import Seen
    from convgui.views.plots.values import Numbers

LEAST_POINTS = 4
"""Points that can be seen of a curve at the closest zoom."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Values at even distances.

    Attributes
    ----------
    name : str
    envelope : Envelope
        Of the values.
    first, apart : float
        Where the first value stands on the axis, and how far it is to the next.
    right : bool
        Whether it has the scale at the right.
    """

    name: str
    envelope: Envelope
    first: float = 0.0
    apart: float = 1.0
    right: bool = False

    def seen(self, low: float, high: float, most: int) -> Seen:
        """Return what is seen of it between two places of the axis, with a point beyond either end."""
        first, last = (low - self.first) / self.apart, (high - self.first) / self.apart
        margin = 1.0 + (last - first) / max(most, 1)
        seen = self.envelope.between(first - margin, last + 1.0 + margin, most)
        return seen._replace(at=self.first + seen.at * self.apart)

    def value(self, at: float) -> float | None:
        """Return the value nearest to a place of the axis; None beyond its ends."""
        k = round((at - self.first) / self.apart)
        return float(self.envelope.values[k]) if 0 <= k < len(self.envelope) else None

    @property
    def ends(self) -> tuple[float, float]:
        """Where the first and the last value stand."""
        return self.first, self.first + max(len(self.envelope) - 1, 0) * self.apart


class LinePlot(Plot):
    """Shows curves, of which those at the right have a scale of their own; the wheel zooms along the axis, a drag moves it.

    Signals
    -------
    pointed(float)
        The place on the axis that the cursor is over.
    left
        The cursor has left.
    """

    pointed = Signal(float)
    left = Signal()

    def __init__(self, name: str, accessible: str, across: str, *, hint: str = "") -> None:
        super().__init__(name, accessible, right=True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._across = across
        self._curves: tuple[Curve, ...] = ()
        self._table: Mapping[str, Numbers] = {}
        self._axis = (0.0, 1.0)
        self._cursor: float | None = None
        self._titles = "", ""
        self._shown: list[Seen] = []
        self.legend = QLabel(self)
        self.legend.setObjectName(f"{name}_legend")
        self.legend.setProperty("role", "prose")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.hint = QLabel(hint, self)
        self.hint.setObjectName(f"{name}_hint")
        self.hint.setProperty("role", "prose")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.title = QLabel(across, self)
        self.title.setProperty("role", "prose")
        self.heading = QWidget(self)
        line = QHBoxLayout(self.heading)
        line.setContentsMargins(44, 0, 44, 2)
        line.addWidget(self.legend)
        line.addStretch(1)
        line.addWidget(self.title)
        self._below = 1
        self._room.insertWidget(0, self.heading)
        self._room.addWidget(self.hint, 1)
        self._room.setSpacing(0)
        self.heading.hide()

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(420, 170)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(160, 80)

    # setters

    def set_curves(
        self,
        curves: Sequence[Curve],
        table: Mapping[str, Numbers],
        titles: tuple[str, str] = ("", ""),
        *,
        keep: bool = False,
    ) -> None:
        """Show curves; `table` has the numbers behind them, `titles` are those of the scales at the left and the right.

        `keep`: stay at the part of the axis that is shown, as far as there still is one.
        """
        before = self._whole()
        self._curves, self._table, self._titles = tuple(curves), table, titles
        whole = self._whole()
        if not keep or whole != before:
            self._axis = whole
        self._arrange()
        self.refresh()

    def set_hint(self, text: str) -> None:
        """Show no curves but a sentence."""
        self.hint.setText(text)
        self.set_curves((), {})

    def set_cursor(self, at: float | None) -> None:
        """Mark a place of the axis, and write the values there."""
        if at != self._cursor:
            self._cursor = at
            if self.canvas is not None:
                self._show_cursor()

    def set_axis(self, low: float, high: float) -> None:
        """Show a part of the axis, as far as there is one."""
        first, last = self._whole()
        apart = min((abs(curve.apart) for curve in self._curves), default=1.0)
        wide = min(max(high - low, LEAST_POINTS * apart), last - first)
        low = min(max(low, first), last - wide)
        self._axis = drawable.ends(low, low + wide)
        self.refresh()

    def axis(self) -> tuple[float, float]:
        """Return the part of the axis that is shown."""
        return self._axis

    def curves(self) -> tuple[Curve, ...]:
        """Return what is shown."""
        return self._curves

    def _whole(self) -> tuple[float, float]:
        ends = [curve.ends for curve in self._curves if len(curve.envelope)]
        low, high = min((low for low, _ in ends), default=0.0), max((high for _, high in ends), default=1.0)
        return drawable.ends(low, high) if low < high else drawable.ends(low - 0.5, low + 0.5)

    # the canvas

    def _make(self) -> None:
        import pyqtgraph

        plot = self.canvas.getPlotItem()
        plot.setMouseEnabled(x=False, y=False)
        plot.getAxis("left").setWidth(44)
        plot.getAxis("right").setWidth(44)
        self._beside = pyqtgraph.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        plot.scene().addItem(self._beside)
        self._beside.setXLink(plot.vb)
        plot.getAxis("right").linkToView(self._beside)
        plot.vb.sigResized.connect(self._lay)
        self._lines: list[tuple[Any, Any]] = []
        self._zero = pyqtgraph.InfiniteLine(0.0, angle=0, movable=False)
        self._upright = pyqtgraph.InfiniteLine(angle=90, movable=False)
        for item in (self._zero, self._upright):
            plot.addItem(item)
        self.canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._arrange()

    def _arrange(self) -> None:
        """Show curves or the hint; not while the canvas is resized, as both have an influence on its size."""
        for part, shown in ((self.heading, bool(self._curves)), (self.hint, not self._curves)):
            part.setVisible(shown)
        if self.canvas is not None:
            self.canvas.setVisible(bool(self._curves))

    def _lay(self) -> None:
        if self.canvas is not None:
            self._beside.setGeometry(self.canvas.getPlotItem().vb.sceneBoundingRect())
            self.refresh()

    def _points(self) -> int:
        return max(round(self.canvas.getPlotItem().vb.width() * self.devicePixelRatioF()), 16)

    def _show(self) -> None:
        import pyqtgraph

        plot, most = self.canvas.getPlotItem(), self._points()
        while len(self._lines) > len(self._curves):
            line, box = self._lines.pop()
            box.removeItem(line)
        self._shown = [curve.seen(*self._axis, most) for curve in self._curves]
        for k, (curve, seen) in enumerate(zip(self._curves, self._shown, strict=True)):
            box = self._beside if curve.right else plot.vb
            if k < len(self._lines) and self._lines[k][1] is not box:
                self._lines[k][1].removeItem(self._lines[k][0])
                self._lines[k] = pyqtgraph.PlotCurveItem(), box
                box.addItem(self._lines[k][0], ignoreBounds=True)
            elif k == len(self._lines):
                self._lines.append((pyqtgraph.PlotCurveItem(), box))
                box.addItem(self._lines[k][0], ignoreBounds=True)
            x, y = outline(seen)
            finite = np.isfinite(y)
            y[~finite] = np.nan
            few = len(x) < most / 2  # smooth lines through many points cost more than a frame
            pen = pyqtgraph.mkPen(self._ink(k), width=1)
            self._lines[k][0].setData(x, y, pen=pen, connect="all" if finite.all() else "finite", antialias=few)
        self._scale()
        self._zero.setPen(pyqtgraph.mkPen(ink("line"), width=1))
        self._show_cursor()

    def _scale(self) -> None:
        """Let either scale reach over what is seen."""
        plot = self.canvas.getPlotItem()
        plot.setRange(xRange=self._axis, padding=0)
        for right, box in ((False, plot.vb), (True, self._beside)):
            box.setYRange(*self._reach(right), padding=0)
        has_right = any(curve.right for curve in self._curves)
        (plot.getAxis("right").show if has_right else plot.getAxis("right").hide)()

    def _reach(self, right: bool) -> tuple[float, float]:
        found = extremes([seen for curve, seen in zip(self._curves, self._shown, strict=True) if curve.right == right])
        low, high = found or (0.0, 1.0)
        if not low < high:
            low, high = low - max(abs(low), 1.0) / 2, high + max(abs(high), 1.0) / 2
        low, high = drawable.ends(low, high)
        room = 0.06 * (high - low)
        return drawable.ends(low - room, high + room)

    def _ink(self, k: int, *, on_white: bool = False) -> str:
        """Return the colour of a curve: of those at the right the first, then the others in their order."""
        inks, curve = LIGHT_LINES if on_white else line_inks(), self._curves[k]
        if curve.right:
            return inks[0]
        return inks[1 + sum(not other.right for other in self._curves[:k]) % (len(inks) - 1)]

    def _show_cursor(self) -> None:
        import pyqtgraph

        at = self._cursor
        self._upright.setVisible(at is not None)
        self._upright.setPen(pyqtgraph.mkPen(ink("accent"), width=1))
        if at is not None:
            self._upright.setValue(at)
        parts = []
        for k, curve in enumerate(self._curves):
            value = None if at is None else curve.value(at)
            shown = "" if value is None else f" <b>{number(value, 4)}</b>"
            side = f" ({'right' if curve.right else 'left'})" if any(c.right for c in self._curves) and at is None else ""
            parts.append(f"<span style='color:{self._ink(k)}'>&#9644;</span> {curve.name}{side}{shown}")
        where = "" if at is None else f"<span style='color:{ink('secondary').name()}'>at {number(at, 6)}</span>"
        self.legend.setText("&nbsp;&nbsp; ".join([*parts, where] if where else parts))

    def drawing(self) -> Drawing:
        """Return what is seen, with the numbers of all of it."""
        series = []
        shown = self._shown or [curve.seen(*self._axis, 2000) for curve in self._curves]
        for k, (curve, seen) in enumerate(zip(self._curves, shown, strict=True)):
            series.append(Series(curve.name, *outline(seen), self._ink(k, on_white=True), right=curve.right))
        self._shown = shown
        right = Scale(self._titles[1], *self._reach(True)) if any(curve.right for curve in self._curves) else None
        across, up = Scale(self._across, *self._axis), Scale(self._titles[0], *self._reach(False))
        return Drawing(self.objectName(), self.accessibleName(), across, up, tuple(series), right, table=self._table)

    # gestures

    def _press(self, at: QPointF) -> bool:
        self._held_at = at.x(), self._axis
        return True

    def _move(self, at: QPointF, held: bool) -> bool:
        if held and getattr(self, "_held_at", None) is not None:
            start, (low, high) = self._held_at
            shift = (start - at.x()) / max(self.canvas.getPlotItem().vb.width(), 1.0) * (high - low)
            self.set_axis(low + shift, high + shift)
            return True
        place = self.to_value(at)[0]
        if self._curves and self._axis[0] <= place <= self._axis[1]:
            self.pointed.emit(place)
        else:
            self.left.emit()
        return True

    def _release(self, at: QPointF) -> bool:
        self._held_at = None
        return True

    def _leave(self) -> None:
        self.left.emit()

    def _wheel(self, at: QPointF, turns: float) -> bool:
        """Zoom about the cursor."""
        low, high = self._axis
        place, factor = min(max(self.to_value(at)[0], low), high), 0.8**turns
        self.set_axis(place - (place - low) * factor, place + (high - place) * factor)
        return True

    def _double_click(self) -> bool:
        """Show all of it again."""
        self.set_axis(*self._whole())
        return True


def outline(seen: Seen) -> tuple[Numbers, Numbers]:
    """Return the points of a line through the least and the largest value at each place."""
    if np.array_equal(seen.least, seen.largest, equal_nan=True):
        return seen.at, seen.least.copy()
    return np.repeat(seen.at, 2), np.column_stack([seen.least, seen.largest]).ravel()
