"""The graph of an ONNX file: nodes with their attributes, and tensors of which the numbers stay in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    8: "string",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    14: "complex64",
    15: "complex128",
    16: "bfloat16",
    17: "float8e4m3fn",
    18: "float8e4m3fnuz",
    19: "float8e5m2",
    20: "float8e5m2fnuz",
    21: "uint4",
    22: "int4",
    23: "float4e2m1",
}
"""What ONNX's numbers of types stand for."""


class Span(NamedTuple):
    """Bytes of the file."""

    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class Value:
    """A tensor that the file stores.

    Attributes
    ----------
    name : str
    shape : tuple of int
    dtype : str
    raw : Span or None
        The bytes of its numbers, little-endian.
    typed : tuple of (int, int, Span)
        Or fields of numbers, each with its number and how it is written: packed, or one by one.
    external : mapping of str to str or None
        Or where in another file they are, as the file says it.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    raw: Span | None = None
    typed: tuple[tuple[int, int, Span], ...] = ()
    external: Mapping[str, str] | None = None


@dataclass(frozen=True, eq=False)
class Node:
    """An operation: what it is called, what it reads and makes, and its attributes."""

    kind: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    domain: str = ""

    def __str__(self) -> str:
        called = self.name or next(iter(self.outputs), "")
        return f"{self.kind} '{called}'" if called else self.kind

    def input(self, place: int) -> str:
        """Return the name of an input; empty if it is left out."""
        return self.inputs[place] if place < len(self.inputs) else ""

    def whole(self, name: str, usual: int) -> int:
        """Return an attribute that is a whole number."""
        value = self.attributes.get(name)
        return value if isinstance(value, int) else usual

    def number(self, name: str, usual: float) -> float:
        """Return an attribute that is a number."""
        value = self.attributes.get(name)
        return float(value) if isinstance(value, int | float) else usual

    def text(self, name: str, usual: str) -> str:
        """Return an attribute that is text."""
        value = self.attributes.get(name)
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else usual

    def wholes(self, name: str) -> tuple[int, ...] | None:
        """Return an attribute that is a list of whole numbers; None if there is none."""
        value = self.attributes.get(name)
        return value if isinstance(value, tuple) and all(isinstance(n, int) for n in value) else None

    def numbers(self, name: str) -> tuple[float, ...] | None:
        """Return an attribute that is a list of numbers; None if there is none."""
        value = self.attributes.get(name)
        if not isinstance(value, tuple) or not all(isinstance(n, int | float) for n in value):
            return None
        return tuple(float(n) for n in value)


Dims = tuple[int | str | None, ...]


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes in the order in which they run, and what they stand on.

    Attributes
    ----------
    nodes : list of Node
    values : dict of str to Value
        The tensors that are stored with the graph.
    inputs, outputs : list of str
        The names of what it reads, stored tensors included, and makes.
    shapes : dict of str to Dims
        What the file says about the shapes of inputs, outputs and tensors between them: numbers, or names of sizes.
    """

    nodes: list[Node] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    shapes: dict[str, Dims] = field(default_factory=dict)

    @property
    def subgraphs(self) -> list[tuple[Node, str, Graph]]:
        """The graphs inside its nodes (the branches of an If, the body of a Loop), each with the attribute's name."""
        found = []
        for node in self.nodes:
            for name, value in node.attributes.items():
                graphs = value if isinstance(value, tuple) else (value,)
                found += [(node, name, graph) for graph in graphs if isinstance(graph, Graph)]
        return found


@dataclass(frozen=True, eq=False)
class Model:
    """A file: its graph, the versions of the operators, and what it says about itself."""

    graph: Graph
    opset: int
    metadata: Mapping[str, str]
    functions: tuple[str, ...] = ()
