"""What a layer of Keras becomes here, with its weights: one layer of the engine, or several."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import PRELU
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.io.weights.network import MOST_WEIGHTS
from convgui.io.weights.tensor import bank_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.keras.settings import Described

    Array = NDArray[Any]
    Pair = tuple[int, int]


class Stop(Exception):
    """Why a chain does not go on, as the end of a sentence."""


@dataclass(frozen=True)
class Cells:
    """What a layer reads: maps, rows and columns as far as they are known, and whether they were flattened.

    Attributes
    ----------
    maps, rows, cols : int or None
    sequence : bool
        Whether there are no rows: steps and channels.
    flat : bool
        Whether all numbers stand one after the other: rows, columns, maps.
    vector : bool
        Whether there is nothing but maps.
    """

    maps: int | None = None
    rows: int | None = None
    cols: int | None = None
    sequence: bool = False
    flat: bool = False
    vector: bool = False


@dataclass(frozen=True)
class Given:
    """A layer's settings, its weights in the order in which Keras has them, and the version of Keras."""

    layer: Described
    weights: tuple[Array, ...]
    version: int

    def setting(self, name: str, usual: Any = None) -> Any:
        """Return a setting, or what it usually is."""
        value = self.layer.settings.get(name, usual)
        return usual if value is None else value

    def number(self, name: str, usual: float) -> float:
        """Return a setting that is a number; Keras 3 writes some of them as arrays."""
        value = self.setting(name, usual)
        if isinstance(value, dict):
            value = value.get("config", {}).get("value", usual) if isinstance(value.get("config"), dict) else usual
        if not isinstance(value, int | float):
            raise Stop(f"its {name} is {str(value)[:40]}")
        return float(value)

    def pair(self, name: str, usual: int | None = 1, *, sequence: bool) -> Pair:
        """Return a setting for rows and columns; the rows of a sequence count 1."""
        value = self.setting(name, usual)
        value = [value] * (1 if sequence else 2) if isinstance(value, int) else value
        if not isinstance(value, list | tuple) or not all(isinstance(n, int) for n in value):
            raise Stop(f"its {name} is {str(value)[:40]}")
        if len(value) != (1 if sequence else 2):
            raise Stop(f"its {name} has {len(value)} numbers")
        return (1, value[0]) if sequence else (value[0], value[1])


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
        return make(given, cells)
    except (ValueError, TypeError, IndexError, OverflowError, KeyError, AttributeError) as error:
        raise Stop(str(error).rstrip(".")) from error


def after(layers: tuple[Layer, ...], cells: Cells) -> Cells:
    """Return what layers make of cells; sizes stay unknown where those of the input are."""
    from convgui.engine.layers.base import Shape

    for layer in layers:
        maps, rows, cols = cells.maps, cells.rows, cells.cols
        if isinstance(layer, Conv):
            down, across = layer.axes(rows or 4096, cols or 4096)
            maps, rows, cols = layer.kernel.weights.shape[-1], rows and down.outputs, cols and across.outputs
            if 0 in (rows, cols):
                raise Stop(f"its kernel of {layer.kernel.size} does not fit into {cells.rows} × {cells.cols}")
        elif isinstance(layer, Pool) and layer.size is None:
            rows = cols = 1
        elif isinstance(layer, Pool | Pad | Resize):
            try:
                shape = layer.bind(Shape(1, rows or 4096, cols or 4096)).output
            except ValueError as error:
                raise Stop(str(error).rstrip(".")) from error
            rows, cols = rows and shape.rows, cols and shape.cols
        cells = replace(cells, maps=maps, rows=rows, cols=cols)
    return cells


