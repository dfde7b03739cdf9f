"""A small memory for what was made last, by what it was made from; several threads may use it."""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The last `limit` values.

    Examples
    --------
    >>> squares = Recent(2)
    >>> for n in (1, 2, 3):
    ...     _ = squares.keep(n, n * n)
    >>> squares.get(1), squares.get(3)
    (None, 9)
    """

    def __init__(self, limit: int) -> None:
        self._limit, self._lock = limit, threading.Lock()
        self._values: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """Return the value that was kept for a key, None if it is not there, or not any more."""
        return self._values.get(key)

    def keep(self, key: Key, value: Value) -> Value:
        """Keep a value, and let the oldest one go if there are too many."""
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._limit:
                del self._values[next(iter(self._values))]
        return value
