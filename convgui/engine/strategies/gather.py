"""What the compiled gather is told: which cells of a source a tile reads, and how values are made of them.

A tile's cells are brought together in a buffer. Where columns that are wanted lie a distance apart, by stride or by the
step of a sample, a buffer row is split into phases: cells that far apart lie side by side, so that whatever the distance a
kernel cell meets its values one after the other. Only phases that some kernel column reads are gathered.

A source that is read as it is, one plane of float32, is not gathered where whole patches lie inside: a tile then has parts,
its rim, which is gathered, and the rest, which is read in place.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.address import address
from convgui.engine.distinct import distinct
from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.strategies import jit
from convgui.engine.strategies.memory import LINE, aligned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.geometry import Axis
    from convgui.engine.strategies.plan import Plan

BEHIND = 1000
"""Floats behind a buffer, which blocks read, and drop."""

ALIASED = 1024
"""Rows this many bytes apart, or a multiple, displace each other in the cache: then a gather is quicker."""


class Reach(NamedTuple):
    """What decides which cells a tile reads; `in_place` says whether they may be read where they are."""

    rows: Axis
    cols: Axis
    border: str
    planes: int
    in_place: bool


class Parts(NamedTuple):
    """A tile for the compiled loops: its records and their address, the floats of its buffer, what the records point to."""

    table: NDArray[Any]
    address: int
    floats: int
    held: tuple[Any, ...]


class Columns(NamedTuple):
    """Columns of a buffer: source positions, their stretches, their jump, and where each kernel column finds its values."""

    cells: NDArray[np.int64]
    stretches: NDArray[Any]
    jump: int
    distances: NDArray[np.int64]


class Rows(NamedTuple):
    """Source rows of a buffer; its output rows begin `apart` of them apart, kernel rows lie `down` of them apart."""

    cells: NDArray[np.int64]
    apart: int
    down: int


@lru_cache(maxsize=256)  # the tiles of a column share theirs
def columns(axis: Axis, outputs: range, border: str) -> Columns:
    """Return the source columns that these output columns read, in phases."""
    jump = axis.stride * outputs.step if len(outputs) > 1 else 1
    taps = axis.dilation * np.arange(axis.kernel, dtype=np.int64)
    phases = distinct(taps % jump)
    length = len(outputs) + (axis.span - 1) // jump
    raw = outputs.start * axis.stride - axis.before + phases[:, None] + jump * np.arange(length, dtype=np.int64)
    first, last = (raw < 0).sum(axis=1), (raw < axis.size).sum(axis=1)
    nowhere = first >= last
    first[nowhere] = last[nowhere] = 0
    stretches = np.zeros(len(phases), _records().STRETCH)
    stretches["at"], stretches["count"] = length * np.arange(len(phases)), length
    stretches["first"], stretches["last"] = first, last
    stretches["start"] = np.where(nowhere, 0, raw[np.arange(len(phases)), np.minimum(first, length - 1)])
    distances = length * np.searchsorted(phases, taps % jump) + taps // jump
    return Columns(border_index(raw.ravel(), axis.size, border), stretches, jump, distances.astype(np.int64))


@lru_cache(maxsize=256)  # the tiles of a row share theirs
def rows(axis: Axis, outputs: range, border: str) -> Rows:
    """Return the source rows that these output rows read: all in between where patches overlap, else theirs alone."""
    start, distance, count = outputs.start * axis.stride - axis.before, axis.stride * outputs.step, len(outputs)
    if distance < axis.span or count == 1:
        raw = start + np.arange((count - 1) * distance + axis.span, dtype=np.int64)
        return Rows(border_index(raw, axis.size, border), distance, axis.dilation)
    firsts = start + distance * np.arange(count, dtype=np.int64)
    raw = (firsts[:, None] + axis.dilation * np.arange(axis.kernel)).ravel()
    return Rows(border_index(raw, axis.size, border), axis.kernel, 1)


@lru_cache(maxsize=512)
def tile_parts(reach: Reach, down: range, across: range) -> Parts:
    """Return the parts of the tile of output positions down x across."""
    inner, middle = inside(down, reach.rows, last=1), inside(across, reach.cols)
    plain = reach.rows.stride * down.step == 1 == reach.cols.stride * across.step
    if not (reach.in_place and plain and inner and middle):
        whole = _gathered(reach, down, across)
        whole.table["top"] = whole.table["left"] = 0
        return whole
    compiled = _records()
    inner, middle = in_blocks(down, inner, compiled.ROWS), in_blocks(across, middle, compiled.WIDE)
    parts = [_gathered(reach, lines, along) for lines, along in rim(down, across, inner, middle)]
    parts.append(_in_place(reach, inner, middle))
    for part in parts:
        part.table["top"] -= down.start
        part.table["left"] -= across.start
    return joined(parts)


def _gathered(reach: Reach, down: range, across: range) -> Parts:
    """Return one part whose values are gathered, its place that of its first output."""
    cols, lines = columns(reach.cols, across, reach.border), rows(reach.rows, down, reach.border)
    pitch = (len(cols.cells) // LINE + 1 | 1) * LINE  # an odd number of lines: rows do not displace each other
    floats = pitch * len(lines.cells)
    table = np.zeros(1, _records().PART)
    table["rows"], table["cells"] = lines.cells.ctypes.data, cols.cells.ctypes.data
    table["stretches"], table["count"], table["jump"] = cols.stretches.ctypes.data, len(cols.stretches), cols.jump
    table["pitch"], table["plane"] = pitch, 4 * floats
    table["apart"], table["down"], table["columns"] = lines.apart, lines.down, cols.distances.ctypes.data
    table["top"], table["left"], table["height"], table["width"] = down.start, across.start, len(down), len(across)
    return Parts(table, address(table), floats * reach.planes, (cols, lines))


def _in_place(reach: Reach, inner: range, middle: range) -> Parts:
    """Return a part that is read where it is, its place that of its first output."""
    distances = reach.cols.dilation * np.arange(reach.cols.kernel, dtype=np.int64)
    table = np.zeros(1, _records().PART)
    table["in_place"] = 1
    table["first"] = (inner.start - reach.rows.before) * reach.cols.size + middle.start - reach.cols.before
    table["pitch"], table["apart"], table["down"] = reach.cols.size, 1, reach.rows.dilation
    table["columns"] = distances.ctypes.data
    table["top"], table["left"], table["height"], table["width"] = inner.start, middle.start, len(inner), len(middle)
    return Parts(table, address(table), 0, (distances,))


def moved(parts: Parts, top: int, left: int) -> Parts:
    """Return the parts of a tile with the places of their outputs counted from so far above and to the left of it."""
    table = parts.table.copy()  # the one there serves other tiles too
    table["top"] += top
    table["left"] += left
    return parts._replace(table=table, address=address(table))


def joined(parts: list[Parts]) -> Parts:
    """Return several tiles as one, computed part by part in the same buffer."""
    table = np.concatenate([p.table for p in parts])
    return Parts(table, address(table), max(p.floats for p in parts), tuple(p.held for p in parts))


def in_blocks(outputs: range, inner: range, block: int) -> range:
    """Return as many of the `inner` ones among outputs as leave the rim whole blocks, or all if that leaves none of them.

    A rim of a few outputs takes as long as one of a block.

    >>> in_blocks(range(100), range(1, 98), 8)
    range(8, 92)
    >>> in_blocks(range(60), range(0, 45), 64)
    range(0, 45)
    """
    first, last = outputs.index(inner[0]), outputs.index(inner[-1]) + 1
    before, after = -(-first // block) * block, -(-(len(outputs) - last) // block) * block
    return outputs[before : max(len(outputs) - after, before)] or inner


def rim(down: range, across: range, inner: range, middle: range) -> list[tuple[range, range]]:
    """Return the parts of outputs down x across that lie around those of inner x middle, which lie among them.

    >>> rim(range(0, 8, 2), range(3), range(2, 8, 2), range(1, 3))
    [(range(0, 2, 2), range(0, 3)), (range(2, 8, 2), range(0, 1))]
    """
    first, last = down.index(inner[0]), down.index(inner[-1]) + 1
    begin, end = across.index(middle[0]), across.index(middle[-1]) + 1
    found = (down[:first], across), (inner, across[:begin]), (inner, across[end:]), (down[last:], across)
    return [(lines, along) for lines, along in found if lines and along]


def inside(outputs: range, axis: Axis, last: int = 0) -> range:
    """Return those outputs of an axis whose patch lies inside, the last cells of the input left out.

    >>> from convgui.engine.layers.geometry import Axis
    >>> inside(range(0, 10, 3), Axis(10, 3, before=1, after=1))
    range(3, 9, 3)
    """
    first, last = -(-axis.before // axis.stride), (axis.size - last - axis.span + axis.before) // axis.stride
    begin, end = (max(-(-(edge - outputs.start) // outputs.step), 0) for edge in (first, last + 1))
    return outputs[begin : max(begin, end)]


class Reading:
    """How the planes of a plan are read: the record for the compiled gather, and what it points to."""

    def __init__(self, plan: Plan) -> None:
        self._mixes = np.ascontiguousarray(plan.mixes, np.float32)
        one = [int(np.flatnonzero(mix)[0]) if np.count_nonzero(mix) == 1 else OUTSIDE for mix in plan.mixes]
        self._singles = np.array(one, np.int64)
        self.record = np.zeros(1, _records().READING)
        self._offsets = plan.offsets.astype(np.float32)
        self.record["kind"], self.record["pitch"] = _records().KINDS.index(plan.dtype), plan.pitch * plan.channels
        self.record["channels"], self.record["planes"] = plan.channels, len(one)
        self.record["offsets"] = self._offsets.ctypes.data
        self.record["singles"], self.record["mixes"] = self._singles.ctypes.data, self._mixes.ctypes.data
        self.record["constant"] = plan.constant
        self.address = address(self.record)
        bare = plan.channels == 1 and len(one) == 1 and plan.dtype == np.float32 and self._mixes[0, 0] == 1
        bare = bare and not self._offsets.any() and plan.pitch == plan.cols.size
        in_place = bool(bare and plan.cols.size >= 2 * _records().SLACK and 4 * plan.cols.size % ALIASED)
        self.reach = Reach(plan.rows, plan.cols, plan.border, len(one), in_place)


class Memory(NamedTuple):
    """Planes of float32 in memory: how many, and the distances of rows and of planes in floats."""

    planes: int
    pitch: int
    apart: int


@lru_cache(maxsize=256)
def memory_reading(memory: Memory) -> tuple[int, Any]:
    """Return the address of the record by which such planes are gathered, and what it points to."""
    held = np.zeros(memory.planes, np.int64), np.ones(memory.planes, np.float32), np.zeros(memory.planes, np.float32)
    record = np.zeros(1, _records().READING)
    record["kind"], record["pitch"], record["channels"] = _records().KINDS.index(np.dtype(np.float32)), memory.pitch, 1
    record["planes"], record["apart"] = memory.planes, memory.apart
    record["singles"], record["mixes"], record["offsets"] = (array.ctypes.data for array in held)
    return address(record), (record, held)


@lru_cache(maxsize=512)
def memory_parts(rows: Axis, cols: Axis, memory: Memory, in_place: bool) -> Parts:
    """Return the part of all outputs of planes in memory that hold whole patches, read in place where that may be."""
    down, across = range(rows.outputs), range(cols.outputs)
    if not in_place or cols.stride > 1:
        part = _gathered(Reach(rows, cols, "zeros", memory.planes, in_place=False), down, across)
        part.table["top"] = part.table["left"] = 0
        return part
    distances = cols.dilation * np.arange(cols.kernel, dtype=np.int64)
    table = np.zeros(1, _records().PART)
    table["in_place"], table["pitch"], table["plane"] = 1, memory.pitch, 4 * memory.apart
    table["apart"], table["down"], table["columns"] = rows.stride, rows.dilation, distances.ctypes.data
    table["height"], table["width"] = len(down), len(across)
    return Parts(table, address(table), 0, (distances,))


def cells_read(down: Axis, along: Axis, outputs: range, across: range, border: str) -> tuple[range, range]:
    """Return the source rows and columns of which any is read for the outputs at rows `outputs` and columns `across`."""
    if not len(outputs) or not len(across):
        return range(0), range(0)
    return _extent(rows(down, outputs, border).cells), _extent(columns(along, across, border).cells)


def _extent(cells: NDArray[np.int64]) -> range:
    inside = cells[cells != OUTSIDE]
    return range(int(inside.min()), int(inside.max()) + 1) if inside.size else range(0)


def gathered_cells(rows: Axis, cols: Axis, planes: int, step: int = 1) -> int:
    """Return how many cells are gathered for each output that lies `step` from the next."""
    return planes * min(rows.stride * step, rows.kernel) * min(cols.stride * step, cols.kernel)


_workspaces = threading.local()


def workspace(name: str, floats: int) -> int:
    """Return the address of this thread's memory of that name, for so many floats and what is read behind them."""
    return _workspace(name, floats)[0]


def scratch(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return an array in this thread's memory of that name, whose values are whatever was there."""
    count = prod(shape)
    return _workspace(name, count)[2][:count].reshape(shape)


def _workspace(name: str, floats: int) -> tuple[int, int, NDArray[np.float32]]:
    """Return the address, the size and the memory itself."""
    found: tuple[int, int, NDArray[np.float32]] | None = getattr(_workspaces, name, None)
    if found is None or found[1] < floats:
        memory = aligned(floats + BEHIND, np.zeros)
        found = address(memory), floats, memory
        setattr(_workspaces, name, found)
    return found


def _records() -> Any:
    """Return the compiled functions, which are there when a tile is prepared for them."""
    return jit.load()
