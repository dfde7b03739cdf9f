"""Convolutions of each channel by itself, by Keras's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.layers.arguments import whole
from convgui.layers.convolution import Convolution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape
    from convgui.layers.base import Layer


class _DepthwiseConv(Convolution):
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: str | Layer | None = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        *,
        border: str = "zeros",
        flip: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            (depthwise_initializer, bias_initializer),
            border,
            flip,
            **kwargs,
        )
        self.depth_multiplier = whole("depth_multiplier", depth_multiplier)

    def _output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *self._spread(input_shape), (input_shape[-1] or 0) * self.depth_multiplier)

    def _build(self, input_shape: Shape) -> None:
        channels = input_shape[-1] or 0
        self._add_weights((*self.kernel_size, channels, self.depth_multiplier), channels * self.depth_multiplier)

    def _make(self) -> tuple[EngineLayer, ...]:
        return (self._conv_of_each(self.kernel, self.bias), *self._function())


class DepthwiseConv2D(_DepthwiseConv):
    """Two-dimensional convolution of each channel by itself, with `depth_multiplier` kernels for each.

    Its weights are the kernel (kh, kw, channels, depth_multiplier) and the bias (channels * depth_multiplier,).

    Parameters
    ----------
    kernel_size, strides, dilation_rate : int or (int, int)
    padding : {'valid', 'same'}
    depth_multiplier : int
        Maps that are made of each channel.
    data_format, activation, use_bias, depthwise_initializer, bias_initializer, border, flip
        As in `Conv2D`.
    depthwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint, bias_constraint
        Keras's; without an effect, as nothing is trained here.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> layer = DepthwiseConv2D(2, depth_multiplier=2)
    >>> layer(np.zeros((1, 4, 6, 3))).shape, layer.kernel.shape
    ((1, 3, 5, 6), (2, 2, 3, 2))
    """

    axes = 2


class DepthwiseConv1D(_DepthwiseConv):
    """One-dimensional convolution of each channel by itself; see `DepthwiseConv2D`.

    Its weights are the kernel (k, channels, depth_multiplier) and the bias (channels * depth_multiplier,).

    Examples
    --------
    >>> import numpy as np
    >>> layer = DepthwiseConv1D(3, padding="same", depthwise_initializer="ones")
    >>> layer(np.ones((1, 4, 1))).ravel().tolist()
    [2.0, 3.0, 3.0, 2.0]
    """

    axes = 1
