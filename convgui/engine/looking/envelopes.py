"""Envelopes: the least and the largest value of each block of a long row, so that it can be drawn at any width at once."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Seen(NamedTuple):
    """What is seen of a row: positions in it, and the least and the largest value around each."""

    at: NDArray[np.float64]
    least: NDArray[np.float64]
    largest: NDArray[np.float64]


class Envelope:
    """The extremes of all blocks of 2, 4, 8 and so on values of a row; NaN counts only where a block has nothing else.

    Making it takes as long as looking at the row twice; looking at a part of it takes no longer than drawing it.

    Examples
    --------
    >>> seen = Envelope(np.array([0, 5, 1, 1, 7, 2], np.float32)).between(0, 6, 3)
    >>> seen.at.tolist(), seen.least.tolist(), seen.largest.tolist()
    ([0.5, 2.5, 4.5], [0.0, 1.0, 2.0], [5.0, 1.0, 7.0])
    """

    def __init__(self, values: NDArray[np.float32] | NDArray[np.float64]) -> None:
        self.values = values
        self._levels = [(values, values)]
        while len(self._levels[-1][0]) > 2:
            self._levels.append(tuple(map(_halved, self._levels[-1], (np.fmin, np.fmax))))  # type: ignore[arg-type]

    def __len__(self) -> int:
        return len(self.values)

    def between(self, first: float, last: float, most: int) -> Seen:
        """Return the extremes of blocks that cover the values from `first` to `last`, about `most` blocks or fewer.

        Where there are no more values than that, these are returned as they are.
        """
        first, last = max(first, 0.0), min(last, float(len(self.values)))
        if last <= first or not np.isfinite([first, last]).all():
            return Seen(np.zeros(0), np.zeros(0), np.zeros(0))
        level = 0
        while (last - first) / (1 << level) > max(most, 1) and level + 1 < len(self._levels):
            level += 1
        block = 1 << level
        start, stop = int(first // block), int(-(-last // block))
        least, largest = (side[start:stop].astype(np.float64) for side in self._levels[level])
        at = (np.arange(start, start + len(least)) + 0.5) * block - 0.5
        return Seen(np.minimum(at, len(self.values) - 1.0), least, largest)


def _halved(values: NDArray[np.float64], best: np.ufunc) -> NDArray[np.float64]:
    """Return the better of each two neighbours; a last one that has none stays."""
    even = len(values) // 2 * 2
    with np.errstate(invalid="ignore"):
        halved: NDArray[np.float64] = best(values[0:even:2], values[1:even:2])
    return np.append(halved, values[even:]) if even < len(values) else halved


def extremes(parts: list[Seen]) -> tuple[float, float] | None:
    """Return the least and the largest finite value of several; None if there is none.

    >>> extremes([Envelope(np.array([np.nan, 2, np.inf])).between(0, 3, 9)])
    (2.0, 2.0)
    """
    values = reduce(
        np.append, [side[np.isfinite(side)] for part in parts for side in (part.least, part.largest)], np.zeros(0)
    )
    return (float(values.min()), float(values.max())) if values.size else None
