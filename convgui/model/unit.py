"""The unit that is looked at: one layer, or a convolution with the activation function directly after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.model.layer_words import title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer


@dataclass(frozen=True, eq=False)
class Unit:
    """What the panes show: the input of its first layer, and the output of its last one.

    Attributes
    ----------
    start, stop : int
        How many layers are below it, and how many up to its last one: its input is what `start` layers make, its output
        what `stop` layers make.
    layer : Layer
        The layer that is looked at.
    conv : Conv or None
        Its convolution, which is its first layer.
    function : Activation or None
        The activation function directly after the convolution, or the one that is looked at; the value is that before the
        function where the convolution itself is looked at.
    function_at : int
        The index of the function, or where one would be added.
    """

    start: int
    stop: int
    layer: Layer
    conv: Conv | None
    function: Activation | None
    function_at: int

    @property
    def applied(self) -> Activation | None:
        """The function, where it is part of what is looked at and switched on."""
        inside = self.function is not None and self.function_at < self.stop and self.function.on
        return self.function if inside else None

    @property
    def coming(self) -> Activation | None:
        """The function that follows what is looked at, whose map it does not show yet; None for linear."""
        function = self.function
        here = function is None or not function.on or self.function_at < self.stop or function.function == "linear"
        return None if here else function


def unit_of(layers: Sequence[Layer], looked: int) -> Unit:
    """Return the unit of the layer that is looked at; layers between that are switched off do not part it."""
    layer = layers[looked]
    if isinstance(layer, Activation):
        before = next((k for k in range(looked - 1, -1, -1) if layers[k].on), looked)
        conv = layers[before]
        if isinstance(conv, Conv) and before < looked:
            return Unit(before, looked + 1, layer, conv, layer, looked)
        return Unit(looked, looked + 1, layer, None, layer, looked)
    if not isinstance(layer, Conv):
        return Unit(looked, looked + 1, layer, None, None, looked + 1)
    after = range(looked + 1, len(layers))
    at = next((k for k in after if layers[k].on or isinstance(layers[k], Activation)), len(layers))
    function = layers[at] if at < len(layers) else None
    if isinstance(function, Activation):
        return Unit(looked, looked + 1, layer, layer, function, at)
    return Unit(looked, looked + 1, layer, layer, None, looked + 1)


def with_function(layers: tuple[Layer, ...], looked: int, name: str) -> tuple[tuple[Layer, ...], int]:
    """Return the layers with another activation function in the unit, and the layer to look at: the function.

    A convolution's function `linear` is no layer at all.

    Raises
    ------
    ValueError
        If there is no such function, or what is looked at can have none.
    """
    unit = unit_of(layers, looked)
    if unit.conv is None and unit.function is None:
        raise ValueError(f"Expected a convolution to look at for an activation function, received {title(unit.layer)}.")
    at, present = unit.function_at, unit.function
    new = Activation(name, name="" if present is None else present.name)
    if unit.conv is not None and new.function == "linear":
        return (layers, looked) if present is None else ((*layers[:at], *layers[at + 1 :]), unit.start)
    return (*layers[:at], new, *layers[at + (present is not None) :]), at
