"""Arguments of layers: each is brought to plain Python numbers, or refused in a sentence that says what was received."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Shape

LARGEST_COUNT = 1_000_000
"""Cells of a size, a stride, a dilation, or a padding on one side; the count of groups and maps."""

LARGEST_NUMBER = float(np.finfo(np.float32).max)
"""Magnitude of a weight or of another number of a layer, beyond which float32 has infinity."""

MOST_CELLS = 500_000_000
"""Cells that a map may have, unless the map that it is made from is nearly as large."""

LARGEST_GROWTH = 4
"""How many times as many cells a large map may have as the one that it is made from, or with its padding as without."""


def whole(what: str, value: Any, least: int, most: int = LARGEST_COUNT) -> int:
    """Return a whole number in a range.

    >>> whole("stride", 2, 1)
    2
    >>> whole("stride", 0, 1)
    Traceback (most recent call last):
    ValueError: Expected a stride of a whole number from 1 to 1,000,000, received 0.
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"Expected {_a(what)} of a whole number from {least:,} to {most:,}, received {short(value)}.")
    return int(value)


def whole_pair(what: str, value: Any, least: int) -> tuple[int, int]:
    """Return two whole numbers, for rows and columns, or before and after."""
    try:
        first, second = value
        return whole(what, first, least), whole(what, second, least)
    except (TypeError, ValueError):
        raise ValueError(
            f"Expected {_a(what)} of two whole numbers from {least:,} to {LARGEST_COUNT:,}, received {short(value)}."
        ) from None


def number(what: str, value: Any) -> float:
    """Return a finite number that float32 holds.

    >>> number("scale", 0.5), number("scale", np.float32(2))
    (0.5, 2.0)
    """
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool):
        raise ValueError(f"Expected a number as {what}, received {short(value)}.")
    if isinstance(value, float | np.floating) and not math.isfinite(value):
        raise ValueError(f"Expected a finite number as {what}, received {float(value)}.")
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise ValueError(f"Expected {_a(what)} of at most {LARGEST_NUMBER:.3g} in magnitude, received {short(value)}.")
    return float(value)


def one_of(what: str, value: Any, known: Sequence[str]) -> str:
    """Return a name that is known."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"Expected {_a(what)} of {', '.join(known)}, received {short(value)}.")
    return value


def truth(what: str, value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"Expected {what} to be true or false, received {short(value)}.")
    return bool(value)


def fits(what: str, shape: Shape, made: Shape) -> None:
    """Refuse an output that is much larger than anything that is of use.

    Raises
    ------
    ValueError
        If a map of `made` has more than `MOST_CELLS` cells and is not of the size of the map that it is made from.
    """
    if made.rows * made.cols > max(MOST_CELLS, LARGEST_GROWTH * shape.rows * shape.cols):
        raise ValueError(
            f"{what} would make maps of {made.rows:,} × {made.cols:,} from {shape.rows:,} × {shape.cols:,}; "
            f"at most {MOST_CELLS:,} cells are made for a map."
        )


def short(value: Any) -> str:
    """Return a value as a sentence can hold it."""
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a whole number of many digits"
    text = " ".join(repr(value.item() if isinstance(value, np.generic) else value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _a(what: str) -> str:
    return f"{'an' if what[0] in 'aeiou' else 'a'} {what}"
