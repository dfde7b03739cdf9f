"""A store that a file keeps in chunks: those that were read last stay unpacked, bounded in bytes."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from typing import TYPE_CHECKING, Any
from weakref import ref

from convgui.engine.strategies.tiles import Tile, never, run

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

KEPT = 128_000_000
"""Bytes of unpacked chunks that stay, of all files together."""

LARGEST = 136_000_000
"""Bytes of one unpacked chunk, at most: a file with larger ones would have to be read as a whole."""

SIDE = 256
"""Rows and columns of a chunk, at least: smaller pieces of a file are taken together."""


class Chunks(ABC):
    """Cells in chunks of one size, of which the last ones may be cut off by the edges.

    Attributes
    ----------
    shape : (int, int, int)
        Rows, columns and channels.
    dtype : dtype
        One of those that the engine reads.
    chunk : (int, int)
        Rows and columns of a chunk.
    """

    shape: tuple[int, int, int]
    dtype: np.dtype
    chunk: tuple[int, int]

    @abstractmethod
    def load(self, row: int, col: int, cancelled: Callable[[], bool] = never) -> NDArray[np.generic]:
        """Return chunk (row, col) of the grid, shape (rows, cols, channels); may be called by several threads at once."""

    def is_blank(self, rows: range, cols: range) -> bool:
        """Whether it is known without reading that all of these cells have one value."""
        return False

    def read(self, rows: range, cols: range, out: NDArray[np.generic], cancelled: Callable[[], bool] = never) -> None:
        """Write the stored numbers of rows x cols to `out`, shape (rows, cols, channels); see `engine.large.Store`."""
        high, wide = self.chunk

        def copy(tile: Tile) -> None:
            top, left = tile.top * high, tile.left * wide
            part = self._chunk(tile.top, tile.left, cancelled)
            down = range(max(top, rows.start), min(top + part.shape[0], rows.stop))
            across = range(max(left, cols.start), min(left + part.shape[1], cols.stop))
            out[_from(down, rows.start), _from(across, cols.start)] = part[_from(down, top), _from(across, left)]

        grid = [
            Tile(row, row + 1, col, col + 1)
            for row in range(rows.start // high, -(-rows.stop // high))
            for col in range(cols.start // wide, -(-cols.stop // wide))
        ]
        run(grid, copy, cancelled)

    def cells(self, row: int, col: int) -> tuple[range, range]:
        """Return the rows and columns of a chunk."""
        (high, wide), (rows, cols, _) = self.chunk, self.shape
        return range(row * high, min((row + 1) * high, rows)), range(col * wide, min((col + 1) * wide, cols))

    def _chunk(self, row: int, col: int, cancelled: Callable[[], bool]) -> NDArray[np.generic]:
        found = _kept.find((id(self), row, col), self)
        return _kept.keep((id(self), row, col), self, self.load(row, col, cancelled)) if found is None else found


def _from(cells: range, start: int) -> slice:
    return slice(cells.start - start, cells.stop - start)


class _Kept:
    """The chunks that were used last."""

    def __init__(self) -> None:
        self._lock, self._bytes = threading.Lock(), 0
        self._chunks: OrderedDict[tuple[int, int, int], tuple[Any, NDArray[np.generic]]] = OrderedDict()

    def find(self, key: tuple[int, int, int], owner: Chunks) -> NDArray[np.generic] | None:
        with self._lock:
            found = self._chunks.get(key)
            if found is None or found[0]() is not owner:
                return None
            self._chunks.move_to_end(key)
            return found[1]

    def keep(self, key: tuple[int, int, int], owner: Chunks, chunk: NDArray[np.generic]) -> NDArray[np.generic]:
        with self._lock:
            self._drop(key)
            self._chunks[key] = ref(owner), chunk
            self._bytes += chunk.nbytes
            while self._bytes > KEPT and len(self._chunks) > 1:
                self._drop(next(iter(self._chunks)))
        return chunk

    def _drop(self, key: tuple[int, int, int]) -> None:
        old = self._chunks.pop(key, None)
        if old is not None:
            self._bytes -= old[1].nbytes


_kept = _Kept()


def together(piece: int, most: int) -> int:
    """Return a multiple of a piece's side that is `SIDE` or a little more, and not beyond what there is.

    >>> together(1, 60_000), together(512, 60_000), together(100, 250)
    (256, 512, 300)
    """
    return piece * max(min(-(-SIDE // piece), -(-most // piece)), 1)
