"""Softmax over the maps: the values of all maps at a place become parts of 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.layers.base import Layer, Needs, Shape
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.layers.in_place import PIECE, InPlace, chosen
from convgui.engine.layers.sentences import codes, share

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Maps


@dataclass(frozen=True, eq=False)
class Softmax(Layer):
    """At each place the exponentials of all maps, divided by their sum."""

    kind: ClassVar[str] = "softmax"

    def bind(self, shape: Shape) -> BoundSoftmax:
        """Return the layer bound to an input of that shape; see `Layer.bind`.

        >>> Softmax().bind(Shape(2, 1, 1)).reference(np.array([[[0.0]], [[0.0]]])).ravel().tolist()
        [0.5, 0.5]
        """
        return BoundSoftmax(self, shape)


class BoundSoftmax(InPlace):
    """Softmax bound to the shape of its input."""

    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return the cells of all maps; see `Bound.needs`."""
        return super().needs(self.readers_maps(0), rows, cols)

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Subtract the largest, so that nothing overflows, and add up map by map in float64; see `Bound.compute`."""
        x = chosen(block, self.needs(maps, rows, cols), rows, cols)
        lines = max(PIECE // max(x.shape[2] * x.shape[0], 1), 1)
        for top in range(0, x.shape[1], lines):
            parts = _softmax(x[:, top : top + lines])
            out[:, top : top + lines] = parts if len(maps) == len(parts) else parts[maps]

    def readers_maps(self, map: int) -> Maps:
        """Return all maps; see `Bound.readers_maps`."""
        return np.arange(self.input.maps)

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Return the exponentials and their sum; see `Bound.explain`."""
        x = values(self.needs(np.array([map]), range(row, row + 1), range(col, col + 1))).ravel()
        parts = _softmax(x[:, None, None]).ravel()
        value, largest = float(parts[map]), float(x.max())
        with np.errstate(all="ignore"):
            powers = np.exp(x - largest)
            total = float(powers.sum())
        sentence = share(float(x[map]), largest, total, value)
        cells = tuple(Cell(i, row, col, float(v), float(p)) for i, (v, p) in enumerate(zip(x, parts, strict=True)))
        text = f"(lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum())(np.array({codes(x.tolist())}))[{map}]"
        numbers = {"largest": largest, "total": total}
        return Explained("softmax", map, row, col, value, cells, sentence, text, numbers=numbers)

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole output; see `Bound.reference`."""
        return _softmax(x)


def _softmax(x: NDArray[Any]) -> NDArray[Any]:
    """Return the softmax over the first axis, in the dtype of `x`."""
    with np.errstate(all="ignore"):
        powers = x - x.max(axis=0)
        np.exp(powers, out=powers)
        total = powers[0].astype(np.float64)
        for plane in powers[1:]:  # one after the other, so that the sum does not depend on the shape of the array
            total += plane
        powers /= total.astype(x.dtype)
    return powers
