"""Memory for results: what a result that nobody holds any more has left behind is used again.

Fresh memory is handed out page by page by the system, zeroed, on first touch: for a 12-megapixel map that takes twice as
long as a 3 x 3 convolution. So the last blocks that were given back are kept, up to `KEPT` bytes of them in all.
"""

from __future__ import annotations

import threading
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE = 16
"""Floats of a cache line; compiled code is slower where vectors lie across two of them."""

KEPT = 150_000_000
"""Bytes: the three maps of a colour photo of 12 megapixels, where fresh memory takes a quarter of the time of a 15 x 15."""

SMALLEST = 500_000
"""Bytes from which on it is worth while; smaller blocks the allocator keeps by itself."""

_lock = threading.Lock()
_free: list[NDArray[np.float32]] = []


class _Block:
    """The owner of a result's memory, alive as long as the result or a view of it; then the memory is free again."""

    def __init__(self, memory: NDArray[np.float32], shape: tuple[int, ...]) -> None:
        self.memory = memory
        self.__array_interface__ = {**memory.__array_interface__, "shape": shape, "strides": None}

    def __del__(self) -> None:
        # a collection may run within `empty`, or at the very end: then this block is let go
        if _lock is not None and _lock.acquire(blocking=False):
            try:
                _free.append(self.memory)
                while sum(m.nbytes for m in _free) > KEPT:
                    _free.pop(0)
            finally:
                _lock.release()


def aligned(floats: int) -> NDArray[np.float32]:
    """Return memory for so many floats that begins with a cache line.

    >>> aligned(3).ctypes.data % (4 * LINE)
    0
    """
    memory = np.empty(floats + LINE, np.float32)
    first = -(address(memory) // 4) % LINE
    return memory[first : first + floats]


def empty(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return an array of that shape whose values are whatever was there.

    >>> empty((2, 3)).shape
    (2, 3)
    """
    size = prod(shape)
    if not SMALLEST <= 4 * size <= KEPT:
        return np.empty(shape, np.float32)
    memory: Any = None
    with _lock:
        for k, block in enumerate(_free):
            if block.size == size:
                memory = _free.pop(k)
                break
    return np.asarray(_Block(aligned(size) if memory is None else memory, shape))
