"""Pools by the compiled loops: the values that NumPy makes of them, to the bit, in half the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.pooling import BoundPool
from convgui.engine.strategies.direct import output
from convgui.engine.strategies.gather import address, workspace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Bound, Needs


def faster(bound: Bound, compiled: Any) -> Bound:
    """Return a bound layer that gives the same values, by the compiled loops where there are some for it.

    `compiled` is what `jit.ready` returns: None while there are no compiled loops.
    """
    return CompiledPool(bound, compiled) if compiled is not None and isinstance(bound, BoundPool) else bound


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
        maps, height, width = x.shape
        first, end = self.across.whole(cols)
        down, across = (counts.astype(np.float32) for counts in self.counts(rows, cols))
        by_map, by_row, _ = x.strides
        start, out_row, out_map = output(out)
        self._compiled.pool_tile(
            *(address(x), by_row // 4, by_map // 4, height, width, maps),
            *(start, out_row, out_map, len(rows), len(cols)),
            *(rows.start * self.down.stride - self.down.before - needs.rows.start, rows.step * self.down.stride),
            *(self.down.kernel, self.down.dilation),
            *(cols.start * self.across.stride - self.across.before - needs.cols.start, cols.step * self.across.stride),
            *(self.across.kernel, self.across.dilation, first, end),
            *(
                address(down),
                address(across),
                workspace("pool", width),
                int(self.is_mean) + int(self.is_mean and self.count_padding),
            ),
        )
