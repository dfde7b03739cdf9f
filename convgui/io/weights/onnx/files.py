"""Opening ONNX files: all tensors with the layouts that their operations give them, and the chain when it is asked for."""

from __future__ import annotations

import mmap
from functools import partial
from typing import TYPE_CHECKING, Any

from convgui.io.errors import FileError, file_error, open_file
from convgui.io.weights.numbers import exact
from convgui.io.weights.onnx.fold import Constants
from convgui.io.weights.onnx.follow import network_of
from convgui.io.weights.onnx.model import Value
from convgui.io.weights.onnx.parse import parse_model
from convgui.io.weights.onnx.uses import Use, uses_of
from convgui.io.weights.onnx.values import Values
from convgui.io.weights.protobuf import Damaged
from convgui.io.weights.spans import Stored
from convgui.io.weights.tensor import Tensor, layouts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from convgui.io.weights.network import Network
    from convgui.io.weights.onnx.model import Graph, Model

KIND = "ONNX"

MOST_TENSORS = 100_000
"""Tensors that are listed."""

_INDICES = 64
"""Whole numbers up to which a constant is a size or an index, no weight."""


def open_onnx(path: Path) -> tuple[list[Tensor], dict[str, str], str, Callable[[], Network | None]]:
    """Return the tensors of a file, its metadata, a note, and what makes its chain.

    Raises
    ------
    FileError
        If it is no ONNX model, damaged or cut off.
    """
    stored = Stored.of(path)
    try:
        model = _parsed(path)
    except (Damaged, RecursionError) as error:
        raise FileError(f"{path.name}: {error}; expected an ONNX model.") from error
    values = Values(stored)
    constants = Constants(model.graph, values, model.opset)
    tensors: dict[str, Tensor] = {}
    for tensor in _listed(model.graph, constants, values, ""):
        tensors.setdefault(tensor.name, tensor)
        if len(tensors) > MOST_TENSORS:
            raise FileError(f"{path.name}: holds more than {MOST_TENSORS:,} tensors.")
    constants.clear()
    return list(tensors.values()), dict(model.metadata), _note(model, values), partial(network_of, model, constants)


def _parsed(path: Path) -> Model:
    """Return the model of a file, which is mapped so that its weights are not read."""
    with open_file(path) as stream:
        try:
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise file_error(path, OSError(0, str(error))) from error
        with data:
            return parse_model(data)


def _listed(graph: Graph, constants: Constants, values: Values, prefix: str) -> Iterator[Tensor]:
    """Yield the tensors of a graph and of the graphs inside it."""
    uses = uses_of(graph, constants)
    held = [*graph.values.items(), *_constants(graph)]
    names = {name for name, _ in held}
    for name, value in held:
        yield _tensor(value, prefix + name, uses.get(name), values)
    for name, use in uses.items():
        if name not in names and use.shape is not None and constants.stored(name) is None:
            reader = partial(_computed, constants, name, values.stored.path.name)
            yield Tensor(prefix + name, use.shape, "float32", use.layout, reader, use.layouts, use.groups)
    for node, attribute, inner in graph.subgraphs:
        inside = constants.inside(inner)
        yield from _listed(
            inner, inside, values, f"{prefix}{node.name or node.outputs[0] if node.outputs else ''}/{attribute}/"
        )


def _constants(graph: Graph) -> Iterator[tuple[str, Value]]:
    """Yield what nodes `Constant` hold, but for sizes and indices."""
    for node in graph.nodes:
        value = node.attributes.get("value") if node.kind == "Constant" and node.outputs else None
        if isinstance(value, Value) and not _is_index(value):
            yield node.outputs[0], value


def _is_index(value: Value) -> bool:
    few = len(value.shape) < 2 and all(n <= _INDICES for n in value.shape)
    return not value.shape or (few and ("int" in value.dtype or value.dtype == "bool"))


def _tensor(value: Value, name: str, use: Use | None, values: Values) -> Tensor:
    reader = partial(values.read, value)
    if use is not None and use.layout is not None and len(use.layout) == len(value.shape):
        return Tensor(name, value.shape, value.dtype, use.layout, reader, use.layouts, use.groups)
    layouts = layouts_of(value.shape, KIND, name)
    return Tensor(name, value.shape, value.dtype, None, reader, layouts)


def _computed(constants: Constants, name: str, file: str) -> NDArray[Any]:
    found = constants.get(name)
    if found is None:
        raise FileError(f"{file}: the weights {name} are computed while the network runs.")
    return exact(found)


def _note(model: Model, values: Values) -> str:
    """Return what must be said about a file: that its second file is not there, or that it has functions of its own."""
    for value in model.graph.values.values():
        if fault := values.fault(value):
            return fault
    if model.functions:
        return f"It calls functions of its own ({', '.join(model.functions[:3])}), which a chain does not follow."
    return ""
