"""What convolutions have in common: where they read, what is added, the function at the end, and the engine's layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.arguments import short
from convgui.engine.layers.conv import Conv
from convgui.engine.names import setting_name
from convgui.layers.arguments import channels_last, one_of, reached, truth, wholes
from convgui.layers.base import Layer, Weight
from convgui.layers.functions import activation_layers, activation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


class Convolution(Layer):
    """What convolutions have in common: where they read, what is added, and the function at the end."""

    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")

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

    def _conv(self, weights: NDArray[np.float32], groups: int, bias: Weight | None, *, at_each_place: bool = False) -> Conv:
        """Return the engine's convolution with weights as Keras has them, (..., cin / groups, cout)."""
        if not np.isfinite(weights).all():
            raise ValueError(f"Expected finite numbers as weights of the layer {self.name}, received NaN or infinity.")
        bank = weights if self.axes == 2 else weights[None]
        return Conv(
            Kernel(bank.astype(np.float64), name=self.name),
            padding="valid" if at_each_place else self.padding,
            border=self.border,
            stride=(1, 1) if at_each_place else self._two(self.strides),
            dilation=(1, 1) if at_each_place else self._two(self.dilation_rate),
            groups=groups,
            bias=tuple(bias.value.tolist()) if bias else (0.0,),
            flip=self.flip,
            name=self.name,
        )

    def _conv_of_each(self, kernel: Weight, bias: Weight | None) -> Conv:
        """Return the engine's convolution of each channel by itself, with weights (..., channels, depth_multiplier).

        Its bank has the maps of all channels one after the other, each of which reads one channel.
        """
        *size, channels, _ = kernel.shape
        return self._conv(kernel.value.reshape(*size, 1, -1), channels, bias)

    def _function(self) -> tuple[EngineLayer, ...]:
        """Return the engine's layers for the activation."""
        return activation_layers(self.activation, "")

    @staticmethod
    def _two(numbers: tuple[int, ...]) -> tuple[int, int]:
        """Return numbers for rows and columns; a sequence has one row."""
        rows, cols = (1, *numbers)[-2:]
        return rows, cols
