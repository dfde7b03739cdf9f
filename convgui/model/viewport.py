"""The viewport that both panes share: which input cell is in the middle, and how many pixels a cell measures.

Both panes use input coordinates: x to the right and y down, one unit an input cell, (0, 0) its top left corner. A map
lies where `Axis.origin` puts it, each of its cells `stride` units wide, so that what lies over each other belongs
together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from convgui.engine.strategies.tiles import Window

if TYPE_CHECKING:
    from convgui.model.geometry import Along
    from convgui.model.inputs import Input
    from convgui.model.state import State

LARGEST_ZOOM = 160.0
SMALLEST_PICTURE = 32.0
"""Pixels below which a picture is not zoomed out."""

MARGIN = 0.94
"""Part of a pane that a toy grid fills when it is fitted; photos fill all of it."""


class Rect(NamedTuple):
    """A rectangle in input coordinates."""

    left: float
    top: float
    width: float
    height: float

    def united(self, other: Rect) -> Rect:
        """Return the smallest rectangle that holds both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right = max(self.left + self.width, other.left + other.width)
        bottom = max(self.top + self.height, other.top + other.height)
        return Rect(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Viewport:
    """Middle (x, y) in input coordinates, zoom in pixels per input cell; `fit` follows the size of the pane."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0
    fit: bool = True

    def panned(self, dx: float, dy: float) -> Viewport:
        """Return the viewport after the picture was moved by (dx, dy) pixels."""
        return replace(self, x=self.x - dx / self.zoom, y=self.y - dy / self.zoom, fit=False)

    def zoomed(self, factor: float, x: float, y: float) -> Viewport:
        """Return the viewport with the zoom multiplied, the point (x, y) staying where it is on the screen."""
        zoom = self.zoom * factor
        return Viewport(x + (self.x - x) * self.zoom / zoom, y + (self.y - y) * self.zoom / zoom, zoom, False)

    def limited(self, extent: Rect, width: float, height: float) -> Viewport:
        """Return the nearest viewport that shows some of the picture in a pane of width x height pixels."""
        smallest = min(fitted(extent, width, height).zoom, SMALLEST_PICTURE / max(extent.width, extent.height), 1.0)
        zoom = min(max(self.zoom, smallest), LARGEST_ZOOM)
        x = min(max(self.x, extent.left), extent.left + extent.width)
        y = min(max(self.y, extent.top), extent.top + extent.height)
        return Viewport(x, y, zoom, self.fit)

    def centred(self, extent: Rect, width: float, height: float) -> Viewport:
        """Return the viewport with what a pane of width x height pixels shows whole, along either axis, in its middle."""
        x = extent.left + extent.width / 2 if extent.width * self.zoom <= width else self.x
        y = extent.top + extent.height / 2 if extent.height * self.zoom <= height else self.y
        return replace(self, x=x, y=y)


def fitted(
    extent: Rect, width: float, height: float, margin: float = 1.0, covered: tuple[float, float] = (0, 0)
) -> Viewport:
    """Return the viewport that shows `extent` whole in a pane of width x height pixels, some `covered` above and below."""
    above, below = covered if sum(covered) < height / 2 else (0, 0)
    zoom = min(width / max(extent.width, 1e-9), (height - above - below) / max(extent.height, 1e-9)) * margin
    zoom = min(max(zoom, 1e-6), LARGEST_ZOOM)
    y = extent.top + extent.height / 2 + (below - above) / 2 / zoom
    return Viewport(extent.left + extent.width / 2, y, zoom)


def larger_stacked(extent: Rect, width: float, height: float) -> bool:
    """Whether two pictures are larger one above the other than beside each other, in so many pixels for both.

    >>> larger_stacked(Rect(0, 0, 900, 100), 1200, 800), larger_stacked(Rect(0, 0, 600, 400), 1200, 600)
    (True, False)
    """
    return fitted(extent, width, height / 2).zoom > fitted(extent, width / 2, height).zoom


def moved(view: Viewport, old: State, new: State) -> Viewport:
    """Return the viewport that shows the same part of the source, at the same size, where another layer is looked at."""
    sides = zip(old.input.place, new.input.place, (view.y, view.x), strict=True)
    y, x = (float((before.origin - now.origin + Fraction(at) * before.pitch) / now.pitch) for before, now, at in sides)
    (_, before), (_, now) = old.input.place, new.input.place
    return Viewport(x, y, view.zoom * float(now.pitch / before.pitch), view.fit)


def on_source(view: Viewport, read: Input) -> Viewport:
    """Return the viewport in coordinates of the source, where a layer's input has coordinates of its own."""
    rows, cols = read.place
    y, x = float(rows.origin + Fraction(view.y) * rows.pitch), float(cols.origin + Fraction(view.x) * cols.pitch)
    return Viewport(x, y, view.zoom / float(cols.pitch), view.fit)


def from_source(rect: tuple[float, float, float, float], read: Input) -> tuple[float, float, float, float]:
    """Return a rectangle of the source in coordinates of a layer's input."""
    rows, cols = read.place
    left, top, width, height = rect
    wide, high = float(cols.pitch), float(rows.pitch)
    return (left - float(cols.origin)) / wide, (top - float(rows.origin)) / high, width / wide, height / high


def input_rect(input: Input) -> Rect:
    """Return the rectangle of the input."""
    return Rect(0.0, 0.0, float(input.cols), float(input.rows))


def map_rect(rows: Along, cols: Along) -> Rect:
    """Return the rectangle of the map, registered on the input."""
    return Rect(cols.origin, rows.origin, cols.outputs * float(cols.stride), rows.outputs * float(rows.stride))


def padded_rect(rows: Along, cols: Along) -> Rect:
    """Return the rectangle of all cells that some output reads, border cells included."""
    (top, height), (left, width) = _padded(rows), _padded(cols)
    return Rect(left, top, width, height)


def _padded(axis: Along) -> tuple[float, float]:
    return float(-axis.before), float(max((axis.outputs - 1) * axis.stride + axis.span, axis.size + axis.before))


def step_for(zoom: float, stride: float = 1, ratio: float = 1.0) -> int:
    """Return how many cells one screen pixel covers, at least 1.

    Parameters
    ----------
    zoom : float
        Pixels per input cell.
    stride : int
        Input cells per map cell.
    ratio : float
        Device pixels per pixel.
    """
    return max(int(1 / (zoom * stride * ratio) + 1e-6), 1)


def step_at_once(zoom: float, stride: float = 1, ratio: float = 1.0) -> int:
    """Return how many cells lie nearest to one screen pixel: a sample that is seen while a hand moves need not be finer.

    >>> step_for(0.144), step_at_once(0.144), step_at_once(1.0)
    (6, 7, 1)
    """
    return max(round(1 / (zoom * stride * ratio)), 1)


def visible(axis_rows: Along, axis_cols: Along, viewport: Viewport, width: float, height: float, step: int) -> Window:
    """Return the map cells that a pane of width x height pixels shows, aligned to `step` so that panning is steady."""
    top, rows = _span(axis_rows, viewport.y, height / viewport.zoom, step)
    left, cols = _span(axis_cols, viewport.x, width / viewport.zoom, step)
    return Window(top, left, rows, cols).inside(axis_rows.outputs, axis_cols.outputs)


def _span(axis: Along, middle: float, length: float, step: int) -> tuple[int, int]:
    first = int((middle - length / 2 - axis.origin) // axis.stride)
    last = int((middle + length / 2 - axis.origin) // axis.stride) + 1
    first = max(first, 0) // step * step
    return first, max(-(-(last - first) // step) * step, 0)
