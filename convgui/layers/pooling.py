"""Pooling by Keras's names: the largest value or the mean of each patch, or of a whole map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from convgui.engine.layers.pool import Pool
from convgui.layers.arguments import channels_last, one_of, reached, truth, wholes
from convgui.layers.base import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


class _Pooling(Layer):
    reduce: ClassVar[str]

    def __init__(
        self,
        pool_size: int | Sequence[int],
        strides: int | Sequence[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        assert self.axes
        self.pool_size = wholes("pool_size", pool_size, self.axes)
        self.strides = self.pool_size if strides is None else wholes("strides", strides, self.axes)
        self.padding = one_of("padding", padding, ("valid", "same"))
        self.data_format = channels_last(data_format)

    def _output_shape(self, input_shape: Shape) -> Shape:
        batch, *sizes, channels = input_shape
        along = zip(sizes, self.pool_size, self.strides, strict=True)
        return (batch, *(reached(self.name, size, pool, step, 1, self.padding) for size, pool, step in along), channels)

    def _make(self) -> tuple[EngineLayer, ...]:
        ones = (1,) * (2 - len(self.pool_size))
        size, stride = (*ones, *self.pool_size), (*ones, *self.strides)
        return (Pool(self.reduce, size=size[:2], stride=stride[:2], padding=self.padding, name=self.name),)  # type: ignore[arg-type]


class MaxPooling2D(_Pooling):
    """The largest value of each patch of a picture; padding is never the largest.

    Parameters
    ----------
    pool_size : int or (int, int)
    strides : int or (int, int), optional
        The pool size by default.
    padding : {'valid', 'same'}
        `same` gives ``ceil(size / strides)`` cells.
    data_format : 'channels_last', optional
    name : str, optional
    **kwargs
        What else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> MaxPooling2D()(np.arange(16).reshape(1, 4, 4, 1))[0, :, :, 0].tolist()
    [[5.0, 7.0], [13.0, 15.0]]
    """

    axes, reduce = 2, "max"

    def __init__(
        self,
        pool_size: int | Sequence[int] = (2, 2),
        strides: int | Sequence[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class MaxPooling1D(_Pooling):
    """The largest value of each patch of a sequence; see `MaxPooling2D`.

    Examples
    --------
    >>> import numpy as np
    >>> MaxPooling1D()(np.arange(5).reshape(1, 5, 1)).ravel().tolist()
    [1.0, 3.0]
    """

    axes, reduce = 1, "max"

    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)


class AveragePooling2D(_Pooling):
    """The mean of each patch of a picture; padding is not counted. See `MaxPooling2D`; the pool size must be given.

    Examples
    --------
    >>> import numpy as np
    >>> AveragePooling2D(2)(np.arange(16).reshape(1, 4, 4, 1))[0, :, :, 0].tolist()
    [[2.5, 4.5], [10.5, 12.5]]
    """

    axes, reduce = 2, "mean"


class AveragePooling1D(_Pooling):
    """The mean of each patch of a sequence; padding is not counted. See `MaxPooling2D`; the pool size must be given.

    Examples
    --------
    >>> import numpy as np
    >>> AveragePooling1D(2, padding="same")(np.arange(5).reshape(1, 5, 1)).ravel().tolist()
    [0.5, 2.5, 4.0]
    """

    axes, reduce = 1, "mean"


class _GlobalPooling(Layer):
    reduce: ClassVar[str]

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = channels_last(data_format)
        self.keepdims = truth("keepdims", keepdims)

    def _output_shape(self, input_shape: Shape) -> Shape:
        batch, *sizes, channels = input_shape
        return (batch, *(1 for _ in sizes if self.keepdims), channels)

    def _make(self) -> tuple[EngineLayer, ...]:
        return (Pool(self.reduce, size=None, name=self.name),)


class GlobalMaxPooling2D(_GlobalPooling):
    """The largest value of each map of a picture.

    Parameters
    ----------
    data_format : 'channels_last', optional
    keepdims : bool
        Whether the output is (batch, 1, 1, channels) instead of (batch, channels).
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> GlobalMaxPooling2D()(np.arange(8).reshape(1, 2, 2, 2)).tolist()
    [[6.0, 7.0]]
    """

    axes, reduce = 2, "max"


class GlobalMaxPooling1D(_GlobalPooling):
    """The largest value of each channel of a sequence; see `GlobalMaxPooling2D`.

    Examples
    --------
    >>> import numpy as np
    >>> GlobalMaxPooling1D(keepdims=True)(np.arange(4).reshape(1, 4, 1)).tolist()
    [[[3.0]]]
    """

    axes, reduce = 1, "max"


class GlobalAveragePooling2D(_GlobalPooling):
    """The mean of each map of a picture; see `GlobalMaxPooling2D`.

    Examples
    --------
    >>> import numpy as np
    >>> GlobalAveragePooling2D()(np.arange(8).reshape(1, 2, 2, 2)).tolist()
    [[3.0, 4.0]]
    """

    axes, reduce = 2, "mean"


class GlobalAveragePooling1D(_GlobalPooling):
    """The mean of each channel of a sequence; see `GlobalMaxPooling2D`.

    Examples
    --------
    >>> import numpy as np
    >>> GlobalAveragePooling1D()(np.arange(4).reshape(1, 4, 1)).tolist()
    [[1.5]]
    """

    axes, reduce = 1, "mean"
