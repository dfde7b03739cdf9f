"""The definitions of the activation functions: what each does to an array, and the same as an expression in NumPy.

They are Keras 3's where it has one of that name, else ONNX's; NaN stays NaN in all of them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.layers.error_function import normal_share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[Any]

LEAK = 0.2
"""Slope of leaky ReLU below zero: Keras's default."""

_INF = np.inf
_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


class Definition(NamedTuple):
    """A function of one number.

    Attributes
    ----------
    apply : callable
        Takes an array of float32 or float64 and the parameters by name, returns an array of that dtype.
    code : str, or callable returning str
        The same as an expression in NumPy, with `{x}` and the names of the parameters; or what makes it of the parameters.
    parameters : dict of float
        What the parameters usually are.
    non_negative : callable or bool
        Whether its value is never below zero, with given parameters.
    """

    apply: Callable[..., Floats]
    code: str | Callable[..., str]
    parameters: Mapping[str, float] = MappingProxyType({})
    non_negative: Callable[..., bool] | bool = False


def _sigmoid(x: Floats) -> Floats:
    half = x * x.dtype.type(0.5)  # by tanh, which neither overflows nor loses small values
    return np.tanh(half) * x.dtype.type(0.5) + x.dtype.type(0.5)


def _softplus(x: Floats) -> Floats:
    return np.logaddexp(x, x.dtype.type(0))


def _scaled(x: Floats, number: float) -> Floats:
    return x * x.dtype.type(number)


def _relu(x: Floats, *, negative_slope: float, max_value: float, threshold: float) -> Floats:
    out = np.maximum(x, 0) if threshold == 0 else np.where(x <= threshold, 0 * x.dtype.type(0), x)
    if max_value != np.inf:
        out = np.clip(out, 0, x.dtype.type(max_value))
    if negative_slope:
        out -= _scaled(np.maximum(x.dtype.type(threshold) - x, 0), negative_slope)
    return out


def _leaky_relu(x: Floats, *, negative_slope: float) -> Floats:
    if 0 < negative_slope < 1:  # the larger of the two is the right one on either side, NaN and infinity included
        scaled = _scaled(x, negative_slope)
        return np.maximum(x, scaled, out=scaled)
    return np.where(x < 0, _scaled(x, negative_slope), x)


def _exponential_below(x: Floats, alpha: float, inner: float = 1.0) -> Floats:
    below = np.minimum(x, 0)
    return np.where(x < 0, _scaled(np.expm1(below if inner == 1 else below / x.dtype.type(inner)), alpha), x)


def _gelu(x: Floats, *, approximate: float) -> Floats:
    """By the normal distribution's share below x, or by tanh (Hendrycks and Gimpel 2016)."""
    if not approximate:
        return (x * normal_share(x)).astype(x.dtype)
    inner = x.dtype.type(np.sqrt(2 / np.pi)) * (x + x.dtype.type(0.044715) * x * x * x)
    return x.dtype.type(0.5) * x * (1 + np.tanh(inner))


def _hard_sigmoid(x: Floats, *, alpha: float = 1 / 6, beta: float = 0.5) -> Floats:
    return np.clip(_scaled(x, alpha) + x.dtype.type(beta), 0, 1)


def _shrink(x: Floats, *, threshold: float, bias: float) -> Floats:
    limit, moved = x.dtype.type(threshold), x.dtype.type(bias)
    return np.where(x > limit, x - moved, np.where(x < -limit, x + moved, np.where(np.isnan(x), x, 0 * moved)))


def _squareplus(x: Floats, *, b: float) -> Floats:
    """Half of x + sqrt(x * x + b); below zero as a quotient, where the sum would lose its digits."""
    root = np.hypot(x, x.dtype.type(np.sqrt(b)))
    return np.where(x < 0, x.dtype.type(b / 2) / (root + np.abs(x)), x.dtype.type(0.5) * x + x.dtype.type(0.5) * root)


def _sparse_plus(x: Floats) -> Floats:
    return np.where(x <= -1, 0 * x.dtype.type(0), np.where(x < 1, x.dtype.type(0.25) * np.square(x + 1), x))


