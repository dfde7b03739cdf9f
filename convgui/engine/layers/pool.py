"""Pooling: the largest value or the mean of each patch, as Keras and ONNX define it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from convgui.engine.layers import arguments
from convgui.engine.layers.base import Bound, Layer, Shape

REDUCTIONS = ("max", "mean")

POOL_PADDINGS = ("valid", "same")

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Pool(Layer):
    """The largest value or the mean of each patch of each map.

    Parameters
    ----------
    reduce : {'max', 'mean'}
    size : (int, int) or None
        Rows and columns of the patch; None for all of the input.
    stride : (int, int) or None
        None is the size.
    padding : {'valid', 'same'} or ((int, int), (int, int))
        Or cells before and after per axis. Padding is never the largest.
    dilation : (int, int)
    ceil : bool
        Whether a last patch that is only partly there counts: it must begin before the end.
    count_padding : bool
        Whether the cells of the padding are counted in a mean, with the value 0.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range.
    """

    kind: ClassVar[str] = "pool"
    reduce: str = "max"
    size: Pair | None = (2, 2)
    stride: Pair | None = None
    padding: str | tuple[Pair, Pair] = "valid"
    dilation: Pair = (1, 1)
    ceil: bool = False
    count_padding: bool = False

    def __post_init__(self) -> None:
        arguments.one_of("pool", self.reduce, REDUCTIONS)
        settled = {
            "size": None if self.size is None else arguments.whole_pair("pool size", self.size, 1),
            "stride": None if self.stride is None else arguments.whole_pair("stride", self.stride, 1),
            "padding": _padding(self.padding),
            "dilation": arguments.whole_pair("dilation", self.dilation, 1),
            "ceil": arguments.truth("ceil", self.ceil),
            "count_padding": arguments.truth("count_padding", self.count_padding),
        }
        for name, value in settled.items():
            object.__setattr__(self, name, value)
        if self.size is None and (self.stride or self.padding != "valid" or self.dilation != (1, 1)):
            raise ValueError("Expected no stride, padding or dilation for a pool of all of the input.")

    def bind(self, shape: Shape) -> Bound:
        """Return the layer bound to an input of that shape; see `Layer.bind`."""
        raise NotImplementedError


def _padding(padding: Any) -> str | tuple[Pair, Pair]:
    if isinstance(padding, str) and padding in POOL_PADDINGS:
        return padding
    try:
        rows, cols = padding
        return arguments.whole_pair("padding", rows, 0), arguments.whole_pair("padding", cols, 0)
    except (TypeError, ValueError):
        raise ValueError(
            f"Expected a padding of {', '.join(POOL_PADDINGS)}, or cells before and after the rows and the columns, "
            f"received {arguments.short(padding)}."
        ) from None
