"""What convolutions have in common: where they read, what is added, the function at the end, and the engine's layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.arguments import short
from convgui.engine.layers.conv import Conv
from convgui.engine.names import setting_name
from convgui.layers.arguments import channels_last, one_of, reached, truth, wholes
from convgui.layers.base import Layer
from convgui.layers.functions import activation_layers, activation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


class Convolution(Layer):
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
