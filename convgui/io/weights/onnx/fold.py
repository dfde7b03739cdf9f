"""Constants of an ONNX graph: what is stored, and what small operations make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from convgui.io.errors import FileError
from convgui.io.weights.numbers import count_of
from convgui.io.weights.onnx.folds import FOLDS, ints, makes
from convgui.io.weights.onnx.model import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.io.weights.onnx.model import Graph, Node

    Array = NDArray[Any]

DEEPEST = 60
"""Operations after one another that are followed back from a constant."""

MOST_MADE, MOST_ALL = 20_000_000, 60_000_000
"""Numbers that one operation may make, and all of them together."""


class Numbers(Protocol):
    """Where the numbers of tensors are: in files, or in memory."""

    def read(self, value: Value, *, whole: bool = False) -> Array:
        """Return the numbers of a tensor; whole ones as such if that is asked for."""
        ...


class Constants:
    """The tensors of a graph that do not depend on its input.

    Parameters
    ----------
    graph : Graph
    values : Numbers
        Reads what is stored.
    outer : Constants, optional
        Those of the graph around it.

    Attributes
    ----------
    shapes : dict of str to tuple of int
        The shapes of tensors that are known; whoever follows the graph adds to them.
    """

    def __init__(self, graph: Graph, values: Numbers, opset: int, outer: Constants | None = None) -> None:
        self.graph, self._values, self.opset, self._outer = graph, values, opset, outer
        self._makers = {name: node for node in graph.nodes for name in node.outputs if name}
        self._found: dict[str, Array | None] = {}
        self._left = MOST_ALL
        self.shapes = {
            name: tuple(n for n in dims if isinstance(n, int))
            for name, dims in graph.shapes.items()
            if all(isinstance(n, int) for n in dims)
        }

    def inside(self, graph: Graph) -> Constants:
        """Return the constants of a graph inside this one."""
        return Constants(graph, self._values, self.opset, self)

    def maker(self, name: str) -> Node | None:
        """Return the node that makes a tensor."""
        return self._makers.get(name)

    def stored(self, name: str) -> Value | None:
        """Return a tensor that the file stores under a name: with the graph, or in a node `Constant`."""
        if name in self.graph.values:
            return self.graph.values[name]
        maker = self._makers.get(name)
        if maker is not None and maker.kind == "Constant" and isinstance(value := maker.attributes.get("value"), Value):
            return value
        return self._outer.stored(name) if self._outer is not None and maker is None else None

    def get(self, name: str, depth: int = 0) -> Array | None:
        """Return the numbers of a tensor, whole ones as such; None if they depend on the input, or cannot be told."""
        if not name or depth > DEEPEST:
            return None
        if name not in self._found:
            self._found[name] = None  # for a graph that runs in circles
            self._found[name] = self._make(name, depth)
        return self._found[name]

    def forget(self) -> None:
        """Forget what was not found, after more shapes have become known."""
        self._found = {name: array for name, array in self._found.items() if array is not None}

    def clear(self) -> None:
        """Let all numbers go, which can be made again."""
        self._found, self._left = {}, MOST_ALL
        if self._outer is not None:
            self._outer.clear()

    def _make(self, name: str, depth: int) -> Array | None:
        if (value := self.stored(name)) is not None:
            return self._values.read(value, whole=True)
        node = self._makers.get(name)
        if node is None:
            return self._outer.get(name, depth + 1) if self._outer is not None else None
        if node.kind in ("Shape", "Size"):
            return self._shape(node)
        if node.kind == "ConstantOfShape":
            return self._filled(node, depth)
        fold = FOLDS.get(node.kind)
        if fold is None or node.outputs[0] != name or node.domain not in ("", "ai.onnx"):
            return None
        given = [self.get(one, depth + 1) for one in node.inputs]
        if any(one is None and called for one, called in zip(given, node.inputs, strict=True)):
            return None
        return self._bounded(fold, node, given)

    def _bounded(self, fold: Callable[..., Array | None], node: Node, given: list[Array | None]) -> Array | None:
        """Return what an operation makes of constants, if it is not too much and the operation can be done."""
        try:
            most = makes(node, given)
            if most > min(MOST_MADE, self._left):
                return None
            self._left -= most
            with np.errstate(all="ignore"):
                made = fold(node, *given)
            return None if made is None else np.asarray(made)
        except FileError:
            raise
        except Exception:  # of a graph that makes no sense: shapes that do not fit, indices out of range
            return None

    def _filled(self, node: Node, depth: int) -> Array | None:
        """Return an array that is the same number everywhere, by default 0."""
        value, shape = node.attributes.get("value"), self.get(node.input(0), depth + 1)
        number = self._values.read(value, whole=True) if isinstance(value, Value) else np.zeros(1, np.float32)
        if shape is None or number.size != 1:
            return None
        return self._bounded(lambda node, shape: np.full(ints(shape), number.ravel()[0]), node, [shape])

    def _shape(self, node: Node) -> Array | None:
        known: tuple[int, ...] | None = self.shapes.get(node.input(0))
        if known is None and (value := self.stored(node.input(0))) is not None:
            known = value.shape
        if known is None:
            return None
        start, end = node.whole("start", 0), node.attributes.get("end")
        part = known[start : end if isinstance(end, int) else None]
        return np.array(part, np.int64) if node.kind == "Shape" else np.array(count_of(known), np.int64)
