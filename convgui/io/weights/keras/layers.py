"""What a layer of Keras becomes here, with its weights: one layer of the engine, or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.io.weights.keras.functions import FUNCTIONS, function_of
from convgui.io.weights.keras.given import Cells, Given, Stop, channels_last, no_flat, of_sequence
from convgui.io.weights.network import kernel_of
from convgui.io.weights.tensor import bank_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer

    Array = NDArray[Any]
    Pair = tuple[int, int]


def made(given: Given, cells: Cells) -> tuple[Layer, ...]:
    """Return what a layer becomes.

    Raises
    ------
    Stop
        If none of ours does the same.
    """
    make = LAYERS.get(given.layer.kind)
    if make is None:
        raise Stop("our layers have none of this kind")
    try:
        with np.errstate(all="ignore"):  # what becomes NaN or infinite, the layers refuse
            return make(given, cells)
    except (ValueError, TypeError, IndexError, OverflowError, KeyError, AttributeError) as error:
        raise Stop(str(error).rstrip(".")) from error


def _activated(given: Given, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return layers with the activation function that the layer has built in."""
    return layers + function_of(given.setting("activation", "linear"), given)


def _padding(given: Given) -> str:
    padding = given.setting("padding", "valid")
    if padding not in ("valid", "same", "causal"):
        raise Stop(f"its padding is {str(padding)[:40]}")
    return str(padding)


def _bank(given: Given, place: int, layout: Any) -> tuple[Array, int]:
    if place >= len(given.weights):
        raise Stop("its weights are not in the file")
    return bank_of(given.weights[place], layout)


def _bias(given: Given, place: int) -> tuple[float, ...]:
    if not given.setting("use_bias", True):
        return (0.0,)
    if place >= len(given.weights):
        raise Stop("its bias is not in the file")
    return tuple(given.weights[place].ravel().astype(float).tolist())


def _convolution(given: Given, cells: Cells) -> tuple[Layer, ...]:
    channels_last(given)
    no_flat(cells)
    sequence, depthwise = of_sequence(given), given.layer.kind.startswith("Depthwise")
    bank, groups = _bank(given, 0, ("WCM" if sequence else "HWCM") if depthwise else ("WIO" if sequence else "HWIO"))
    layer = Conv(
        kernel_of(bank, given.layer.name),
        padding=_padding(given),
        stride=given.pair("strides", sequence=sequence),
        dilation=given.pair("dilation_rate", sequence=sequence),
        groups=groups if depthwise else int(given.setting("groups", 1)),
        bias=_bias(given, 1),
        name=given.layer.name,
    )
    _fits(layer, cells)
    return _activated(given, (layer,))


def _fits(layer: Conv, cells: Cells) -> None:
    channels = layer.kernel.weights.shape[2] * layer.groups
    if cells.maps not in (None, channels):
        raise Stop(f"it reads {channels} channels, and {cells.maps} are there")


def _separable(given: Given, cells: Cells) -> tuple[Layer, ...]:
    channels_last(given)
    no_flat(cells)
    sequence = of_sequence(given)
    each, groups = _bank(given, 0, "WCM" if sequence else "HWCM")
    across, _ = _bank(given, 1, "WIO" if sequence else "HWIO")
    first = Conv(
        kernel_of(each, given.layer.name),
        padding=_padding(given),
        stride=given.pair("strides", sequence=sequence),
        dilation=given.pair("dilation_rate", sequence=sequence),
        groups=groups,
        name=f"{given.layer.name}, depthwise",
    )
    _fits(first, cells)
    kernel = kernel_of(across, given.layer.name)
    return _activated(given, (first, Conv(kernel, padding="valid", bias=_bias(given, 2), name=given.layer.name)))


def _dense(given: Given, cells: Cells) -> tuple[Layer, ...]:
    """Return a dense layer: over the maps, or over all cells where they were flattened."""
    weights, _ = _bank(given, 0, "IO")
    if cells.flat and not (cells.rows == cells.cols == 1):
        if None in (cells.maps, cells.rows, cells.cols):
            raise Stop("it reads flattened maps, and the file does not say their size")
        weights = weights.reshape(cells.rows or 1, cells.cols or 1, cells.maps or 1, -1)
    elif cells.maps not in (None, weights.shape[2]):
        raise Stop(f"it reads {weights.shape[2]} numbers, and {cells.maps} are there")
    layer = Conv(kernel_of(weights, given.layer.name), padding="valid", bias=_bias(given, 1), name=given.layer.name)
    return _activated(given, (layer,))


