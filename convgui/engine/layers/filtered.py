"""Resizing an axis with the filters of Pillow, by their names there: each output cell is a weighted mean of a stretch."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.layers.base import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


class Filter(NamedTuple):
    """A filter: how far it reaches to either side, in cells of the coarser axis, and its weight at a distance."""

    reach: float
    weight: Callable[[Numbers], Numbers]


def _box(x: Numbers) -> Numbers:
    return ((x > -0.5) & (x <= 0.5)).astype(np.float64)


def _triangle(x: Numbers) -> Numbers:
    return np.maximum(1 - np.abs(x), 0)


def _hamming(x: Numbers) -> Numbers:
    return np.where(np.abs(x) < 1, np.sinc(x) * (0.54 + 0.46 * np.cos(np.pi * x)), 0.0)


def _cubic(x: Numbers) -> Numbers:
    """Return Keys' cubic with a = -0.5."""
    x = np.abs(x)
    near, far = (1.5 * x - 2.5) * x * x + 1, ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def _lanczos(x: Numbers) -> Numbers:
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0.0)


FILTERS = {
    "NEAREST": Filter(0.0, _box),
    "BOX": Filter(0.5, _box),
    "BILINEAR": Filter(1.0, _triangle),
    "HAMMING": Filter(1.0, _hamming),
    "BICUBIC": Filter(2.0, _cubic),
    "LANCZOS": Filter(3.0, _lanczos),
}
"""The filters as `PIL.Image.Resampling` names them: as wide as a cell of the coarser of both axes."""


@dataclass(frozen=True, eq=False)
class Filtered:
    """What the output cells of one axis are made of: `weights` times the input cells from `first` on.

    Attributes
    ----------
    n : int
        Cells of the input.
    first : ndarray of int64, shape (cells,)
    count : ndarray of int64, shape (cells,)
        How many are read.
    taps : ndarray of float64, shape (cells, most)
        Their weights, whose sum is 1; 0 beyond `count`.
    place : Place
        Where the output cells lie on the input.
    """

    n: int
    first: NDArray[np.int64]
    count: NDArray[np.int64]
    taps: Numbers
    place: Place

    def stretch(self, cells: range) -> range:
        """Return the stretch of input cells that output cells need."""
        if not cells:
            return range(0)
        ends = [cells[0], cells[-1]]
        return range(int(self.first[ends].min()), int((self.first + self.count)[ends].max()))

    def reads(self, cell: int) -> NDArray[np.int64]:
        """Return the input cells that an output cell reads, ascending."""
        return self.first[cell] + np.arange(self.count[cell])

    def weights(self, cell: int) -> Numbers:
        """Return the weights of these cells."""
        return self.taps[cell, : self.count[cell]]

    def readers(self, cell: int) -> NDArray[np.int64]:
        """Return the output cells that read an input cell, ascending."""
        return np.flatnonzero((self.first <= cell) & (cell < self.first + self.count))

    def mix(self, x: NDArray[Any], cells: range, start: int, along: int, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Return output cells along an axis of planes that begin at input cell `start`.

        Terms are added from the first cell to the last in float64, so that the values do not depend on what else is asked.
        """
        some = slice(cells.start, cells.stop, cells.step)
        first, count, taps = self.first[some] - start, self.count[some], self.taps[some]
        shape = (-1, 1) if along == 1 else (-1,)
        sides = list(x.shape)
        sides[along] = len(cells)
        total = np.zeros(sides)
        with np.errstate(all="ignore"):
            for k in range(int(count.max(initial=0))):
                term = np.take(x, np.minimum(first + k, x.shape[along] - 1), axis=along) * taps[:, k].reshape(shape)
                total += np.where((k < count).reshape(shape), term, 0.0)  # a cell that is not read may be infinite
            if out is None:
                return total
            np.copyto(out, total, casting="same_kind")
        return out


@lru_cache(maxsize=64)
def filtered(n: int, count: int, name: str) -> Filtered:
    """Return how an axis of `n` cells is brought to `count` cells with one of `FILTERS`, as Pillow does it.

    The definition is that of Pillow's ``Image.resize``: an output cell lies over the middle of what it covers, the filter is
    as wide as the coarser of both cells, is cut off at the ends, and its weights are divided by their sum.

    >>> filtered(4, 2, "BOX").taps.tolist(), filtered(3, 2, "NEAREST").first.tolist()
    ([[0.5, 0.5], [0.5, 0.5]], [0, 2])
    """
    pitch = Fraction(n, count)
    place = Place(Fraction(0), pitch)
    middle = (np.arange(count) + 0.5) * float(pitch)
    if name == "NEAREST":
        steps = np.full(count, float(pitch))
        steps[0] /= 2
        nearest = np.minimum(np.cumsum(steps).astype(np.int64), n - 1)  # Pillow goes along by adding, with its roundings
        return Filtered(n, nearest, np.ones(count, np.int64), np.ones((count, 1)), place)
    chosen, wide = FILTERS[name], max(float(pitch), 1.0)
    first = np.maximum((middle - chosen.reach * wide + 0.5).astype(np.int64), 0)
    beyond = np.minimum((middle + chosen.reach * wide + 0.5).astype(np.int64), n)
    read = np.maximum(beyond - first, 1)
    at = np.arange(int(read.max()))
    taps = chosen.weight((at + first[:, None] - middle[:, None] + 0.5) / wide)
    taps[at >= read[:, None]] = 0.0
    taps /= taps.sum(axis=1, keepdims=True)
    return Filtered(n, first, read, taps, place)
