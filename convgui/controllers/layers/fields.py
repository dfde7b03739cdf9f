"""The settings of a layer as fields of a form, and the layer with one of them changed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import ACTIVATIONS, PARAMETERS, PRELU
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import METHODS, Resize
from convgui.engine.layers.sampling import COORDINATES, ROUNDINGS
from convgui.model.layer_words import kind_words
from convgui.views.layers.values import LayerField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convgui.engine.layers.base import Layer, Shape

MOST = 9999
"""Cells of a size, a stride or a padding that a field takes."""

SWITCHES = {"approximate"}
"""Parameters of activation functions that are either on or off."""

OPTIONAL = {"max_value"}
"""Those that may be left out, which is infinity."""

NOTES = {
    "activation": "A function of each value by itself.",
    "pool": "What is left of each patch: its largest value, or its mean. Padding is never the largest.",
    "affine": "Each map times a scale, plus an offset. Batch normalisation is one, once it is trained.",
    "pad": "Cells around each map. Negative numbers cut cells off.",
    "resize": "Each map at another size. The conventions have ONNX's names; Keras's UpSampling is half_pixel.",
    "softmax": "At each place the maps become parts of 1: the exponential of each, divided by the sum of all.",
}
"""What each kind does, in a sentence."""


def fields_of(layer: Layer, shape: Shape | None) -> tuple[LayerField, ...]:
    """Return the fields for a layer; `shape` is that of what it reads, if it is known."""
    name = LayerField("name", "Name", "text", layer.name, tip=f"What the layer is called; empty, it is {kind_words(layer)}.")
    line = shape is not None and shape.rows == 1
    if isinstance(layer, Activation):
        return (*_of_activation(layer), name)
    if isinstance(layer, Pool):
        return (*_of_pool(layer, line), name)
    if isinstance(layer, Affine):
        return (*_of_affine(layer, shape), name)
    if isinstance(layer, Pad):
        return (*_of_pad(layer, line), name)
    return (*_of_resize(layer, line), name) if isinstance(layer, Resize) else (name,)


def edited(layer: Layer, name: str, value: Any) -> Layer:
    """Return the layer with one field set.

    Raises
    ------
    ValueError
        If the layer cannot have that value.
    """
    if name == "name":
        return replace(layer, name=value.strip())
    if isinstance(layer, Activation):
        return _edited_activation(layer, name, value)
    if isinstance(layer, Pool):
        return _edited_pool(layer, name, value)
    if isinstance(layer, Pad) and name == "border":
        outside = (layer.constant or 0.5) if value == "constant" else 0.0
        return replace(layer, border="zeros" if value == "constant" else value, constant=outside)
    if isinstance(layer, Resize) and name == "by":
        return _by(layer, value)
    if isinstance(layer, Resize) and name in ("size", "scale") and not isinstance(value, tuple):
        value = (1, value)  # a sequence stays one row
    return replace(layer, **{name: value})


# activation functions


def _of_activation(layer: Activation) -> Iterable[LayerField]:
    names = [*ACTIVATIONS, *([PRELU] if PRELU not in ACTIVATIONS else [])]
    options = tuple((name, name, "") for name in names if name != "linear" or layer.function == "linear")
    yield LayerField("function", "Function", "choice", layer.function, options=options)
    for name, usual in PARAMETERS.get(layer.function, {}).items():
        value, label = layer.parameters.get(name, usual), name.replace("_", " ").capitalize()
        tip = f"Keras calls it {name}; usually {'none' if math.isinf(usual) else format(usual, '.4g')}."
        if name in SWITCHES:
            yield LayerField(name, label, "switch", bool(value), tip=tip)
        elif name in OPTIONAL:
            yield LayerField(name, label, "numbers", () if math.isinf(value) else (value,), counts=(0, 1), tip=tip)
        else:
            yield LayerField(name, label, "number", value, step=0.05, tip=tip)
    if layer.slopes is not None and layer.slopes.shape[:2] == (1, 1):
        slopes = tuple(float(slope) for slope in layer.slopes[0, 0])
        yield LayerField("slopes", "Slopes", "numbers", slopes, tip="One for all maps, or one for each.")


def _edited_activation(layer: Activation, name: str, value: Any) -> Layer:
    if name == "function":
        slopes = np.full((1, 1, 1), 0.25, np.float32) if value == PRELU else None
        return Activation(value, {}, slopes, name=layer.name, on=layer.on)
    if name == "slopes":
        return replace(layer, slopes=np.array(value, np.float32).reshape(1, 1, -1))
    if isinstance(value, tuple):
        value = value[0] if value else math.inf
    parameters = {**layer.parameters, name: float(value)}
    return replace(layer, parameters={key: one for key, one in parameters.items() if one != math.inf})


# pools

PADDINGS = (
    ("valid", "valid", "Only whole patches."),
    ("same", "same", "As many as the stride fits into the input."),
    ("cells", "cells", "So many cells before and after."),
)


def _of_pool(layer: Pool, line: bool) -> Iterable[LayerField]:
    yield LayerField(
        "reduce", "Keeps", "choice", layer.reduce, options=(("max", "the largest", ""), ("mean", "the mean", ""))
    )
    whole = layer.size is None
    yield LayerField("global", "Global", "switch", whole, tip="One patch, as large as the input.")
    if layer.size is not None:
        yield _cells("size", "Size", layer.size, line, tip="Cells of a patch.")
        yield _cells("stride", "Stride", layer.stride or layer.size, line, tip="From one patch to the next.")
        yield _cells("dilation", "Dilation", layer.dilation, line, tip="How far apart the cells of a patch lie.")
        padding = layer.padding if isinstance(layer.padding, str) else "cells"
        yield LayerField("padding", "Padding", "choice", padding, options=PADDINGS)
        if not isinstance(layer.padding, str):
            for axis, label, pair in zip(("pad_rows", "pad_cols"), ("Rows", "Columns"), layer.padding, strict=True):
                if axis == "pad_cols" or not line:
                    yield LayerField(axis, label, "pair", _floats(pair), 0, MOST, parts=("before", "after"))
        yield LayerField("ceil", "Ceil mode", "switch", layer.ceil, tip="A last patch that is partly there counts: ceil.")
    if layer.reduce == "mean":
        counts = "The cells of the padding are counted in the mean, as zeros."
        yield LayerField("count_padding", "Count padding", "switch", layer.count_padding, tip=counts)


def _edited_pool(layer: Pool, name: str, value: Any) -> Layer:
    if name == "global":
        if value == (layer.size is None):
            return layer
        return replace(layer, size=None if value else (2, 2), stride=None, padding="valid", dilation=(1, 1))
    changed: dict[str, Any] = {name: value}
    if name in ("size", "stride", "dilation"):
        pair = value if isinstance(value, tuple) else (1, value)
        changed = {name: (int(pair[0]), int(pair[1]))}
    if name == "padding" and value == "cells":
        changed = {name: ((0, 0), (0, 0)) if isinstance(layer.padding, str) else layer.padding}
    if name in ("pad_rows", "pad_cols"):
        rows, cols = layer.padding if not isinstance(layer.padding, str) else ((0, 0), (0, 0))
        pair = int(value[0]), int(value[1])
        changed = {"padding": (pair, cols) if name == "pad_rows" else (rows, pair)}
    return replace(layer, **changed)


# the others


def _of_affine(layer: Affine, shape: Shape | None) -> Iterable[LayerField]:
    counts = () if shape is None else (1, shape.maps)
    tip = "One for all maps, or one for each."
    yield LayerField("scale", "Scale", "numbers", layer.scale, counts=counts, tip=tip)
    yield LayerField("offset", "Offset", "numbers", layer.offset, counts=counts, tip=tip)


def _of_pad(layer: Pad, line: bool) -> Iterable[LayerField]:
    parts = ("before", "after")
    if not line:
        yield LayerField("rows", "Rows", "pair", _floats(layer.rows), -MOST, MOST, parts=parts, tip="Above and below.")
    yield LayerField("cols", "Columns", "pair", _floats(layer.cols), -MOST, MOST, parts=parts, tip="At the left and right.")
    border = "constant" if layer.border == "zeros" and layer.constant else layer.border
    options = tuple((name, name, "") for name in ("zeros", "constant", *BORDERS[1:]))
    yield LayerField("border", "Border", "choice", border, options=options, tip="What the cells hold.")
    if border == "constant":
        yield LayerField("constant", "Outside", "number", layer.constant, step=0.05, tip="What the cells hold.")


def _of_resize(layer: Resize, line: bool) -> Iterable[LayerField]:
    by = "size" if layer.size is not None else "scale"
    yield LayerField("by", "Given by", "choice", by, options=(("scale", "scale", ""), ("size", "size", "")))
    if layer.size is not None:
        yield _cells("size", "Size", layer.size, line, tip="Cells of the output.")
    elif layer.scale is not None:
        kind, value = ("number", layer.scale[1]) if line else ("scales", layer.scale)
        yield LayerField("scale", "Scale", kind, value, 1e-3, 1e3, tip="Times as many cells.")  # type: ignore[arg-type]
    yield _choice("method", "Method", layer.method, METHODS)
    yield _choice("coordinates", "Coordinates", layer.coordinates, COORDINATES)
    why = "" if layer.method == "nearest" else "Only the nearest cell needs a rule."
    yield replace(_choice("rounding", "Rounding", layer.rounding, ROUNDINGS), reason=why)


def _by(layer: Resize, value: str) -> Resize:
    """Return the layer resized to a size, or by a scale."""
    if value == "scale":
        return replace(layer, size=None, scale=layer.scale or (2.0, 2.0))
    return replace(layer, scale=None, size=layer.size or (64, 64))


def _cells(name: str, label: str, pair: tuple[int, int], line: bool, tip: str) -> LayerField:
    """Return a field for counts of cells: rows and columns, of a sequence the columns alone."""
    if line:
        return LayerField(name, label, "whole", float(pair[1]), 1, MOST, tip=tip)
    return LayerField(name, label, "pair", _floats(pair), 1, MOST, tip=tip)


def _choice(name: str, label: str, value: str, known: tuple[str, ...]) -> LayerField:
    return LayerField(
        name, label, "choice", value, options=tuple((one, one.replace("_", " "), f"ONNX calls it {one}.") for one in known)
    )


def _floats(pair: tuple[int, int]) -> tuple[float, ...]:
    return float(pair[0]), float(pair[1])
