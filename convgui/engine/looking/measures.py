"""Measures: some numbers by which the maps of many pictures are compared, such as the strongest response and the energy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 1 << 16
"""Values that are looked at together: few enough to stay near the processor, and always the same, so that sums are too."""


@dataclass(frozen=True)
class Measures:
    """What is measured of one map; values that are not finite are left out, and counted.

    Attributes
    ----------
    strongest : float
        The value of the largest magnitude, with its sign; NaN if no value is finite.
    row, col : int
        Where it is, the first such in reading order, counted from 0; -1 if there is none.
    mean, deviation : float
        Mean, and standard deviation of all values (not of a sample); NaN if no value is finite.
    energy : float
        Mean of the squares.
    share : float
        Which part of the values is larger than the threshold, from 0 to 1.
    other : int
        How many values are NaN or infinite.
    """

    strongest: float
    row: int
    col: int
    mean: float
    deviation: float
    energy: float
    share: float
    other: int


class _Sums(NamedTuple):
    """What is known of some values: how many, their mean, the sum of squares about it, how many are above the threshold."""

    values: int = 0
    mean: float = 0.0
    squares: float = 0.0
    above: int = 0

    def joined(self, other: _Sums) -> _Sums:
        """Return that of both (Chan, Golub and LeVeque, 1979): nothing is lost where values are far from zero."""
        count = self.values + other.values
        if not count:
            return self
        apart = other.mean - self.mean
        mean = self.mean + apart * other.values / count
        squares = self.squares + other.squares + apart * apart * self.values * other.values / count
        return _Sums(count, mean, squares, self.above + other.above)


def measures_of(values: NDArray[np.float32], threshold: float = 0.0) -> Measures:
    """Return the measures of a map of shape (rows, cols).

    Parameters
    ----------
    values : ndarray of float32, shape (rows, cols)
        The map.
    threshold : float
        For `Measures.share`.

    Examples
    --------
    >>> found = measures_of(np.array([[0, 3], [-5, 2]], np.float32), threshold=1)
    >>> found.strongest, (found.row, found.col), found.mean, found.energy, found.share
    (-5.0, (1, 0), 0.0, 9.5, 0.5)
    """
    measuring = Measuring(threshold, values.shape[1])
    measuring.add(values, 0, 0)
    return measuring.found()


class Measuring:
    """The measures of a map whose parts come one after the other.

    Parameters
    ----------
    threshold : float
        For `Measures.share`.
    cols : int
        Columns of the map.
    """

    def __init__(self, threshold: float, cols: int) -> None:
        self._threshold, self._cols = threshold, cols
        self._sums, self._count = _Sums(), 0
        self._strongest, self._place = math.nan, -1

    def add(self, values: NDArray[np.float32], top: int, left: int) -> None:
        """Take in a part of the map, whose first cell lies at (top, left)."""
        flat = np.ascontiguousarray(values, np.float32).reshape(-1)
        self._count += flat.size
        for begin in range(0, flat.size, BLOCK):
            block = flat[begin : begin + BLOCK]
            finite = np.isfinite(block)
            magnitudes = np.abs(block) if finite.all() else np.where(finite, np.abs(block), np.float32(-1))
            at = int(magnitudes.argmax())
            if magnitudes[at] >= 0:
                row, col = divmod(begin + at, values.shape[1])
                self._compare(float(block[at]), (top + row) * self._cols + left + col)
            self._sums = self._sums.joined(_sums(block if finite.all() else block[finite], self._threshold))

    def _compare(self, value: float, place: int) -> None:
        """Take another value for the strongest if it is stronger, or as strong and comes first in reading order."""
        most = -1.0 if self._place < 0 else abs(self._strongest)
        if abs(value) > most or (abs(value) == most and place < self._place):
            self._strongest, self._place = value, place

    def join(self, other: Measuring) -> None:
        """Take in what was measured of another part of the same map."""
        self._count += other._count
        self._sums = self._sums.joined(other._sums)
        if other._place >= 0:
            self._compare(other._strongest, other._place)

    def found(self) -> Measures:
        """Return the measures of what came."""
        sums = self._sums
        if self._place < 0:
            return Measures(math.nan, -1, -1, math.nan, math.nan, math.nan, 0.0, self._count)
        variance = sums.squares / sums.values
        row, col = divmod(self._place, self._cols)
        return Measures(
            strongest=self._strongest,
            row=row,
            col=col,
            mean=sums.mean,
            deviation=math.sqrt(variance),
            energy=variance + sums.mean * sums.mean,
            share=sums.above / sums.values,
            other=self._count - sums.values,
        )


def _sums(values: NDArray[np.float32], threshold: float) -> _Sums:
    if not values.size:
        return _Sums()
    exact = values.astype(np.float64)
    mean = float(exact.mean())
    above = int(np.count_nonzero(exact > threshold))
    exact -= mean
    return _Sums(values.size, mean, float(np.square(exact, out=exact).sum()), above)
