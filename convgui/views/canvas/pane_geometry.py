"""Geometry of a pane: input coordinates to pixels and back; the rows of a sequence are lanes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from convgui.views.canvas.lanes import Lanes

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class PaneGeometry:
    """A pane of width x height pixels that shows the point (x, y) in its middle, `zoom` pixels to an input cell.

    Attributes
    ----------
    rows : (int, int) or None
        The first row of a sequence and how many there are; None for a picture.
    head, foot : float
        Pixels above and below the rows of a sequence that something else covers.
    """

    width: float
    height: float
    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0
    rows: tuple[int, int] | None = None
    head: float = 0.0
    foot: float = 0.0

    @cached_property
    def lanes(self) -> Lanes | None:
        """The lanes of a sequence, None for a picture."""
        return None if self.rows is None else Lanes(*self.rows, max(self.height - self.head - self.foot, 1.0), self.head)

    def to_input(self, point: QPointF) -> tuple[float, float]:
        """Return the input coordinates of a point."""
        x = (point.x() - self.width / 2) / self.zoom + self.x
        if self.lanes is not None:
            return x, self.lanes.row_at(point.y())
        return x, (point.y() - self.height / 2) / self.zoom + self.y

    def to_pixels(self, left: float, top: float, width: float, height: float) -> QRectF:
        """Return a rectangle of input coordinates in pixels."""
        x = (left - self.x) * self.zoom + self.width / 2
        if self.lanes is not None:
            y = self.lanes.y(top)
            return QRectF(x, y, width * self.zoom, self.lanes.y(top + height, end=True) - y)
        y = (top - self.y) * self.zoom + self.height / 2
        return QRectF(x, y, width * self.zoom, height * self.zoom)

    def boxes(self, rects: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what `to_pixels` returns for each of many rectangles, shape (count, 4)."""
        if self.lanes is not None:
            return np.array([self.to_pixels(*rect).getRect() for rect in rects.tolist()]).reshape(-1, 4)
        corner = (rects[:, :2] - (self.x, self.y)) * self.zoom + (self.width / 2, self.height / 2)
        return np.hstack([corner, rects[:, 2:] * self.zoom])
