"""Recipes of version 1: a convolution with its activation and its colour mode; they become recipes of version 2."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from convgui.io.recipe_arrays import Number  # noqa: TC001 (msgspec reads the types)
from convgui.io.recipe_layers import Counts, Each, StoredKernel, Word  # noqa: TC001
from convgui.io.strict_json import fit, shown

FUNCTIONS = (
    *(
        "linear",
        "relu",
        "leaky relu",
        "relu6",
        "abs",
        "square",
        "sigmoid",
        "hard sigmoid",
        "tanh",
        "elu",
        "selu",
        "softplus",
    ),
    *("softsign", "silu", "gelu", "step"),
)
"""The activation functions that version 1 had."""

COLOURS = ("luminance", "each channel", "sum")
"""Its colour modes."""


class Layer1(msgspec.Struct, forbid_unknown_fields=True):
    """A layer of version 1."""

    type: Literal["conv"]
    kernel: StoredKernel
    padding: Any
    border: Word
    constant: Number
    stride: Counts
    dilation: Counts
    groups: int
    bias: Each
    activation: Word
    flip: bool
    colour: Word


class Recipe1(msgspec.Struct, forbid_unknown_fields=True):
    """A recipe of version 1."""

    format: str
    version: int
    layers: Annotated[list[Any], Meta(min_length=1, max_length=1)]
    display: dict[str, Any] = {}
    source: dict[str, Any] = {}


def upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of version 1 as one of version 2; ValueError with one sentence on what is wrong and where.

    The colour mode becomes the reading: a bank always read each channel by itself. An activation becomes a layer.
    """
    layer = fit(fit(document, Recipe1).layers[0], Layer1, "layers[0]")
    function = layer.activation.lower().replace("_", " ")
    for name, value, known in (("activation", function, FUNCTIONS), ("colour", layer.colour, COLOURS)):
        if value not in known:
            raise ValueError(f"layers[0].{name}: expected one of {', '.join(known)}, received {shown(value)}.")
    conv = {name: value for name, value in document["layers"][0].items() if name not in ("activation", "colour")}
    activation = [] if function == "linear" else [{"type": "activation", **_function(function)}]
    bank = _depth(layer.kernel.weights) == 4
    layers = [conv, *activation]
    return {
        **document,
        "version": 2,
        "reading": {"colour": "each channel" if bank else layer.colour},
        "layers": layers,
        "looked": len(layers) - 1,
    }


def _function(name: str) -> dict[str, Any]:
    """Return the function of a name with the parameters that it had in version 1."""
    return {"function": name}


def _depth(weights: Any) -> int:
    return 1 + _depth(weights[0]) if isinstance(weights, list) and weights else 0
