"""Resizing as a layer: with the conventions of ONNX by their names, or the filters of Pillow by theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.layers import arguments
from convgui.engine.layers.base import Bound, Layer, Needs, Shape
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.layers.filtered import FILTERS, Filtered, filtered
from convgui.engine.layers.parts import fill_in_parts
from convgui.engine.layers.sampling import COORDINATES, ROUNDINGS, Sampling, resized, sampling
from convgui.engine.layers.sentences import code, codes, weighted
from convgui.engine.shown import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Maps

Along = Sampling | Filtered

METHODS = ("nearest", "bilinear", *FILTERS)
"""ONNX's methods, in small letters, and Pillow's filters, in capitals."""


@dataclass(frozen=True, eq=False)
class Resize(Layer):
    """Each map at another size.

    Parameters
    ----------
    size : (int, int) or None
        Rows and columns of the output.
    scale : (float, float) or None
        Or by how much rows and columns are multiplied; the output has ``floor(n * scale)`` cells.
    method : str
        One of `METHODS`: ``bilinear`` mixes two cells along each axis, ``BILINEAR`` all that a smaller output covers.
    coordinates : str
        One of `COORDINATES`; not used by Pillow's filters.
    rounding : str
        One of `ROUNDINGS`; used by `nearest`.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range, or neither or both of size and scale are given.
    """

    kind: ClassVar[str] = "resize"
    size: tuple[int, int] | None = None
    scale: tuple[float, float] | None = None
    method: str = "nearest"
    coordinates: str = "half_pixel"
    rounding: str = "round_prefer_floor"

    def __post_init__(self) -> None:
        arguments.one_of("method", self.method, METHODS)
        arguments.one_of("convention for coordinates", self.coordinates, COORDINATES)
        arguments.one_of("rounding", self.rounding, ROUNDINGS)
        if (self.size is None) == (self.scale is None):
            received = "neither" if self.size is None else "both"
            raise ValueError(f"Expected a size or a scale to resize to, received {received}.")
        if self.size is not None:
            object.__setattr__(self, "size", arguments.whole_pair("size", self.size, 1))
        if self.scale is not None:
            object.__setattr__(self, "scale", _scales(self.scale))

    def bind(self, shape: Shape) -> BoundResize:
        """Return the layer bound to an input of that shape; see `Layer.bind`.

        >>> bound = Resize(scale=(1, 2)).bind(Shape(1, 1, 2))
        >>> bound.reference(np.array([[[5.0, 6.0]]])).tolist()
        [[[5.0, 5.0, 6.0, 6.0]]]
        """
        sizes, scales = self.size or (None, None), self.scale or (None, None)
        what = f"Resizing to {sizes[0]:,} × {sizes[1]:,}" if self.size else f"Resizing by {scales[0]:g} and {scales[1]:g}"
        made = Shape(shape.maps, *(resized(*axis) for axis in zip(shape[1:], sizes, scales, strict=True)))
        if made.rows < 1 or made.cols < 1:
            raise ValueError(f"{what} leaves nothing of an input of {shape.rows:,} × {shape.cols:,}.")
        arguments.fits(what, shape, made)
        if self.method in FILTERS:
            along = (filtered(n, count, self.method) for n, count in zip(shape[1:], made[1:], strict=True))
            return BoundResize(self, shape, made, *along)
        rounding = self.rounding if self.method == "nearest" else None
        down, across = (
            sampling(n, size, scale, self.coordinates, rounding)
            for n, size, scale in zip(shape[1:], sizes, scales, strict=True)
        )
        return BoundResize(self, shape, made, down, across)


class BoundResize(Bound):
    """A resizing bound to the shape of its input.

    Attributes
    ----------
    down, across : Sampling or Filtered
        From which cells, and with what weights, rows and columns are mixed.
    """

    def __init__(self, layer: Resize, shape: Shape, made: Shape, down: Along, across: Along) -> None:
        self.layer, self.input, self.output = layer, shape, made
        self.rows, self.cols = down.place, across.place
        self.down, self.across = down, across

    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return the stretch from the first to the last cell that is read; see `Bound.needs`."""
        return Needs(maps, self.down.stretch(rows), self.across.stretch(cols))

    def fill(self, pull: Callable[[Needs], Block], maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Pull bit by bit what a much smaller output reads here and there; see `Bound.fill`."""
        fill_in_parts(self, pull, maps, rows, cols, out)

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Mix the columns of the rows that are read, then rows; see `Bound.compute`."""
        needs = self.needs(maps, rows, cols)
        x = block.part(needs)
        self.down.mix(self.across.mix(x, cols, needs.cols.start, 2), rows, needs.rows.start, 1, out)

    def reads(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cells that it is mixed from; see `Bound.reads`."""
        return self.down.reads(row), self.across.reads(col)

    def readers(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cells that are mixed from it; see `Bound.readers`."""
        return self.down.readers(row), self.across.readers(col)

    def readers_maps(self, map: int) -> Maps:
        """Return the map itself; see `Bound.readers_maps`."""
        return np.array([map])

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Return the cells with their weights; see `Bound.explain`."""
        rows, cols = self.reads(row, col)
        down, across = self.down.weights(row), self.across.weights(col)
        needs = self.needs(np.array([map]), range(row, row + 1), range(col, col + 1))
        x = values(needs)[0]
        weights = down[:, None] * across
        with np.errstate(all="ignore"):
            shares = x * weights
            value = float(shares.sum())
        cells = tuple(
            Cell(map, int(r), int(c), float(x[i, j]), float(shares[i, j]))
            for i, r in enumerate(rows)
            for j, c in enumerate(cols)
        )
        if len(cells) == 1:
            sentence = f"the value at row {rows[0]}, column {cols[0]} = {number(value)}"
            return Explained("resize", map, row, col, value, cells, sentence, code(value))
        sentence = weighted(x.ravel().tolist(), weights.ravel().tolist(), value)
        text = f"np.sum(np.array({codes(x.ravel().tolist())}) * np.array({codes(weights.ravel().tolist())}))"
        return Explained("resize", map, row, col, value, cells, sentence, text, weights=tuple(weights.ravel().tolist()))

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole output; see `Bound.reference`."""
        return self.down.mix(self.across.mix(x, range(self.output.cols), 0, 2), range(self.output.rows), 0, 1)


def _scales(value: Any) -> tuple[float, float]:
    try:
        rows, cols = (arguments.number("scale", part) for part in value)
        if rows > 0 and cols > 0:
            return rows, cols
    except (TypeError, ValueError):
        pass
    raise ValueError(f"Expected a scale of two numbers above 0, for rows and columns, received {arguments.short(value)}.")
