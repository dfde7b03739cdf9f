"""Ticks: the round numbers that stand along an axis, and how they are written."""

from __future__ import annotations

import math
from itertools import pairwise

from convgui.engine.shown import apart, number

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
THOUSANDS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def spacing(span: float, most: float) -> float:
    """Return the distance of round numbers, 1, 2 or 5 times a power of ten, of which at most `most` lie in a span.

    >>> spacing(7.0, 5), spacing(0.013, 4), spacing(0.0, 3)
    (2.0, 0.005, 1.0)
    """
    if not (math.isfinite(span) and span > 0):
        return 1.0
    least = span / max(most, 1.0)
    power = 10.0 ** math.floor(math.log10(least))
    if power == 0.0:
        return least
    step = next(step for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))
    return float(f"{step * power:.6g}")


def ticks(low: float, high: float, most: float) -> list[float]:
    """Return round numbers from `low` to `high`, at most about `most`.

    >>> ticks(-1.7, 3.1, 5), ticks(0.0, 0.5, 5)
    ([-1.0, 0.0, 1.0, 2.0, 3.0], [0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    """
    step = spacing(high - low, most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if last - first > 4 * most + 4:  # the step is below what the numbers can tell apart
        return [low, high]
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


def texts(values: list[float]) -> list[str]:
    """Return how ticks are written: those of one axis with the same number of decimals, thousands with a letter.

    >>> texts([0.0, 0.5, 1.0]), texts([0.0, 20000.0, 40000.0]), texts([-1e-9, 0.0])
    (['0', '0.5', '1.0'], ['0', '20k', '40k'], ['−1e−9', '0'])
    """
    largest = max((abs(value) for value in values), default=0.0)
    for size, letter in THOUSANDS:
        if largest >= 10 * size and largest < 1e12 and all(value == round(value) for value in values):
            return ["0" if not value else f"{number(value / size, 7)}{letter}" for value in values]
    steps = [b - a for a, b in pairwise(values)]
    least = min((step for step in steps if step > 0), default=0.0)
    decimals = max(0, -math.floor(math.log10(least) + 1e-9)) if least > 0 else 0
    if largest >= 1e6 or decimals > 5 or not least:
        return apart(values)
    return [number(0.0) if not value else f"{value:.{decimals}f}".replace("-", "\N{MINUS SIGN}") for value in values]


def counts_text(power: float) -> str:
    """Return how a power of ten is written on an axis of counts.

    >>> counts_text(0.0), counts_text(3.0), counts_text(6.0)
    ('1', '10³', '10⁶')
    """
    return "1" if not power else f"10{str(round(power)).translate(SUPERSCRIPTS)}"
