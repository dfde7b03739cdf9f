"""The separable strategy: a kernel that is the outer product of a column and a row takes two one-dimensional passes.

A kernel of rank r is the sum of r such products. They are found by crosses: the column and the row through the largest
weight, taken off, and so on; unlike singular vectors they keep a weight of 0 exactly 0, so that the result stays within
the bound for every patch. Kernels whose products would cancel each other are left to the direct strategy.

Cost: (rows + columns) x rank multiplications for each output, and a pass of its own for what lies between the two.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.strategies.direct import Direct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.strategies.gather import Parts
    from convgui.engine.strategies.plan import Plan
    from convgui.engine.strategies.work import Floats

    Pair = tuple[NDArray[np.float64], NDArray[np.float64]]
    Factors = list[tuple[NDArray[np.float32], NDArray[np.float32]]]

MOST = 3
"""The largest rank that is looked for."""

LEFT_OVER = 4e-7
"""Part of each weight that may be left out.

Weights that were rounded to float32, as OpenCV and PyTorch have them, differ by 6e-8 from those of a low rank, and what is
found of these is rounded again. The bound of 1e-5 of each product leaves room for both, and for the sums of two passes.
"""

AMPLIFIED = 4.0
"""How much larger than a weight the products that make it may be: they cancel each other, their rounding does not."""

NEARLY, ROUNDS = 1e-5, 2
"""Part of the largest weight below which a rest may be mere rounding, and how often factors are then fitted anew."""

SMALLEST = float(np.finfo(np.float32).tiny)
"""Numbers below it have fewer digits."""


def factors(weights: NDArray[np.float64], most: int = MOST) -> Factors | None:
    """Return columns and rows whose outer products sum to the weights; None if there are no such few.

    >>> [(a.tolist(), b.tolist()) for a, b in factors(np.outer([1.0, 2.0, 1.0], [-1.0, 0.0, 1.0]))]
    [([-1.0, -2.0, -1.0], [1.0, -0.0, -1.0])]
    >>> factors(np.eye(5)) is None
    True
    """
    if not weights.any():  # a product with zeros all the same, as NaN and infinity go through it
        return [(np.zeros(len(weights), np.float32), np.zeros(weights.shape[1], np.float32))]
    rest = weights.copy()
    columns, lines = np.zeros((len(weights), 0)), np.zeros((0, weights.shape[1]))
    while not _within(rest, weights):
        if columns.shape[1] == most:
            return None
        row, col = np.unravel_index(int(np.abs(rest).argmax()), rest.shape)
        columns = np.column_stack([columns, rest[:, col]])
        lines = np.vstack([lines, rest[row] / rest[row, col]])
        rest = weights - columns @ lines
        if not _within(rest, weights) and np.abs(rest).max() < NEARLY * np.abs(weights).max():
            with suppress(np.linalg.LinAlgError):  # rows that do not tell the factors apart
                columns, lines = _fitted(columns, lines, weights)
            rest = weights - columns @ lines
    if (np.abs(columns) @ np.abs(lines) > AMPLIFIED * np.abs(weights)).any():
        return None
    return [(columns[:, k].astype(np.float32), lines[k].astype(np.float32)) for k in range(len(lines))]


def _within(rest: NDArray[np.float64], weights: NDArray[np.float64]) -> bool:
    """Whether what is left over is part of the rounding; where a weight is 0 nothing may be left."""
    allowed = np.where(weights == 0, 0, LEFT_OVER * np.maximum(np.abs(weights), SMALLEST))
    return bool((np.abs(rest) <= allowed).all())


def _fitted(columns: NDArray[np.float64], lines: NDArray[np.float64], weights: NDArray[np.float64]) -> Pair:
    """Return factors that fit all weights, each as well as its size asks, not those alone through which they were found."""
    sizes = np.maximum(np.abs(weights), SMALLEST)
    for _ in range(ROUNDS):
        columns = _least_squares(lines.T, weights, sizes)
        lines = _least_squares(columns, weights.T, sizes.T).T
    return columns, lines


def _least_squares(
    basis: NDArray[np.float64], weights: NDArray[np.float64], sizes: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for each row of weights the combination of the basis (columns) that fits it best, in parts of `sizes`."""
    scaled = basis / sizes[:, :, None]  # a basis of its own for each row
    normal = np.swapaxes(scaled, 1, 2) @ scaled
    right = np.swapaxes(scaled, 1, 2) @ (weights / sizes)[:, :, None]
    return np.asarray(np.linalg.solve(normal, right)[:, :, 0], np.float64)


def factored(plan: Plan) -> list[list[Factors]] | None:
    """Return the factors for each map and tap of a plan; None if one of them has none."""
    every: list[list[Factors]] = []
    for taps in plan.weights:
        every.append([])
        for kernel in taps:
            found = factors(kernel)
            if found is None:  # the rest need not be tried
                return None
            every[-1].append(found)
    return every


class Separable(Direct):
    """The direct strategy with each kernel in two passes: down the columns, then along the rows."""

    def __init__(self, plan: Plan, compiled: Any, parts: list[list[Factors]], *, rectified: bool = False) -> None:
        super().__init__(plan, compiled, rectified=rectified)
        self.reading.reach = self.reading.reach._replace(in_place=False)  # a rim of its own costs more than the gather
        terms = [
            (f, plane, column, line, k > 0)
            for f, reads in enumerate(plan.reads.tolist())
            for k, (plane, column, line) in enumerate(
                (plane, *pair) for plane, pairs in zip(reads, parts[f], strict=True) for pair in pairs
            )
        ]
        self._factors = [(column, line) for _, _, column, line, _ in terms]
        self.terms = np.zeros(len(terms), compiled.TERM)
        for term, (f, plane, column, line, add) in zip(self.terms, terms, strict=True):
            term["map"], term["plane"], term["add"] = f, plane, add
            term["column"], term["line"] = column.ctypes.data, line.ctypes.data
        self.kernels["terms"], self.kernels["count"] = address(self.terms), len(self.terms)
        self.products = sum(len(column) + len(line) for column, line in self._factors)

    def _hold_weights(self, plan: Plan) -> None:
        """Note that what lies between the passes is one plane, and the whole kernels, which are needed near infinity."""
        self._reads, self._listed = np.zeros(1, np.int64), np.ascontiguousarray(plan.reads, np.int64)
        self._weights = np.ascontiguousarray(plan.weights, np.float32)
        self.kernels["reads"], self.kernels["listed"] = self._reads.ctypes.data, self._listed.ctypes.data
        self.kernels["weights"] = self._weights.ctypes.data

    def floats(self, parts: Parts) -> Floats:
        """Return what memory a thread needs for some parts, with what lies between the passes."""
        return super().floats(parts)._replace(between=self.compiled.STRIP * int(parts.table["pitch"].max()))
