"""The histogram of a map: counts over its values, with the limits of the colour map, which can be dragged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy

from convgui.engine.shown import number
from convgui.views.kit import drawable
from convgui.views.kit.theme import ink
from convgui.views.plots.library import small_font
from convgui.views.plots.plot import Plot
from convgui.views.plots.values import Drawing, Scale, Series

if TYPE_CHECKING:
    from numpy.typing import NDArray

BARS = 120
"""Bars from one end to the other, about."""

RARE = 0.0005
"""The part of the values at either end that may lie outside, where it would squeeze all others."""

SQUEEZED = 1.6
"""How many times the range of all values must exceed that of most of them, for the axis to leave some outside."""

NEAR = 7
"""Pixels from a line within which it is taken hold of."""

ONE = 0.25
"""How high a bar of one value is, where ten have 1 more: it must be seen."""

NOTE = 16
"""Pixels that a note on what lies outside is high."""

FORMS = ("{count} more, to {end}", "{count} to {end}", "{count}", "")
"""What is said of values outside, the longest first."""

TALL = 84
"""Pixels from which on there is room for numbers at the counts."""


def to_pixel(value: float, pixel: float) -> float:
    """Return the number with the fewest decimals within half a pixel of a position.

    >>> to_pixel(0.123456, 0.01), to_pixel(-2.6512e-4, 1e-6)
    (0.123, -0.000265)
    """
    return value if not 1e-300 < pixel < 1e300 else round(value, 1 - math.floor(math.log10(pixel)))


class Histogram(Plot):
    """Draws counts over a range; `dragged(low, high, gesture)` while a limit is moved.

    The axis shows most of the values and the limits; where some are far from all others, it says how many lie outside.
    """

    dragged = Signal(float, float, int)
    closer_wanted = Signal(float, float)
    """The axis shows so small a part of all values that their counts are too coarse: finer ones, from here to there."""

    every_ms = 60  # it changes with every edit, and the picture comes first

    def __init__(self) -> None:
        super().__init__("histogram", "Histogram of the map")
        self.setToolTip("How often each value occurs in the whole map. Drag a line to fix the limits.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._counts = np.zeros(0, np.int64)
        self._range, self._limits, self._extremes = (0.0, 1.0), (0.0, 1.0), (0.0, 1.0)
        self._logarithmic, self._whole = True, False
        self._axis = (0.0, 1.0)
        self._held: int | None = None
        self._gesture = 0
        self._closer: tuple[NDArray[np.int64], float, float] | None = None
        self._beyond = 0, 0
        self._outside = QLabel(self), QLabel(self)
        for note in self._outside:
            note.setProperty("role", "prose")
            note.setProperty("plate", True)
            note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            note.hide()

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(240, 56)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(120, 48)

    # setters

    def set_counts(
        self,
        counts: NDArray[np.int64],
        low: float,
        high: float,
        extremes: tuple[float, float] | None = None,
        *,
        limits: tuple[float, float] | None = None,
    ) -> None:
        """Show counts of values from `low` to `high`; `extremes` are the least and the largest value of all.

        With the `limits` of the colour map at once it is drawn once: an edit changes both.
        """
        ends = self._limits if limits is None else drawable.ends(*limits)
        if counts is self._counts and ends == self._limits:  # the same map, as while the hand pans
            return
        self._limits, self._counts, self._range, self._closer = ends, counts, drawable.ends(low, high), None
        self._extremes = drawable.ends(*(extremes or (low, high)))
        self._take_over()

    def set_closer(self, counts: NDArray[np.int64], low: float, high: float, beyond: tuple[int, int] = (0, 0)) -> None:
        """Show finer counts of the values from `low` to `high`, for as long as that is what the axis shows.

        `beyond`: how many values lie below and above.
        """
        self._closer, self._beyond = (counts, low, high), beyond
        self.refresh()

    def clear(self) -> None:
        """Show nothing."""
        self._counts, self._closer = np.zeros(0, np.int64), None
        self._take_over()

    def set_limits(self, low: float, high: float) -> None:
        """Show the limits of the colour map."""
        self._limits = drawable.ends(low, high)
        self._take_over()

    def limits(self) -> tuple[float, float]:
        """Return the limits that are shown."""
        return self._limits

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Draw the logarithms of the counts, or the counts."""
        self._logarithmic = logarithmic
        self._take_over()

    def set_whole(self, whole: bool) -> None:
        """Show all values, however far apart they are."""
        self._whole = whole
        self._take_over()

    def axis(self) -> tuple[float, float]:
        """Return the values at the left and the right end."""
        return self._axis

    def outside(self) -> tuple[int, int]:
        """Return how many values lie left and right of what is shown, as far as they have been counted."""
        if not len(self._counts):
            return 0, 0
        if self._seen_closer():
            return self._beyond
        edges = self._edges()
        return (
            int(self._counts[edges[1:] <= self._axis[0]].sum()),
            int(self._counts[edges[:-1] >= self._axis[1]].sum()),
        )

    # what is shown of it

    def _seen_closer(self) -> bool:
        """Whether the axis shows what was counted finely."""
        return self._closer is not None and self._closer[1:] == self._axis

    def _edges(self) -> NDArray[np.float64]:
        return np.linspace(*self._range, len(self._counts) + 1)

    def _most(self) -> tuple[float, float]:
        """Return the range of all values but the rarest."""
        total = np.cumsum(self._counts.astype(np.float64))
        if not len(total) or total[-1] <= 0:
            return self._range
        edges = self._edges()
        first = int(np.searchsorted(total, RARE * total[-1], side="right"))
        last = int(np.searchsorted(total, (1 - RARE) * total[-1]))
        return float(edges[min(first, len(total) - 1)]), float(edges[min(last, len(total) - 1) + 1])

    def _ends(self) -> tuple[float, float]:
        """Return the values that stand at the ends of the axis: all of them, unless that squeezes most of them."""
        low = min(self._range[0], self._limits[0], self._extremes[0])
        high = max(self._range[1], self._limits[1], self._extremes[1])
        if not self._whole:
            least, most = self._most()
            least, most = min(least, self._limits[0]), max(most, self._limits[1])
            if high - low > SQUEEZED * (most - least) > 0:
                room = 0.06 * (most - least)
                low, high = max(low, least - room), min(high, most + room)
        low, high = drawable.ends(low, high)
        room = 0.01 * (high - low)
        return drawable.ends(low - room, high + room)

    def _lumped(self) -> bool:
        """Whether the axis shows values beyond the range, all of which were counted in the outer bins."""
        (low, high), (least, most), (left, right) = self._range, self._extremes, self._axis
        return len(self._counts) > 0 and ((left < low and least < low) or (right > high and most > high))

    def _bars(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the edges of bars that are about as wide as can be told apart, and their counts."""
        if not len(self._counts):
            return np.array([0.0, 1.0]), np.zeros(1, np.int64)
        if self._closer is not None and self._seen_closer():
            counts, low, high = self._closer
            starts = np.arange(0, len(counts), max(math.ceil(len(counts) / BARS), 1))
            edges = np.linspace(low, high, len(counts) + 1)
            return np.append(edges[starts], high), np.add.reduceat(counts, starts)
        shown = len(self._counts) * (self._axis[1] - self._axis[0]) / (self._range[1] - self._range[0])
        group = max(math.ceil(min(shown, len(self._counts)) / BARS), 1)
        starts = np.arange(0, len(self._counts), group)
        edges = self._edges()
        return np.append(edges[starts], edges[-1]), np.add.reduceat(self._counts, starts)

    def _heights(self, counts: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how high bars are: of counts that are drawn as logarithms, 1 is a little above nothing."""
        real = np.maximum(counts, 0).astype(np.float64)
        return np.where(real > 0, np.log10(np.maximum(real, 1)) + ONE, 0.0) if self._logarithmic else real

    # the canvas

    def _make(self) -> None:
        import pyqtgraph

        plot = self.canvas.getPlotItem()
        plot.setMouseEnabled(x=False, y=False)
        plot.getAxis("left").setWidth(30)
        self._curve = pyqtgraph.PlotCurveItem()
        self._lines = [pyqtgraph.InfiniteLine(angle=90, movable=False) for _ in self._limits]
        for item in (self._curve, *self._lines):
            plot.addItem(item)

    def _take_over(self) -> None:
        """Find the axis for what was given."""
        if self._held is None:  # while a limit is dragged nothing moves but the limit
            self._axis = self._ends()
            shown = len(self._counts) * (self._axis[1] - self._axis[0]) / (self._range[1] - self._range[0])
            if self._lumped() or (0 < shown < BARS / 2 and any(self.outside())):
                self.closer_wanted.emit(*self._axis)
        self.refresh()

    def _show(self) -> None:
        import pyqtgraph

        plot = self.canvas.getPlotItem()
        edges, counts = self._bars()
        heights = self._heights(counts)
        inside = (edges[1:] > self._axis[0]) & (edges[:-1] < self._axis[1])
        top = max(float(heights[inside].max()) if inside.any() else 0.0, 1e-9)
        self._curve.setData(edges, heights, pen=None, brush=ink("faint"), fillLevel=0.0, stepMode="center")
        left = plot.getAxis("left")
        left.logarithmic, left.above = self._logarithmic, ONE
        (left.show if self.height() >= TALL else left.hide)()
        left.picture = None  # drawn anew, by the other rule
        plot.setRange(xRange=self._axis, yRange=(0.0, self._head() * top), padding=0)
        for line, value in zip(self._lines, self._limits, strict=True):
            line.setPen(pyqtgraph.mkPen(ink("accent"), width=2))
            line.setValue(value)
        self._place_notes()

    def _head(self) -> float:
        """Return how much higher than the bars the plot is: where something is written there, by its height."""
        return 1.06 if not any(self._missing()) else 1.06 + NOTE / max(self.height() - 2 * NOTE, NOTE)

    def _place_notes(self) -> None:
        """Say at the ends of the axis what lies outside."""
        first, last = self._outside
        start = 34 if self.height() >= TALL else 2
        counted, missing = self.outside(), self._missing()
        for note, is_missing in zip(self._outside, missing, strict=True):
            note.setFont(small_font())
            note.setVisible(is_missing)
        room = self.width() - start - 2
        for form in FORMS:  # the longest that has room
            for note, count, end, arrow in zip(self._outside, counted, self._extremes, ("‹ {}", "{} ›"), strict=True):
                words = (form if count or not form else "more, to {end}").format(count=f"{count:,}", end=number(end))
                note.setText(arrow.format(words))
                note.adjustSize()
            if sum(note.width() + 6 for note, is_missing in zip(self._outside, missing, strict=True) if is_missing) <= room:
                break
        first.move(start, 0)
        last.move(self.width() - last.width() - 2, 0)
        for note in self._outside:
            note.raise_()

    def _missing(self) -> tuple[bool, bool]:
        """Return whether values lie left and right of what is shown: how many, need not be known yet."""
        if not len(self._counts):
            return False, False
        (least, most), (left, right), (below, above) = self._extremes, self._axis, self.outside()
        return below > 0 or least < left, above > 0 or most > right

    def drawing(self) -> Drawing:
        """Return the histogram as it is shown, with the counts of all values."""
        edges, counts = self._bars()
        heights = self._heights(counts)
        up = Scale("count", 0.0, 1.06 * max(float(heights.max()), 1e-9), self._logarithmic, ONE)
        everything = self._edges() if len(self._counts) else np.zeros(1)
        return Drawing(
            "histogram",
            "Histogram",
            Scale("value", *self._axis),
            up,
            (Series("count", edges, heights, ink("faint").name(), bars=True),),
            marks=tuple((value, ink("accent").name()) for value in self._limits),
            table={"from": everything[:-1], "to": everything[1:], "count": self._counts},
        )

    # gestures

    def _near(self, at: QPointF) -> int | None:
        distances = [abs(self.to_point(value, 0.0).x() - at.x()) for value in self._limits]
        nearest = int(np.argmin(distances))
        return nearest if distances[nearest] < NEAR else None

    def _press(self, at: QPointF) -> bool:
        self._held = self._near(at)
        self._gesture += 1
        return True

    def _move(self, at: QPointF, held: bool) -> bool:
        if self._held is None or not held:
            near = self._near(at) is not None
            self.canvas.viewport().setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
            return True
        low, high = self._axis
        wide = max(self.canvas.getPlotItem().vb.width(), 1.0)
        value = to_pixel(min(max(self.to_value(at)[0], low), high), (high - low) / wide)
        limits = list(self._limits)
        limits[self._held] = value
        if limits[0] < limits[1]:
            self.dragged.emit(limits[0], limits[1], self._gesture)
        return True

    def _release(self, at: QPointF) -> bool:
        self._held = None
        self._take_over()
        return True
