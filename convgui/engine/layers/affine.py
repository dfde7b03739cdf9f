"""A scale and an offset for each map: batch normalisation, and whatever else is x * scale + offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from convgui.engine.layers import arguments
from convgui.engine.layers.base import Layer, Needs, Shape
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.layers.in_place import InPlace, chosen, pieces
from convgui.engine.layers.sentences import code, scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Maps


@dataclass(frozen=True, eq=False)
class Affine(Layer):
    """Each map times a scale, plus an offset.

    Parameters
    ----------
    scale, offset : tuple of float
        One for all maps, or one for each.

    Raises
    ------
    ValueError
        If there is no number, or one that float32 does not hold.
    """

    kind: ClassVar[str] = "affine"
    scale: tuple[float, ...] = (1.0,)
    offset: tuple[float, ...] = (0.0,)

    def __post_init__(self) -> None:
        for what in ("scale", "offset"):
            object.__setattr__(self, what, _numbers(what, getattr(self, what)))

    def bind(self, shape: Shape) -> BoundAffine:
        """Return the layer bound to an input of that shape; see `Layer.bind`.

        >>> bound = Affine(scale=(2.0,), offset=(1.0, 0.0)).bind(Shape(2, 1, 1))
        >>> bound.reference(np.array([[[3.0]], [[4.0]]])).ravel().tolist()
        [7.0, 8.0]
        """
        for what, values in (("scale", self.scale), ("offset", self.offset)):
            if len(values) not in (1, shape.maps):
                raise ValueError(f"Expected one {what}, or one for each of {shape.maps} maps, received {len(values)}.")
        return BoundAffine(self, shape)


class BoundAffine(InPlace):
    """An affine layer bound to the shape of its input.

    Attributes
    ----------
    scale, offset : ndarray of float64, shape (maps,)
    """

    pointwise = True

    def __init__(self, layer: Affine, shape: Shape) -> None:
        super().__init__(layer, shape)
        self.scale, self.offset = (np.resize(values, shape.maps) for values in (layer.scale, layer.offset))

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Multiply, then add, each rounded to float32; see `Bound.compute`."""
        x = chosen(block, self.needs(maps, rows, cols), rows, cols)
        scale, offset = self.scale[maps].astype(np.float32).tolist(), self.offset[maps].astype(np.float32).tolist()
        with np.errstate(all="ignore"):
            for plane, target, factor, added in zip(x, out, scale, offset, strict=True):
                for part, result in pieces(plane[None], target[None]):
                    np.multiply(part, factor, out=result)
                    np.add(result, added, out=result)

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Return the product and what is added to it; see `Bound.explain`."""
        x = float(values(Needs(np.array([map]), range(row, row + 1), range(col, col + 1))).item())
        scale, offset = float(self.scale[map]), float(self.offset[map])
        with np.errstate(all="ignore"):
            product = float(np.float64(x) * scale)
            value = float(np.float64(product) + offset)
        sentence = scaled(x, scale, offset, value)
        cell = Cell(map, row, col, x, product)
        text, numbers = f"{code(x)} * {scale!r} + {offset!r}", {"scale": scale, "offset": offset}
        return Explained("affine", map, row, col, value, (cell,), sentence, text, numbers=numbers)

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole output; see `Bound.reference`."""
        with np.errstate(all="ignore"):
            return x * self.scale[:, None, None] + self.offset[:, None, None]


def _numbers(what: str, values: Sequence[float]) -> tuple[float, ...]:
    try:
        every = tuple(values)
    except TypeError:
        every = ()
    if not every:
        raise ValueError(f"Expected {what} as a number for each map, or one for all, received {arguments.short(values)}.")
    return tuple(arguments.number(what, value) for value in every)
