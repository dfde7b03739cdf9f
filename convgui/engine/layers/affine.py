"""A scale and an offset for each map: batch normalisation, and whatever else is x * scale + offset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from convgui.engine.layers import arguments
from convgui.engine.layers.base import Bound, Layer, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence


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

    def bind(self, shape: Shape) -> Bound:
        """Return the layer bound to an input of that shape; see `Layer.bind`."""
        raise NotImplementedError


def _numbers(what: str, values: Sequence[float]) -> tuple[float, ...]:
    try:
        every = tuple(values)
    except TypeError:
        every = ()
    if not every:
        raise ValueError(f"Expected {what} as a number for each map, or one for all, received {arguments.short(values)}.")
    return tuple(arguments.number(what, value) for value in every)