def _in_float64(function: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    """Return a function that loses its digits near zero, computed with more of them."""
    return lambda x: function(x.astype(np.float64)).astype(x.dtype)


def _of(body: str) -> str:
    """Return an expression that needs its argument more than once."""
    return f"(lambda x: {body})({{x}})"


def _gelu_code(*, approximate: float) -> str:
    if approximate:
        return _of("0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x)))")
    return _of("x * np.vectorize(__import__('math').erfc)(x * -np.sqrt(0.5)) / 2")


def _relu_code(*, negative_slope: float, max_value: float, threshold: float) -> str:
    """Return the expression with as much in it as the parameters ask for."""
    code = "np.maximum(x, 0)" if threshold == 0 else f"np.where(x <= {threshold!r}, 0, x)"
    code = code if max_value == _INF else f"np.clip({code}, 0, {max_value!r})"
    code = f"{code} - {negative_slope!r} * np.maximum({threshold!r} - x, 0)" if negative_slope else code
    return "np.maximum({x}, 0)" if code == "np.maximum(x, 0)" else _of(code)


DEFINITIONS: dict[str, Definition] = {
    "linear": Definition(lambda x: x, "{x}"),
    "relu": Definition(
        _relu,
        _relu_code,
        {"negative_slope": 0.0, "max_value": _INF, "threshold": 0.0},
        lambda negative_slope, max_value, threshold: (
            negative_slope <= 0 <= max_value and (threshold >= 0 or max_value < _INF)
        ),
    ),
    "leaky relu": Definition(
        _leaky_relu,
        _of("np.where(x < 0, x * {negative_slope}, x)"),
        {"negative_slope": LEAK},
        lambda negative_slope: negative_slope <= 0,
    ),
    "relu6": Definition(lambda x: np.clip(x, 0, 6), "np.clip({x}, 0, 6)", non_negative=True),
    "abs": Definition(np.abs, "np.abs({x})", non_negative=True),
    "square": Definition(np.square, "np.square({x})", non_negative=True),
    "sigmoid": Definition(_sigmoid, "(np.tanh(0.5 * ({x})) * 0.5 + 0.5)", non_negative=True),
    "hard sigmoid": Definition(
        _hard_sigmoid, "np.clip(({x}) * {alpha} + {beta}, 0, 1)", {"alpha": 1 / 6, "beta": 0.5}, non_negative=True
    ),
    "tanh": Definition(np.tanh, "np.tanh({x})"),
    "elu": Definition(
        _exponential_below,
        _of("np.where(x < 0, {alpha} * np.expm1(np.minimum(x, 0)), x)"),
        {"alpha": 1.0},
        lambda alpha: alpha <= 0,
    ),
    "selu": Definition(
        lambda x, *, alpha, scale: _scaled(_exponential_below(x, alpha), scale),
        _of("{scale} * np.where(x < 0, {alpha} * np.expm1(np.minimum(x, 0)), x)"),
        {"alpha": _SELU_ALPHA, "scale": _SELU_SCALE},
    ),
    "softplus": Definition(_softplus, "np.logaddexp({x}, 0)", non_negative=True),
    "softsign": Definition(lambda x: x / (1 + np.abs(x)), _of("x / (1 + np.abs(x))")),
    "silu": Definition(
        lambda x, *, alpha: x * _sigmoid(_scaled(x, alpha)),
        _of("x * (np.tanh(0.5 * ({alpha} * x)) * 0.5 + 0.5)"),
        {"alpha": 1.0},
    ),
    "gelu": Definition(_gelu, _gelu_code, {"approximate": 1.0}),
    "step": Definition(
        lambda x: np.where(np.isnan(x), x, (x > 0).astype(x.dtype)),
        _of("np.where(np.isnan(x), x, x > 0)"),
        non_negative=True,
    ),
    "celu": Definition(
        lambda x, *, alpha: _exponential_below(x, alpha, alpha),
        _of("np.where(x < 0, {alpha} * np.expm1(np.minimum(x, 0) / {alpha}), x)"),
        {"alpha": 1.0},
    ),
    "exponential": Definition(np.exp, "np.exp({x})", non_negative=True),
    "log sigmoid": Definition(lambda x: -_softplus(-x), "-np.logaddexp(-({x}), 0)"),
    "mish": Definition(lambda x: x * np.tanh(_softplus(x)), _of("x * np.tanh(np.logaddexp(x, 0))")),
    "hard silu": Definition(lambda x: x * _hard_sigmoid(x), _of("x * np.clip(x * (1 / 6) + 0.5, 0, 1)")),
    "hard tanh": Definition(lambda x: np.clip(x, -1, 1), "np.clip({x}, -1, 1)"),
    "hard shrink": Definition(
        lambda x, *, threshold: np.where(np.abs(x) <= x.dtype.type(threshold), 0 * x.dtype.type(0), x),
        _of("np.where(np.abs(x) <= {threshold}, 0, x)"),
        {"threshold": 0.5},
    ),
    "soft shrink": Definition(
        lambda x, *, threshold: _shrink(x, threshold=threshold, bias=threshold),
        _of("np.where(np.abs(x) <= {threshold}, 0, x - np.sign(x) * {threshold})"),
        {"threshold": 0.5},
    ),
    "shrink": Definition(
        _shrink, _of("np.where(np.abs(x) <= {threshold}, 0, x - np.sign(x) * {bias})"), {"threshold": 0.5, "bias": 0.0}
    ),
    "tanh shrink": Definition(_in_float64(lambda x: x - np.tanh(x)), _of("x - np.tanh(x)")),
    "threshold": Definition(
        lambda x, *, threshold, default_value: np.where(x <= x.dtype.type(threshold), x.dtype.type(default_value), x),
        _of("np.where(x <= {threshold}, {default_value}, x)"),
        {"threshold": 1.0, "default_value": 0.0},
        lambda threshold, default_value: min(threshold, default_value) >= 0,
    ),
    "clip": Definition(
        lambda x, *, min_value, max_value: np.clip(x, x.dtype.type(min_value), x.dtype.type(max_value)),
        "np.clip({x}, {min_value}, {max_value})",
        {"min_value": -_INF, "max_value": _INF},
        lambda min_value, max_value: min(min_value, max_value) >= 0,
    ),
    "squareplus": Definition(
        _squareplus,
        _of("np.where(x < 0, {b} / 2 / (np.hypot(x, np.sqrt({b})) + np.abs(x)), 0.5 * x + 0.5 * np.hypot(x, np.sqrt({b})))"),
        {"b": 4.0},
        non_negative=True,
    ),
    "sparse plus": Definition(
        _sparse_plus, _of("np.where(x <= -1, 0, np.where(x < 1, 0.25 * np.square(x + 1), x))"), non_negative=True
    ),
    "sparse sigmoid": Definition(
        lambda x: np.clip(x.dtype.type(0.5) * (x + 1), 0, 1), "np.clip(0.5 * (({x}) + 1), 0, 1)", non_negative=True
    ),
}
"""Each by its name; the first ones in the order in which they are offered everywhere."""
