"""The direct strategy: gather a tile into a small buffer, then add up the products in register blocks.

Cost: the products, one pass over the cells that are read for the gather, one over the outputs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies.gather import Parts, Reading, gathered_cells, tile_parts, workspace
from convgui.engine.strategies.tiles import TOGETHER, Load

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.strategies.plan import Plan
    from convgui.engine.strategies.team import Team


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
        self.run(source, self.reading.address, tile_parts(self.reading.reach, rows, cols), out[:, top:, left:], rows, cols)

    def run(self, source: int, reading: int, parts: Parts, out: NDArray[np.float32], rows: range, cols: range) -> None:
        """Compute the outputs of some parts, from planes at an address that are read as the record at `reading` says."""
        self.function(*self.arguments(source, reading, parts, out, rows, cols))

    @property
    def function(self) -> Any:
        """The compiled function that does a tile."""
        return self.compiled.direct_tile

    def arguments(
        self,
        source: int,
        reading: int,
        parts: Parts,
        out: NDArray[np.float32],
        rows: range,
        cols: range,
        whose: str = "",
    ) -> tuple[int, ...]:
        """Return what the compiled function is given for some parts; `whose` tells the memory of a helper apart."""
        return (
            *(source, reading, parts.address, len(parts.table), self._kernels),
            *(workspace(f"{whose}cells", parts.floats), workspace(f"{whose}scratch", self._scratch), *output(out)),
            *(len(rows), len(cols)),
        )

    def halves(self, source: int, out: NDArray[np.float32], team: Team) -> None:
        """Compute all outputs, the second half of the rows by a helper where there is one."""
        height, width = out.shape[1:]
        middle = -(-height // 2 // TOGETHER) * TOGETHER
        cols, given = range(width), []
        for whose, rows in (("", range(middle)), ("helper's ", range(middle, height))):
            parts, part = tile_parts(self.reading.reach, rows, cols), out[:, rows.start :]
            given.append(self.arguments(source, self.reading.address, parts, part, rows, cols, whose))
        team.two(self.function, *given)

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


def output(out: NDArray[np.float32], top: int = 0, left: int = 0) -> tuple[int, int, int]:
    """Return the address of an output cell, and the distances of rows and of maps in floats."""
    by_map, by_row, by_cell = out.strides
    return address(out) + top * by_row + left * by_cell, by_row // 4, by_map // 4
