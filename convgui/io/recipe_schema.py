"""The schema of a recipe's file: which settings it has, of which types and between which bounds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta

from convgui import assets
from convgui.engine.checks import LARGEST_COUNT, LARGEST_NUMBER, layer_fault, limits_fault
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.limits import Limits
from convgui.io.strict_json import fit, shown

Number = Annotated[float, Meta(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
Count = Annotated[int, Meta(ge=1, le=LARGEST_COUNT)]
Cells = Annotated[int, Meta(ge=0, le=LARGEST_COUNT)]
Word = Annotated[str, Meta(max_length=100)]
Name = Annotated[str, Meta(max_length=1000)]
Pads = Annotated[list[Annotated[list[Cells], Meta(min_length=2, max_length=2)]], Meta(min_length=2, max_length=2)]
Row = Annotated[list[Number], Meta(min_length=1)]
Matrix = Annotated[list[Row], Meta(min_length=1)]
Bank = Annotated[list[Annotated[list[Matrix], Meta(min_length=1)]], Meta(min_length=1)]


class StoredKernel(msgspec.Struct, forbid_unknown_fields=True):
    """A kernel: rows of weights, or a bank's (kh, kw, cin, cout), and its place in the catalogue."""

    weights: Annotated[list[Any], Meta(min_length=1)]
    name: Name = "Custom"
    entry: Word = ""
    parameters: dict[Word, Number] = {}


class StoredLayer(msgspec.Struct, forbid_unknown_fields=True):
    """A convolution."""

    type: Literal["conv"]
    kernel: StoredKernel
    padding: Any  # a name, or pairs: checked separately, since msgspec cannot tell the two apart in a union
    border: Word
    constant: Number
    stride: Annotated[list[Count], Meta(min_length=2, max_length=2)]
    dilation: Annotated[list[Count], Meta(min_length=2, max_length=2)]
    groups: Count
    bias: Annotated[list[Number], Meta(min_length=1, max_length=LARGEST_COUNT)]
    activation: Word
    flip: bool
    colour: Word


class StoredLimits(msgspec.Struct, forbid_unknown_fields=True):
    """The rule for the ends of the colour map."""

    mode: Word = "auto"
    percent: Number = 99.5
    low: Number = -1.0
    high: Number = 1.0


class StoredDisplay(msgspec.Struct, forbid_unknown_fields=True):
    """How the map is looked at."""

    colours: Word = "auto"
    limits: StoredLimits = msgspec.field(default_factory=StoredLimits)
    map: Annotated[int, Meta(ge=0, lt=LARGEST_COUNT)] = 0


class StoredSource(msgspec.Struct):
    """What the recipe was made on; more may stand there, since nothing is computed from it."""

    name: Name = ""
    shape: Annotated[list[int], Meta(max_length=8)] = []
    dtype: Word = ""
    scale: float = 1.0
    sha256: Word = ""


class StoredRecipe(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    format: str
    version: int
    layers: Annotated[list[Any], Meta(min_length=1)]
    display: StoredDisplay = msgspec.field(default_factory=StoredDisplay)
    source: dict[str, Any] = {}


def layer_from(document: Any, place: str) -> Conv:
    """Return a layer; ValueError with one sentence on what is wrong and where."""
    stored = fit(document, StoredLayer, place)
    kernel = _kernel(stored.kernel, f"{place}.kernel")
    stored.padding = _padding(stored.padding, f"{place}.padding")
    settings = {name: _frozen(getattr(stored, name)) for name in _LAYER}
    try:
        layer = Conv(kernel, **settings)
    except ValueError as error:
        raise ValueError(f"{place}: {_lower(str(error))}") from error
    if fault := layer_fault(layer):
        raise ValueError(f"{place}: {_lower(fault)}")
    return layer


def layer_to(layer: Conv) -> dict[str, Any]:
    """Return a layer as it is stored."""
    kernel = layer.kernel
    return {
        "type": "conv",
        "kernel": {
            "name": kernel.name,
            "entry": kernel.entry,
            "parameters": dict(kernel.parameters),
            "weights": kernel.weights.tolist(),
        },
        **{name: _plain(getattr(layer, name)) for name in _LAYER},
    }


_LAYER = ("padding", "border", "constant", "stride", "dilation", "groups", "bias", "activation", "flip", "colour")
"""The settings of a layer that are stored by their own names."""


def display_from(stored: StoredDisplay) -> tuple[str, Limits, int]:
    """Return colours, limits and map; ValueError with one sentence on what is wrong and where."""
    known = ("auto", *assets.SIGNED, *assets.SEQUENTIAL)
    if stored.colours not in known:
        raise ValueError(f"display.colours: expected one of {', '.join(known)}, received {shown(stored.colours)}.")
    rule = stored.limits
    try:
        limits = Limits(rule.mode, rule.percent, rule.low, rule.high)
    except ValueError as error:
        raise ValueError(f"display.limits: {_lower(str(error))}") from error
    if fault := limits_fault(limits):
        raise ValueError(f"display.limits: {_lower(fault)}")
    return stored.colours, limits, stored.map


def display_to(colours: str, limits: Limits, map: int) -> dict[str, Any]:
    """Return the display as it is stored."""
    return {"colours": colours, "limits": asdict(limits), "map": map}


def _kernel(stored: StoredKernel, place: str) -> Kernel:
    weights = weights_from(stored.weights, f"{place}.weights")
    if not stored.entry:
        if stored.parameters:
            raise ValueError(f"{place}.parameters: expected none without an entry, received {shown(stored.parameters)}.")
        return Kernel(weights, stored.name)
    try:
        made = catalog.make(stored.entry, **stored.parameters)
    except ValueError as error:
        raise ValueError(f"{place}: {_lower(str(error))}") from error
    if made.weights.shape == weights.shape and np.allclose(made.weights, weights, rtol=1e-9, atol=1e-12):
        return Kernel(weights, stored.name, made.entry, made.parameters)
    named = stored.name if stored.name.startswith("Custom") else f"Custom, from {stored.name}"
    return Kernel(weights, named)  # the weights decide: somebody changed them, or the catalogue has changed


def weights_from(stored: list[Any], place: str) -> np.ndarray:
    """Return rows of weights, or a bank, each level with lists of one length; ValueError with the place of the fault."""
    second = stored[0][0] if isinstance(stored[0], list) and stored[0] else None
    levels: Any = fit(stored, Bank if isinstance(second, list) else Matrix, place)
    shape, part = [], levels
    while isinstance(part, list):
        shape.append(len(part))
        part = part[0]
    _check_shape(levels, shape, place)
    return np.array(levels, np.float64)


def _check_shape(lists: list[Any], shape: list[int], place: str) -> None:
    """Refuse lists of different lengths, with the place of the first one that differs."""
    if len(lists) != shape[0]:
        raise ValueError(f"{place}: expected {shape[0]} entries as in the first list, received {len(lists)}.")
    for k, part in enumerate(lists if len(shape) > 1 else []):
        _check_shape(part, shape[1:], f"{place}[{k}]")


def _padding(stored: Any, place: str) -> Any:
    return fit(stored, Word, place) if isinstance(stored, str) else fit(stored, Pads, place)


def _frozen(value: Any) -> Any:
    """Return lists as tuples."""
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """Return tuples as lists, numbers as Python's own."""
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
