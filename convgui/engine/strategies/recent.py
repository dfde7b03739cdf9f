"""A small memory for what was made last, by what it was made from; several threads may use it.

Each step with it is one of the interpreter's own, so that it needs no lock.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The last `limit` values, or fewer where all of them have more than `most` of a size; the last one is always kept.

    Examples
    --------
    >>> squares = Recent(2)
    >>> for n in (1, 2, 3):
    ...     _ = squares.keep(n, n * n)
    >>> squares.get(1), squares.get(3)
    (None, 9)
    """

    def __init__(self, limit: int, size: Callable[[Value], float] = lambda value: 0, most: float = inf) -> None:
        self._limit, self._size, self._most = limit, size, most
        self._values: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """Return the value that was kept for a key, None if it is not there, or not any more."""
        return self._values.get(key)

    def keep(self, key: Key, value: Value) -> Value:
        """Keep a value, and let the oldest ones go if there are too many."""
        self._values.pop(key, None)
        self._values[key] = value
        whole = 0.0
        for count, (other, one) in enumerate(reversed(list(self._values.items()))):
            whole += self._size(one)
            if count and (count >= self._limit or whole > self._most):
                self._values.pop(other, None)
        return value
