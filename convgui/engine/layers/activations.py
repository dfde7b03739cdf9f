"""Activation functions by their Keras names: what is done to each sum after the bias was added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.definitions import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[Any]

PRELU = "prelu"
"""The one function whose slope differs from map to map, or from place to place."""

ACTIVATIONS = tuple(DEFINITIONS)
"""All functions that need nothing but a number and a few parameters."""

PARAMETERS: dict[str, Mapping[str, float]] = {name: one.parameters for name, one in DEFINITIONS.items() if one.parameters}
"""The parameters of each function that has some, by Keras's names, with what they usually are."""

_ALIASES = {"swish": "silu", "hard swish": "hard silu", "exp": "exponential", "identity": "linear"}
"""Other names that Keras and ONNX have for them."""


def activation_name(name: str | None) -> str:
    """Return the name as this module has it; `None` is linear, and ``leaky_relu`` is ``leaky relu``.

    Raises
    ------
    ValueError
        If there is no such function.
    """
    known = (name or "linear").lower().replace("_", " ")
    known = _ALIASES.get(known, known)
    if known not in DEFINITIONS:
        raise ValueError(f"Expected an activation of {', '.join(ACTIVATIONS)}, received {name!r}.")
    return known


def activate(x: Floats, name: str, parameters: Mapping[str, float] | None = None) -> Floats:
    """Return the activation of each value, in the dtype of `x`.

    Parameters
    ----------
    x : ndarray of float32 or float64
        Sums with their bias.
    name : str
        One of `ACTIVATIONS`; the definitions are Keras 3's (`abs`, `square` and `step` are their namesakes).
    parameters : dict of float, optional
        Those that are not as usual; see `PARAMETERS`.

    Examples
    --------
    >>> activate(np.array([-1.0, 2.0]), "relu").tolist()
    [0.0, 2.0]
    >>> activate(np.array([-1.0, 2.0]), "leaky relu", {"negative_slope": 0.5}).tolist()
    [-0.5, 2.0]
    """
    definition = DEFINITIONS[name]
    with np.errstate(all="ignore"):
        return definition.apply(x, **{**definition.parameters, **(parameters or {})})


def as_numpy(name: str, x: str, parameters: Mapping[str, float] | None = None) -> str:
    """Return a function of an expression as an expression in NumPy.

    >>> as_numpy("leaky relu", "-2.0", {"negative_slope": 0.5})
    '(lambda x: np.where(x < 0, x * 0.5, x))(-2.0)'
    """
    definition = DEFINITIONS[name]
    settings = {**definition.parameters, **(parameters or {})}
    code = definition.code if isinstance(definition.code, str) else definition.code(**settings)
    numbers = {key: re.sub(r"\binf\b", "np.inf", repr(float(value))) for key, value in settings.items()}
    return code.format(x=x, **numbers)


def is_non_negative(name: str, parameters: Mapping[str, float] | None = None) -> bool:
    """Return whether the value of a function is never below zero."""
    definition = DEFINITIONS[name]
    found = definition.non_negative
    return found if isinstance(found, bool) else bool(found(**{**definition.parameters, **(parameters or {})}))
