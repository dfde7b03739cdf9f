"""Activation functions that exporters write as several operations: known by what they do to numbers, in whatever order."""

from __future__ import annotations

from math import erf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import activate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from convgui.io.weights.onnx.fold import Constants
    from convgui.io.weights.onnx.model import Node

    Array = NDArray[Any]

MOST_NODES = 12
"""Operations of which a function may be composed."""

GRID = np.concatenate([np.linspace(-9, 9, 61), [-0.3, 0.01, 0.77, 3.3]])
"""Numbers at which functions are compared."""

_KNOWN: tuple[tuple[str, Mapping[str, float]], ...] = (
    ("silu", {}),
    ("hard silu", {}),
    ("gelu", {"approximate": 0.0}),
    ("gelu", {"approximate": 1.0}),
    ("mish", {}),
    ("square", {}),
    ("softsign", {}),
    ("silu", {"alpha": 1.702}),
)


class Composed(NamedTuple):
    """A function that was recognised, the tensor that it makes, and the nodes that it was made of."""

    layer: Activation
    makes: str
    nodes: tuple[Node, ...]


def composed(constants: Constants, start: str, readers: Mapping[str, list[Node]]) -> Composed | None:
    """Return the activation function of which a tensor is the argument, if several operations make one together.

    Parameters
    ----------
    constants : Constants
    start : str
        The tensor.
    readers : dict of str to list of Node
        The nodes that read each tensor.
    """
    if len(readers.get(start, ())) < 2 and not _reads_twice(readers.get(start, ()), start):
        return None
    values: dict[str, Array] = {start: GRID}
    nodes: list[Node] = []
    queue = list(readers.get(start, ()))
    found = None
    while queue and len(nodes) < MOST_NODES:
        node = queue.pop(0)
        made = None if node in nodes else _apply(constants, node, values)
        if made is None:
            continue
        nodes.append(node)
        values[node.outputs[0]] = made
        queue += readers.get(node.outputs[0], ())
        if (known := _known(made)) is not None and _joins(nodes, values):
            layer = Activation(known[0], known[1], name=(node.name or node.outputs[0])[:200])
            found = Composed(layer, node.outputs[0], tuple(nodes))
            break
    return found


def _reads_twice(nodes: list[Node] | tuple[Node, ...], name: str) -> bool:
    return any(node.inputs.count(name) > 1 for node in nodes)


def _joins(nodes: list[Node], values: Mapping[str, Array]) -> bool:
    """Whether an operation brings two tensors together; where none does, a chain can follow one after the other."""
    return any(sum(name in values for name in node.inputs) > 1 for node in nodes)


def _known(made: Array) -> tuple[str, Mapping[str, float]] | None:
    for name, parameters in _KNOWN:
        if np.allclose(made, activate(GRID, name, parameters), rtol=1e-6, atol=1e-6):
            return name, parameters
    return None


def _apply(constants: Constants, node: Node, values: Mapping[str, Array]) -> Array | None:
    """Return what a node makes of the grid; None if it is none of ours, or reads what is no single number."""
    given = []
    for name in node.inputs:
        if name in values:
            given.append(values[name])
            continue
        constant = constants.get(name) if name and _small(constants, name) else None
        if name and (constant is None or constant.size != 1):
            return None
        given.append(np.full(1, np.nan) if constant is None else constant.astype(np.float64).reshape(1))
    rule = RULES.get(node.kind)
    if rule is None or not node.outputs or node.domain not in ("", "ai.onnx"):
        return None
    try:
        with np.errstate(all="ignore"):
            return np.broadcast_to(rule(node, *given), GRID.shape)
    except (TypeError, ValueError):
        return None


def _small(constants: Constants, name: str) -> bool:
    """Whether a tensor may be a single number: what is stored says so, and the rest is made of little."""
    value = constants.stored(name)
    return value is None or all(n == 1 for n in value.shape)


def _clipped(node: Node, x: Array, low: Array | None = None, high: Array | None = None) -> Array:
    limits = [node.number("min", -np.inf) if low is None else float(low[0])]
    limits.append(node.number("max", np.inf) if high is None else float(high[0]))
    bounded = np.fmax(x, limits[0])  # a limit that is left out is NaN, which loses
    return np.fmin(bounded, limits[1])


RULES: dict[str, Callable[..., Array]] = {
    "Add": lambda node, a, b: a + b,
    "Sub": lambda node, a, b: a - b,
    "Mul": lambda node, a, b: a * b,
    "Div": lambda node, a, b: a / b,
    "Pow": lambda node, a, b: np.power(a, b),
    "Neg": lambda node, x: -x,
    "Abs": lambda node, x: np.abs(x),
    "Exp": lambda node, x: np.exp(x),
    "Erf": lambda node, x: np.vectorize(erf)(x),
    "Tanh": lambda node, x: np.tanh(x),
    "Sigmoid": lambda node, x: activate(x, "sigmoid"),
    "Softplus": lambda node, x: np.logaddexp(x, 0),
    "Relu": lambda node, x: np.maximum(x, 0),
    "Clip": _clipped,
    "HardSigmoid": lambda node, x: np.clip(node.number("alpha", 0.2) * x + node.number("beta", 0.5), 0, 1),
    "Min": lambda node, a, b: np.minimum(a, b),
    "Max": lambda node, a, b: np.maximum(a, b),
    "Identity": lambda node, x: x,
    "Cast": lambda node, x: x,
}
"""What operations do to numbers, by the names of ONNX."""
