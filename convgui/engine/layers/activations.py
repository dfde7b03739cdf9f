"""Activation functions by their Keras names: what is done to each sum after the bias was added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[Any]

LEAK = 0.2
"""Slope of leaky ReLU below zero: Keras's default."""

_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


def _sigmoid(x: Floats) -> Floats:
    half = x * x.dtype.type(0.5)  # by tanh, which neither overflows nor loses small values
    return np.tanh(half) * x.dtype.type(0.5) + x.dtype.type(0.5)


def _gelu(x: Floats) -> Floats:
    """Tanh form (Hendrycks and Gimpel 2016), Keras's `gelu(x, approximate=True)`."""
    inner = x.dtype.type(np.sqrt(2 / np.pi)) * (x + x.dtype.type(0.044715) * x * x * x)
    return x.dtype.type(0.5) * x * (1 + np.tanh(inner))


def _scaled(x: Floats, number: float) -> Floats:
    return x * x.dtype.type(number)


_FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "leaky relu": lambda x: np.where(x < 0, _scaled(x, LEAK), x),
    "relu6": lambda x: np.clip(x, 0, 6),
    "abs": np.abs,
    "square": np.square,
    "sigmoid": _sigmoid,
    "hard sigmoid": lambda x: np.clip(_scaled(x, 1 / 6) + x.dtype.type(0.5), 0, 1),
    "tanh": np.tanh,
    "elu": lambda x: np.where(x < 0, np.expm1(np.minimum(x, 0)), x),
    "selu": lambda x: _scaled(np.where(x < 0, _scaled(np.expm1(np.minimum(x, 0)), _SELU_ALPHA), x), _SELU_SCALE),
    "softplus": lambda x: np.logaddexp(x, x.dtype.type(0)),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "silu": lambda x: x * _sigmoid(x),
    "gelu": _gelu,
    "step": lambda x: np.where(np.isnan(x), x, (x > 0).astype(x.dtype)),
}

AS_NUMPY = {
    "linear": "{x}",
    "relu": "np.maximum({x}, 0)",
    "leaky relu": f"(lambda x: np.where(x < 0, x * {LEAK}, x))({{x}})",
    "relu6": "np.clip({x}, 0, 6)",
    "abs": "np.abs({x})",
    "square": "np.square({x})",
    "sigmoid": "(np.tanh(0.5 * ({x})) * 0.5 + 0.5)",
    "hard sigmoid": "np.clip(({x}) * (1 / 6) + 0.5, 0, 1)",
    "tanh": "np.tanh({x})",
    "elu": "(lambda x: np.where(x < 0, np.expm1(np.minimum(x, 0)), x))({x})",
    "selu": f"(lambda x: {_SELU_SCALE} * np.where(x < 0, {_SELU_ALPHA} * np.expm1(np.minimum(x, 0)), x))({{x}})",
    "softplus": "np.logaddexp({x}, 0)",
    "softsign": "(lambda x: x / (1 + np.abs(x)))({x})",
    "silu": "(lambda x: x * (np.tanh(0.5 * x) * 0.5 + 0.5))({x})",
    "gelu": "(lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x))))({x})",
    "step": "(lambda x: np.where(np.isnan(x), x, x > 0))({x})",
}
"""Each as an expression in NumPy, with `{x}` for what it is applied to."""

ACTIVATIONS = tuple(_FUNCTIONS)

PRELU = "prelu"
"""The one function whose slope differs from map to map, or from place to place."""

PARAMETERS: dict[str, dict[str, float]] = {
    "relu": {"negative_slope": 0.0, "max_value": np.inf, "threshold": 0.0},
    "leaky relu": {"negative_slope": LEAK},
    "elu": {"alpha": 1.0},
    "gelu": {"approximate": 1.0},
    "hard sigmoid": {"alpha": 1 / 6, "beta": 0.5},
}
"""The parameters of each function that has some, by Keras's names, with what they usually are."""

NON_NEGATIVE = frozenset({"relu", "relu6", "abs", "square", "sigmoid", "hard sigmoid", "softplus", "step"})
"""Those whose value is never below zero."""


def activation_name(name: str | None) -> str:
    """Return the name as this module has it; `None` is linear, and ``leaky_relu`` is ``leaky relu``.

    Raises
    ------
    ValueError
        If there is no such function.
    """
    known = (name or "linear").lower().replace("_", " ")
    if known not in _FUNCTIONS:
        raise ValueError(f"Expected an activation of {', '.join(ACTIVATIONS)}, received {name!r}.")
    return known


def activate(x: Floats, name: str) -> Floats:
    """Return the activation of each value, in the dtype of `x`.

    Parameters
    ----------
    x : ndarray of float32 or float64
        Sums with their bias.
    name : str
        One of `ACTIVATIONS`; the definitions are Keras 3's (`abs`, `square` and `step` are their namesakes).

    Examples
    --------
    >>> activate(np.array([-1.0, 2.0]), "relu").tolist()
    [0.0, 2.0]
    """
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        return _FUNCTIONS[name](x)
