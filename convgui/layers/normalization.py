"""A scale and an offset for each map: batch normalisation as it is applied after training, and rescaling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.affine import Affine
from convgui.layers.arguments import is_axis, number, truth
from convgui.layers.base import Layer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


class BatchNormalization(Layer):
    """``gamma * (x - moving_mean) / sqrt(moving_variance + epsilon) + beta``, with the statistics found in training.

    Its weights are, in this order, gamma, beta, moving_mean and moving_variance, each of the shape (channels,).

    Parameters
    ----------
    axis : int
        The last one, that of the channels; others are refused.
    momentum : float
        Of use in training alone.
    epsilon : float
    center, scale : bool
        Whether there is a beta, and a gamma.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer : str, array_like or callable
    beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint
        Keras's; without an effect, as nothing is trained here.
    renorm, synchronized : bool
        Keras's; `renorm` is False, and `synchronized` is without an effect.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> layer = BatchNormalization(epsilon=0.0, moving_mean_initializer=[3.0], moving_variance_initializer=[4.0])
    >>> layer(np.array([[7.0]])).tolist()
    [[2.0]]
    """

    def __init__(
        self,
        axis: int = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        synchronized: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if truth("renorm", renorm):
            raise ValueError("Expected renorm=False, received True: its statistics are of use in training alone.")
        self.axis = axis
        self.momentum, self.epsilon = number("momentum", momentum), number("epsilon", epsilon)
        self.center, self.scale = truth("center", center), truth("scale", scale)
        self._initializers = {
            "gamma": gamma_initializer,
            "beta": beta_initializer,
            "moving_mean": moving_mean_initializer,
            "moving_variance": moving_variance_initializer,
        }

    def _output_shape(self, input_shape: Shape) -> Shape:
        if not is_axis(self.axis, len(input_shape), "the axis of a batch normalization"):
            raise ValueError(f"The layer {self.name} expects axis -1, that of the channels, received {self.axis}.")
        return input_shape

    def _build(self, input_shape: Shape) -> None:
        channels = input_shape[-1] or 0
        unused = {"gamma": not self.scale, "beta": not self.center}
        for name, values in self._initializers.items():
            if not unused.get(name):
                self._add_weight(name, (channels,), values, trainable=not name.startswith("moving"))

    def _make(self) -> tuple[EngineLayer, ...]:
        values = {weight.name: weight.value.astype(np.float64) for weight in self._weights}
        spread = values["moving_variance"] + self.epsilon
        if not (spread > 0).all():
            raise ValueError(
                f"Expected moving_variance + epsilon of the layer {self.name} to be above 0, received {spread.min():g}."
            )
        scale = values.get("gamma", 1.0) / np.sqrt(spread)
        offset = values.get("beta", 0.0) - values["moving_mean"] * scale
        return (Affine(tuple(scale.tolist()), tuple(offset.tolist()), name=self.name),)


class Rescaling(Layer):
    """``x * scale + offset``, as to bring bytes to numbers from 0 to 1.

    Parameters
    ----------
    scale, offset : float or sequence of float
        One for all channels, or one for each.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> Rescaling(1 / 127.5, offset=-1)([[0, 255]]).tolist()
    [[-1.0, 1.0]]
    """

    def __init__(self, scale: ArrayLike, offset: ArrayLike = 0.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale, self.offset = _each("scale", scale), _each("offset", offset)

    def _output_shape(self, input_shape: Shape) -> Shape:
        for what, numbers in (("scale", self.scale), ("offset", self.offset)):
            if len(numbers) not in (1, input_shape[-1]):
                raise ValueError(
                    f"Expected one {what} for the layer {self.name}, or one for each of {input_shape[-1]} channels, "
                    f"received {len(numbers)}."
                )
        return input_shape

    def _make(self) -> tuple[EngineLayer, ...]:
        return (Affine(self.scale, self.offset, name=self.name),)


def _each(what: str, values: ArrayLike) -> tuple[float, ...]:
    numbers = np.atleast_1d(np.asarray(values)).tolist()
    return tuple(number(what, value) for value in numbers)
