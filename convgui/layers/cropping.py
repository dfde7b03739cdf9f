"""Cropping by Keras's names: cells cut off at the edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.layers.pad import Pad
from convgui.layers.arguments import channels_last, pairs, wholes
from convgui.layers.base import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


class _Cropping(Layer):
    cropping: Any

    def _left(self, size: int | None, cells: tuple[int, int]) -> int | None:
        """Return what is left of an axis."""
        if size is not None and size <= sum(cells):
            raise ValueError(f"The layer {self.name} cuts {cells[0]} and {cells[1]} cells off, received an axis of {size}.")
        return None if size is None else size - sum(cells)


class Cropping2D(_Cropping):
    """A picture with rows and columns cut off.

    Parameters
    ----------
    cropping : int, (int, int) or ((int, int), (int, int))
        On all sides; for rows and for columns; or ``((top, bottom), (left, right))``.
    data_format : 'channels_last', optional
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> Cropping2D(((1, 0), (0, 2)))(np.arange(12).reshape(1, 3, 4, 1))[0, :, :, 0].tolist()
    [[4.0, 5.0], [8.0, 9.0]]
    """

    axes = 2

    def __init__(
        self, cropping: int | Sequence[Any] = ((0, 0), (0, 0)), data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = channels_last(data_format)
        self.cropping = pairs("cropping", cropping)

    def _output_shape(self, input_shape: Shape) -> Shape:
        batch, rows, cols, channels = input_shape
        return batch, self._left(rows, self.cropping[0]), self._left(cols, self.cropping[1]), channels

    def _make(self) -> tuple[EngineLayer, ...]:
        (top, bottom), (left, right) = self.cropping
        return (Pad((-top, -bottom), (-left, -right), name=self.name),)


class Cropping1D(_Cropping):
    """A sequence with steps cut off.

    Parameters
    ----------
    cropping : int or (int, int)
        On both sides, or before and after.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> import numpy as np
    >>> Cropping1D((0, 2))(np.arange(4).reshape(1, 4, 1)).ravel().tolist()
    [0.0, 1.0]
    """

    axes = 1

    def __init__(self, cropping: int | Sequence[int] = (1, 1), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        before, after = wholes("cropping", cropping, 2, least=0)
        self.cropping = before, after

    def _output_shape(self, input_shape: Shape) -> Shape:
        batch, steps, channels = input_shape
        return batch, self._left(steps, self.cropping), channels

    def _make(self) -> tuple[EngineLayer, ...]:
        before, after = self.cropping
        return (Pad(cols=(-before, -after), name=self.name),)
