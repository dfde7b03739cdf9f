"""Dropout by Keras's names: of use in training alone, it passes on what it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.layers.arguments import short
from convgui.layers.arguments import channels_last, number
from convgui.layers.base import Layer

if TYPE_CHECKING:
    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape


class Dropout(Layer):
    """What it reads, unchanged, as Keras's after training.

    Parameters
    ----------
    rate : float
        From 0 to 1; of use in training alone.
    noise_shape, seed
        Keras's; without an effect.
    **kwargs
        `name` and what else `Layer` takes.

    Examples
    --------
    >>> Dropout(0.5)([[1, 2]]).tolist()
    [[1.0, 2.0]]
    """

    def __init__(self, rate: float, noise_shape: Any = None, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = number("rate", rate, 0)
        if self.rate > 1:
            raise ValueError(f"Expected rate as a number from 0 to 1, received {short(rate)}.")

    def _output_shape(self, input_shape: Shape) -> Shape:
        return input_shape

    def _make(self) -> tuple[EngineLayer, ...]:
        return ()


class SpatialDropout1D(Dropout):
    """What it reads, unchanged; see `Dropout`."""

    axes = 1

    def __init__(self, rate: float, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(rate, None, seed, **kwargs)


class SpatialDropout2D(Dropout):
    """What it reads, unchanged; see `Dropout`."""

    axes = 2

    def __init__(self, rate: float, data_format: str | None = None, seed: Any = None, **kwargs: Any) -> None:
        super().__init__(rate, None, seed, **kwargs)
        self.data_format = channels_last(data_format)
