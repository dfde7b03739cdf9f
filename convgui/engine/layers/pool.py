"""Pooling: the largest value or the mean of each patch, as Keras and ONNX define it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from convgui.engine.layers import arguments
from convgui.engine.layers.base import Layer, Shape
from convgui.engine.layers.geometry import axis
from convgui.engine.layers.pool_axis import PoolAxis
from convgui.engine.layers.pooling import BoundPool

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

    def bind(self, shape: Shape) -> BoundPool:
        """Return the layer bound to an input of that shape; see `Layer.bind`.

        >>> import numpy as np
        >>> bound = Pool("mean", padding="same").bind(Shape(1, 2, 3))
        >>> bound.reference(np.array([[[1.0, 2, 3], [4, 5, 6]]])).tolist()
        [[[3.0, 4.5]]]
        """
        size = self.size or (shape.rows, shape.cols)
        stride = self.stride or size
        padding = (self.padding, self.padding) if isinstance(self.padding, str) else self.padding
        down, across = (
            _axis(shape[1 + i], size[i], stride[i], self.dilation[i], padding[i], ceil=self.ceil) for i in range(2)
        )
        if not down.outputs or not across.outputs:
            spread = f" spread to {down.span} × {across.span} by dilation" if self.dilation != (1, 1) else ""
            raise ValueError(
                f"A pool of {size[0]} × {size[1]}{spread} does not fit into an input of {shape.rows} × {shape.cols}."
            )
        made = Shape(shape.maps, down.outputs, across.outputs)
        arguments.fits(f"A pool of {size[0]} × {size[1]}", shape, made)
        reached = all(one.counts(range(one.outputs)).all() for one in (down, across))
        if not reached and not (self.reduce == "mean" and self.count_padding):
            raise ValueError(
                f"A pool of {size[0]} × {size[1]} with padding {self.padding} has patches with no cell of the input, "
                f"which is {shape.rows} × {shape.cols}: choose less padding."
            )
        return BoundPool(self, shape, made, (down, across), reduce=self.reduce, count_padding=self.count_padding)


def _axis(n: int, size: int, stride: int, dilation: int, padding: Any, *, ceil: bool) -> PoolAxis:
    """Return the shape arithmetic of an axis, with a last patch that is partly there if that counts."""
    whole = axis(n, size, stride, dilation, padding)
    outputs = whole.outputs
    room = whole.size + whole.before + whole.after - whole.span
    if ceil and room % stride and outputs * stride - whole.before < n and (outputs or room > -stride):
        outputs += 1
    return PoolAxis(n, size, stride, dilation, whole.before, n + whole.after, outputs)


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
