"""A picture that is not in memory: its cells are read where they are needed, and held in parts at their true places.

A part claims the size of the whole picture, so that whatever is computed from it has the bits that it would have if the
whole were in memory; only cells that it holds may be read.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from convgui.engine.address import address
from convgui.engine.source import READ_AS_STORED, Source
from convgui.engine.strategies.tiles import Cancelled, never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Cancel = Callable[[], bool]

ROWS, COLS = 256, 512
"""A part begins and ends at multiples of so many rows and columns: what is next to it is soon asked for as well, and few
widths need few things made ready."""

HELD = 256_000_000
"""Bytes of the parts of a picture that stay."""

SLACK = 4096
"""Bytes behind the cells of a part, which compiled loops may read, and take nothing from."""

APART = 256
"""Cells that lie further apart than this are read one by one, not with all that is between them."""


LOOK = 0.02
"""Seconds between two looks whether what is waited for is still wanted."""


class Store(Protocol):
    """Where the cells of a picture come from. It can be pickled: then it is opened anew from its file."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns and channels."""
        ...

    @property
    def dtype(self) -> np.dtype:
        """One of those that the engine reads."""
        ...

    def read(self, rows: range, cols: range, out: NDArray[np.generic], cancelled: Cancel = never) -> None:
        """Write the stored numbers of rows x cols to `out`, shape (rows, cols, channels).

        Raises
        ------
        Cancelled
            If it was cancelled.
        """
        ...


class Coarser(NamedTuple):
    """The same picture with fewer cells, and how these were made, in a few words."""

    source: Source
    how: str


@dataclass(frozen=True, eq=False)
class Large(Source):
    """A picture that is read in parts; it has no array.

    Parameters
    ----------
    store : Store
        Where its cells come from.
    coarser : tuple of Coarser
        Smaller copies of it, each smaller than the one before; the last is small enough to be looked at as a whole.

    Raises
    ------
    ValueError
        If the store holds numbers that the engine does not read as they are stored.
    """

    array: NDArray[np.generic] = None  # type: ignore[assignment]  # there is none
    store: Store = None  # type: ignore[assignment]
    coarser: tuple[Coarser, ...] = ()

    def __post_init__(self) -> None:
        if self.store.dtype not in [np.dtype(d) for d in READ_AS_STORED]:
            raise ValueError(f"Expected uint8, uint16 or float32, received dtype {self.store.dtype}.")
        object.__setattr__(self, "sequence", False)

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is, without the parts that are held."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def dtype(self) -> np.dtype:
        """Of the stored numbers."""
        return self.store.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows, columns and, if there are several, channels."""
        rows, cols, channels = self.store.shape
        return (rows, cols) if channels == 1 else (rows, cols, channels)

    @property
    def in_parts(self) -> bool:
        """It is larger than memory."""
        return True

    @property
    def nbytes(self) -> int:
        """How much memory it takes, at most."""
        return HELD

    @property
    def cube(self) -> NDArray[np.generic]:
        """There is none."""
        raise ValueError(f"Expected a picture in memory, received {self.name}, which is larger.")

    @property
    def address(self) -> int:
        """There is none."""
        return 0

    def bytes_of(self, rows: range, cols: range) -> int:
        """Return how much memory a part with these cells takes."""
        down, across = _grown(rows, ROWS, self.rows), _grown(cols, COLS, self.cols)
        return len(down) * len(across) * self.channels * self.dtype.itemsize

    @property
    def _held(self) -> _Held:
        """The parts that are there."""
        held: _Held = vars(self).setdefault("_parts", _Held())
        return held

    def holding(self, rows: range, cols: range, cancelled: Cancel = never) -> Part:
        """Return a part that holds rows x cols, which must lie inside: one that is there already, if there is one.

        Raises
        ------
        Cancelled
            If it was cancelled.
        """
        held = self._held
        found = held.find(rows, cols)
        if found is None:
            with held.turn(cancelled):  # both panes ask for the same cells at once: they are read once
                found = held.find(rows, cols)
                if found is None:
                    found = held.keep(self._read(_grown(rows, ROWS, self.rows), _grown(cols, COLS, self.cols), cancelled))
        return found

    def _read(self, rows: range, cols: range, cancelled: Cancel) -> Part:
        channels, size = self.channels, self.dtype.itemsize
        pitch = -(-len(cols) // COLS) * COLS
        memory = np.empty(len(rows) * pitch * channels + SLACK // size, self.dtype)
        cells = memory[: len(rows) * pitch * channels].reshape(len(rows), pitch, channels)[:, : len(cols)]
        self.store.read(rows, cols, cells, cancelled)
        cells.flags.writeable = False
        return Part(cells, self.scale, self.name, whole=self.store.shape, top=rows.start, left=cols.start)

    def has(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> bool:
        """Whether the cells at some rows and some columns are held, so that nothing has to be read for them."""
        held = self._held
        across = [columns for _, columns in _near(cols)]
        return all(held.find(lines, columns) is not None for _, lines in _near(rows) for columns in across)

    def part(self, rows: range, cols: range) -> NDArray[np.generic]:
        """Return the stored numbers of rows x cols."""
        return self.holding(_whole(rows), _whole(cols)).part(rows, cols)

    def at(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.generic]:
        """Return the stored numbers at some rows and some columns, in any order."""
        found = np.empty((len(rows), len(cols), self.channels), self.dtype)
        for down, lines in _near(rows):
            for across, columns in _near(cols):
                found[np.ix_(down, across)] = self.holding(lines, columns).at(rows[down], cols[across])
        return found


@dataclass(frozen=True, eq=False)
class Part(Source):
    """Some cells of a larger picture, at their true places.

    Parameters
    ----------
    array : ndarray, shape (rows, cols, channels)
        The cells that it holds.
    whole : (int, int, int)
        Rows, columns and channels of the picture.
    top, left : int
        The place of the first cell that it holds.
    """

    whole: tuple[int, int, int] = (0, 0, 0)
    top: int = 0
    left: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sequence", False)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the whole picture."""
        return self.whole

    @property
    def cube(self) -> NDArray[np.generic]:
        """There is none."""
        raise ValueError(f"Expected a whole picture, received a part of {self.name}.")

    @property
    def pitch(self) -> int:
        """Cells from the start of a row in memory to the start of the next."""
        return self.array.strides[0] // (self.channels * self.dtype.itemsize)

    @property
    def address(self) -> int:
        """Where cell (0, 0) would lie."""
        return address(self.array) - (self.top * self.pitch + self.left) * self.channels * self.dtype.itemsize

    def holds(self, rows: range, cols: range) -> bool:
        """Whether it holds these cells; the ranges have no step."""
        high, wide = self.array.shape[:2]
        down = self.top <= rows.start and rows.stop <= self.top + high
        return down and self.left <= cols.start and cols.stop <= self.left + wide

    def check(self, rows: range, cols: range) -> None:
        """Raise `Outside` if it does not hold these cells."""
        if len(rows) and len(cols) and not self.holds(_whole(rows), _whole(cols)):
            high, wide = self.array.shape[:2]
            held = f"rows {self.top} to {self.top + high} and columns {self.left} to {self.left + wide}"
            raise Outside(f"Expected cells in {held}, received {rows} and {cols}.")

    def part(self, rows: range, cols: range) -> NDArray[np.generic]:
        """Return the stored numbers of rows x cols, which it must hold."""
        self.check(rows, cols)
        down = slice(rows.start - self.top, rows.stop - self.top, rows.step)
        return self.array[down, cols.start - self.left : cols.stop - self.left : cols.step]

    def at(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.generic]:
        """Return the stored numbers at some rows and some columns, which it must hold."""
        if len(rows) and len(cols):
            self.check(range(int(rows.min()), int(rows.max()) + 1), range(int(cols.min()), int(cols.max()) + 1))
        return self.array[np.ix_(rows - self.top, cols - self.left)]


