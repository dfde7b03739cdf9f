"""Separable convolutions, by Keras's names: each channel by itself, then a sum of the maps at each place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.layers.arguments import whole
from convgui.layers.convolution import Convolution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape
    from convgui.layers.base import Layer


class _SeparableConv(Convolution):
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        depth_multiplier: int = 1,
        activation: str | Layer | None = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
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
        self.filters, self.depth_multiplier = whole("filters", filters), whole("depth_multiplier", depth_multiplier)
        self._pointwise_initializer = pointwise_initializer

    def _output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *self._spread(input_shape), self.filters)

    def _build(self, input_shape: Shape) -> None:
        channels = input_shape[-1] or 0
        between = channels * self.depth_multiplier
        one = (1,) * len(self.kernel_size)
        shape = (*self.kernel_size, channels, self.depth_multiplier)
        self.depthwise_kernel = self._add_weight("depthwise_kernel", shape, self._initializers[0])
        self.pointwise_kernel = self._add_weight(
            "pointwise_kernel", (*one, between, self.filters), self._pointwise_initializer
        )
        self.bias = self._add_weight("bias", (self.filters,), self._initializers[1]) if self.use_bias else None

    def _make(self) -> tuple[EngineLayer, ...]:
        return (
            self._conv_of_each(self.depthwise_kernel, None),
            self._conv(self.pointwise_kernel.value, 1, self.bias, at_each_place=True),
            *self._function(),
        )


class SeparableConv2D(_SeparableConv):
    """Two-dimensional convolution of each channel by itself, and then sums of what it made, one for each filter.

    Its weights are the depthwise kernel (kh, kw, channels, depth_multiplier), the pointwise kernel
    (1, 1, channels * depth_multiplier, filters) and the bias (filters,).

    Parameters
    ----------
    filters : int
        Maps of the output.
    kernel_size, strides, dilation_rate : int or (int, int)
    padding : {'valid', 'same'}
    depth_multiplier : int
        Maps that are made of each channel before the sums.
    data_format, activation, use_bias, depthwise_initializer, pointwise_initializer, bias_initializer, border, flip
        As in `Conv2D`.
    depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer, depthwise_constraint
        Keras's, as are pointwise_constraint and bias_constraint; without an effect, as nothing is trained here.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> layer = SeparableConv2D(5, 3, depth_multiplier=2)
    >>> layer(np.zeros((1, 8, 8, 3))).shape, [weight.shape for weight in layer.weights]
    ((1, 6, 6, 5), [(3, 3, 3, 2), (1, 1, 6, 5), (5,)])
    """

    axes = 2


class SeparableConv1D(_SeparableConv):
    """One-dimensional convolution of each channel by itself, and then sums of what it made; see `SeparableConv2D`.

    Examples
    --------
    >>> import numpy as np
    >>> layer = SeparableConv1D(1, 2, depthwise_initializer="ones", pointwise_initializer=[[[1.0], [10.0]]])
    >>> layer(np.array([[[1, 0], [2, 0], [3, 1]]])).ravel().tolist()
    [3.0, 15.0]
    """

    axes = 1
