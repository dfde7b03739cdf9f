"""Collapse: the single kernel that is equal to several layers in a row, where each of them is a sum of products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.kernels.kernel import MAX_SIDE, Kernel
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.geometry import Axis, axis
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer

    Floats = NDArray[np.float64]

MOST_WEIGHTS = 20_000_000
"""Numbers of a bank that is made."""

WHY_NOT = {
    "activation": "is no sum of products: what it does to a value depends on the value",
    "softmax": "is no sum of products: each value is divided by what all maps have there",
    "resize": "reads with other weights from place to place",
    "pool": "is no sum of products: which value is the largest depends on the values",
    "pad": "is no sum of products: it brings a value of its own, or cuts cells off",
}
"""Why a kind of layer breaks a row that could be one kernel."""


@dataclass(frozen=True, eq=False)
class Collapsed:
    """The layer that is equal to several.

    Attributes
    ----------
    layer : Conv
    exact : bool
        Whether it is equal at the edge too: it is not where a layer behind the first one adds cells of its own.
    """

    layer: Conv
    exact: bool


class _Line(NamedTuple):
    """One axis of several layers: cells that an output reads, from output to output, and cells outside."""

    span: int
    stride: int
    before: int
    outputs: int


class _Sum(NamedTuple):
    """What a layer adds up: weights (rows, cols, maps read, maps made), or (rows, cols) for each map alike, and offsets."""

    weights: Floats
    offset: Floats
    rows: Axis
    cols: Axis


def breaks(layer: Layer) -> str:
    """Return why a layer cannot be part of a single kernel, empty if it can.

    >>> from convgui.engine.layers.activation import Activation
    >>> breaks(Affine((2.0,))), breaks(Activation("relu"))[:26]
    ('', 'is no sum of products: wha')
    """
    if isinstance(layer, Conv | Affine) or (isinstance(layer, Pool) and layer.reduce == "mean" and _counts_all(layer)):
        return ""
    if isinstance(layer, Pad) and layer.border == "zeros" and not layer.constant and min(*layer.rows, *layer.cols) >= 0:
        return ""
    if isinstance(layer, Pool) and layer.reduce == "mean":
        return "is no sum of products with the same weights everywhere: at the edge it is the mean of fewer cells"
    return WHY_NOT.get(layer.kind, "is no sum of products")


def _counts_all(layer: Pool) -> bool:
    return layer.size is not None and not layer.ceil and (layer.padding == "valid" or layer.count_padding)


def collapse(layers: Sequence[Layer], shape: Shape) -> Collapsed:
    """Return the single convolution that is equal to layers in a row.

    Parameters
    ----------
    layers : sequence of Layer
        Convolutions, means, affine layers and pads with zeros; those that are switched off are passed over.
    shape : Shape
        Of what the first one reads.

    Raises
    ------
    ValueError
        If one of them is no sum of products, or the kernel would be too large; the sentence says which, and why.

    Examples
    --------
    >>> twice = [Conv(Kernel([[1, 1]]), "valid"), Conv(Kernel([[1, -1]]), "valid")]
    >>> collapse(twice, Shape(1, 4, 9)).layer.kernel.weights.tolist()
    [[1.0, 0.0, -1.0]]
    """
    on = [layer for layer in layers if layer.on]
    if len(on) < 2:
        raise ValueError(f"Expected two layers in a row or more to collapse, received {len(on)}.")
    for number, layer in enumerate(layers, 1):
        if layer.on and (why := breaks(layer)):
            raise ValueError(
                f"Layer {number} of them, {layer.name or layer.kind}, {why}; so no single kernel does the same."
            )
    first, maps = on[0], shape.maps
    whole = _sum_of(first, shape)
    down, across = _line(whole.rows), _line(whole.cols)
    exact = True
    for layer in on[1:]:
        maps = len(whole.offset) if whole.weights.ndim == 4 else maps
        one = _sum_of(layer, Shape(maps, down.outputs, across.outputs))
        exact = exact and not any((one.rows.before, one.rows.after, one.cols.before, one.cols.after))
        whole = _after(whole, one, maps, down.stride, across.stride)
        down, across = _then(down, one.rows), _then(across, one.cols)
    pads = _padding(down, shape.rows), _padding(across, shape.cols)
    border, constant = (first.border, first.constant) if isinstance(first, Conv) else ("zeros", 0.0)
    kernel = Kernel(whole.weights, name="Collapsed")
    offset = tuple(float(value) for value in whole.offset)
    bias = offset[:1] if len(set(offset)) == 1 else offset
    stride = down.stride, across.stride
    return Collapsed(Conv(kernel, pads, border, constant, stride, bias=bias), exact)


def _sum_of(layer: Layer, shape: Shape) -> _Sum:
    """Return what one layer adds up, for an input of that shape."""
    if isinstance(layer, Conv):
        rows, cols = layer.axes(shape.rows, shape.cols)
        weights = layer.kernel.weights[::-1, ::-1] if layer.flip else layer.kernel.weights
        weights = _dense(weights, layer.groups)
        maps = weights.shape[3] if weights.ndim == 4 else shape.maps
        return _Sum(_spread(weights, layer.dilation), _each(layer.bias, maps), rows, cols)
    if isinstance(layer, Pool) and layer.size is not None:
        pads = (layer.padding, layer.padding) if isinstance(layer.padding, str) else layer.padding
        stride = layer.stride or layer.size
        rows, cols = (
            axis(size, layer.size[n], stride[n], layer.dilation[n], pads[n])
            for n, size in enumerate((shape.rows, shape.cols))
        )
        mean = np.full(layer.size, 1 / (layer.size[0] * layer.size[1]))
        return _Sum(_spread(mean, layer.dilation), np.zeros(shape.maps), rows, cols)
    if isinstance(layer, Pad):
        rows, cols = axis(shape.rows, 1, padding=layer.rows), axis(shape.cols, 1, padding=layer.cols)
        return _Sum(np.ones((1, 1)), np.zeros(shape.maps), rows, cols)
    assert isinstance(layer, Affine)
    scale = _each(layer.scale, shape.maps)
    weights = np.full((1, 1), scale[0]) if len(set(scale)) == 1 else np.diag(scale)[None, None]
    return _Sum(weights, _each(layer.offset, shape.maps), axis(shape.rows, 1), axis(shape.cols, 1))


def _each(values: tuple[float, ...], maps: int) -> Floats:
    return np.array(values * maps if len(values) == 1 else values, np.float64)


def _dense(weights: Floats, groups: int) -> Floats:
    """Return the weights of a bank as if each filter read all maps."""
    if weights.ndim == 2 or groups == 1:
        return weights
    kh, kw, cin, cout = weights.shape
    dense = np.zeros((kh, kw, cin * groups, cout))
    for group, filters in enumerate(np.split(np.arange(cout), groups)):
        dense[:, :, group * cin : (group + 1) * cin, filters] = weights[:, :, :, filters]
    return dense


def _spread(weights: Floats, dilation: tuple[int, int]) -> Floats:
    """Return weights with zeros between them, as many as the dilation leaves out."""
    rows, cols = ((size - 1) * by + 1 for size, by in zip(weights.shape[:2], dilation, strict=True))
    _check(rows, cols, weights.shape[2:])
    spread = np.zeros((rows, cols, *weights.shape[2:]))
    spread[:: dilation[0], :: dilation[1]] = weights
    return spread


def _check(rows: int, cols: int, channels: tuple[int, ...]) -> None:
    if channels and rows * cols * int(np.prod(channels, dtype=np.int64)) > MOST_WEIGHTS:
        size = " × ".join(str(n) for n in (rows, cols, *channels))
        raise ValueError(f"Expected a bank of at most {MOST_WEIGHTS:,} weights, these layers would make one of {size}.")
    if not channels and max(rows, cols) > MAX_SIDE:
        raise ValueError(
            f"Expected a kernel of at most {MAX_SIDE} × {MAX_SIDE}, these layers would make one of {rows} × {cols}."
        )


def _after(whole: _Sum, one: _Sum, maps: int, down: int, across: int) -> _Sum:
    """Return what a layer adds up of what the layers before it add up of theirs."""
    first, second = whole.weights, _spread(one.weights, (down, across))
    rows, cols = (a + b - 1 for a, b in zip(first.shape[:2], second.shape[:2], strict=True))
    if first.ndim == 4 or second.ndim == 4:
        first, second = _of_maps(first, maps), _of_maps(second, maps)
        _check(rows, cols, (first.shape[2], second.shape[3]))
        out = np.zeros((rows, cols, first.shape[2], second.shape[3]))
        offset = whole.offset @ second.sum(axis=(0, 1)) + one.offset
    else:
        _check(rows, cols, ())
        out = np.zeros((rows, cols))
        offset = whole.offset * second.sum() + one.offset
    for row, col in np.argwhere(second.reshape(*second.shape[:2], -1).any(axis=2)):
        weight = second[row, col]
        part = first @ weight if first.ndim == 4 else first * weight
        out[row : row + first.shape[0], col : col + first.shape[1]] += part
    return _Sum(out, offset, whole.rows, whole.cols)


def _of_maps(weights: Floats, maps: int) -> Floats:
    """Return weights for each map alike as those of a bank."""
    return weights if weights.ndim == 4 else weights[:, :, None, None] * np.eye(maps)


def _line(one: Axis) -> _Line:
    return _Line(one.span, one.stride, one.before, one.outputs)


def _then(line: _Line, later: Axis) -> _Line:
    span = (later.span - 1) * line.stride + line.span
    return _Line(span, line.stride * later.stride, line.before + later.before * line.stride, later.outputs)


def _padding(line: _Line, size: int) -> tuple[int, int]:
    """Return cells before and after with which one kernel has as many outputs as the layers have."""
    after = (line.outputs - 1) * line.stride + line.span - size - line.before
    found = axis(size, line.span, line.stride, 1, (line.before, max(after, 0)))
    if line.outputs < 1 or found.outputs != line.outputs:
        raise ValueError(f"Expected outputs in even steps; {line.outputs} of these layers are not those of one kernel.")
    return line.before, max(after, 0)
