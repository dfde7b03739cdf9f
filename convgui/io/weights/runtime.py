"""Any ONNX graph, run as it is by ONNX Runtime: every tensor of three or four axes as maps, in the order of the graph.

What a chain of our layers cannot follow, a graph with branches, is run here, with no optimisation, so that each value is
that of the operation that the file names. The values are ONNX Runtime's, not ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.strategies.tiles import threads
from convgui.io.errors import FileError, file_error
from convgui.io.weights.onnx.parse import parse_model
from convgui.io.weights.onnx.values import Values
from convgui.io.weights.protobuf import FIXED32, FIXED64, LENGTH, Damaged, Reader
from convgui.io.weights.spans import Stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike

    from numpy.typing import NDArray

    from convgui.io.weights.onnx.model import Graph, Model
    from convgui.io.weights.protobuf import Field

LABEL = "by ONNX Runtime"
"""What values are called that it has computed."""

MISSING = "needs one more package: pip install 'convgui[onnx]' (onnxruntime, which has none for macOS on Intel)"

LARGEST = 2_000_000_000
"""Bytes of a model's first file, beyond which a protocol buffer is none; its weights may lie in a second one."""

_CHANNELS_FIRST = ("Conv", "ConvTranspose", "MaxPool", "AveragePool", "BatchNormalization", "GlobalAveragePool")
"""Operations that have their maps before rows and columns, whatever the model's input has."""

_TYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16}
_GRAPH, _INPUT, _OUTPUT, _SHAPES = 7, 11, 12, 13


