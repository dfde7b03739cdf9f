"""Profiles: values along a line over a map, between its cells as well, and averaged across the line."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, hypot
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.strategies.tiles import Cancelled, never

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Read = Callable[[range, range], NDArray[np.float32]]

MISSED = 1e-9
"""Of a cell: a middle that rounding has missed by less is hit, so that its neighbours have no weight."""

PART = 64
"""Points along the line whose cells are read together: a box around them holds few others."""


@dataclass(frozen=True)
class Line:
    """From one point to another, `width` cells wide; cell (row, col) covers row to row + 1 and col to col + 1."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: int = 1

    @property
    def length(self) -> float:
        """How far it is from end to end, in cells."""
        return hypot(self.x1 - self.x0, self.y1 - self.y0)

    def at(self, distance: float) -> tuple[float, float]:
        """Return the point at a distance from the first end."""
        part = distance / self.length if self.length else 0.0
        return self.x0 + part * (self.x1 - self.x0), self.y0 + part * (self.y1 - self.y0)

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """Return the distance along the line of its point nearest to (x, y), and how far that is away.

        >>> Line(0, 0, 10, 0).nearest(4, 3), Line(0, 0, 10, 0).nearest(-4, 3)
        ((4.0, 3.0), (0.0, 5.0))
        """
        if not self.length:
            return 0.0, hypot(x - self.x0, y - self.y0)
        along = ((x - self.x0) * (self.x1 - self.x0) + (y - self.y0) * (self.y1 - self.y0)) / self.length
        along = min(max(along, 0.0), self.length)
        there = self.at(along)
        return along, hypot(x - there[0], y - there[1])


class Places(NamedTuple):
    """The points of a profile: their distances, shape (n,), and where they lie, shape (n, width)."""

    distance: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def places(line: Line, apart: float = 1.0) -> Places:
    """Return the points at which a line is sampled: evenly from end to end, at most `apart` cells from each other.

    Across it there are `width` of them, one cell apart, the line in their middle.

    Examples
    --------
    >>> found = places(Line(0.5, 0.5, 2.5, 0.5))
    >>> found.distance.tolist(), found.x.ravel().tolist()
    ([0.0, 1.0, 2.0], [0.5, 1.5, 2.5])
    """
    steps = max(ceil(line.length / apart - 1e-9), 1) if line.length else 0
    part = np.linspace(0.0, 1.0, steps + 1)
    across = np.arange(line.width) - (line.width - 1) / 2
    dx, dy = (line.x1 - line.x0), (line.y1 - line.y0)
    sideways = (-dy / line.length, dx / line.length) if line.length else (0.0, 1.0)
    x = line.x0 + part[:, None] * dx + across[None, :] * sideways[0]
    y = line.y0 + part[:, None] * dy + across[None, :] * sideways[1]
    return Places(part * line.length, x, y)


def sample(
    read: Read,
    shape: tuple[int, int],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    cancelled: Callable[[], bool] = never,
) -> NDArray[np.float64]:
    """Return the mean, across the line, of values between the cells of a map: bilinear, from the middles of the cells.

    Parameters
    ----------
    read : callable
        Returns the exact values of rows and columns, which lie inside; it is asked for what is needed only.
    shape : (int, int)
        Rows and columns of the map.
    x, y : ndarray, shape (n, width)
        Points in cells of the map, from its upper left corner.
    cancelled : callable returning bool

    Returns
    -------
    ndarray of float64, shape (n,)
        Within half a cell of the edge the outermost cells count alone. What lies outside of the map does not count; where
        all of it does, the result is NaN. NaN and infinity of cells that have no weight do not count either.

    Raises
    ------
    Cancelled
        If it was cancelled.

    Examples
    --------
    >>> values = np.array([[0.0, 10.0], [20.0, 30.0]], np.float32)
    >>> read = lambda rows, cols: values[rows.start : rows.stop, cols.start : cols.stop]
    >>> sample(read, (2, 2), np.array([[0.5], [1.0], [1.9], [2.1]]), np.full((4, 1), 0.5)).tolist()
    [0.0, 5.0, 10.0, nan]
    """
    out = np.full(len(x), np.nan)
    if 0 in shape:
        return out
    for first in range(0, len(x), PART):
        if cancelled():
            raise Cancelled
        part = slice(first, first + PART)
        out[part] = _mean(read, shape, x[part], y[part])
    return out


def _mean(read: Read, shape: tuple[int, int], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, cols = shape
    inside = (x >= 0) & (x <= cols) & (y >= 0) & (y <= rows)
    found = np.full(len(x), np.nan)
    if not inside.any():
        return found
    down, across = np.clip(_hit(y[inside] - 0.5), 0, rows - 1), np.clip(_hit(x[inside] - 0.5), 0, cols - 1)
    top, left = floor(down.min()), floor(across.min())
    bottom, right = min(floor(down.max()) + 2, rows), min(floor(across.max()) + 2, cols)
    block = read(range(top, bottom), range(left, right)).astype(np.float64)
    values = np.zeros(x.shape)
    values[inside] = _between(block, down - top, across - left)
    counts = inside.sum(axis=1)
    some = counts > 0
    with np.errstate(invalid="ignore", over="ignore"):
        found[some] = values[some].sum(axis=1) / counts[some]
    return found


def _hit(places: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = np.round(places)
    return np.where(np.abs(places - whole) < MISSED, whole, places)


def _between(block: NDArray[np.float64], down: NDArray[np.float64], across: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values between the middles of cells, which are counted from 0."""
    i, j = np.floor(down).astype(np.intp), np.floor(across).astype(np.intp)
    v, u = down - i, across - j
    found = np.zeros(len(down))
    with np.errstate(invalid="ignore", over="ignore"):
        for di, dj, weight in ((0, 0, (1 - v) * (1 - u)), (0, 1, (1 - v) * u), (1, 0, v * (1 - u)), (1, 1, v * u)):
            rows, cols = np.minimum(i + di, block.shape[0] - 1), np.minimum(j + dj, block.shape[1] - 1)
            found += np.where(weight > 0, weight * block[rows, cols], 0.0)
    return found
