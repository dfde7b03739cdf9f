"""The direct strategy: gather a tile into a small buffer, then add up the products in register blocks.

Cost: the products, one pass over the cells that are read for the gather, one over the outputs.
"""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies.gather import Parts, Reading, gathered_cells, joined, moved, tile_parts
from convgui.engine.strategies.team import LEAST
from convgui.engine.strategies.tiles import TOGETHER, Load, threads
from convgui.engine.strategies.work import Floats, Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.strategies.plan import Plan


SHARE, FEWEST = 50_000_000, 4
"""Multiplications of a part of a work, about, and parts for each thread, at least: nobody waits long for the others.

Parts are as wide as the output: memory that the system has just given is cleared page by page, and a page is then there.
"""

LONG = 20_000
"""Outputs of a row from which on a few rows are cut into parts, too."""

OUTPUT = 15
"""Multiplications that take as long as to read and write an output."""


class Direct:
    """A plan made ready for the compiled loops, whatever source of its form it will be used for.

    Calling it computes one tile of the source at an address, bias included: output positions `rows` x `cols` go to
    ``out[:, top:, left:]``.
    """

    def __init__(self, plan: Plan, compiled: Any, *, rectified: bool = False) -> None:
        self.compiled, self._plan = compiled, plan
        self.reading = Reading(plan)
        self.products = plan.weights.size
        self.kernels = np.zeros(1, compiled.KERNELS)
        self.kernels["rectified"] = rectified
        self._hold_bias(plan)
        self._hold_weights(plan)
        self._kernels = address(self.kernels)
        cells = int(np.prod(plan.weights.shape[1:]))
        self._scratch = max(plan.cols.size, 2 * cells)  # a source row, or an integer of 64 bits for each weight

    def load(self, step: int) -> Load:
        """Return what there is to do for an output that lies `step` from the next."""
        plan = self._plan
        return Load(gathered_cells(plan.rows, plan.cols, len(plan.mixes), step), self.products)

    def __call__(self, source: int, rows: range, cols: range, out: NDArray[np.float32], top: int, left: int) -> None:
        """Compute one tile."""
        self.run(source, self.reading.address, tile_parts(self.reading.reach, rows, cols), out[:, top:, left:])

    def run(self, source: int, reading: int, parts: Parts, out: NDArray[np.float32]) -> None:
        """Compute the outputs of some parts, from planes at an address that are read as the record at `reading` says."""
        memory = self.floats(parts).of_this_thread()
        self.compiled.tile(source, reading, parts.address, len(parts.table), self._kernels, *memory, *output(out))

    @cached_property
    def work(self) -> Work:
        """All outputs, map by map, as a work."""
        _, rows, cols = self._plan.shape
        alone = self.total < LEAST or (is_flat(rows) and cols < LONG)
        parts = self._shares(1 if alone else max(self.total // (2 * SHARE) * 2, FEWEST * threads()))
        return Work(
            self.compiled,
            self.compiled.shared_tiles,
            self.total,
            self.floats(parts),
            parts,
            reading=self.reading.address,
            kernels=self._kernels,
            out_row=cols,
            apart=rows * cols,
        )

    @property
    def total(self) -> int:
        """Multiplications of all outputs."""
        return prod(self._plan.shape[1:]) * (self.products + OUTPUT)

    def floats(self, parts: Parts) -> Floats:
        """Return what memory a thread needs for some parts."""
        return Floats(parts.floats, self._scratch)

    def _shares(self, shares: int) -> Parts:
        """Return some rows of all outputs each, or some columns of few rows, in the order in which they are taken."""
        plan, found = self._plan, []
        rows, cols = range(plan.rows.outputs), range(plan.cols.outputs)
        if is_flat(len(rows)):
            wide = max(len(cols) // shares, 2 * plan.cols.span // plan.cols.stride, 1)
            tiles = [(rows, cols[left : left + wide]) for left in range(0, len(cols), wide)]
        else:
            high = max(len(rows) // shares, 2 * plan.rows.span // plan.rows.stride, 1)
            high = -(-high // TOGETHER) * TOGETHER
            tiles = [(rows[top : top + high], cols) for top in range(0, len(rows), high)]
        for down, across in tiles:
            found.append(moved(tile_parts(self.reading.reach, down, across), down.start, across.start))
        return joined(found)

    def _hold_bias(self, plan: Plan) -> None:
        """Note the bias, if there is one."""
        self._bias = plan.bias.astype(np.float32)
        self.kernels["maps"], self.kernels["taps"], self.kernels["kh"], self.kernels["kw"] = plan.weights.shape
        self.kernels["bias"] = self._bias.ctypes.data if self._bias.any() else 0

    def _hold_weights(self, plan: Plan) -> None:
        """Note the weights, those of maps that read the same planes side by side."""
        self._reads = np.ascontiguousarray(plan.reads, np.int64)
        self._weights = np.ascontiguousarray(plan.weights, np.float32)
        together = self.compiled.MAPS
        groups = len(self._reads) // together
        many = slice(groups * together)
        if groups and (self._reads[many] != np.repeat(self._reads[many][::together], together, axis=0)).any():
            groups, many = 0, slice(0)
        grouped = self._weights[many].reshape(groups, together, *self._weights.shape[1:])
        self._grouped = np.ascontiguousarray(np.moveaxis(grouped, 1, -1))
        self.kernels["weights"], self.kernels["reads"] = self._weights.ctypes.data, self._reads.ctypes.data
        self.kernels["groups"], self.kernels["grouped"] = groups, self._grouped.ctypes.data


def is_flat(rows: int) -> bool:
    """Whether so few rows of outputs are cut along their columns, if at all."""
    return rows < 2 * TOGETHER


def output(out: NDArray[np.float32], top: int = 0, left: int = 0) -> tuple[int, int, int]:
    """Return the address of an output cell, and the distances of rows and of maps in floats."""
    by_map, by_row, by_cell = out.strides
    return address(out) + top * by_row + left * by_cell, by_row // 4, by_map // 4
