"""Convolutions by Keras's names, with a border and a flip of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.arguments import short
from convgui.engine.layers.conv import Conv
from convgui.engine.names import setting_name
from convgui.layers.activation import activation_layers, activation_of
from convgui.layers.arguments import channels_last, one_of, reached, truth, whole, wholes
from convgui.layers.base import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


class _Convolution(Layer):
    """What convolutions have in common: where they read, what is added, and the function at the end."""

    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")
    groups: int

    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int],
        padding: str,
        data_format: str | None,
        dilation_rate: int | Sequence[int],
        activation: str | Layer | None,
        use_bias: bool,
        initializers: tuple[Any, Any],
        border: str,
        flip: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        assert self.axes
        self.kernel_size = wholes("kernel_size", kernel_size, self.axes)
        self.strides = wholes("strides", strides, self.axes)
        self.dilation_rate = wholes("dilation_rate", dilation_rate, self.axes)
        self.padding = self._padding(padding)
        self.data_format = channels_last(data_format)
        self.activation = activation_of(activation)
        self.use_bias = truth("use_bias", use_bias)
        self.border = setting_name("border", border)
        self.flip = truth("flip", flip)
        self._initializers = initializers

    def _padding(self, given: Any) -> str:
        if self.axes == 2 and isinstance(given, str) and given.lower() == "causal":
            raise ValueError("Expected padding of valid, same, received 'causal', which is for the steps of a Conv1D.")
        if isinstance(given, int | list | tuple) and not isinstance(given, bool):
            raise ValueError(
                f"Expected padding of {', '.join(self.paddings)}, received {short(given)}: cells on each side are added by "
                f"a ZeroPadding{self.axes}D before this layer."
            )
        return one_of("padding", given, self.paddings)

    def _spread(self, input_shape: Shape) -> tuple[int | None, ...]:
        """Return the sizes of the output."""
        along = zip(input_shape[1:-1], self.kernel_size, self.strides, self.dilation_rate, strict=True)
        return tuple(reached(self.name, *numbers, self.padding) for numbers in along)

    def _add_weights(self, shape: tuple[int, ...], maps: int) -> None:
        self.kernel = self._add_weight("kernel", shape, self._initializers[0])
        self.bias = self._add_weight("bias", (maps,), self._initializers[1]) if self.use_bias else None

    def _bank(self) -> NDArray[np.float32]:
        """Return the weights as the engine has them: (kh, kw, cin / groups, cout)."""
        return self.kernel.value if self.axes == 2 else self.kernel.value[None]

    def _make(self) -> tuple[EngineLayer, ...]:
        bank = self._bank()
        if not np.isfinite(bank).all():
            raise ValueError(f"Expected finite numbers as weights of the layer {self.name}, received NaN or infinity.")
        ones = (1,) * (2 - len(self.strides))
        conv = Conv(
            Kernel(bank.astype(np.float64), name=self.name),
            padding=self.padding,
            border=self.border,
            stride=(*ones, *self.strides)[:2],  # type: ignore[arg-type]
            dilation=(*ones, *self.dilation_rate)[:2],  # type: ignore[arg-type]
            groups=self.groups or bank.shape[3],
            bias=tuple(self.bias.value.tolist()) if self.bias else (0.0,),
            flip=self.flip,
            name=self.name,
        )
        return (conv, *activation_layers(self.activation, self.name))


class _Conv(_Convolution):
    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: int | Sequence[int] = 1,
        groups: int = 1,
        activation: str | Layer | None = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
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
            (kernel_initializer, bias_initializer),
            border,
            flip,
            **kwargs,
        )
        self.filters, self.groups = whole("filters", filters), whole("groups", groups)
        if self.filters % self.groups:
            raise ValueError(f"Expected groups that divide the {self.filters} filters, received {self.groups}.")
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                "Expected strides of 1 with a dilation_rate above 1, or the other way round, received strides of "
                f"{self.strides} and a dilation_rate of {self.dilation_rate}."
            )

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the output, batch first."""
        return (input_shape[0], *self._spread(input_shape), self.filters)

    def _build(self, input_shape: Shape) -> None:
        channels = input_shape[-1] or 0
        if channels % self.groups:
            raise ValueError(f"Expected groups that divide the {channels} channels of the input, received {self.groups}.")
        self._add_weights((*self.kernel_size, channels // self.groups, self.filters), self.filters)


class Conv2D(_Conv):
    """Two-dimensional convolution, as deep learning calls it: each filter is laid on the input, multiplied and summed.

    Its weights are the kernel (kh, kw, channels / groups, filters) and the bias (filters,).

    Parameters
    ----------
    filters : int
        Maps of the output.
    kernel_size, strides, dilation_rate : int or (int, int)
        Along rows and columns; not both strides and dilation above 1.
    padding : {'valid', 'same'}
        `same` gives ``ceil(size / strides)`` cells, the odd cell of padding after.
    data_format : 'channels_last', optional
    groups : int
        Channels and filters are split into so many groups.
    activation : str or Layer, optional
        A name that `Activation` takes, or an activation layer without weights.
    use_bias : bool
    kernel_initializer, bias_initializer : str, array_like or callable
        What the weights are until they are set: a name of Keras's, the values, or a function of their shape.
    kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint
        Keras's; without an effect, as nothing is trained here.
    border : {'zeros', 'replicate', 'reflect', 'symmetric', 'wrap'}
        What lies outside the input, where Keras has zeros.
    flip : bool
        Turn each kernel by 180 degrees first: mathematical convolution.
    **kwargs
        `name`, `input_shape` and what else `Layer` takes.

    Raises
    ------
    ValueError
        If an argument has no meaning, or two of them contradict each other.

    Examples
    --------
    The input is (batch, rows, columns, channels), the output (batch, rows, columns, filters):

    >>> layer = Conv2D(1, (1, 2), kernel_initializer=[[[[-1]], [[1]]]])
    >>> layer(np.array([[[[0], [0], [1], [1]]]])).shape
    (1, 1, 3, 1)
    >>> layer(np.array([[[[0], [0], [1], [1]]]])).ravel().tolist()
    [0.0, 1.0, 0.0]
    """

    axes = 2


class Conv1D(_Conv):
    """One-dimensional convolution of (batch, steps, channels); see `Conv2D` for the arguments.

    Its weights are the kernel (k, channels / groups, filters) and the bias (filters,). `padding` may be ``causal`` as well:
    then an output reads no step that comes after it.

    Examples
    --------
    >>> layer = Conv1D(1, 2, padding="causal", kernel_initializer="ones")
    >>> layer(np.arange(4.0).reshape(1, 4, 1)).ravel().tolist()
    [0.0, 1.0, 3.0, 5.0]
    """

    axes = 1
    paddings = ("valid", "same", "causal")


class _DepthwiseConv(_Convolution):
    groups = 0  # as many as the input has channels

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

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the output, batch first."""
        return (input_shape[0], *self._spread(input_shape), (input_shape[-1] or 0) * self.depth_multiplier)

    def _build(self, input_shape: Shape) -> None:
        channels = input_shape[-1] or 0
        self._add_weights((*self.kernel_size, channels, self.depth_multiplier), channels * self.depth_multiplier)

    def _bank(self) -> NDArray[np.float32]:
        """Return the weights with the maps of all channels one after the other, each of which reads one channel."""
        weights = super()._bank()
        return weights.reshape(*weights.shape[:2], 1, -1)

    def _make(self) -> tuple[EngineLayer, ...]:
        self.groups = self.kernel.shape[-2]
        return super()._make()


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
    >>> layer = DepthwiseConv1D(3, padding="same", depthwise_initializer="ones")
    >>> layer(np.ones((1, 4, 1))).ravel().tolist()
    [2.0, 3.0, 3.0, 2.0]
    """

    axes = 1
