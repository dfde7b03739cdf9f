"""Documents for tests: a picture with one convolution, its activation function and its colour mode."""

from convgui.engine.kernels.catalogue import make
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.network import Chain
from convgui.engine.reading import Reading
from convgui.model.state import Display, State
from convgui.model.suit import usual_reading


def layers_of(kernel=None, activation="linear", **settings):
    """Return a convolution, and its activation function where that does something."""
    kernel = make("sobel-x") if kernel is None else kernel
    conv = Conv(kernel if isinstance(kernel, Kernel) else Kernel(kernel), **settings)
    return (conv,) if activation == "linear" else (conv, Activation(activation))


def document(source, kernel=None, *, colour=None, display=None, **settings):
    """Return a state that looks at the last layer."""
    layers = layers_of(kernel, **settings)
    return State(source, _reading(layers, source, colour), layers, display=display or Display())


def chain_of(source, kernel=None, *, colour=None, **settings):
    """Return the chain of such a document."""
    layers = layers_of(kernel, **settings)
    return Chain(source, _reading(layers, source, colour), layers)


def _reading(layers, source, colour):
    return Reading(colour) if colour else usual_reading(layers, source)
