"""A convolution over planes in memory, as it stands within a chain: what a tile reads is brought together, padding included.

The planes that a tile needs are written, by the layer below, right into the middle of a buffer; what lies outside the input
is added around them. So whole patches lie in the buffer, which is read in place, and no tile needs to know about borders.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.address import address
from convgui.engine.layers.base import Needs
from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.strategies.gather import Memory, memory_parts, memory_reading, scratch
from convgui.engine.strategies.memory import LINE
from convgui.engine.strategies.separable import Separable

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block
    from convgui.engine.layers.geometry import Axis
    from convgui.engine.strategies.direct import Direct
    from convgui.engine.strategies.plan import Plan

    Pull = Callable[..., Block]


class Stretch(NamedTuple):
    """Positions of a buffer along one axis, from `first` to before `last`, and the cells of the input that they take.

    `cells` is None where they lie inside: they are those of the buffer one by one, from `start` on.
    """

    first: int
    last: int
    start: int
    cells: NDArray[np.int64] | None


class Planar:
    """A plan over planes in memory made ready for the compiled loops."""

    def __init__(self, plan: Plan, maps: NDArray[np.int64], strategy: Direct) -> None:
        self._plan, self._strategy, self._maps = plan, strategy, maps
        self._in_place = not isinstance(strategy, Separable)
        self.products = strategy.products

    def fill(self, pull: Pull, rows: range, cols: range, out: NDArray[np.float32], name: str) -> None:
        """Write outputs rows x cols to `out`; `pull` gives, or writes, cells of the input; `name` is that of the buffer."""
        plan = self._plan
        down, first_row = _within(plan.rows, rows)
        across, first_col = _within(plan.cols, cols)
        memory = Memory(len(self._maps), _pitch(across.size), _pitch(across.size) * down.size)
        buffer = scratch(name, (memory.planes, down.size, memory.pitch))
        self._bring(pull, buffer[:, :, : across.size], first_row, first_col)
        parts = memory_parts(down, across, memory, self._in_place)
        reading, _ = memory_reading(memory)
        self._strategy.run(address(buffer), reading, parts, out)

    def _bring(self, pull: Pull, buffer: NDArray[np.float32], top: int, left: int) -> None:
        """Fill a buffer whose first cell is (top, left) of the input, which may lie outside."""
        plan = self._plan
        downs = _stretches(top, buffer.shape[1], plan.rows.size, plan.border)
        acrosses = _stretches(left, buffer.shape[2], plan.cols.size, plan.border)
        inner = [next((s for s in along if s.cells is None), None) for along in (downs, acrosses)]
        for rows in downs:
            for cols in acrosses:
                part = buffer[:, rows.first : rows.last, cols.first : cols.last]
                if _nowhere(rows) or _nowhere(cols):
                    part[...] = plan.constant
                elif rows.cells is None and cols.cells is None:
                    needs = (range(s.start, s.start + s.last - s.first) for s in (rows, cols))
                    pull(Needs(self._maps, *needs), part)
        for rows in downs:
            for cols in acrosses:
                if _nowhere(rows) or _nowhere(cols) or (rows.cells is None and cols.cells is None):
                    continue
                part = buffer[:, rows.first : rows.last, cols.first : cols.last]
                self._take(pull, buffer, part, (rows, cols), inner)

    def _take(
        self,
        pull: Pull,
        buffer: NDArray[np.float32],
        part: NDArray[np.float32],
        wanted: tuple[Stretch, Stretch],
        inner: list[Stretch | None],
    ) -> None:
        """Fill a part outside with the cells that the border rule takes: from the buffer, if they are there already."""
        cells = [s.start + np.arange(s.last - s.first) if s.cells is None else s.cells for s in wanted]
        if all(inside is not None and _covers(inside, at) for inside, at in zip(inner, cells, strict=True)):
            rows, cols = (at - s.start + s.first for at, s in zip(cells, inner, strict=True) if s is not None)
            part[...] = buffer[:, rows[:, None], cols]
            return
        needs = Needs(self._maps, *(range(int(at.min()), int(at.max()) + 1) for at in cells))
        block = pull(needs)
        part[...] = block.part(needs)[:, (cells[0] - needs.rows.start)[:, None], cells[1] - needs.cols.start]


def _within(axis: Axis, outputs: range) -> tuple[Axis, int]:
    """Return the axis of a buffer that holds all that these outputs read, and the input position of its first cell."""
    first = outputs.start * axis.stride - axis.before
    stride = axis.stride * outputs.step if len(outputs) > 1 else 1
    size = (len(outputs) - 1) * stride + axis.span
    return replace(axis, size=size, stride=stride, before=0, after=0), first


def _pitch(cols: int) -> int:
    """Return the distance of buffer rows: an odd number of cache lines, so that rows do not displace each other."""
    return (cols // LINE + 1 | 1) * LINE


def _stretches(first: int, count: int, n: int, border: str) -> list[Stretch]:
    """Cut `count` positions from `first` on into those before, inside and after an axis of `n` cells."""
    found = []
    begin, end = min(max(first, 0), first + count), max(min(first + count, n), first)
    begin, end = (begin, end) if begin < end else (first + count, first + count)
    for start, stop in ((first, begin), (begin, end), (end, first + count)):
        if start < stop:
            inside = start == begin and stop == end
            cells = None if inside else border_index(np.arange(start, stop), n, border)
            found.append(Stretch(start - first, stop - first, start, cells))
    return found


def _nowhere(stretch: Stretch) -> bool:
    """Whether it takes no cells but the constant outside."""
    return stretch.cells is not None and bool(stretch.cells[0] == OUTSIDE)


def _covers(inside: Stretch, cells: NDArray[np.int64]) -> bool:
    return bool(cells.min() >= inside.start and cells.max() < inside.start + inside.last - inside.first)
