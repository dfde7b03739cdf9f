"""Tiles: cuts an output into pieces that fit the processor's cache, and runs them on all cores until nobody wants them."""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from convgui.engine.strategies.helpers import Helpers, in_a_child

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.strategies.helpers import Task

CELLS = 64 * 4096
"""Cells of a tile: one plane of them stays in the second-level cache, many planes of it in the third."""

PRODUCTS = 500_000_000
"""Multiplications of a tile: some milliseconds, after which a cancel is noticed."""


LEAST = 30_000_000
"""Multiplications (a value that is read or written counts as some) for which it is worth while to wake a thread."""

LOWEST = 16
"""Rows of a tile, at least, as a tile reads the rows under its kernel as well."""


TOGETHER = 12
"""Rows that are a multiple of those of a register block, on every kind of processor."""


Piece = TypeVar("Piece", "Tile", int)


class Cancelled(Exception):
    """Raised by a computation that is no longer wanted."""


class Window(NamedTuple):
    """A rectangle of output cells."""

    top: int
    left: int
    rows: int
    cols: int

    def inside(self, rows: int, cols: int) -> Window:
        """Return the part of it that lies on an output of `rows` x `cols`."""
        top, left = min(max(self.top, 0), rows), min(max(self.left, 0), cols)
        bottom = min(max(self.top + self.rows, top), rows)
        right = min(max(self.left + self.cols, left), cols)
        return Window(top, left, bottom - top, right - left)


@dataclass(frozen=True)
class Tile:
    """The cells from (top, left) to before (bottom, right) of the array that is computed."""

    top: int
    bottom: int
    left: int
    right: int

    def distance(self, row: float, col: float) -> float:
        """Return the squared distance of its middle from a cell."""
        return ((self.top + self.bottom) / 2 - row) ** 2 + ((self.left + self.right) / 2 - col) ** 2


class Load(NamedTuple):
    """What there is to do for each cell of an output: cells that are gathered, and multiplications of all maps."""

    gathered: int
    products: int


def cut(rows: int, cols: int, load: Load, multiple: int = 1) -> list[Tile]:
    """Cut an array of `rows` x `cols` into tiles, those near its middle first; they begin at multiples of a number."""
    return _cut(rows, cols, load, multiple, threads())


