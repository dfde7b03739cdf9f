"""Memory for results: what a result that nobody holds any more has left behind is used again.

Fresh memory is handed out page by page by the system, zeroed, on first touch: for a 12-megapixel map that takes twice as
long as a 3 x 3 convolution. So the last blocks that were given back are kept, up to `KEPT` bytes of them in all.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.address import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

LINE = 16
"""Floats of a cache line; compiled code is slower where vectors lie across two of them."""

KEPT = 150_000_000
"""Bytes: the three maps of a colour photo of 12 megapixels, where fresh memory takes a quarter of the time of a 15 x 15."""

SMALLEST = 500_000
"""Bytes from which on it is worth while; smaller blocks the allocator keeps by itself."""


class _Memory(np.ndarray):
    """Memory that is used again and again, and where it lies."""

    at: int


_free: dict[int, _Memory] = {}
"""Memory that nobody uses, by its address, the oldest first.

Each step with it is one of the interpreter's own: a lock would stay locked where Ctrl+C, a collection or a fork came in.
"""


class _Block(_Memory):
    """Stands between a result, or a view of it, and its memory; when the last of them goes the memory is free again.

    NumPy has a view refer to what its array refers to, unless that is of a type of its own: so all views refer to this.
    """

    base: _Memory

    def __del__(self) -> None:
        memory = self.base
        if type(memory) is _Memory and _free is not None:  # not what somebody made of a block; and not at the very end
            _free[memory.at] = memory
            if len(_free) > 1:
                _let_go()


def _let_go() -> None:
    """Let the oldest memory go where there is more than is kept."""
    held = list(_free.items())
    over = sum(memory.nbytes for _, memory in held) - KEPT
    for at, memory in held:
        if over <= 0:
            return
        if _free.pop(at, None) is not None:
            over -= memory.nbytes


def aligned(floats: int, made: Callable[..., NDArray[np.float32]] = np.empty) -> NDArray[np.float32]:
    """Return memory for so many floats that begins with a cache line, `made` by one of NumPy's functions.

    >>> aligned(3).ctypes.data % (4 * LINE)
    0
    """
    memory = made(floats + LINE, np.float32)
    first = -(address(memory) // 4) % LINE
    return memory[first : first + floats]


def empty(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return an array of that shape whose values are whatever was there.

    >>> empty((2, 3)).shape
    (2, 3)
    """
    return placed(shape)[0]


def placed(shape: tuple[int, ...]) -> tuple[NDArray[np.float32], int]:
    """Return what `empty` does, and where it lies."""
    size = prod(shape)
    if not SMALLEST <= 4 * size <= KEPT:
        values = np.empty(shape, np.float32)
        return values, address(values)
    memory = _used(size)
    if memory is None:
        memory = aligned(size).view(_Memory)
        memory.at = address(memory)
    return _Block(shape, np.float32, memory).view(np.ndarray), memory.at


def _used(size: int) -> _Memory | None:
    """Return memory for so many floats that is free."""
    for at, memory in list(_free.items()):
        if len(memory) == size and _free.pop(at, None) is memory:
            return memory
    return None
