"""Where the cells of a resized axis lie on the axis that they are made from: ONNX's conventions, computed exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.distinct import distinct
from convgui.engine.layers.base import Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

COORDINATES = ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric")
"""Where an output cell lies on the input: the names that ONNX has for it."""

ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
"""Which cell is nearest: the names that ONNX has for it."""


@dataclass(frozen=True, eq=False)
class Sampling:
    """What the output cells of one axis are made of: ``first * (1 - part) + second * part``.

    Attributes
    ----------
    n : int
        Cells of the input.
    first, second : ndarray of int64
        Input cells; the same where one alone is read.
    part : ndarray of float64
        0 where one alone is read.
    place : Place
        Where the output cells lie on the input: each over the middle of what it reads.
    """

    n: int
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    part: NDArray[np.float64]
    place: Place

    def stretch(self, cells: range) -> range:
        """Return the stretch of input cells that output cells need."""
        if not cells:
            return range(0)
        ends = [cells[0], cells[-1]]
        return range(int(self.first[ends].min()), int(self.second[ends].max()) + 1)

    def reads(self, cell: int) -> NDArray[np.int64]:
        """Return the input cells that an output cell reads, ascending."""
        return distinct(np.array([self.first[cell], self.second[cell]]))

    def weights(self, cell: int) -> NDArray[np.float64]:
        """Return the weights of these cells."""
        part = float(self.part[cell])
        return np.ones(1) if self.first[cell] == self.second[cell] else np.array([1 - part, part])

    def readers(self, cell: int) -> NDArray[np.int64]:
        """Return the output cells that read an input cell, ascending."""
        return np.flatnonzero((self.first == cell) | (self.second == cell))

    def mix(self, x: NDArray[Any], cells: range, start: int, along: int, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Return output cells along an axis of planes that begin at input cell `start`.

        A cell that does not count takes no part, also where it is infinite.
        """
        some = slice(cells.start, cells.stop, cells.step)
        first, second, part = self.first[some] - start, self.second[some] - start, self.part[some]
        if not part.any():
            return np.take(x, first, axis=along, out=out, mode="clip")
        weights = part.astype(x.dtype).reshape((-1, 1) if along == 1 else -1)
        with np.errstate(all="ignore"):
            below = np.take(x, first, axis=along, mode="clip")
            above = np.take(x, second, axis=along, mode="clip")
            above *= weights
            below *= 1 - weights
            mixed = np.add(below, above, out=out)
        alone = np.flatnonzero(part == 0)
        mixed[(slice(None),) * along + (alone,)] = np.take(x, first[alone], axis=along)
        return mixed


def resized(n: int, size: int | None, scale: float | None) -> int:
    """Return how many cells an axis has after resizing.

    A product that float32 cannot tell from a whole number is that number, as ONNX Runtime has it.

    >>> resized(10, None, 0.7), resized(10, 4, None)
    (7, 4)
    """
    return size if size is not None else int(np.float32(n * (scale or 0.0)))


def sampling(n: int, size: int | None, scale: float | None, coordinates: str, rounding: str | None) -> Sampling:
    """Return how an axis of `n` cells is resized.

    Parameters
    ----------
    size : int or None
        Cells of the output.
    scale : float or None
        Or by how much their number is multiplied.
    coordinates : str
        One of `COORDINATES`.
    rounding : str or None
        One of `ROUNDINGS` for the nearest cell; None for a linear mix of two.

    Examples
    --------
    >>> found = sampling(2, 4, None, "half_pixel", None)
    >>> found.first.tolist(), found.second.tolist(), found.part.tolist(), found.place.pitch
    ([0, 0, 0, 1], [0, 1, 1, 1], [0.0, 0.25, 0.75, 0.0], Fraction(1, 2))
    """
    count = resized(n, size, scale)
    begin, pitch = _line(n, count, Fraction(count, n) if scale is None else Fraction(scale), coordinates)
    whole, over, denominator = _positions(begin, pitch, count)
    if rounding is None:
        first, second = np.clip(whole, 0, n - 1), np.clip(whole + 1, 0, n - 1)
        rounded = (over / denominator).astype(np.float32)  # as it is computed with: so near to a cell, that cell is alone
        first = np.where(rounded == 1, second, first)
        part = np.where((first == second) | (rounded == 1), 0.0, rounded.astype(np.float64))
        second = np.where(part == 0, first, second)
        return Sampling(n, first, second, part, Place(begin + Fraction(1, 2) - pitch / 2, pitch))
    up = {
        "floor": over < 0,
        "ceil": over > 0,
        "round_prefer_floor": 2 * over > denominator,
        "round_prefer_ceil": 2 * over >= denominator,
    }[rounding]
    nearest = np.clip(whole + up.astype(np.int64), 0, n - 1)
    middle = Fraction(int(nearest.sum()), count) + Fraction(1, 2)
    return Sampling(n, nearest, nearest, np.zeros(count), Place(middle - pitch * Fraction(count, 2), pitch))


def _line(n: int, count: int, scale: Fraction, coordinates: str) -> tuple[Fraction, Fraction]:
    """Return the coordinate of output cell 0, in which input cell i is at i, and the step from one to the next."""
    half = Fraction(1, 2)
    if coordinates == "align_corners":
        return Fraction(0), Fraction(n - 1, count - 1) if count > 1 else Fraction(n)
    if coordinates == "asymmetric":
        return Fraction(0), 1 / scale
    if coordinates == "pytorch_half_pixel" and count == 1:
        return Fraction(0), 1 / scale
    begin = half / scale - half
    if coordinates == "half_pixel_symmetric":
        begin += Fraction(n, 2) * (1 - count / (n * scale))
    return begin, 1 / scale


def _positions(begin: Fraction, pitch: Fraction, count: int) -> tuple[NDArray[np.int64], NDArray[Any], int]:
    """Return begin + i * pitch for each i: the whole number below, and the rest as numerators of one denominator."""
    denominator = int(np.lcm.reduce([begin.denominator, pitch.denominator], dtype=object))
    start, step = int(begin * denominator), int(pitch * denominator)
    most = max(abs(start), abs(start + step * count), denominator)
    numerators = start + step * np.arange(count, dtype=np.int64 if most < 2**61 else object)
    whole = numerators // denominator
    return whole.astype(np.int64), numerators - whole * denominator, denominator
