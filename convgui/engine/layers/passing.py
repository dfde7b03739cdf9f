"""A layer that is switched off: what it reads comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Bound, Needs, Place
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.shown import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Layer, Maps, Shape


class Passing(Bound):
    """A layer of any kind that passes on what it reads."""

    pointwise = True

    def __init__(self, layer: Layer, shape: Shape) -> None:
        self.layer, self.input, self.output = layer, shape, shape
        self.rows = self.cols = Place()

    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return the same cells."""
        spans = (range(along.start, along[-1] + 1) if len(along) else range(0) for along in (rows, cols))
        return Needs(maps, *spans)

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Copy the cells; where they are given in place there is nothing to do."""
        if block.values is not out:
            out[...] = block.part(self.needs(maps, rows, cols))[:, :: rows.step, :: cols.step]

    def reads(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cell at the same place."""
        return np.array([row]), np.array([col])

    def readers(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cell at the same place."""
        return np.array([row]), np.array([col])

    def readers_maps(self, map: int) -> Maps:
        """Return the same map."""
        return np.array([map])

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Say that the value is passed on."""
        value = float(values(Needs(np.array([map]), range(row, row + 1), range(col, col + 1)))[0, 0, 0])
        cell = Cell(map, row, col, value, value)
        return Explained(self.layer.kind, map, row, col, value, (cell,), f"switched off: {number(value)}", repr(value))

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what is given."""
        return x
