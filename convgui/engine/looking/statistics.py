"""Statistics: what is known of all values of a map (least, largest, a histogram), made tile by tile of maps of any size."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from convgui.engine.address import address
from convgui.engine.looking.magnitudes import magnitude_counts, reach
from convgui.engine.network import choose, evaluate
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Tile, never, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.network import Chain
    from convgui.engine.network.wanted import Wanted

Part = TypeVar("Part")

BINS = 2048
HEAVY = 8.0
"""How many times the largest magnitude may exceed what most values reach before the map is looked at more closely."""


@dataclass(frozen=True, eq=False)
class Statistics:
    """What is known of all values of one map.

    Attributes
    ----------
    low, high : float
        The least and the largest finite value, exact; both 0 if there is none.
    counts : ndarray of int64
        A histogram from `left` to `right`; values beyond are counted in the outer bins.
    finite, other : int
        How many values are finite, and how many NaN or infinite.
    magnitudes : ndarray of int64, optional
        The counts of `magnitude_counts`, where the bins above are too wide to tell weak values from strong ones.
    """

    low: float
    high: float
    left: float
    right: float
    counts: NDArray[np.int64]
    finite: int
    other: int
    magnitudes: NDArray[np.int64] | None = None

    @property
    def signed(self) -> bool:
        """Whether there are values below zero."""
        return self.low < 0

    def magnitude(self, percent: float) -> float:
        """Return the magnitude that `percent` of the values do not exceed, to the width of a bin."""
        edges = np.linspace(self.left, self.right, len(self.counts) + 1)
        bound = np.maximum(np.abs(edges[:-1]), np.abs(edges[1:]))
        order = np.argsort(bound, kind="stable")
        reached = np.searchsorted(np.cumsum(self.counts[order]), self.finite * percent / 100)
        return float(min(bound[order[min(int(reached), len(order) - 1)]], max(abs(self.low), abs(self.high))))

    def percentile(self, percent: float) -> float:
        """Return the value that `percent` of the values do not exceed, to the width of a bin."""
        at = np.searchsorted(np.cumsum(self.counts), self.finite * percent / 100)
        edge = self.left + (self.right - self.left) * (min(int(at), len(self.counts) - 1) + 1) / len(self.counts)
        return float(min(max(edge, self.low), self.high))

    @property
    def crowded(self) -> bool:
        """Whether the bins are too wide: most values lie in one of them, or some far from the others or from the range."""
        span, largest = self.right - self.left, max(abs(self.low), abs(self.high))
        beyond = self.low < self.left - span or self.high > self.right + span
        return beyond or bool(2 * self.counts.max() > self.finite) or largest > HEAVY * self.magnitude(99.5)

    def reach(self, percent: float, least: float) -> float:
        """Return the magnitude that a colour map should reach; see `magnitudes.reach` for the rule."""
        largest = max(abs(self.low), abs(self.high))
        if self.magnitudes is None:
            return min(least * self.magnitude(percent), largest)
        return min(reach(self.magnitudes, percent, least), largest)


def usable_range(low: float, high: float) -> tuple[float, float]:
    """Return the pair if a colour map or a histogram can be laid over it, else the nearest one that can."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return 0.0, 1.0
    if high - low > 1e-30 and np.isfinite(high - low):
        return float(low), float(high)
    if not np.isfinite(high - low):
        return float(low / 2), float(high / 2)
    if abs(low) < 1e-30:
        return 0.0, 1.0
    spread = max(abs(low), abs(high)) / 2
    return float(low - spread), float(high + spread)


def statistics_of(values: NDArray[np.float32], left: float | None = None, right: float | None = None) -> Statistics:
    """Return the statistics of the values of an array of shape (rows, cols)."""
    values = np.ascontiguousarray(values, np.float32)
    ends = _ends(values)
    if left is None or right is None:
        left, right = usable_range(*ends)
    found = _settled(_statistics_of_part(values, left, right, ends))
    return replace(found, magnitudes=magnitude_counts(values)) if found.finite and found.crowded else found


def statistics_of_sample(sample: NDArray[np.float32], seen: NDArray[np.float32]) -> Statistics:
    """Return about what is known of a map from a sample of it and from values that are seen besides, both (rows, cols).

    What is seen counts for the range alone: it may be any part of the map.
    """
    found = statistics_of(sample)
    if not found.finite:
        return statistics_of(seen)
    low, high = _ends(seen)
    if not (low or high) and not np.isfinite(seen).any():
        return found
    return replace(found, low=min(found.low, low), high=max(found.high, high))


