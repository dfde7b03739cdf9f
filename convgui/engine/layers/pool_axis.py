"""One axis of a pool: which cells each output reads, and how many of them count."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True)
class PoolAxis:
    """One axis of a pool: output cell i reads ``i * stride + u * dilation - before`` for u from 0 to `kernel` - 1.

    `end` is where the padding after the input ends: what a last patch has beyond it is never counted.
    """

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    end: int
    outputs: int

    @property
    def span(self) -> int:
        """Input cells from the first to the last that one output cell reads."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def place(self) -> Place:
        """Where the output cells lie: each over the middle of its patch."""
        return Place(Fraction(self.span - self.stride, 2) - self.before, Fraction(self.stride))

    def stretch(self, cells: range) -> range:
        """Return the stretch of input cells that output cells need; never empty if there are any."""
        if not cells:
            return range(0)
        first = min(max(cells[0] * self.stride - self.before, 0), self.size - 1)
        return range(first, max(min(cells[-1] * self.stride - self.before + self.span, self.size), first + 1))

    def counts(self, cells: range | NDArray[np.int64], *, padding: bool = False) -> NDArray[np.int64]:
        """Return how many cells the patch of each output cell has in the input, or in the input and its padding."""
        first = np.asarray(cells, np.int64) * self.stride - self.before
        below = np.clip(-((first - (self.end if padding else self.size)) // self.dilation), 0, self.kernel)
        return below if padding else below - np.clip(-(first // self.dilation), 0, self.kernel)

    def whole(self, cells: range) -> tuple[int, int]:
        """Return which of some output cells have patches that lie inside: from a first one to before another one."""
        step, start = cells.step * self.stride, cells.start * self.stride - self.before
        first = min(max(-(start // step), 0), len(cells))
        return first, max(min((self.size - self.span - start) // step + 1, len(cells)), first)

    def reads(self, cell: int) -> NDArray[np.int64]:
        """Return the input cells that an output cell reads, ascending."""
        found = np.arange(self.kernel, dtype=np.int64) * self.dilation + cell * self.stride - self.before
        return found[(found >= 0) & (found < self.size)]

    def readers(self, cell: int) -> NDArray[np.int64]:
        """Return the output cells that read an input cell, ascending."""
        last = min((cell + self.before) // self.stride, self.outputs - 1)
        least = max(-((self.span - 1 - cell - self.before) // self.stride), 0)
        found = np.arange(least, last + 1, dtype=np.int64)
        return found[(cell + self.before - found * self.stride) % self.dilation == 0]

    def taps(self, cells: range, first: int, stop: int) -> Iterator[tuple[slice, slice]]:
        """Yield, for each cell of the kernel in order, which of the output cells read through it from `first` to `stop`.

        Each comes with where the cells that they read lie, counted from `first`.
        """
        if not cells:
            return
        step = cells.step * self.stride
        start = cells.start * self.stride - self.before
        last = start + (len(cells) - 1) * step
        least = max(-((last - first) // self.dilation), 0)
        most = min((stop - 1 - start) // self.dilation, self.kernel - 1)
        for u in range(least, most + 1):
            at = start + u * self.dilation
            begin = max(-((at - first) // step), 0)
            end = min((stop - 1 - at) // step + 1, len(cells))
            if begin < end:
                read = at + begin * step - first
                yield slice(begin, end), slice(read, read + (end - begin - 1) * step + 1, step)
