"""The separable strategy: a kernel that is the outer product of a column and a row takes two one-dimensional passes.

A kernel of rank r is the sum of r such products. They are found by crosses: the column and the row through the largest
weight, taken off, and so on; unlike singular vectors they keep a weight of 0 exactly 0, so that the result stays within
the bound for every patch. Kernels whose products would cancel each other are left to the direct strategy.

Cost: (rows + columns) x rank multiplications for each output, and a pass of its own for what lies between the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.direct import Direct, address, buffer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers import Plan

    Factors = list[tuple[NDArray[np.float32], NDArray[np.float32]]]

MOST = 3
"""The largest rank that is looked for."""

LEFT_OVER, AMPLIFIED = 1e-9, 4.0
"""Part of each weight that may be left out, and how much larger than a weight the products that make it may be."""


_FIRST = np.zeros(1, np.int64)
ONE_PLANE = _FIRST.ctypes.data
"""Address of the list of planes that names the first one."""


def factors(weights: NDArray[np.float64], most: int = MOST) -> Factors | None:
    """Return columns and rows whose outer products sum to the weights; None if there are no such few.

    >>> [(a.tolist(), b.tolist()) for a, b in factors(np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]))]
    [([-1.0, -2.0, -1.0], [1.0, -0.0, -1.0])]
    >>> factors(np.eye(5)) is None
    True
    """
    rest, size = weights.copy(), np.zeros_like(weights)
    found: Factors = []
    while (np.abs(rest) > LEFT_OVER * np.abs(weights)).any():
        if len(found) == most:
            return None
        row, col = np.unravel_index(int(np.abs(rest).argmax()), rest.shape)
        column, line = rest[:, col].copy(), rest[row] / rest[row, col]
        found.append((column.astype(np.float32), line.astype(np.float32)))
        rest -= np.outer(column, line)
        size += np.abs(np.outer(column, line))
    return found if (size <= AMPLIFIED * np.abs(weights)).all() else None


def factored(plan: Plan) -> list[list[Factors]] | None:
    """Return the factors for each map and tap of a plan; None if one of them has none."""
    every = [[factors(kernel) for kernel in taps] for taps in plan.weights]
    return None if any(f is None for taps in every for f in taps) else every  # type: ignore[return-value]


class Separable(Direct):
    """The direct strategy with each kernel in two passes: down the columns, then along the rows."""

    def __init__(self, plan: Plan, step: int, compiled: Any, parts: list[list[Factors]]) -> None:
        super().__init__(plan, step, compiled)
        self.gather.bare = False  # cutting a tile up at the border would cost more than the gather does
        self.parts = parts

    @property
    def products(self) -> int:
        """Multiplications for each output position, for all maps together."""
        return sum(len(a) + len(b) for row in self.parts for pairs in row for a, b in pairs) * self.keep

    def _correlate(
        self,
        x: int,
        x_row: int,
        x_plane: int,
        apart: tuple[int, int],
        size: tuple[int, int],
        out: NDArray[np.float32],
        at: tuple[int, int],
    ) -> None:
        """Write to `out`, from `at` on, what the factors make of the planes at the address `x`."""
        rows, cols = size
        count = cols + self.cols.span - 1
        between = buffer("between", 1, rows, count, self.compiled.SLACK)[0]
        target = address(out, 0, *at)
        for f, reads in enumerate(self.plan.reads):
            begun = 0
            for plane, pairs in zip(reads.tolist(), self.parts[f], strict=True):
                for column, line in pairs:
                    self.compiled.correlate(
                        *(x + plane * x_plane, x_row, 0, *apart, ONE_PLANE, 1, address(column), len(column), 1, 1),
                        *(address(between), between.shape[1], rows, count, 0),
                    )
                    self.compiled.correlate(
                        *(address(between), between.shape[1], 0, 1, 1, ONE_PLANE, 1),
                        *(address(line), 1, len(line), self.cols.dilation),
                        *(target + f * out.strides[0], out.shape[2], rows, cols, begun),
                    )
                    begun = 1
            if not begun:  # a kernel of zeros has no factors
                out[f, at[0] : at[0] + rows, at[1] : at[1] + cols] = 0
