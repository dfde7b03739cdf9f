"""The end of a network that tells classes apart: which of them have the largest numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Score(NamedTuple):
    """A class, by its number, and what the network gives it."""

    number: int
    value: float


def strongest(scores: NDArray[np.float32], count: int) -> tuple[Score, ...]:
    """Return the classes with the largest numbers, largest first; of equal ones the first; what is no number comes last.

    >>> strongest(np.array([0.1, 0.7, np.nan, 0.2], np.float32), 2)
    (Score(number=1, value=0.699999988079071), Score(number=3, value=0.20000000298023224))
    """
    order = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")[:count]
    return tuple(Score(int(k), float(scores[k])) for k in order)


def are_parts(scores: NDArray[np.float32]) -> bool:
    """Return whether numbers are parts of one, as softmax makes them: none is negative, and they add up to 1.

    >>> are_parts(np.array([0.25, 0.75])), are_parts(np.array([1.0, 3.0]))
    (True, False)
    """
    return bool(np.isfinite(scores).all() and (scores >= 0).all() and abs(float(scores.sum(dtype=np.float64)) - 1) < 1e-3)