@lru_cache(maxsize=256)
def _cut(rows: int, cols: int, load: Load, multiple: int, threads: int) -> list[Tile]:
    cells = min(2 * CELLS // max(load.gathered, 2), PRODUCTS // max(load.products, 1))
    width = _round(min(cols, max(4096, min(CELLS, cells) // max(rows, 1))), multiple)
    height = max(cells // max(width, 1), 4)
    share = -(-rows // (4 * threads))  # few rows are no reason to leave cores without work
    height = min(height, max(share, LOWEST, LEAST // (width * (load.products + 24))))
    strips = max(-(-rows // height), 1)
    if threads <= strips < 4 * threads:  # as much work for each
        height = -(-rows // (strips // threads * threads))
    height = _round(-(-height // TOGETHER) * TOGETHER, multiple)
    return grid_of_tiles(range(rows), range(cols), height, width)


def cut_blocks(rows: range, cols: range, block: tuple[int, int], multiple: int = 1) -> list[Tile]:
    """Cut output positions rows x cols into tiles that are whole blocks, of a grid that begins at position 0.

    Tiles that must begin at multiples of a number cannot be that; they are so large that they share few blocks.
    """
    height, width = block
    if multiple > 1:
        down, across = _round(4 * height, multiple), _round(4 * width, multiple)
        return grid_of_tiles(range(len(rows)), range(len(cols)), down, across)
    return grid_of_tiles(rows, cols, height, width)


def grid_of_tiles(rows: range, cols: range, height: int, width: int) -> list[Tile]:
    """Cut positions rows x cols by a grid that begins at position 0, those near their middle first.

    >>> grid_of_tiles(range(3, 9), range(5), 6, 5)
    [Tile(top=0, bottom=3, left=0, right=5), Tile(top=3, bottom=6, left=0, right=5)]
    """
    tiles = [Tile(*down, *across) for down in _pieces(rows, height) for across in _pieces(cols, width)]
    return sorted(tiles, key=lambda tile: tile.distance(len(rows) / 2, len(cols) / 2))


def _pieces(cells: range, side: int) -> list[tuple[int, int]]:
    """Return where the pieces of a grid begin and end, counted from the first of some cells."""
    begins = range(cells.start // side * side, cells.stop, side)
    return [(max(begin, cells.start) - cells.start, min(begin + side, cells.stop) - cells.start) for begin in begins]


def _round(number: int, multiple: int) -> int:
    return max(-(-number // multiple), 1) * multiple


_most_threads: int | None = None


def limit_threads(most: int | None) -> None:
    """Let computations of this process use no more threads than that, as where others do the same work beside it."""
    global _most_threads
    _most_threads = most


@cache
def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads() -> int:
    """Return how many threads a computation uses."""
    return cores() if _most_threads is None else min(cores(), _most_threads)


_helping: list[int] = []
"""Threads that help others, by their system's number."""

in_a_child(_helping.clear)


def keep_off() -> None:
    """Have `make_way` keep the calling thread, which helps others, off the core of those."""
    _helping.append(threading.get_native_id())


@cache
def _pool() -> Helpers:
    return Helpers(max(threads() - 1, 1), "convgui-tile", keep_off)


@cache
def _here() -> Callable[[], int] | None:
    """Return the function that tells on which core the calling thread runs, where there is one."""
    try:
        return ctypes.CDLL(None).sched_getcpu
    except (AttributeError, OSError, TypeError):
        return None


def make_way() -> None:
    """Keep the helpers off the core on which the calling thread runs.

    Linux likes to wake a thread where the one that wakes it runs, as if that would soon sleep; here it does not, and for
    some milliseconds two threads would share a core while another one idles. Measured on two cores (AVX2), 12 megapixels of
    float32 and a 3x3 kernel, medians of 40: 0.2 s after the last computation, as when a weight is typed, 8.5 ms instead of
    11.8; without a pause it makes no difference. Only threads of this pool are moved.
    """
    here = _here()
    if here is None or not hasattr(os, "sched_setaffinity"):
        return
    others = os.sched_getaffinity(0) - {here()}
    for helper in _helping:
        with suppress(OSError):
            os.sched_setaffinity(helper, others or os.sched_getaffinity(0))


def never() -> bool:
    """Say that a computation is still wanted."""
    return False


def fill(
    compute: Callable[[range, range, NDArray[np.float32]], object],
    tiles: Sequence[Tile],
    rows: range,
    cols: range,
    out: NDArray[np.float32],
    cancelled: Callable[[], bool] = never,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Fill `out`, shape (maps, len(rows), len(cols)), by ``compute(rows, cols, out)`` for each tile of it; see `run`."""

    def work(tile: Tile) -> None:
        part = out[:, tile.top : tile.bottom, tile.left : tile.right]
        compute(rows[tile.top : tile.bottom], cols[tile.left : tile.right], part)

    run(tiles, work, cancelled, progress)


def run(
    tiles: Sequence[Piece],
    work: Callable[[Piece], None],
    cancelled: Callable[[], bool] = never,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Call `work` for each tile, or for each number of a range, on the calling thread and on those of the pool.

    Raises
    ------
    Cancelled
        If `cancelled` returned True between two tiles.
    """
    if len(tiles) == 1 and not cancelled():
        work(tiles[0])
        if progress is not None:
            progress(1.0)
        return
    waiting = iter(tiles)
    lock = threading.Lock()
    done = 0
    stopped = False

    def take() -> Piece | None:
        nonlocal stopped
        with lock:
            stopped = stopped or cancelled()
            return None if stopped else next(waiting, None)

    def work_off() -> None:
        nonlocal done, stopped
        try:
            while (tile := take()) is not None:
                work(tile)
                with lock:
                    done += 1
                    if progress is not None:
                        progress(done / len(tiles))
        except BaseException:
            stopped = True
            raise

    helping: list[Task] = []
    try:
        make_way()
        for _ in range(min(threads(), len(tiles)) - 1):
            if (task := _pool().begin(work_off)) is not None:
                helping.append(task)
        work_off()
    except BaseException:
        stopped = True  # whoever has begun ends after its tile, also where Ctrl+C comes while it is waited for
        raise
    finally:
        for task in helping:
            task.end()
    for task in helping:
        if task.error is not None:
            raise task.error
    if done < len(tiles):
        raise Cancelled