def _activated(given: Given, layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return layers with the activation function that the layer has built in."""
    return layers + _function(given.setting("activation", "linear"), given)


def _function(value: Any, given: Given) -> tuple[Layer, ...]:
    """Return an activation function by its name, or as an object with settings."""
    name = given.layer.name
    if isinstance(value, dict):
        kind, config = value.get("class_name"), value.get("config")
        if kind == "function" and isinstance(config, str):
            value = config
        elif isinstance(kind, str) and kind in LAYERS and isinstance(config, dict):
            return LAYERS[kind](replace(given, layer=replace(given.layer, settings=config), weights=()), Cells())
    if not isinstance(value, str):
        raise Stop("its activation function is none of ours")
    if value == "linear":
        return ()
    if value == "softmax":
        return (Softmax(name=name),)
    settings: dict[str, float] = {"approximate": 0.0} if value == "gelu" else {}
    if value == "hard_sigmoid" and given.version < 3:
        settings = {"alpha": 0.2, "beta": 0.5}
    if value == "leaky_relu" and given.version < 3:
        settings = {"negative_slope": 0.2}
    return (Activation(value, settings, name=name),)


def _channels_last(given: Given) -> None:
    if given.setting("data_format", "channels_last") != "channels_last":
        raise Stop("it has channels first")


def _no_flat(cells: Cells) -> None:
    if cells.flat or cells.vector:
        raise Stop("it reads rows and columns, and what comes before it has none")


def _padding(given: Given) -> str:
    padding = given.setting("padding", "valid")
    if padding not in ("valid", "same", "causal"):
        raise Stop(f"its padding is {str(padding)[:40]}")
    return str(padding)


def _bank(given: Given, place: int, layout: Any) -> tuple[Array, int]:
    if place >= len(given.weights):
        raise Stop("its weights are not in the file")
    if given.weights[place].size > MOST_WEIGHTS:
        raise Stop(f"it has {given.weights[place].size:,} weights; a layer here has at most {MOST_WEIGHTS:,}")
    return bank_of(given.weights[place], layout)


def _bias(given: Given, place: int) -> tuple[float, ...]:
    if not given.setting("use_bias", True):
        return (0.0,)
    if place >= len(given.weights):
        raise Stop("its bias is not in the file")
    return tuple(given.weights[place].ravel().astype(float).tolist())


def _sequence(given: Given) -> bool:
    return given.layer.kind.endswith("1D")


def _convolution(given: Given, cells: Cells) -> tuple[Layer, ...]:
    _channels_last(given)
    _no_flat(cells)
    sequence, depthwise = _sequence(given), given.layer.kind.startswith("Depthwise")
    bank, groups = _bank(given, 0, ("WCM" if sequence else "HWCM") if depthwise else ("WIO" if sequence else "HWIO"))
    layer = Conv(
        Kernel(bank, name=given.layer.name),
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
    _channels_last(given)
    _no_flat(cells)
    sequence = _sequence(given)
    each, groups = _bank(given, 0, "WCM" if sequence else "HWCM")
    across, _ = _bank(given, 1, "WIO" if sequence else "HWIO")
    first = Conv(
        Kernel(each, name=given.layer.name),
        padding=_padding(given),
        stride=given.pair("strides", sequence=sequence),
        dilation=given.pair("dilation_rate", sequence=sequence),
        groups=groups,
        name=f"{given.layer.name}, depthwise",
    )
    _fits(first, cells)
    kernel = Kernel(across, name=given.layer.name)
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
    layer = Conv(Kernel(weights, name=given.layer.name), padding="valid", bias=_bias(given, 1), name=given.layer.name)
    return _activated(given, (layer,))


def _pool(given: Given, cells: Cells) -> tuple[Layer, ...]:
    _channels_last(given)
    _no_flat(cells)
    sequence = _sequence(given)
    name = "pool_size" if "pool_size" in given.layer.settings else "pool_length"
    size = given.pair(name, 2, sequence=sequence)
    stride = given.pair("strides", sequence=sequence) if given.setting("strides") is not None else size
    reduce = "max" if given.layer.kind.startswith("Max") else "mean"
    return (Pool(reduce, size=size, stride=stride, padding=_padding(given), name=given.layer.name),)


def _whole_pool(given: Given, cells: Cells) -> tuple[Layer, ...]:
    _channels_last(given)
    _no_flat(cells)
    return (Pool("max" if "Max" in given.layer.kind else "mean", size=None, name=given.layer.name),)


def _normalisation(given: Given, cells: Cells) -> tuple[Layer, ...]:
    """Return batch normalisation by the stored statistics: gamma and beta stand before them where there are any."""
    axis = given.setting("axis", -1)
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    last = 1 if cells.vector else 2 if cells.sequence else 3
    if axis not in (-1, last):
        raise Stop("its axis is not that of the maps")
    if cells.flat:
        raise Stop("it reads flattened maps")
    names = [name for name, setting in (("gamma", "scale"), ("beta", "center")) if given.setting(setting, True)]
    names += ["mean", "variance"]
    if len(given.weights) != len(names):
        raise Stop("its statistics are not in the file")
    parts = {name: array.astype(np.float64).ravel() for name, array in zip(names, given.weights, strict=True)}
    factor = parts.get("gamma", np.ones(1)) / np.sqrt(parts["variance"] + given.number("epsilon", 1e-3))
    offset = parts.get("beta", np.zeros(1)) - parts["mean"] * factor
    return (Affine(tuple(factor.tolist()), tuple(offset.tolist()), name=given.layer.name),)


def _activation(given: Given, cells: Cells) -> tuple[Layer, ...]:
    return _function(given.setting("activation", "linear"), given)


def _relu(given: Given, cells: Cells) -> tuple[Layer, ...]:
    settings = {name: given.number(name, usual) for name, usual in (("negative_slope", 0.0), ("threshold", 0.0))}
    if given.setting("max_value") is not None:
        settings["max_value"] = given.number("max_value", 0.0)
    return (Activation("relu", settings, name=given.layer.name),)


def _leaky(given: Given, cells: Cells) -> tuple[Layer, ...]:
    slope = given.number("negative_slope" if given.setting("negative_slope") is not None else "alpha", 0.3)
    return (Activation("leaky relu", {"negative_slope": slope}, name=given.layer.name),)


def _elu(given: Given, cells: Cells) -> tuple[Layer, ...]:
    return (Activation("elu", {"alpha": given.number("alpha", 1.0)}, name=given.layer.name),)


def _thresholded(given: Given, cells: Cells) -> tuple[Layer, ...]:
    return (Activation("threshold", {"threshold": given.number("theta", 1.0)}, name=given.layer.name),)


def _prelu(given: Given, cells: Cells) -> tuple[Layer, ...]:
    if not given.weights or cells.flat:
        raise Stop("its slopes are not in the file")
    slopes = given.weights[0].astype(np.float32)
    while slopes.ndim < 3:
        slopes = slopes[np.newaxis]
    return (Activation(PRELU, slopes=slopes, name=given.layer.name),)


def _softmax(given: Given, cells: Cells) -> tuple[Layer, ...]:
    if given.setting("axis", -1) not in (-1, 1 if cells.vector else 2 if cells.sequence else 3) or cells.flat:
        raise Stop("it goes over another axis than the maps")
    return (Softmax(name=given.layer.name),)


def _zeros(given: Given, cells: Cells) -> tuple[Layer, ...]:
    return (Pad(*_sides(given, "padding", 1), name=given.layer.name),)


def _cropping(given: Given, cells: Cells) -> tuple[Layer, ...]:
    rows, cols = _sides(given, "cropping", 0)
    return (Pad((-rows[0], -rows[1]), (-cols[0], -cols[1]), name=given.layer.name),)


def _sides(given: Given, name: str, usual: int) -> tuple[Pair, Pair]:
    """Return cells before and after the rows and the columns."""
    _channels_last(given)
    value = given.setting(name, usual)
    if _sequence(given):
        before, after = (value, value) if isinstance(value, int) else value
        return (0, 0), (before, after)
    value = (value, value) if isinstance(value, int) else value
    rows, cols = ((n, n) if isinstance(n, int) else tuple(n) for n in value)
    return (rows[0], rows[1]), (cols[0], cols[1])


def _upsampling(given: Given, cells: Cells) -> tuple[Layer, ...]:
    _channels_last(given)
    rows, cols = given.pair("size", 2, sequence=_sequence(given))
    method = given.setting("interpolation", "nearest")
    return (Resize(scale=(float(rows), float(cols)), method=str(method), name=given.layer.name),)


def _resizing(given: Given, cells: Cells) -> tuple[Layer, ...]:
    _channels_last(given)
    others = ("crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias")
    if any(given.setting(name, False) for name in others):
        raise Stop("it does more than to resize")
    size = (int(given.number("height", 0)), int(given.number("width", 0)))
    method = given.setting("interpolation", "bilinear")
    if method == "nearest":
        return (Resize(size=size, method="nearest", rounding="round_prefer_ceil", name=given.layer.name),)
    return (Resize(size=size, method=str(method), name=given.layer.name),)


def _rescaling(given: Given, cells: Cells) -> tuple[Layer, ...]:
    scale, offset = given.setting("scale", 1.0), given.setting("offset", 0.0)
    scales, offsets = (tuple(float(n) for n in np.ravel(value)) for value in (scale, offset))
    return (Affine(scales, offsets, name=given.layer.name),)


def _standardising(given: Given, cells: Cells) -> tuple[Layer, ...]:
    """Return Keras's Normalization: less the mean, by the standard deviation, from settings or weights."""
    mean, variance = given.setting("mean"), given.setting("variance")
    if mean is None or variance is None:
        if len(given.weights) < 2:
            raise Stop("its statistics are not in the file")
        mean, variance = given.weights[0], given.weights[1]
    spread = np.maximum(np.sqrt(np.ravel(variance).astype(np.float64)), 1e-7)
    offset = -np.ravel(mean).astype(np.float64) / spread
    if given.setting("invert", False):
        raise Stop("it is inverted")
    return (Affine(tuple((1 / spread).tolist()), tuple(offset.tolist()), name=given.layer.name),)


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
    "BatchNormalization": _normalisation,
    "Activation": _activation,
    "ReLU": _relu,
    "LeakyReLU": _leaky,
    "ELU": _elu,
    "ThresholdedReLU": _thresholded,
    "PReLU": _prelu,
    "Softmax": _softmax,
    "Resizing": _resizing,
    "Rescaling": _rescaling,
    "Normalization": _standardising,
}
"""What our layers can do, by Keras's classes."""
