"""Opening a model that is going to be run: what it reads, which of its tensors are maps, and what their axes are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.io.errors import FileError
from convgui.io.weights.onnx.parse import parse_model
from convgui.io.weights.onnx.values import Values
from convgui.io.weights.protobuf import Damaged
from convgui.io.weights.runtime.runtime import TYPES, Runtime, Tensor
from convgui.io.weights.runtime.session import Held, session
from convgui.io.weights.spans import Stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from convgui.io.weights.onnx.model import Dims, Graph, Model, Node

LARGEST = 2_000_000_000
"""Bytes of a model's first file, beyond which a protocol buffer is none; its weights may lie in a second one."""

_CHANNELS_FIRST = ("Conv", "ConvTranspose", "MaxPool", "AveragePool", "BatchNormalization", "GlobalAveragePool")
"""Operations that have their maps before rows and columns, whatever the model's input has."""

_AXES = {2: ("NW", "NW"), 3: ("NCW", "NWC"), 4: ("NCHW", "NHWC")}


def open_runtime(path: str | PathLike[str]) -> Runtime:
    """Return an ONNX model that is going to be run.

    Raises
    ------
    FileError
        If ONNX Runtime is not installed, the file is no model, it does not read one picture, or cannot be run.

    Examples
    --------
    >>> open_runtime("net.onnx")
    Traceback (most recent call last):
    ...
    convgui.io.errors.FileError: net.onnx: does not exist, or not any more.
    """
    path = Path(path)
    stored = Stored.of(path)
    if stored.size > LARGEST:
        raise FileError(f"{path.name}: has {stored.size:,} bytes, a model has at most {LARGEST:,} beside its weights.")
    try:
        model = parse_model(stored.bytes(0, stored.size))
    except (Damaged, RecursionError) as error:
        raise FileError(f"{path.name}: {error}; expected an ONNX model.") from error
    inputs = [name for name in model.graph.inputs if name not in model.graph.values]
    dims = model.graph.shapes.get(inputs[0], ()) if inputs else ()
    if len(inputs) != 1 or len(dims) not in _AXES:
        read = ", ".join(inputs[:4]) or "nothing"
        raise FileError(f"{path.name}: reads {read}, expected one picture or sequence with a batch and channels.")
    axes = _axes_of(dims)
    held = Held(Values(stored), model, inputs[0])
    found = _axes(model.graph, inputs[0], axes)
    made = _made_of(model.graph, inputs[0])
    told = {one.name: _told(one, model.graph) for one in session(held, made, False).get_outputs()}
    maps = {name for name in made if len(told[name]) in (3, 4)}
    found = {name: letters for name, letters in found.items() if name in maps or name == inputs[0]}
    found |= {name: "NCHW" for name in maps if name not in found}
    found |= {name: found[name].replace("H", "") for name in maps if len(told[name]) == 3}
    tensors = tuple(_tensors(model, told, {*maps, inputs[0]}))
    ends = [one for one in tensors if one.name in model.graph.outputs and len(one.dims) == 2]
    sizes = {letter: n if isinstance(n, int) else None for letter, n in zip(axes, dims, strict=True)}
    rows, cols = sizes.get("H", 1), sizes["W"]
    size = (rows, cols) if rows is not None and cols is not None else None
    batch = dims[0] if isinstance(dims[0], int) else None
    listed = tuple(one for one in tensors if one.name in maps)
    channels = sizes.get("C", 1)
    about = axes, channels, size, listed, tuple(ends), model.metadata
    return Runtime(path, inputs[0], *about, held, batch, found, reopened)


def reopened(path: Path, digest: str) -> Runtime:
    """Return a model as it was when its digest was taken.

    Raises
    ------
    FileError
        As `open_runtime`, or if it is another one by now.
    """
    found = _opened(path, digest)
    if not found.is_there():
        _opened.cache_clear()
        found = _opened(path, digest)
    if found.digest != digest:
        raise FileError(f"{path.name}: is another model by now.")
    return found


@lru_cache(maxsize=4)
def _opened(path: Path, digest: str) -> Runtime:
    return open_runtime(path)


def tensor_names(path: str | PathLike[str]) -> tuple[str, ...]:
    """Return the names of what the operations of an ONNX file make, in the order of the graph; nothing is run."""
    stored = Stored.of(Path(path))
    try:
        graph = parse_model(stored.bytes(0, stored.size)).graph
    except (Damaged, RecursionError):
        return ()
    return tuple(dict.fromkeys(name for node in graph.nodes for name in node.outputs if name))


def _made_of(graph: Graph, name: str) -> tuple[str, ...]:
    """Return what the operations of a graph make of its input, in order; constants are not among them."""
    found = {name: None}
    for node in graph.nodes:
        if any(one in found for one in node.inputs):
            found |= dict.fromkeys(filter(None, node.outputs))
    return tuple(found)[1:]


def _told(output: Any, graph: Graph) -> Dims:
    """Return the axes of a tensor as ONNX Runtime finds them, else as the file has them; none if it holds no numbers."""
    dims = (output.shape or graph.shapes.get(output.name, ())) if output.type in TYPES else ()
    return tuple(n if isinstance(n, int | str) else None for n in dims)


def _tensors(model: Model, told: Mapping[str, Dims], shown: set[str]) -> list[Tensor]:
    """Return what the operations of a graph make, each with the tensors that are shown from which it comes."""
    sources: dict[str, tuple[str, ...]] = {}
    found = []
    for node in model.graph.nodes:
        reads = _shown_sources(node, shown, sources)
        sources |= dict.fromkeys(node.outputs, reads)
        found += [Tensor(name, node.kind, reads, told[name]) for name in node.outputs if name in told]
    return found


def _shown_sources(node: Node, shown: set[str], sources: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the tensors that are shown and lie directly before an operation, or before others that make none."""
    names: dict[str, None] = {}
    for one in node.inputs if node.kind not in ("Shape", "Size") else ():
        names |= dict.fromkeys((one,) if one in shown else sources.get(one, ()))
    return tuple(names)


def _axes_of(dims: Sequence[Any]) -> str:
    """Return the axes of an input: few channels stand before the cells, or behind them."""
    few = (1, 2, 3, 4)
    last = dims[-1] in few and dims[1] not in few
    return _AXES[len(dims)][last]


def _axes(graph: Graph, name: str, axes: str) -> dict[str, str]:
    """Return the axes of the tensors that follow from those of the input, as far as operations change them."""
    found = {name: axes}
    for node in graph.nodes:
        before = next((found[one] for one in node.inputs if one in found), None)
        perm = node.wholes("perm")
        if node.kind in _CHANNELS_FIRST:
            before = "NCHW"
        elif node.kind == "Transpose" and before is not None and perm is not None and len(perm) == len(before):
            before = "".join(before[place] for place in perm)
        if before is not None:
            found.update(dict.fromkeys(node.outputs, before))
    return found
