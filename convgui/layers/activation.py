"""Activation functions as layers, by Keras's names and with Keras's defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.activation import Activation as EngineActivation
from convgui.engine.layers.arguments import short
from convgui.engine.layers.softmax import Softmax as EngineSoftmax
from convgui.layers.arguments import is_axis, number, whole
from convgui.layers.functions import Same, activation_layers, activation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape
    from convgui.layers.base import Layer


class Activation(Same):
    """An activation function by its name.

    Parameters
    ----------
    activation : str or None
        One of Keras 3's functions of one number (relu, leaky_relu, relu6, celu, elu, selu, softplus, softsign, squareplus,
        soft_shrink, sparse_plus, silu or swish, gelu, tanh, tanh_shrink, sigmoid, sparse_sigmoid, exponential, hard_sigmoid,
        hard_silu or hard_swish, hard_tanh, hard_shrink, linear, mish, log_sigmoid) with Keras's parameters, or softmax over
        the last axis.
    **kwargs
        `name` and what else `Layer` takes.

    Raises
    ------
    ValueError
        If there is no such function; a function of Python is none.

    Examples
    --------
    >>> import numpy as np
    >>> Activation("relu")(np.array([[-1.0, 2.0]])).tolist()
    [[0.0, 2.0]]
    """

    def __init__(self, activation: str | Layer | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = activation_of(activation)

    def _make(self) -> tuple[EngineLayer, ...]:
        return activation_layers(self.activation, self.name)


class ReLU(Same):
    """Rectified linear unit.

    x from `threshold` on, at most `max_value`; below it ``negative_slope * (x - threshold)``.

    Parameters
    ----------
    max_value : float, optional
        At least 0; unlimited by default.
    negative_slope, threshold : float
        At least 0.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> ReLU(max_value=6)(np.array([[-1.0, 2.0, 9.0]])).tolist()
    [[0.0, 2.0, 6.0]]
    """

    def __init__(
        self, max_value: float | None = None, negative_slope: float = 0.0, threshold: float = 0.0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.max_value = None if max_value is None else number("max_value", max_value, 0)
        self.negative_slope = number("negative_slope", negative_slope, 0)
        self.threshold = number("threshold", threshold, 0)

    def _make(self) -> tuple[EngineLayer, ...]:
        parameters = {"negative_slope": self.negative_slope, "threshold": self.threshold}
        if self.max_value is not None:
            parameters["max_value"] = self.max_value
        return (EngineActivation("relu", parameters=parameters, name=self.name),)


class LeakyReLU(Same):
    """Leaky rectified linear unit: x, below zero ``negative_slope * x``.

    Parameters
    ----------
    negative_slope : float
        At least 0.
    **kwargs
        `name` and what else `Layer` takes; `alpha` is the slope's former name.

    Examples
    --------
    >>> import numpy as np
    >>> LeakyReLU(0.25)(np.array([[-2.0, 2.0]])).tolist()
    [[-0.5, 2.0]]
    """

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        self.negative_slope = number("negative_slope", kwargs.pop("alpha", negative_slope), 0)
        super().__init__(**kwargs)

    def _make(self) -> tuple[EngineLayer, ...]:
        return (EngineActivation("leaky_relu", parameters={"negative_slope": self.negative_slope}, name=self.name),)


class PReLU(Same):
    """Rectified linear unit with a weight `alpha` for each value: x, below zero ``alpha * x``.

    Parameters
    ----------
    alpha_initializer : str, array_like or callable
    alpha_regularizer, alpha_constraint
        Keras's; without an effect, as nothing is trained here.
    shared_axes : int or sequence of int, optional
        Axes along which values share a weight, counted from 1, as the batch is axis 0: [1, 2] for one weight for each map of
        a picture.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> layer = PReLU(alpha_initializer=[[[0.5, 0.25]]], shared_axes=[1, 2])
    >>> layer(np.full((1, 1, 1, 2), -2.0)).tolist()
    [[[[-1.0, -0.5]]]]
    """

    has_weights = True

    def __init__(
        self,
        alpha_initializer: Any = "zeros",
        alpha_regularizer: Any = None,
        alpha_constraint: Any = None,
        shared_axes: int | Sequence[int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        several: Any = () if shared_axes is None else shared_axes if np.iterable(shared_axes) else (shared_axes,)
        self.shared_axes = tuple(whole("each of the shared_axes", at) for at in several)
        self.alpha_initializer = alpha_initializer

    def _build(self, input_shape: Shape) -> None:
        rank = len(input_shape)
        if beyond := [at for at in self.shared_axes if at >= rank]:
            raise ValueError(f"Expected shared_axes from 1 to {rank - 1} for an input of {rank} axes, received {beyond[0]}.")
        sides = tuple(1 if at in self.shared_axes else side for at, side in enumerate(input_shape) if at)
        if None in sides:
            raise ValueError(
                f"The layer {self.name} has a weight for each cell, and its input has no fixed size: give the model's "
                "input a size, or share the weights along these axes by shared_axes."
            )
        self.alpha = self._add_weight("alpha", tuple(side for side in sides if side), self.alpha_initializer)

    def _check_same(self, shape: Shape) -> None:
        super()._check_same(shape)
        if any(side not in (1, given, None) for side, given in zip(self.alpha.shape, shape[1:], strict=True)):
            raise ValueError(
                f"The layer {self.name} has weights of the shape {self.alpha.shape}, received an input of the shape {shape}."
            )

    def _make(self) -> tuple[EngineLayer, ...]:
        slopes = self.alpha.value
        slopes = slopes.reshape((1,) * (3 - slopes.ndim) + slopes.shape)
        return (EngineActivation("prelu", slopes=slopes, name=self.name),)


class ELU(Same):
    """Exponential linear unit: x, below zero ``alpha * (exp(x) - 1)``.

    Parameters
    ----------
    alpha : float
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> ELU()(np.array([[-100.0, 2.0]])).tolist()
    [[-1.0, 2.0]]
    """

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.alpha = number("alpha", alpha)

    def _make(self) -> tuple[EngineLayer, ...]:
        return (EngineActivation("elu", parameters={"alpha": self.alpha}, name=self.name),)


class Softmax(Same):
    """Softmax over the maps: at each place the exponentials of all maps, divided by their sum.

    Parameters
    ----------
    axis : int
        The last one; others are refused.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> Softmax()(np.zeros((1, 4))).tolist()
    [[0.25, 0.25, 0.25, 0.25]]
    """

    def __init__(self, axis: int | Sequence[int] = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.axis = axis

    def _output_shape(self, input_shape: Shape) -> Shape:
        axes = list(self.axis) if isinstance(self.axis, list | tuple) else [self.axis]
        last = [is_axis(axis, len(input_shape), "the axis of a softmax") for axis in axes]
        if last != [True]:
            raise ValueError(f"The layer {self.name} expects axis -1, that of the maps, received {short(self.axis)}.")
        return input_shape

    def _make(self) -> tuple[EngineLayer, ...]:
        return (EngineSoftmax(name=self.name),)
