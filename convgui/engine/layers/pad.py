"""Padding as a layer of its own: cells that are added around each map, or cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from convgui.engine.layers import arguments
from convgui.engine.layers.base import Bound, Layer, Shape
from convgui.engine.layers.border import BORDERS

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Pad(Layer):
    """Cells added around each map; a negative number cuts cells off.

    Parameters
    ----------
    rows, cols : (int, int)
        Cells before and after.
    border : str
        What they hold: one of `BORDERS`; `constant` is the value used by `zeros`.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range.
    """

    kind: ClassVar[str] = "pad"
    rows: Pair = (0, 0)
    cols: Pair = (0, 0)
    border: str = "zeros"
    constant: float = 0.0

    def __post_init__(self) -> None:
        for what in ("rows", "cols"):
            object.__setattr__(self, what, _cells(getattr(self, what)))
        arguments.one_of("border", self.border, BORDERS)
        object.__setattr__(self, "constant", arguments.number("value outside", self.constant))

    def bind(self, shape: Shape) -> Bound:
        """Return the layer bound to an input of that shape; see `Layer.bind`."""
        raise NotImplementedError


def _cells(value: Any) -> Pair:
    most = arguments.LARGEST_COUNT
    try:
        before, after = value
        return arguments.whole("padding", before, -most), arguments.whole("padding", after, -most)
    except (TypeError, ValueError):
        raise ValueError(
            f"Expected a padding of two whole numbers from {-most:,} to {most:,}, received {arguments.short(value)}."
        ) from None
