"""A layer that is switched off: what it reads comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Needs
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.layers.in_place import InPlace, chosen
from convgui.engine.shown import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Maps


class Passing(InPlace):
    """A layer of any kind that passes on what it reads."""

    pointwise = True

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Copy the cells; where they are given in place there is nothing to do."""
        if block.values is not out:
            out[...] = chosen(block, self.needs(maps, rows, cols), rows, cols)

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Say that the value is passed on."""
        value = float(values(Needs(np.array([map]), range(row, row + 1), range(col, col + 1)))[0, 0, 0])
        cell = Cell(map, row, col, value, value)
        return Explained(self.layer.kind, map, row, col, value, (cell,), f"switched off: {number(value)}", repr(value))

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what is given."""
        return x
