"""The slopes of the activation functions: the derivative of each of `definitions`, by which a value is followed back.

At a kink it is the slope of the side below, so that of ReLU at 0 is 0. A jump has no slope: it counts as flat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.definitions import DEFINITIONS
from convgui.engine.layers.error_function import normal_share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FAR = 60.0
"""From here on a smooth function has its slope at infinity, to the last digit."""


def slope(x: Floats, name: str, parameters: Mapping[str, float] | None = None) -> Floats:
    """Return the slope of a function at each value.

    Parameters
    ----------
    x : ndarray of float64
    name : str
        One of `ACTIVATIONS`.
    parameters : dict of float, optional
        Those that are not as usual.

    Examples
    --------
    >>> slope(np.array([-1.0, 0.0, 2.0]), "leaky relu", {"negative_slope": 0.5}).tolist()
    [0.5, 0.5, 1.0]
    """
    settings: dict[str, Any] = {**DEFINITIONS[name].parameters, **(parameters or {})}
    with np.errstate(all="ignore"):
        return np.asarray(SLOPES[name](x, **settings), np.float64)


def _sigmoid(x: Floats) -> Floats:
    return np.tanh(x * 0.5) * 0.5 + 0.5


def _bell(x: Floats) -> Floats:
    """Return the slope of the sigmoid, with all its digits on both sides."""
    power = np.exp(-np.abs(x))
    return power / np.square(1 + power)


def _peak(x: Floats) -> Floats:
    """Return the slope of tanh."""
    return 1 / np.square(np.cosh(x))


def _within(x: Floats, low: float, high: float) -> Floats:
    return ((x > low) & (x <= high)).astype(np.float64)


def _beyond(x: Floats, threshold: float) -> Floats:
    return (np.abs(x) > threshold).astype(np.float64)


def _relu(x: Floats, *, negative_slope: float, max_value: float, threshold: float) -> Floats:
    low = threshold if max_value == np.inf else max(threshold, 0.0)
    return _within(x, low, max_value) + negative_slope * (x <= threshold)


def _exponential_below(x: Floats, alpha: float, inner: float = 1.0) -> Floats:
    return np.where(x <= 0, alpha / inner * np.exp(np.minimum(x, 0) / inner), 1.0)


def _gelu(x: Floats, *, approximate: float) -> Floats:
    near = np.clip(x, -FAR, FAR)
    if not approximate:
        return normal_share(near) + near * np.exp(-0.5 * near * near) / np.sqrt(2 * np.pi)
    steep = np.sqrt(2 / np.pi)
    inner = steep * (near + 0.044715 * near**3)
    return 0.5 * (1 + np.tanh(inner)) + 0.5 * near * _peak(inner) * steep * (1 + 3 * 0.044715 * near * near)


def _hard_sigmoid(x: Floats, *, alpha: float = 1 / 6, beta: float = 0.5) -> Floats:
    inner = x * alpha + beta
    if alpha > 0:
        return alpha * _within(inner, 0.0, 1.0)
    return ((inner >= 0) & (inner < 1)).astype(np.float64) * alpha


def _silu(x: Floats, *, alpha: float) -> Floats:
    return _sigmoid(alpha * x) + alpha * x * _bell(alpha * x)


def _mish(x: Floats) -> Floats:
    near = np.clip(x, -10 * FAR, 10 * FAR)
    inner = np.logaddexp(near, 0)
    return np.tanh(inner) + near * _peak(inner) * _sigmoid(near)


def _squareplus(x: Floats, *, b: float) -> Floats:
    root = np.hypot(x, np.sqrt(b))
    return 0.5 + 0.5 * np.where(root > 0, x / root, -1.0)


SLOPES: dict[str, Callable[..., Any]] = {
    "linear": np.ones_like,
    "relu": _relu,
    "leaky relu": lambda x, *, negative_slope: np.where(x <= 0, negative_slope, 1.0),
    "relu6": lambda x: _within(x, 0, 6),
    "abs": lambda x: np.where(x > 0, 1.0, -1.0),
    "square": lambda x: 2 * x,
    "sigmoid": _bell,
    "hard sigmoid": _hard_sigmoid,
    "tanh": _peak,
    "elu": _exponential_below,
    "selu": lambda x, *, alpha, scale: scale * _exponential_below(x, alpha),
    "softplus": _sigmoid,
    "softsign": lambda x: 1 / np.square(1 + np.abs(x)),
    "silu": _silu,
    "gelu": _gelu,
    "step": np.zeros_like,
    "celu": lambda x, *, alpha: _exponential_below(x, alpha, alpha),
    "exponential": np.exp,
    "log sigmoid": lambda x: _sigmoid(-x),
    "mish": _mish,
    "hard silu": lambda x: x * _hard_sigmoid(x) + np.clip(x / 6 + 0.5, 0, 1),
    "hard tanh": lambda x: _within(x, -1, 1),
    "hard shrink": lambda x, *, threshold: _beyond(x, threshold),
    "soft shrink": lambda x, *, threshold: _beyond(x, threshold),
    "shrink": lambda x, *, threshold, bias: _beyond(x, threshold),
    "tanh shrink": lambda x: np.square(np.tanh(x)),
    "threshold": lambda x, *, threshold, default_value: _within(x, threshold, np.inf),
    "clip": lambda x, *, min_value, max_value: _within(x, min_value, max_value),
    "squareplus": _squareplus,
    "sparse plus": lambda x: np.where(x <= -1, 0.0, np.where(x < 1, 0.5 * (x + 1), 1.0)),
    "sparse sigmoid": lambda x: 0.5 * _within(x, -1, 1),
}
"""The slope of each function, by the names of `DEFINITIONS` and with the same parameters."""
