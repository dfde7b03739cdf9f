"""Two models on the same photo: how far what comes out of each layer differs; and a model with its numbers rounded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.network import evaluate
from convgui.engine.strategies.tiles import Window, never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.engine.network import Chain

AT_ONCE = 8_000_000
"""Values of a layer that are compared at a time."""

ROUNDINGS = ("float16", "int8")
"""How the numbers of a model can be rounded."""


class Difference(NamedTuple):
    """How far two models differ after a layer.

    Attributes
    ----------
    layer : int
        Counted from 1.
    largest : float
        The largest magnitude of a difference; infinite where one of both has no number and the other has.
    magnitude : float
        The largest magnitude of the first model's values.
    map, row, col : int
        Where the largest difference is.
    """

    layer: int
    largest: float
    magnitude: float
    map: int
    row: int
    col: int

    @property
    def part(self) -> float:
        """The largest difference as a part of the largest value."""
        return self.largest / self.magnitude if self.magnitude else (np.inf if self.largest else 0.0)

    def beyond(self, tolerance: float) -> bool:
        """Whether it is more than so large a part of the largest value."""
        return not self.part <= tolerance


def differences(
    one: Chain,
    other: Chain,
    cancelled: Callable[[], bool] = never,
    progress: Callable[[float], None] | None = None,
) -> Iterator[Difference]:
    """Yield how far two models differ after each layer, from the first to the last that both have.

    Raises
    ------
    ValueError
        When a layer is reached whose outputs have different shapes, or which does not fit.
    Cancelled
        If it was cancelled.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> photo = Source(np.array([[1.0, 2.0], [4.0, 0.0]]))
    >>> one, other = (Chain(photo, layers=(Conv(Kernel([[weight]])),)) for weight in (1.0, 1.5))
    >>> list(differences(one, other))
    [Difference(layer=1, largest=2.0, magnitude=4.0, map=0, row=1, col=0)]
    """
    count = min(len(one.layers), len(other.layers))
    for n in range(1, count + 1):
        shapes = one.shape(n), other.shape(n)
        if shapes[0] != shapes[1]:
            said = [f"{maps} maps of {rows} × {cols}" for maps, rows, cols in shapes]
            raise ValueError(f"Expected the same shape after layer {n} of both models, received {said[0]} and {said[1]}.")
        yield _difference(one, other, n, cancelled)
        if progress is not None:
            progress(n / count)


def _difference(one: Chain, other: Chain, n: int, cancelled: Callable[[], bool]) -> Difference:
    maps, rows, cols = one.shape(n)
    high = max(AT_ONCE // max(maps * cols, 1), 1)
    found = Difference(n, -1.0, 0.0, 0, 0, 0)
    for top in range(0, rows, high):
        window = Window(top, 0, min(high, rows - top), cols)
        first, second = (evaluate(chain, window, upto=n, cancelled=cancelled) for chain in (one, other))
        magnitude = max(found.magnitude, float(np.abs(first[np.isfinite(first)]).max(initial=0.0)))
        apart = _apart(first, second)
        map, row, col = (int(at) for at in np.unravel_index(int(apart.argmax()), apart.shape))
        largest = float(apart[map, row, col])
        found = found._replace(magnitude=magnitude)
        if largest > found.largest:
            found = Difference(n, largest, magnitude, map, row + top, col)
    return found


def _apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return magnitudes of differences; 0 where both are the same infinity or no number, infinity where one of both is."""
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(one - other)
    same = (one == other) | (np.isnan(one) & np.isnan(other))
    apart[same] = 0.0
    apart[np.isnan(apart)] = np.inf
    return apart


def rounded(layers: Sequence[Layer], how: str) -> tuple[Layer, ...]:
    """Return layers whose numbers are rounded, as they would be stored.

    ``float16`` rounds all parameters. ``int8`` gives each filter of a convolution 255 steps from the least to the largest
    magnitude, as ONNX Runtime does for weights by channel; biases and other parameters stay.

    Raises
    ------
    ValueError
        If there is no such way.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> rounded((Conv(Kernel([[1.27, 0.123]])),), "int8")[0].kernel.weights.round(6).tolist()
    [[1.27, 0.12]]
    """
    if how not in ROUNDINGS:
        raise ValueError(f"Expected a rounding of {', '.join(ROUNDINGS)}, received {how!r}.")
    return tuple(_rounded(layer, how) for layer in layers)


def _rounded(layer: Layer, how: str) -> Layer:
    if isinstance(layer, Conv):
        weights = layer.kernel.weights
        if how == "int8":
            return replace(layer, kernel=layer.kernel.with_weights(_in_steps(weights)))
        return replace(layer, kernel=layer.kernel.with_weights(_half(weights)), bias=_halves(layer.bias))
    if how == "float16" and isinstance(layer, Affine):
        return replace(layer, scale=_halves(layer.scale), offset=_halves(layer.offset))
    if how == "float16" and isinstance(layer, Activation) and layer.slopes is not None:
        return replace(layer, slopes=_half(layer.slopes).astype(np.float32))
    return layer


def _in_steps(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights as whole multiples of a step, one for each filter: 127 of them reach the largest magnitude."""
    axes = (0, 1, 2) if weights.ndim == 4 else None
    step = np.abs(weights).max(axis=axes, keepdims=True) / 127
    step[step == 0] = 1.0
    stepped: NDArray[np.float64] = np.rint(weights / step) * step
    return stepped


def _half(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return values as float16 holds them; what is beyond it becomes its largest."""
    most = float(np.finfo(np.float16).max)
    return np.clip(values, -most, most).astype(np.float16).astype(np.float64)


def _halves(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(_half(np.array(values, np.float64)).tolist())