def _pool(given: Given, cells: Cells) -> tuple[Layer, ...]:
    channels_last(given)
    no_flat(cells)
    sequence = of_sequence(given)
    name = "pool_size" if "pool_size" in given.layer.settings else "pool_length"
    size = given.pair(name, 2, sequence=sequence)
    stride = given.pair("strides", sequence=sequence) if given.setting("strides") is not None else size
    reduce = "max" if given.layer.kind.startswith("Max") else "mean"
    return (Pool(reduce, size=size, stride=stride, padding=_padding(given), name=given.layer.name),)


def _whole_pool(given: Given, cells: Cells) -> tuple[Layer, ...]:
    channels_last(given)
    no_flat(cells)
    return (Pool("max" if "Max" in given.layer.kind else "mean", size=None, name=given.layer.name),)


def _zeros(given: Given, cells: Cells) -> tuple[Layer, ...]:
    return (Pad(*_sides(given, "padding", 1), name=given.layer.name),)


def _cropping(given: Given, cells: Cells) -> tuple[Layer, ...]:
    rows, cols = _sides(given, "cropping", 0)
    return (Pad((-rows[0], -rows[1]), (-cols[0], -cols[1]), name=given.layer.name),)


def _sides(given: Given, name: str, usual: int) -> tuple[Pair, Pair]:
    """Return cells before and after the rows and the columns."""
    channels_last(given)
    value = given.setting(name, usual)
    if of_sequence(given):
        before, after = (value, value) if isinstance(value, int) else value
        return (0, 0), (before, after)
    value = (value, value) if isinstance(value, int) else value
    rows, cols = ((n, n) if isinstance(n, int) else tuple(n) for n in value)
    return (rows[0], rows[1]), (cols[0], cols[1])


def _upsampling(given: Given, cells: Cells) -> tuple[Layer, ...]:
    channels_last(given)
    rows, cols = given.pair("size", 2, sequence=of_sequence(given))
    method = given.setting("interpolation", "nearest")
    return (Resize(scale=(float(rows), float(cols)), method=str(method), name=given.layer.name),)


def _resizing(given: Given, cells: Cells) -> tuple[Layer, ...]:
    channels_last(given)
    others = ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias")
    if any(given.setting(name, False) for name in others):
        raise Stop("it does more than to resize")
    size = (int(given.number("height", 0)), int(given.number("width", 0)))
    method = given.setting("interpolation", "bilinear")
    if method == "nearest":
        return (Resize(size=size, method="nearest", rounding="round_prefer_ceil", name=given.layer.name),)
    return (Resize(size=size, method=str(method), name=given.layer.name),)


def _nothing(given: Given, cells: Cells) -> tuple[Layer, ...]:
    return ()


_AXES = ("1D", "2D")


LAYERS: dict[str, Callable[[Given, Cells], tuple[Layer, ...]]] = {
    **{f"{name}{axes}": _convolution for name in ("Conv", "Convolution", "DepthwiseConv") for axes in _AXES},
    **{f"{name}{axes}": _separable for name in ("SeparableConv", "SeparableConvolution") for axes in _AXES},
    **{f"{name}Pooling{axes}": _pool for name in ("Max", "Average") for axes in _AXES},
    **{f"Global{name}Pooling{axes}": _whole_pool for name in ("Max", "Average") for axes in _AXES},
    **{f"ZeroPadding{axes}": _zeros for axes in _AXES},
    **{f"Cropping{axes}": _cropping for axes in _AXES},
    **{f"UpSampling{axes}": _upsampling for axes in _AXES},
    **dict.fromkeys(("InputLayer", "Flatten", "Dropout", "SpatialDropout1D", "SpatialDropout2D"), _nothing),
    **dict.fromkeys(("GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Identity"), _nothing),
    "Dense": _dense,
    "Resizing": _resizing,
    **FUNCTIONS,
}
"""What our layers can do, by Keras's classes."""
