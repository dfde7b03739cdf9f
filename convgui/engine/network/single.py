"""The chain of convolutions that carry their activation function and colour mode themselves, as documents had them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from convgui.engine.layers.activation import Activation
from convgui.engine.network.chain import Chain
from convgui.engine.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer
    from convgui.engine.layers.conv import Conv
    from convgui.engine.source import Source

_parted: WeakKeyDictionary[Conv, tuple[Layer, ...]] = WeakKeyDictionary()


def chain_of(layers: Sequence[Conv], source: Source) -> Chain:
    """Return the chain."""
    return Chain(source, reading_of(layers[0]), tuple(_all(layers)))


def reading_of(layer: Conv) -> Reading:
    """Return how a convolution reads a source: a bank each channel, else by its colour mode."""
    return Reading(layer.colour if layer.kernel.weights.ndim == 2 else "each channel")


def _all(layers: Sequence[Conv]) -> list[Layer]:
    return [part for layer in layers for part in _parts(layer)]


def _parts(layer: Conv) -> tuple[Layer, ...]:
    if layer not in _parted:
        bare = replace(layer, activation="linear")
        _parted[layer] = (bare,) if layer.activation == "linear" else (bare, Activation(layer.activation))
    return _parted[layer]
