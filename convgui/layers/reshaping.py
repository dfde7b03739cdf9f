"""Padding and upsampling by Keras's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.layers.pad import Pad
from convgui.engine.layers.resize import Resize
from convgui.layers.arguments import channels_last, one_of, pairs, whole, wholes
from convgui.layers.base import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape

    Pair = tuple[int, int]


class ZeroPadding2D(Layer):
    """Rows and columns of zeros around a picture.

    Parameters
    ----------
    padding : int, (int, int) or ((int, int), (int, int))
        On all sides; for rows and for columns; or ``((top, bottom), (left, right))``.
    data_format : 'channels_last', optional
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> ZeroPadding2D(((1, 0), (0, 2)))(np.ones((1, 1, 1, 1)))[0, :, :, 0].tolist()
    [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """

    axes = 2

    def __init__(self, padding: int | Sequence[Any] = (1, 1), data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = channels_last(data_format)
        self.padding = pairs("padding", padding)

    def _output_shape(self, input_shape: Shape) -> Shape:
        batch, rows, cols, channels = input_shape
        return batch, _longer(rows, self.padding[0]), _longer(cols, self.padding[1]), channels

    def _make(self) -> tuple[EngineLayer, ...]:
        return (Pad(*self.padding, name=self.name),)


class ZeroPadding1D(Layer):
    """Zeros before and after a sequence.

    Parameters
    ----------
    padding : int or (int, int)
        On both sides, or before and after.
    data_format : 'channels_last', optional
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> ZeroPadding1D((2, 0))(np.ones((1, 2, 1))).ravel().tolist()
    [0.0, 0.0, 1.0, 1.0]
    """

    axes = 1

    def __init__(self, padding: int | Sequence[int] = 1, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = channels_last(data_format)
        before, after = wholes("padding", padding, 2, least=0)
        self.padding = before, after

    def _output_shape(self, input_shape: Shape) -> Shape:
        batch, steps, channels = input_shape
        return batch, _longer(steps, self.padding), channels

    def _make(self) -> tuple[EngineLayer, ...]:
        return (Pad(cols=self.padding, name=self.name),)


class UpSampling2D(Layer):
    """A picture with each row and column several times, or with the values between them.

    Parameters
    ----------
    size : int or (int, int)
        How many times as many rows and columns there are.
    data_format : 'channels_last', optional
    interpolation : {'nearest', 'bilinear'}
        The value at the place is that of the nearest cell, or between those of the two nearest cells along each axis.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> UpSampling2D((1, 2), interpolation="bilinear")(np.array([[[[0.0], [1.0]]]])).ravel().tolist()
    [0.0, 0.25, 0.75, 1.0]
    """

    axes = 2

    def __init__(
        self,
        size: int | Sequence[int] = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = channels_last(data_format)
        rows, cols = wholes("size", size, 2)
        self.size = rows, cols
        self.interpolation = one_of("interpolation", interpolation, ("nearest", "bilinear"))

    def _output_shape(self, input_shape: Shape) -> Shape:
        batch, rows, cols, channels = input_shape
        return batch, _times(rows, self.size[0]), _times(cols, self.size[1]), channels

    def _make(self) -> tuple[EngineLayer, ...]:
        rows, cols = self.size
        return (Resize(scale=(float(rows), float(cols)), method=self.interpolation, name=self.name),)


class UpSampling1D(Layer):
    """A sequence with each step several times.

    Parameters
    ----------
    size : int
        How many times.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> UpSampling1D(2)(np.array([[[0.0], [1.0]]])).ravel().tolist()
    [0.0, 0.0, 1.0, 1.0]
    """

    axes = 1

    def __init__(self, size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = whole("size", size)

    def _output_shape(self, input_shape: Shape) -> Shape:
        batch, steps, channels = input_shape
        return batch, _times(steps, self.size), channels

    def _make(self) -> tuple[EngineLayer, ...]:
        return (Resize(scale=(1.0, float(self.size)), name=self.name),)


def _longer(size: int | None, cells: Pair) -> int | None:
    return None if size is None else size + sum(cells)


def _times(size: int | None, factor: int) -> int | None:
    return None if size is None else size * factor
