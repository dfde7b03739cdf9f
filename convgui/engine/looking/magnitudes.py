"""How large the values of a map are: a histogram of magnitudes over all of float32; and how far a colour map should go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies import jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHIFT = 18
"""Bits of a float32 that are left out: 5 of the mantissa stay, so that a bin is 3 % wide, from 1e-38 to 3e38."""

BINS, ALL_BINS = 0x7F800000 >> SHIFT, (0x7FFFFFFF >> SHIFT) + 1
"""Bins of finite values, and of all: those behind are for what is not finite."""

NOTHING = 1e-8
"""Of the largest magnitude: what is smaller is rounding."""

FAINT = 1e-3
"""Of the limit: what is smaller cannot be told from zero on a screen."""

SPARSE = 0.25
"""Part of the values that are something, below which a map is sparse: then strong values are kept apart from weak ones."""

REACH = 25.0
"""How many times the limit may exceed what most values reach, so that the weakest tenth of a colour map is still seen."""

FAR = 4.0
FEW, SHARE = 64, 2e-4
"""Values that are far beyond all others are outliers while they are so few, or so small a part: defect pixels."""


def magnitude_counts(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return how many values have a magnitude in each bin, the smallest first; what is not finite is left out.

    >>> counts = magnitude_counts(np.array([1.0, -1.0, 0.0, np.nan], np.float32))
    >>> int(counts.sum()), int(counts[0])
    (3, 1)
    """
    values = np.ascontiguousarray(values, np.float32)
    compiled = jit.ready()
    if compiled is None:
        bits = (values.view(np.uint32) & np.uint32(0x7FFFFFFF)) >> SHIFT
        return np.bincount(bits.ravel(), minlength=ALL_BINS)[:BINS].astype(np.int64)
    counts = np.zeros(ALL_BINS, np.int64)
    compiled.count_magnitudes(address(values), values.size, SHIFT, address(counts))
    return counts[:BINS]


def bounds() -> NDArray[np.float64]:
    """Return the largest magnitude of each bin."""
    bits = ((np.arange(BINS, dtype=np.uint32) + np.uint32(1)) << SHIFT) - np.uint32(1)
    return bits.view(np.float32).astype(np.float64)


def reach(counts: NDArray[np.int64], percent: float, least: float = 1.0) -> float:
    """Return the magnitude that a colour map should reach, so that an eye can tell apart what is strong and what is weak.

    - Zeros, and rounding, say nothing: `percent` of the values *that are something* lie within what most values reach.
    - Where many values are something, as in a map of a photo, that is the limit, and the strongest few take the colour at
      the end. A defect pixel is among these few, however strong it is.
    - Where few are something, as lines on black, the limit goes on to the strongest of them, up to `REACH` times as far:
      lines of which one is twenty times as strong as another have different colours, and both are seen.
    - The same holds for lines on faint noise: where a good part of what lies beyond the limit lies far beyond it, and that
      is more than a few pixels, it is what the map shows, and the rest is its background.

    Parameters
    ----------
    counts : ndarray of int64
        From `magnitude_counts`.
    percent : float
        50 to 100.
    least : float
        How many times what most values reach is within the limits in any case.

    Returns
    -------
    float
        0 if there is nothing but zeros.
    """
    edges, total = bounds(), int(counts.sum())
    kept = counts.copy()
    kept[0] = 0
    kept[edges < NOTHING * _largest(kept, edges)] = 0
    if not kept.any():
        return 0.0
    place = _percentile(kept, percent)
    while _shows_more(kept, edges, place, total):
        kept[: place + 1] = 0
        place = _percentile(kept, percent)
    kept[edges < FAINT * edges[place]] = 0
    place = _percentile(kept, percent)
    share = kept.sum() / total
    factor = min(max((SPARSE / share) ** 2, least), REACH)
    within = np.flatnonzero((kept > 0) & (edges <= factor * edges[place]))
    return float(edges[max(within.max(initial=0), place)])


def _largest(counts: NDArray[np.int64], edges: NDArray[np.float64]) -> float:
    filled = np.flatnonzero(counts)
    return float(edges[filled[-1]]) if filled.size else 0.0


def _percentile(counts: NDArray[np.int64], percent: float) -> int:
    return int(np.searchsorted(np.cumsum(counts), counts.sum() * percent / 100))


def _shows_more(counts: NDArray[np.int64], edges: NDArray[np.float64], place: int, total: int) -> bool:
    """Whether what lies beyond a bin is a matter of its own, and not the tail of what lies within, or a defect pixel."""
    beyond = counts[place + 1 :].sum()
    far = counts[edges > FAR * edges[place]].sum()
    return bool(far > beyond / 3 and far >= max(FEW, SHARE * total))
