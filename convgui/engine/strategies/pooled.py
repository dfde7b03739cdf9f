"""Pools by the compiled loops: the values that NumPy makes of them, to the bit, in half the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.layers.pooling import BoundPool
from convgui.engine.strategies.direct import output
from convgui.engine.strategies.gather import workspace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Needs
    from convgui.engine.layers.pool_axis import PoolAxis


class CompiledPool(BoundPool):
    """A pool that has the compiled loops fold float32 values."""

    def __init__(self, bound: BoundPool, compiled: Any) -> None:
        super().__init__(
            *(bound.layer, bound.input, bound.output, (bound.down, bound.across)),
            reduce=bound.reduce,
            count_padding=bound.count_padding,
        )
        self._compiled = compiled

    def _reduce_to(
        self, x: NDArray[Any], rows: range, cols: range, needs: Needs, out: NDArray[np.float32], dtype: np.dtype[Any]
    ) -> None:
        if dtype != np.float32 or x.strides[2] != 4 or out.strides[2] != 4:
            super()._reduce_to(x, rows, cols, needs, out, dtype)
            return
        counts = [one.astype(np.float32) for one in self.counts(rows, cols)] if self.is_mean else []
        down, across = map(address, counts) if counts else (0, 0)
        by_map, by_row, _ = x.strides
        first, end = self.across.whole(cols)
        self._compiled.pool_tile(
            *(address(x), by_row // 4, by_map // 4, x.shape[1], x.shape[2], len(x)),
            *(*output(out), len(rows), len(cols)),
            *_along(self.down, rows, needs.rows.start),
            *_along(self.across, cols, needs.cols.start),
            *(first, end, down, across, workspace("pool", x.shape[2])),
            int(self.is_mean) + int(self.is_mean and self.count_padding),
        )


def _along(axis: PoolAxis, cells: range, start: int) -> tuple[int, int, int, int]:
    """Return where the first patch begins, from a first cell on, how far patches lie apart, their cells, and these apart."""
    first = cells.start * axis.stride - axis.before - start
    return first, cells.step * axis.stride, axis.kernel, axis.dilation