class Outside(IndexError):
    """Cells that a part does not hold."""


class _Held:
    """The parts that were read last, bounded in bytes."""

    def __init__(self) -> None:
        self._lock, self._parts = threading.Lock(), list[Part]()
        self._reading = threading.Lock()

    @contextmanager
    def turn(self, cancelled: Cancel) -> Iterator[None]:
        """Wait until nobody else reads, or it is no longer wanted."""
        while not self._reading.acquire(timeout=LOOK):
            if cancelled():
                raise Cancelled
        try:
            yield
        finally:
            self._reading.release()

    def find(self, rows: range, cols: range) -> Part | None:
        with self._lock:
            for k, part in enumerate(self._parts):
                if part.holds(rows, cols):
                    self._parts.append(self._parts.pop(k))  # the last to go
                    return part
        return None

    def keep(self, part: Part) -> Part:
        with self._lock:
            self._parts.append(part)
            while len(self._parts) > 1 and sum(held.array.nbytes for held in self._parts) > HELD:
                del self._parts[0]
        return part


def _grown(cells: range, multiple: int, size: int) -> range:
    """Return the cells from a multiple of a number to another one, or to the end."""
    return range(cells.start // multiple * multiple, min(-(-cells.stop // multiple) * multiple, size))


def _whole(cells: range) -> range:
    """Return a range with all that is between."""
    return range(cells[0], cells[-1] + 1) if len(cells) else range(0)


def _near(positions: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.intp], range]]:
    """Return which positions lie near each other, with the range that holds them."""
    if not positions.size:
        return
    order = np.argsort(positions, kind="stable")
    gaps = np.flatnonzero(np.diff(positions[order]) > APART) + 1
    for group in np.split(order, gaps):
        yield group, range(int(positions[group[0]]), int(positions[group[-1]]) + 1)
