"""Resizing as a layer: nearest or bilinear, with the conventions of ONNX by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from convgui.engine.layers import arguments
from convgui.engine.layers.base import Bound, Layer, Shape

METHODS = ("nearest", "bilinear")

COORDINATES = ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric")
"""Where an output cell lies on the input: the names that ONNX has for it."""

ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
"""Which cell is nearest: the names that ONNX has for it."""


@dataclass(frozen=True, eq=False)
class Resize(Layer):
    """Each map at another size.

    Parameters
    ----------
    size : (int, int) or None
        Rows and columns of the output.
    scale : (float, float) or None
        Or by how much rows and columns are multiplied; the output has ``floor(n * scale)`` cells.
    method : {'nearest', 'bilinear'}
    coordinates : str
        One of `COORDINATES`.
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

    def bind(self, shape: Shape) -> Bound:
        """Return the layer bound to an input of that shape; see `Layer.bind`."""
        raise NotImplementedError


def _scales(value: Any) -> tuple[float, float]:
    try:
        rows, cols = (arguments.number("scale", part) for part in value)
        if rows > 0 and cols > 0:
            return rows, cols
    except (TypeError, ValueError):
        pass
    raise ValueError(f"Expected a scale of two numbers above 0, for rows and columns, received {arguments.short(value)}.")
