"""Limits: which values stand at the ends of the colour map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from convgui.engine.looking.statistics import usable_range

if TYPE_CHECKING:
    from convgui.engine.looking.statistics import Statistics

FINE = 20
"""Bins of the histogram that must lie within the limits before the least value is doubted."""

ROOM = 2.0
"""The same for maps without negative values: so far the limits of `auto` go from the least to the largest value."""

MODES = ("auto", "min-max", "symmetric", "percentile", "fixed")


@dataclass(frozen=True)
class Limits:
    """A rule for the limits of a map.

    `auto`: symmetric about 0 if the map is signed, with `percent` of the magnitudes inside, else from the least to the
    largest value; zeros do not count, a sparse map is shown up to its strongest values, and single pixels far beyond all
    others are left out (`magnitudes.reach` has the rule). `min-max`: all values. `symmetric`: all values, 0 in the middle.
    `percentile`: `percent` of the values (of the magnitudes if signed). `fixed`: `low` to `high`.
    """

    mode: str = "auto"
    percent: float = 99.5
    low: float = -1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"Expected limits of {', '.join(MODES)}, received {self.mode!r}.")


@lru_cache(maxsize=16)  # while the hand pans, one map's are asked for again and again
def limits_of(rule: Limits, known: Statistics, picture: tuple[float, float] | None = None) -> tuple[float, float]:
    """Return the limits of a map: finite, low < high, whatever the map holds.

    Parameters
    ----------
    rule : Limits
    known : Statistics
        Of the map's values.
    picture : (float, float), optional
        The range of the input, where the map is a picture like it (brightness kept): what `auto` then uses.

    Examples
    --------
    >>> import numpy as np
    >>> from convgui.engine.looking.statistics import statistics_of
    >>> limits_of(Limits("min-max"), statistics_of(np.array([[np.nan, np.inf]], np.float32)))
    (0.0, 1.0)
    """
    low, high = known.low, known.high
    if rule.mode == "fixed":
        low, high = rule.low, rule.high
    elif rule.mode == "auto" and picture is not None:
        low, high = picture
    elif rule.mode == "symmetric":
        high = max(abs(low), abs(high))
        low = -high
    elif rule.mode == "auto" and known.signed:
        high = known.reach(rule.percent, 1.0)
        low = -high
    elif rule.mode == "auto":
        low, high = _unsigned(known, rule.percent)
    elif rule.mode == "percentile" and known.signed:
        high = known.magnitude(rule.percent)
        low = -high
    elif rule.mode == "percentile":
        low, high = known.percentile(100 - rule.percent), known.percentile(rule.percent)
    return usable_range(low, high)


def _unsigned(known: Statistics, percent: float) -> tuple[float, float]:
    """Return the limits of a map without negative values: from least to largest, but for pixels far from all others."""
    high = max(known.reach(percent, ROOM), known.low)
    if (known.right - known.left) / len(known.counts) > (high - known.low) / FINE:
        return known.low, high
    bulk = known.percentile(100 - percent)
    return max(known.low, bulk - (high - bulk)), high
