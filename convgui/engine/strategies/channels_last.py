"""A bank over an array whose channels lie last, to maps that lie last: what a script calls with Keras's layouts.

Nothing is laid out in planes: the rows of cells that a tile reads are copied as they are, padding with them, each number of
them is multiplied with vectors of the weights of many maps, and the sums are stored side by side. An output is the same
chain of products as the direct strategy's, and has its bits.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.layers.border import OUTSIDE
from convgui.engine.strategies import jit, memory
from convgui.engine.strategies.direct import Direct
from convgui.engine.strategies.gather import Parts, Reach, joined, rows
from convgui.engine.strategies.memory import LINE
from convgui.engine.strategies.tiles import Tile, threads
from convgui.engine.strategies.work import Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.strategies.plan import Plan

CELLS = 1 << 16
"""Floats that a few rows of a tile may take, to stay in the second-level cache."""

NARROWEST = 64
"""Outputs of a tile side by side, at least, where there are so many."""

FEWEST = 32
"""Products of an output, at least: with fewer of them writing decides, and map by map the memory is written in order."""

LEAST = 4_000_000
"""Multiplications of a tile, where it may be small: the rows under its kernel are copied for each tile."""

SHARES = 2
"""Tiles of a thread, one below the other, where they may be small: more of them would be done together, but copy more."""


class ChannelsLast(Direct):
    """A plan made ready for the compiled loops, for whole arrays of its form; see `suits`."""

    def __init__(self, plan: Plan, compiled: Any) -> None:
        super().__init__(plan, compiled)
        self.shape, self._parts = plan.shape, self._cut(plan)

    def whole(self, source: NDArray[Any]) -> NDArray[np.float32]:
        """Return all outputs of a source, shape (maps, rows, cols), the maps of an output side by side."""
        maps, height, width = self.shape
        out, at = memory.placed((height, width, maps))
        self.work(address(source), at, (source, out))
        return out.transpose(2, 0, 1)

    @cached_property
    def work(self) -> Work:
        """All outputs as a work."""
        parts, (maps, height, width) = self._parts, self.shape
        return Work(
            self.compiled,
            self.compiled.channels_last_tiles,
            height * width * self.products,
            self.floats(parts),
            parts,
            reading=self.reading.address,
            kernels=self._kernels,
            out_row=width * maps,
            apart=maps,
        )

    def _cut(self, plan: Plan) -> Parts:
        """Return the tiles of all outputs."""
        high, wide = plan.rows.outputs, plan.cols.outputs
        few = plan.rows.span + 4 * plan.rows.stride
        most = max(CELLS // (plan.channels * plan.cols.stride * few), NARROWEST)
        across = -(-wide // most)
        down = min(high * wide * self.products // (across * LEAST), SHARES * threads())
        down = min(max(down // threads(), 1) * threads(), high)  # as much for each of them
        tiles = [Tile(*some, *others) for some in _even(high, down) for others in _even(wide, across)]
        return joined([_part(self.reading.reach, plan.channels, tile) for tile in tiles])

    def _hold_weights(self, plan: Plan) -> None:
        """Note the weights, those of a block of maps side by side."""
        self._reads = np.ascontiguousarray(plan.reads, np.int64)
        weights = np.asarray(plan.weights, np.float32)
        blocks = [weights[some] for some in _blocks(len(weights), self.compiled)]
        grouped = np.moveaxis(np.stack(blocks), 1, -1)
        self._grouped = memory.aligned(grouped.size).reshape(grouped.shape)
        self._grouped[:] = grouped
        self.kernels["reads"] = self._reads.ctypes.data
        self.kernels["groups"], self.kernels["grouped"] = len(blocks), self._grouped.ctypes.data


def suits(plan: Plan, compiled: Any) -> bool:
    """Whether planes are the stored channels as they are, and there are maps for blocks that read the same of them."""
    if len(plan.weights) < compiled.ACROSS or plan.weights[0].size < FEWEST:
        return False
    if plan.offsets.any() or not np.array_equal(plan.mixes, np.eye(plan.channels)):
        return False
    return all((plan.reads[some] == plan.reads[some.start]).all() for some in _blocks(len(plan.reads), compiled))


def _blocks(maps: int, compiled: Any) -> list[slice]:
    """Return the maps of each block; the last one overlaps the one before where it would not be full."""
    firsts = (min(first, maps - compiled.ACROSS) for first in range(0, maps, compiled.ACROSS))
    return [slice(first, first + compiled.ACROSS) for first in firsts]


def _even(cells: int, count: int) -> list[tuple[int, int]]:
    """Return where so many pieces of about the same size begin and end.

    >>> _even(7, 2)
    [(0, 3), (3, 7)]
    """
    edges = [cells * k // count for k in range(count + 1)]
    return list(pairwise(edges))


def _part(reach: Reach, channels: int, tile: Tile) -> Parts:
    """Return how the cells for a tile are copied: the record of `PART`, with one stretch of columns."""
    down, across = range(tile.top, tile.bottom), range(tile.left, tile.right)
    lines, cols = rows(reach.rows, down, reach.border), rows(reach.cols, across, reach.border)
    compiled: Any = jit.load()
    stretch = np.zeros(1, compiled.STRETCH)
    stretch["count"] = len(cols.cells)
    stretch["first"], stretch["last"] = _run(cols.cells)
    distances = channels * cols.down * np.arange(reach.cols.kernel, dtype=np.int64)
    pitch = (len(cols.cells) * channels // LINE + 1 | 1) * LINE
    table = np.zeros(1, compiled.PART)
    table["rows"], table["cells"] = lines.cells.ctypes.data, cols.cells.ctypes.data
    table["stretches"], table["count"], table["jump"] = stretch.ctypes.data, 1, channels * cols.apart
    table["pitch"], table["plane"], table["columns"] = pitch, 4, distances.ctypes.data
    table["apart"], table["down"] = lines.apart, lines.down
    table["top"], table["left"] = tile.top, tile.left
    table["height"], table["width"] = len(down), len(across)
    return Parts(table, address(table), pitch * len(lines.cells), (lines, cols, stretch, distances))


def _run(cells: NDArray[np.int64]) -> tuple[int, int]:
    """Return the longest run of cells that lie side by side, as first and one past the last.

    >>> _run(np.array([-1, -1, 0, 1, 2, -1]))
    (2, 5)
    """
    ends = np.flatnonzero((np.diff(cells) != 1) | (cells[:-1] == OUTSIDE)) + 1
    edges = np.concatenate([[0], ends, [len(cells)]])
    longest = int(np.diff(edges).argmax())
    first, last = int(edges[longest]), int(edges[longest + 1])
    return (first, last) if cells[first] != OUTSIDE else (0, 0)
