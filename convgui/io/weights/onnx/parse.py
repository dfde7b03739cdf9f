"""Parsing of ONNX files: the messages that matter here, by the numbers of their fields."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from convgui.io.weights.numbers import MOST_AXES
from convgui.io.weights.onnx.model import TYPES, Graph, Model, Node, Span, Value
from convgui.io.weights.protobuf import LENGTH, VARINT, Damaged, Field, Reader, signed

if TYPE_CHECKING:
    from convgui.io.weights.onnx.model import Dims
    from convgui.io.weights.protobuf import Bytes

DEEPEST = 16
"""Graphs inside graphs."""

MOST_NUMBERS = 1_000_000
"""Whole numbers of an attribute."""


def parse_model(data: Bytes) -> Model:
    """Return the model of the bytes of a file.

    Raises
    ------
    Damaged
        If they are no ONNX model.
    """
    reader = Reader(data)
    graph, metadata, functions = None, {}, []
    opsets: dict[str, int] = {}
    for found in reader.fields(0, len(data)):
        if found.wire == LENGTH and found.number == 7:
            graph = _graph(reader, found, graph)
        elif found.wire == LENGTH and found.number == 8:
            domain, version = _opset(reader, found)
            opsets[domain] = version
        elif found.wire == LENGTH and found.number == 14:
            key, value = _pair(reader, found)
            metadata[key] = value
        elif found.wire == LENGTH and found.number in _SAID:
            metadata[_SAID[found.number]] = reader.text(found)
        elif found.wire == LENGTH and found.number == 25:
            functions.append(_text_of(reader, found, 1))
    if graph is None or not (graph.nodes or graph.values):
        raise Damaged("holds no graph, expected an ONNX model")
    opset = opsets.get("", opsets.get("ai.onnx", 1))
    metadata = {key: value for key, value in metadata.items() if value} | {"opset": str(opset)}
    return Model(graph, opset, metadata, tuple(functions))


_SAID = {2: "producer", 3: "producer version", 4: "domain", 6: "description"}


def _opset(reader: Reader, whole: Field) -> tuple[str, int]:
    domain, version = "", 1
    for found in reader.fields(whole.start, whole.stop):
        if found.number == 1 and found.wire == LENGTH:
            domain = reader.text(found)
        elif found.number == 2 and found.wire == VARINT:
            version = signed(found.value)
    return domain, version


def _pair(reader: Reader, whole: Field) -> tuple[str, str]:
    return _text_of(reader, whole, 1), _text_of(reader, whole, 2)


def _text_of(reader: Reader, whole: Field, number: int) -> str:
    texts = [reader.text(f) for f in reader.fields(whole.start, whole.stop) if f.number == number and f.wire == LENGTH]
    return texts[-1] if texts else ""


def _graph(reader: Reader, whole: Field, into: Graph | None = None, depth: int = 0) -> Graph:
    """Return a graph; one that comes in several pieces is put together, as protocol buffers are."""
    if depth > DEEPEST:
        raise Damaged(f"nests graphs more than {DEEPEST} deep")
    graph = into or Graph()
    for found in reader.fields(whole.start, whole.stop):
        if found.wire != LENGTH:
            continue
        if found.number == 1:
            graph.nodes.append(_node(reader, found, depth))
        elif found.number == 5:
            value = _value(reader, found)
            graph.values[value.name] = value
        elif found.number in (11, 12, 13):
            name, dims = _described(reader, found)
            if dims is not None:
                graph.shapes[name] = dims
            if found.number == 11:
                graph.inputs.append(name)
            elif found.number == 12:
                graph.outputs.append(name)
    return graph


def _node(reader: Reader, whole: Field, depth: int) -> Node:
    inputs, outputs, kind, name, domain = [], [], "", "", ""
    attributes: dict[str, Any] = {}
    for found in reader.fields(whole.start, whole.stop):
        if found.wire != LENGTH:
            continue
        if found.number == 1:
            inputs.append(reader.text(found))
        elif found.number == 2:
            outputs.append(reader.text(found))
        elif found.number == 3:
            name = reader.text(found)
        elif found.number == 4:
            kind = reader.text(found)
        elif found.number == 5:
            key, value = _attribute(reader, found, depth)
            attributes[key] = value
        elif found.number == 7:
            domain = reader.text(found)
    return Node(kind, name, tuple(inputs), tuple(outputs), attributes, domain)


def _attribute(reader: Reader, whole: Field, depth: int) -> tuple[str, Any]:
    """Return the name and the value of an attribute: a number, text as bytes, a tensor, a graph, or a tuple of them."""
    name: str = ""
    value: Any = None
    several: list[Any] = []
    for found in reader.fields(whole.start, whole.stop):
        number = found.number
        if number == 1 and found.wire == LENGTH:
            name = reader.text(found)
        elif number == 2 and found.stop - found.start == 4:
            value = struct.unpack("<f", reader.data[found.start : found.stop])[0]
        elif number == 3 and found.wire == VARINT:
            value = signed(found.value)
        elif number == 4 and found.wire == LENGTH:
            value = bytes(reader.data[found.start : found.stop])
        elif number == 5 and found.wire == LENGTH:
            value = _value(reader, found)
        elif number == 6 and found.wire == LENGTH:
            value = _graph(reader, found, depth=depth + 1)
        elif number == 7:
            several += reader.floats(found)
        elif number == 8:
            several += reader.numbers(found)
        elif number == 9 and found.wire == LENGTH:
            several.append(bytes(reader.data[found.start : found.stop]))
        elif number == 11 and found.wire == LENGTH:
            several.append(_graph(reader, found, depth=depth + 1))
        if len(several) > MOST_NUMBERS:
            raise Damaged(f"has an attribute of more than {MOST_NUMBERS:,} numbers")
    return name, tuple(several) if value is None else value


_TYPED = (4, 5, 7, 10, 11)
"""Fields of a tensor with numbers: float, int32, int64, double, uint64."""


def _value(reader: Reader, whole: Field) -> Value:
    dims: list[int] = []
    name, dtype, raw, outside = "", 0, None, False
    typed, external = [], {}
    for found in reader.fields(whole.start, whole.stop):
        number = found.number
        if number == 1:
            dims += reader.numbers(found)
        elif number == 2 and found.wire == VARINT:
            dtype = found.value
        elif number == 8 and found.wire == LENGTH:
            name = reader.text(found)
        elif number == 9 and found.wire == LENGTH:
            raw = Span(found.start, found.stop)
        elif number in _TYPED:
            typed.append((number, found.wire, Span(found.start, found.stop)))
        elif number == 13 and found.wire == LENGTH:
            key, value = _pair(reader, found)
            external[key] = value
        elif number == 14 and found.wire == VARINT:
            outside = found.value == 1
        if len(dims) > MOST_AXES:
            raise Damaged(f"has a tensor of more than {MOST_AXES} axes")
    if any(n < 0 for n in dims):
        raise Damaged(f"has a tensor '{name}' of the shape {tuple(dims)}")
    called = TYPES.get(dtype, f"type {dtype}")
    return Value(name, tuple(dims), called, raw, tuple(typed), external if outside else None)


def _described(reader: Reader, whole: Field) -> tuple[str, Dims | None]:
    """Return the name of an input or output, and its shape if it has one."""
    name, dims = "", None
    for found in reader.fields(whole.start, whole.stop):
        if found.number == 1 and found.wire == LENGTH:
            name = reader.text(found)
        elif found.number == 2 and found.wire == LENGTH:
            dims = _shape_of_type(reader, found)
    return name, dims


def _shape_of_type(reader: Reader, whole: Field) -> Dims | None:
    for tensor in reader.fields(whole.start, whole.stop):
        if tensor.number != 1 or tensor.wire != LENGTH:
            continue
        for shape in reader.fields(tensor.start, tensor.stop):
            if shape.number == 2 and shape.wire == LENGTH:
                sizes = [f for f in reader.fields(shape.start, shape.stop) if f.number == 1 and f.wire == LENGTH]
                return tuple(_size(reader, size) for size in sizes)
    return None


def _size(reader: Reader, whole: Field) -> int | str | None:
    """Return a size: a number above zero, a name, or None; exporters write -1 and 0 where they know none."""
    for found in reader.fields(whole.start, whole.stop):
        if found.number == 1 and found.wire == VARINT:
            size = signed(found.value)
            return size if size > 0 else None
        if found.number == 2 and found.wire == LENGTH:
            return reader.text(found)
    return None