@dataclass(frozen=True, eq=False)
class Runtime:
    """A model that ONNX Runtime runs.

    Attributes
    ----------
    path : Path
    input : str
        The name of what it reads.
    axes : str
        Of the input: NCHW, NHWC, NCW or NWC.
    channels : int or None
        That it reads, where the file fixes them.
    size : (int, int) or None
        Rows and columns of the input, where the file fixes them; it may run at others as well.
    names : tuple of str
        The tensors that are maps, in the order of the graph.
    """

    path: Path
    input: str
    axes: str
    channels: int | None
    size: tuple[int, int] | None
    names: tuple[str, ...]
    _held: _Held = field(repr=False)

    def maps(self, planes: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        """Return a tensor for an input, shape (channels, rows, cols), as maps of the same shape.

        Raises
        ------
        FileError
            If there is no such tensor, or the model does not run on an input of this size.
        """
        return self.several(planes, (name,))[name]

    def several(self, planes: NDArray[np.float32], names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return several tensors for an input; see `maps`."""
        if unknown := [name for name in names if name not in self.names]:
            raise FileError(f"{self.path.name}: has no tensor {unknown[0]!r} of three or four axes.")
        if self.channels not in (None, len(planes)):
            raise FileError(f"{self.path.name}: reads {self.channels} channels, received {len(planes)}.")
        other = self.size not in (None, planes.shape[1:]) or self._held.batch not in (None, 1)
        session = _session(self._held, tuple(names), other)
        kind = _TYPES.get(session.get_inputs()[0].type, np.float32)
        try:
            found = session.run(list(names), {self.input: _stored(planes, self.axes).astype(kind)})
        except Exception as error:  # of many classes, all of one library
            rows, cols = planes.shape[1:]
            fixed = f", expected {self.size[0]} × {self.size[1]}" if other and self.size else ""
            raise FileError(f"{self.path.name}: does not run on {rows} × {cols} cells{fixed} ({_line(error)}).") from error
        return {name: self._as_maps(name, values) for name, values in zip(names, found, strict=True)}

    def _as_maps(self, name: str, values: NDArray[Any]) -> NDArray[np.float32]:
        if values.ndim not in (3, 4) or len(values) != 1:
            raise FileError(f"{self.path.name}: {name} has the shape {values.shape}, expected maps of one picture.")
        maps = values[0]
        if self._held.axes.get(name, "NCHW").endswith("C"):
            maps = np.moveaxis(maps, -1, 0)
        return np.ascontiguousarray(maps if maps.ndim == 3 else maps[:, np.newaxis], np.float32)


@dataclass(frozen=True, eq=False)
class _Held:
    """What a session is made of: the file as it was, its graph, its input, and which axes each of its tensors has."""

    stored: Stored
    model: Model
    input: str
    batch: int | None
    axes: dict[str, str]


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
    if len(inputs) != 1 or len(dims) not in (3, 4):
        read = ", ".join(inputs[:4]) or "nothing"
        raise FileError(f"{path.name}: reads {read}, expected one picture or sequence with a batch and channels.")
    axes = _axes_of(dims)
    batch = dims[0] if isinstance(dims[0], int) else None
    held = _Held(stored, model, inputs[0], batch, _axes(model.graph, inputs[0], axes))
    made = [name for node in model.graph.nodes for name in node.outputs if name]
    known = {one.name: one for one in _session(held, tuple(dict.fromkeys(made)), False).get_outputs()}
    names = tuple(name for name in made if _is_maps(known[name]))
    sizes = {letter: n if isinstance(n, int) else None for letter, n in zip(axes, dims, strict=True)}
    rows, cols = sizes.get("H", 1), sizes["W"]
    size = (rows, cols) if rows is not None and cols is not None else None
    return Runtime(path, inputs[0], axes, sizes["C"], size, names, held)


def tensor_names(path: str | PathLike[str]) -> tuple[str, ...]:
    """Return the names of what the operations of an ONNX file make, in the order of the graph; nothing is run."""
    stored = Stored.of(Path(path))
    try:
        graph = parse_model(stored.bytes(0, stored.size)).graph
    except (Damaged, RecursionError):
        return ()
    return tuple(dict.fromkeys(name for node in graph.nodes for name in node.outputs if name))


def _is_maps(output: Any) -> bool:
    return output.type in _TYPES and len(output.shape or ()) in (3, 4)


def _axes_of(dims: Sequence[Any]) -> str:
    """Return the axes of an input: few channels stand before the cells, or behind them."""
    few = (1, 2, 3, 4)
    last = dims[-1] in few and dims[1] not in few
    return {3: ("NCW", "NWC"), 4: ("NCHW", "NHWC")}[len(dims)][last]


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


def _stored(planes: NDArray[np.float32], axes: str) -> NDArray[np.float32]:
    """Return planes as the model has its input."""
    if "H" not in axes:
        planes = planes[:, 0]
    return np.ascontiguousarray(planes if axes[1] == "C" else np.moveaxis(planes, 0, -1))[np.newaxis]


# sessions


@lru_cache(maxsize=4)
def _session(held: _Held, names: tuple[str, ...], free: bool) -> Any:
    """Return a session that makes some tensors; `free`: whose rows and columns are any."""
    file = held.stored.path.name
    try:
        import onnxruntime
    except ImportError as error:
        raise FileError(f"{file}: {MISSING}.") from error
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    options.intra_op_num_threads = threads()
    values = Values(held.stored)
    outside = {name: value for name, value in held.model.graph.values.items() if value.external is not None}
    if outside:  # read as we read it: from a bare name beside the model, checked
        given = [onnxruntime.OrtValue.ortvalue_from_numpy(_exact(values, value)) for value in outside.values()]
        options.add_external_initializers(list(outside), given)
    data = rewritten(held.stored.bytes(0, held.stored.size), held.input, names, free)
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except MemoryError:
        raise
    except OSError as error:
        raise file_error(held.stored.path, error) from error
    except Exception as error:  # of many classes, all of one library
        raise FileError(f"{file}: cannot be run ({_line(error)}).") from error


def _exact(values: Values, value: Any) -> NDArray[Any]:
    """Return a tensor of another file in its own dtype."""
    array = values.read(value, whole=True)
    return array.astype(value.dtype) if value.dtype in ("float16", "float32", "float64") else array


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300].rstrip(".")


def rewritten(data: bytes, name: str, outputs: Iterable[str], free: bool) -> bytes:
    """Return a model that has other outputs; where it is `free`, its input may have any rows and columns.

    Parameters
    ----------
    data : bytes
    name : str
        Of the input.
    outputs : iterable of str
        Of tensors; they have no shape, so that the runtime tells it.
    free : bool
        Whether the sizes of the input but for the channels become symbols, and shapes that were noted are left out.
    """
    reader, made = Reader(data), bytearray()
    graphs = [one for one in reader.fields(0, len(data)) if one.number == _GRAPH and one.wire == LENGTH]
    for one in reader.fields(0, len(data)):
        if one.number != _GRAPH or one.wire != LENGTH:
            made += _field(reader, one)
    inside = bytearray()
    for graph in graphs:
        for one in reader.fields(graph.start, graph.stop):
            if one.number == _OUTPUT or (free and one.number == _SHAPES):
                continue
            described = one.number == _INPUT and free and _name(reader, one) == name
            inside += _stretch(_INPUT, _freed(reader, one)) if described else _field(reader, one)
    for output in outputs:
        inside += _stretch(_OUTPUT, _stretch(1, output.encode()))
    return bytes(made + _stretch(_GRAPH, bytes(inside)))


def _freed(reader: Reader, whole: Field, depth: int = 0) -> bytes:
    """Return the description of an input with symbols for the batch, and for all sizes larger than some channels.

    It is a name and, nested, the type (2), that of a tensor (1), its shape (2), and the axes (1).
    """
    made, count = bytearray(), 0
    for one in reader.fields(whole.start, whole.stop):
        nested = one.wire == LENGTH and one.number == (2, 1, 2)[depth] if depth < 3 else False
        if depth < 3 and nested:
            made += _stretch(one.number, _freed(reader, one, depth + 1))
        elif depth == 3 and one.number == 1:
            sizes = [axis.value for axis in reader.fields(one.start, one.stop) if axis.number == 1]
            symbol = _stretch(1, _stretch(2, f"free_{count}".encode()))
            made += symbol if not count or not sizes or sizes[0] > 4 else _field(reader, one)
            count += 1
        else:
            made += _field(reader, one)
    return bytes(made)


def _name(reader: Reader, whole: Field) -> str:
    return next((reader.text(one) for one in reader.fields(whole.start, whole.stop) if one.number == 1), "")


def _field(reader: Reader, one: Field) -> bytes:
    """Return a field as it is written."""
    data = bytes(reader.data[one.start : one.stop])
    if one.wire == LENGTH:
        return _stretch(one.number, data)
    assert one.wire in (0, FIXED32, FIXED64)
    return _varint(one.number << 3 | one.wire) + data


def _stretch(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | LENGTH) + _varint(len(data)) + data


def _varint(n: int) -> bytes:
    r"""Return a number of seven bits a byte.

    >>> _varint(300)
    b'\xac\x02'
    """
    found = bytearray()
    while n > 127:
        found.append(n & 127 | 128)
        n >>= 7
    return bytes([*found, n])
