"""Convolutions by Keras's names, with a border and a flip of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.layers.arguments import whole
from convgui.layers.convolution import Convolution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape
    from convgui.layers.base import Layer


class _Conv(Convolution):
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

    def _output_shape(self, input_shape: Shape) -> Shape:
        return (input_shape[0], *self._spread(input_shape), self.filters)

    def _build(self, input_shape: Shape) -> None:
        channels = input_shape[-1] or 0
        if channels % self.groups:
            raise ValueError(f"Expected groups that divide the {channels} channels of the input, received {self.groups}.")
        self._add_weights((*self.kernel_size, channels // self.groups, self.filters), self.filters)

    def _make(self) -> tuple[EngineLayer, ...]:
        return (self._conv(self.kernel.value, self.groups, self.bias), *self._function())


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

    >>> import numpy as np
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
    >>> import numpy as np
    >>> layer = Conv1D(1, 2, padding="causal", kernel_initializer="ones")
    >>> layer(np.arange(4.0).reshape(1, 4, 1)).ravel().tolist()
    [0.0, 1.0, 3.0, 5.0]
    """

    axes = 1
    paddings = ("valid", "same", "causal")
