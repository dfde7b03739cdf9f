"""The names of activation functions, and the engine's layers for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from convgui.engine.layers.activation import Activation as EngineActivation
from convgui.engine.layers.arguments import short
from convgui.engine.layers.softmax import Softmax as EngineSoftmax
from convgui.layers.arguments import one_of
from convgui.layers.base import Layer

if TYPE_CHECKING:
    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape

POINTWISE = (
    *("relu", "leaky_relu", "relu6", "celu", "elu", "selu", "softplus", "softsign", "squareplus", "soft_shrink"),
    *("sparse_plus", "silu", "swish", "gelu", "tanh", "tanh_shrink", "sigmoid", "sparse_sigmoid", "exponential"),
    *("hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh", "hard_shrink", "linear", "mish", "log_sigmoid"),
)
"""Keras's activations that make each number from one."""

_ALSO = {"swish": "silu", "hard_swish": "hard_silu"}

_PARAMETERS = {"gelu": {"approximate": 0.0}}
"""Where Keras's usual value is not the engine's."""

_OTHERS = ("glu", "log_softmax", "sparsemax", "threshold")
"""Keras's activations that read several numbers, or need values of their own."""


def activation_of(given: Any) -> str | Layer:
    """Return the name of an activation as Keras has it, or the layer that was given as one; None is ``linear``.

    Raises
    ------
    ValueError
        If there is none of that name, or it is a function, or a layer with weights.

    Examples
    --------
    >>> activation_of("relu"), activation_of(None)
    ('relu', 'linear')
    """
    if given is None:
        return "linear"
    if isinstance(given, Same) and not given.has_weights:
        return given
    if not isinstance(given, str):
        raise ValueError(
            f"Expected the name of an activation, such as 'relu', received {short(given)}: only functions that convgui "
            "knows by name can be computed window by window and be explained."
        )
    if given in _OTHERS:
        raise ValueError(
            f"Expected an activation that makes each number from one, or softmax, received {given!r}, which Keras has, and "
            "convgui has not."
        )
    return one_of("activation", given, (*POINTWISE, "softmax"))


def activation_layers(name: str | Layer, layer: str) -> tuple[EngineLayer, ...]:
    """Return the engine's layers for an activation; none for ``linear``."""
    if isinstance(name, Layer):
        return tuple(replace(made, name=layer) for made in name.engine_layers())
    if name == "linear":
        return ()
    if name == "softmax":
        return (EngineSoftmax(name=layer),)
    return (EngineActivation(_ALSO.get(name, name), parameters=_PARAMETERS.get(name, {}), name=layer),)


class Same(Layer):
    """A layer whose output has the shape of its input: an activation function."""

    has_weights: ClassVar[bool] = False

    def _output_shape(self, input_shape: Shape) -> Shape:
        return input_shape
