"""One convolution with its activation function and its colour mode, as many tests need it."""

from dataclasses import dataclass

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.explain import explain
from convgui.engine.looking.uses import uses
from convgui.engine.network import Chain
from convgui.engine.reading import Reading


@dataclass(frozen=True, eq=False)
class Operation(Conv):
    """A convolution that says as well which function follows it, and how the source is read."""

    activation: str = "linear"
    colour: str = "luminance"


def chain_of(layers, source):
    """Return the chain of some convolutions or operations; a bank reads each channel."""
    colour = getattr(layers[0], "colour", "luminance")
    every = []
    for layer in layers:
        function = getattr(layer, "activation", "linear")
        every += [layer] if function == "linear" else [layer, Activation(function)]
    return Chain(source, Reading(colour if layers[0].kernel.weights.ndim == 2 else "each channel"), tuple(every))


def explain_layer(layer, source, map, row, col):
    """Return what a cell of its output is made of."""
    chain = chain_of([layer], source)
    return explain(chain, len(chain.layers), map, row, col)


def uses_layer(layer, source, map, row, col, channel=None):
    """Return where an input cell goes in its output."""
    return uses(chain_of([layer], source), 1, map, row, col, channel)
