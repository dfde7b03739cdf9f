"""The shape of what a model reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.layers.arguments import short
from convgui.layers.arguments import whole
from convgui.layers.base import Layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


class InputLayer(Layer):
    """The input of a model: a batch of pictures, of sequences, or of vectors.

    Parameters
    ----------
    shape : sequence of int or None
        Without the batch: (rows, columns, channels), (steps, channels) or (channels,). Rows, columns and steps may be None,
        then any number of them will do.
    batch_size : int, optional
        How many there are in a batch; any number by default.
    dtype : 'float32', optional
    batch_shape : sequence of int or None, optional
        Instead of shape and batch_size.
    name : str, optional

    Raises
    ------
    ValueError
        If the shape is none of these.

    Examples
    --------
    >>> InputLayer((8, 8, 1)).batch_shape
    (None, 8, 8, 1)
    """

    def __init__(
        self,
        shape: Sequence[int | None] | None = None,
        batch_size: int | None = None,
        dtype: Any = None,
        batch_shape: Sequence[int | None] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if (shape is None) == (batch_shape is None) or (batch_shape is not None and batch_size is not None):
            raise ValueError("Expected the shape of an input, or else its batch_shape, received neither or both.")
        whole_shape = batch_shape if batch_shape is not None else (batch_size, *sides(shape))
        self.batch_shape = input_shape_of(whole_shape)
        self.built = True

    def _output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def _make(self) -> tuple[EngineLayer, ...]:
        return ()


def Input(
    shape: Sequence[int | None] | None = None,
    batch_size: int | None = None,
    dtype: Any = None,
    batch_shape: Sequence[int | None] | None = None,
    name: str | None = None,
) -> InputLayer:
    """Return the input of a model, for the beginning of a `Sequential`; see `InputLayer`.

    Examples
    --------
    >>> Input((None, 2)).batch_shape
    (None, None, 2)
    """
    return InputLayer(shape, batch_size, dtype, batch_shape, name)


def input_shape_of(shape: Any) -> Shape:
    """Return the shape of an input, batch first.

    Raises
    ------
    ValueError
        If it is no shape of pictures, sequences or vectors.

    >>> input_shape_of([None, 6, 1])
    (None, 6, 1)
    """
    found = sides(shape)
    if not 2 <= len(found) <= 4:
        raise ValueError(
            "Expected an input of (rows, columns, channels), (steps, channels) or (channels,) after the batch, received "
            f"{short(found[1:])}."
        )
    if found[-1] is None:
        raise ValueError(f"Expected the number of channels at the end of the input's shape, received {short(shape)}.")
    return tuple(None if side is None else whole("each side of a shape", side, most=None) for side in found)


def sides(shape: Any) -> tuple[Any, ...]:
    """Return a shape as a tuple."""
    try:
        return tuple(shape)
    except TypeError:
        raise ValueError(f"Expected a shape such as (8, 8, 1), received {short(shape)}.") from None
