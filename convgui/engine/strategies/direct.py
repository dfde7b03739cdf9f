"""The direct strategy: gather a tile into a small buffer, then add up the products in register blocks.

Cost: the products, one pass over the cells that are read for the gather, one over the outputs.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies.gather import Parts, Reading, gathered_cells, joined, tile_parts, workspace
from convgui.engine.strategies.tiles import TOGETHER, Load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.strategies.plan import Plan
    from convgui.engine.strategies.team import Team


SHARES = 8
"""Parts into which a short work is cut for two threads: nobody waits long for the other one."""


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
        self.compiled.tile(source, reading, parts.address, len(parts.table), *self._memory(parts, ""), *output(out))

    def shared(self, source: int, out: NDArray[np.float32], team: Team, products: float) -> None:
        """Compute all outputs, with a helper where there is one: whoever is done takes the next rows."""
        turn = np.zeros(1, np.int64)
        parts = self._shares
        given, to = (source, self.reading.address, parts.address, len(parts.table), address(turn)), output(out)
        mine, theirs = ((*given, *self._memory(parts, whose), *to) for whose in ("", "helper's "))
        team.two(self.compiled.shared_tiles, mine, theirs, products)

    def _memory(self, parts: Parts, whose: str) -> tuple[int, int, int, int]:
        """Return the kernels, and the memory that one thread needs for some parts; `whose` tells that of a helper apart."""
        cells, scratch = workspace(f"{whose}cells", parts.floats), workspace(f"{whose}scratch", self._scratch)
        return self._kernels, cells, scratch, self._between(parts, whose)

    def _between(self, parts: Parts, whose: str) -> int:
        """Return memory for what lies between two passes; there is but one here."""
        return 0

    @cached_property
    def _shares(self) -> Parts:
        """Some rows of all outputs each, or some columns of few rows, in the order in which they are taken."""
        plan, found = self._plan, []
        rows, cols = range(plan.rows.outputs), range(plan.cols.outputs)
        if is_flat(len(rows)):
            wide = max(len(cols) // SHARES, 2 * plan.cols.span // plan.cols.stride, 1)
            tiles = [(rows, cols[left : left + wide]) for left in range(0, len(cols), wide)]
        else:
            high = max(len(rows) // SHARES, 2 * plan.rows.span // plan.rows.stride, 1)
            high = -(-high // TOGETHER) * TOGETHER
            tiles = [(rows[top : top + high], cols) for top in range(0, len(rows), high)]
        for down, across in tiles:
            parts = tile_parts(self.reading.reach, down, across)
            table = parts.table.copy()  # the one there serves other tiles too
            table["top"] += down.start
            table["left"] += across.start
            found.append(parts._replace(table=table))
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
