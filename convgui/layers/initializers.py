"""What weights are before somebody sets them: Keras's initializers by their names, an array, or a function of a shape."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.masked import unmasked
from convgui.layers.arguments import float32_of, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Values = NDArray[np.float32]

_random = np.random.default_rng(0)
"""One generator for all layers, so that a script has the same numbers each time that it runs."""

_SCALES = {
    "glorot": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he": lambda fan_in, fan_out: 2 / fan_in,
    "lecun": lambda fan_in, fan_out: 1 / fan_in,
}
"""The variance of what is drawn (Glorot and Bengio 2010, He et al. 2015, LeCun et al. 1998)."""

_CONSTANTS = {"zeros": 0.0, "ones": 1.0}

_SCALED = {f"{name}_{form}": (name, form) for name in _SCALES for form in ("uniform", "normal")}

NAMES = (*_CONSTANTS, *_SCALED, "random_uniform", "random_normal")


def initializer(what: str, given: Any) -> Callable[[tuple[int, ...]], Values]:
    """Return the function that makes weights of a shape.

    Parameters
    ----------
    what : str
        The argument's name, for the sentence.
    given : str, array_like, or callable
        One of `NAMES`, also in camel case (``GlorotUniform``); the values themselves; or a function that is given the shape.

    Raises
    ------
    ValueError
        If it is none of these, or, once it is asked, if its values do not have the shape.

    Examples
    --------
    >>> initializer("bias_initializer", "ones")((2,))
    array([1., 1.], dtype=float32)
    """
    if isinstance(given, str):
        plain = {name.replace("_", ""): name for name in NAMES}
        name = plain.get(given.lower().replace("_", "")) or one_of(what, given, NAMES)
        return lambda shape: _named(name, shape)
    if callable(given):
        return lambda shape: checked(what, given(shape), shape)
    return lambda shape: checked(what, given, shape)


def checked(what: str, values: Any, shape: tuple[int, ...]) -> Values:
    """Return values as a read-only array of float32 with that shape.

    Raises
    ------
    ValueError
        If they are no real numbers, have another shape, or float32 cannot hold them.
    """
    if np.ma.isMaskedArray(values):
        values = unmasked(values, what)
    try:
        array = np.asarray(values)
    except ValueError:
        array = np.array(None)
    held = np.array(float32_of(what, array))
    if held.shape != shape:
        raise ValueError(f"Expected {what} of the shape {shape}, received the shape {held.shape}.")
    held.flags.writeable = False
    return held


def _named(name: str, shape: tuple[int, ...]) -> Values:
    if name in _CONSTANTS:
        drawn = np.full(shape, _CONSTANTS[name])
    elif name == "random_uniform":
        drawn = _random.uniform(-0.05, 0.05, shape)
    elif name == "random_normal":
        drawn = _random.normal(0, 0.05, shape)
    else:
        scale, form = _SCALED[name]
        variance = _SCALES[scale](*_fans(shape))
        drawn = _random.uniform(-1, 1, shape) * math.sqrt(3 * variance)
        if form == "normal":
            drawn = _truncated(shape) * math.sqrt(variance)
    return checked(name, drawn, shape)


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many numbers a weight's sum reads, and how many sums read a number."""
    if len(shape) < 2:
        return max(shape[0], 1), max(shape[0], 1)
    cells = math.prod(shape[:-2])
    return cells * shape[-2], cells * shape[-1]


def _truncated(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return normal numbers of variance 1, of which those beyond two deviations are drawn again."""
    drawn = _random.normal(size=shape)
    while (beyond := np.abs(drawn) > 2).any():
        drawn[beyond] = _random.normal(size=int(beyond.sum()))
    return drawn / 0.87962566103423978
