"""The activation function as a layer: a function of one number with its parameters, applied to each value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.layers import arguments
from convgui.engine.layers.activations import PARAMETERS, PRELU, activation_name
from convgui.engine.layers.base import Bound, Layer, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Activation(Layer):
    """A function of each value.

    Parameters
    ----------
    function : str
        A name of `activations`, or ``prelu``.
    parameters : dict of float
        By Keras's names; those that are left out have their usual value, see `PARAMETERS`. It is not to be written to.
    slopes : ndarray of float32, broadcastable to (rows, cols, maps)
        What values below zero are multiplied with, for ``prelu`` alone.

    Raises
    ------
    ValueError
        If there is no such function, or it has no such parameter.
    """

    kind: ClassVar[str] = "activation"
    function: str = "relu"
    parameters: Mapping[str, float] = field(default_factory=dict)
    slopes: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        name = PRELU if self.function == PRELU else activation_name(self.function)
        object.__setattr__(self, "function", name)
        object.__setattr__(self, "parameters", _parameters(name, self.parameters))
        object.__setattr__(self, "slopes", _slopes(name, self.slopes))

    def bind(self, shape: Shape) -> Bound:
        """Return the layer bound to an input of that shape; see `Layer.bind`."""
        raise NotImplementedError


def _parameters(function: str, given: Any) -> dict[str, float]:
    """Return the parameters that are given, as numbers; None and an infinite limit are the usual value."""
    known = PARAMETERS.get(function, {})
    found = {}
    for name, value in dict(given or {}).items():
        if name not in known:
            names = f"the parameters {', '.join(known)}" if known else "no parameters"
            raise ValueError(f"Expected {names} for {function}, received {arguments.short(name)}.")
        if value is not None and value != known[name]:
            found[name] = arguments.number(name, float(value) if isinstance(value, bool | np.bool_) else value)
    return found


def _slopes(function: str, given: Any) -> NDArray[np.float32] | None:
    if function != PRELU:
        if given is not None:
            raise ValueError(f"Expected no slopes for {function}, received some; they belong to {PRELU}.")
        return None
    slopes = np.array(() if given is None else given, np.float32)
    if slopes.ndim != 3 or not slopes.size:
        received = "none" if given is None else f"an array of shape {slopes.shape}"
        raise ValueError(f"Expected slopes of rows, columns and maps (each may be 1) for {PRELU}, received {received}.")
    slopes.setflags(write=False)
    return slopes