def output_statistics(
    chain: Chain,
    map: int,
    *,
    upto: int | None = None,
    wait: bool = True,
    cancelled: Callable[[], bool] = never,
    progress: Callable[[float], None] | None = None,
) -> Statistics:
    """Return the statistics of a map of the whole output, which is never held as a whole.

    A sample of it decides the range of the histogram; least and largest value are exact.

    Raises
    ------
    Cancelled
        If it was cancelled.
    """
    strategy = choose(chain, upto, map, wait)
    step = _sample_step(*strategy.shape[1:])
    sample = statistics_of(evaluate(chain, step=step, upto=upto, maps=map, wait=wait, cancelled=cancelled)[0])
    if step == 1:
        return sample
    left, right = sample.left, sample.right
    found = _look_at_tiles(strategy, lambda v: _statistics_of_part(v, left, right), _joined, cancelled, progress)
    found = _settled(found)
    if not (found.finite and found.crowded):
        return found
    counts = _look_at_tiles(strategy, magnitude_counts, np.add, cancelled, None)  # another time over: this is rare
    return replace(found, magnitudes=counts)


def statistics_of_map(values: NDArray[np.float32]) -> Statistics:
    """Return what `output_statistics` returns for a map of one layer, from its values, shape (rows, cols)."""
    step = _sample_step(*values.shape)
    sample = statistics_of(values[::step, ::step])
    if step == 1:
        return sample
    found = _settled(_statistics_of_part(values, sample.left, sample.right))
    return replace(found, magnitudes=magnitude_counts(values)) if found.finite and found.crowded else found


def counts_between(
    chain: Chain,
    map: int,
    low: float,
    high: float,
    *,
    wait: bool = True,
    cancelled: Callable[[], bool] = never,
    progress: Callable[[float], None] | None = None,
) -> tuple[NDArray[np.int64], int, int]:
    """Return a histogram of the values of a map from `low` to `high`, and how many lie below and above.

    Raises
    ------
    Cancelled
        If it was cancelled.
    """
    wide = (high - low) / (BINS - 2)  # what lies beyond is counted in the outer bins, which are left out

    def look(values: NDArray[np.float32]) -> Statistics:
        return _statistics_of_part(values, low - wide, high + wide)

    found = _look_at_tiles(choose(chain, None, map, wait), look, _joined, cancelled, progress)
    return found.counts[1:-1], int(found.counts[0]), int(found.counts[-1])


def _sample_step(rows: int, cols: int) -> int:
    return max(int(np.sqrt(rows * cols / 250_000)), 1)


def _settled(part: Statistics) -> Statistics:
    """Return the statistics of the whole, without a range where no value is finite."""
    return part if part.finite else replace(part, low=0.0, high=0.0)


def _look_at_tiles(
    strategy: Wanted,
    look: Callable[[NDArray[np.float32]], Part],
    join: Callable[[Part, Part], Part],
    cancelled: Callable[[], bool],
    progress: Callable[[float], None] | None,
) -> Part:
    """Look at each tile of a map, and join what is found."""
    _, rows, cols = strategy.shape
    lock = threading.Lock()
    parts: list[Part] = []

    def work(tile: Tile) -> None:
        values = np.empty((1, tile.bottom - tile.top, tile.right - tile.left), np.float32)
        strategy(range(tile.top, tile.bottom), range(tile.left, tile.right), values)
        part = look(values[0])
        with lock:
            parts[:] = [join(parts[0], part)] if parts else [part]

    run(strategy.tiles(range(rows), range(cols)), work, cancelled, progress)
    return parts[0]


def _ends(values: NDArray[np.float32]) -> tuple[float, float]:
    """Return the least and the largest finite value, both 0 if there is none."""
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    if not np.isfinite(high - low):
        finite = values[np.isfinite(values)]
        return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    return low, high


def _statistics_of_part(
    values: NDArray[np.float32], left: float, right: float, ends: tuple[float, float] | None = None
) -> Statistics:
    """Return the statistics of a part of a map; where no value of it is finite, it reaches from infinity to -infinity.

    `ends`: the least and the largest value, where they are known.
    """
    values = np.ascontiguousarray(values, np.float32)
    counts = np.zeros(BINS, np.int64)
    compiled = jit.ready()
    if compiled is None:
        finite = _survey(values, left, right, counts)
    else:
        finite = compiled.survey_values(address(values), values.size, left, right, address(counts), BINS)
    low, high = (ends or _ends(values)) if finite else (np.inf, -np.inf)
    return Statistics(low, high, left, right, counts, finite, values.size - finite)


def _survey(values: NDArray[np.float32], left: float, right: float, counts: NDArray[np.int64]) -> int:
    """Do what the compiled `survey_values` does."""
    finite = values[np.isfinite(values)]
    with np.errstate(over="ignore"):
        place = (finite.astype(np.float64) - left) * (BINS / (right - left))
    np.add.at(counts, np.clip(place, 0, BINS - 1).astype(np.intp), 1)
    return finite.size


def _joined(a: Statistics, b: Statistics) -> Statistics:
    return replace(
        a,
        low=min(a.low, b.low),
        high=max(a.high, b.high),
        counts=a.counts + b.counts,
        finite=a.finite + b.finite,
        other=a.other + b.other,
    )
