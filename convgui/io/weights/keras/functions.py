"""Layers of Keras that change each value by itself: activation functions, norms, scales."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import PRELU
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.softmax import Softmax
from convgui.io.weights.keras.given import Cells, Given, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer

    Array = NDArray[Any]
    Pair = tuple[int, int]


def function_of(value: Any, given: Given) -> tuple[Layer, ...]:
    """Return an activation function by its name, or as an object with settings."""
    name = given.layer.name
    if isinstance(value, dict):
        kind, config = value.get("class_name"), value.get("config")
        if kind == "function" and isinstance(config, str):
            value = config
        elif isinstance(kind, str) and kind in FUNCTIONS and isinstance(config, dict):
            return FUNCTIONS[kind](replace(given, layer=replace(given.layer, settings=config), weights=()), Cells())
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
    return function_of(given.setting("activation", "linear"), given)


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


FUNCTIONS: dict[str, Callable[[Given, Cells], tuple[Layer, ...]]] = {
    "BatchNormalization": _normalisation,
    "Activation": _activation,
    "ReLU": _relu,
    "LeakyReLU": _leaky,
    "ELU": _elu,
    "ThresholdedReLU": _thresholded,
    "PReLU": _prelu,
    "Softmax": _softmax,
    "Rescaling": _rescaling,
    "Normalization": _standardising,
}
"""Each by Keras's class."""
