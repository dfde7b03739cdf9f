"""TensorFlow.js: a manifest in JSON, and shards of numbers in files beside it, some of them quantized."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from functools import partial
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.io.errors import FileError, decode_text, open_file, read_bytes
from convgui.io.limits import check_memory
from convgui.io.weights.keras.chain import network_of
from convgui.io.weights.keras.settings import Unusable, layers_of
from convgui.io.weights.numbers import BITS, MOST_AXES, bytes_of, count_of, decoded
from convgui.io.weights.spans import Stored
from convgui.io.weights.tensor import Tensor, layouts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from convgui.io.weights.keras.settings import Described
    from convgui.io.weights.network import Network

KIND = "TensorFlow.js"

MOST_BYTES, MOST_SHARDS, MOST_TENSORS = 100_000_000, 10_000, 100_000
"""Bytes of a manifest, its shards, and its tensors."""

_QUANTIZED = ("uint8", "uint16", "float16")


class Part(NamedTuple):
    """Where the bytes of a tensor lie in the shards of a group, and how its numbers are stored."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    stored: str
    scale: float
    least: float
    start: int
    stop: int


def open_tfjs(path: Path) -> tuple[list[Tensor], dict[str, str], str, Callable[[], Network | None]]:
    """Return the tensors of a model or a manifest, its metadata, a note, and what makes its chain.

    Raises
    ------
    FileError
        If it is none, or its shards are not beside it.
    """
    document = _document(path)
    model = document if isinstance(document, dict) else {}
    groups = model.get("weightsManifest") if isinstance(document, dict) else document
    if not isinstance(groups, list) or not groups:
        raise FileError(f"{path.name}: has no weightsManifest, expected a model of TensorFlow.js.")
    tensors: list[Tensor] = []
    for group in groups:
        tensors += _group(path, group)
        if len(tensors) > MOST_TENSORS:
            raise FileError(f"{path.name}: names more than {MOST_TENSORS:,} tensors.")
    said = {str(key): str(model[key])[:500] for key in ("format", "generatedBy", "convertedBy") if model.get(key)}
    note, maker = _chain(path, model, tensors)
    return tensors, said, note, maker


def is_tfjs(path: Path) -> bool:
    """Return whether a JSON file is a model or a manifest of TensorFlow.js, by its beginning and its name alone."""
    try:
        with open_file(path) as stream:
            head = stream.read(2000)
    except (FileError, OSError):
        return False
    marks = (b'"weightsManifest"', b'"modelTopology"', b'"layers-model"', b'"graph-model"')
    return any(mark in head for mark in marks) or (path.name.endswith("manifest.json") and b'"weights"' in head)


def _document(path: Path) -> Any:
    try:
        return json.loads(decode_text(read_bytes(path, MOST_BYTES), path.name))
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path.name}: is no JSON text, expected a model of TensorFlow.js.") from error


def _group(path: Path, group: Any) -> list[Tensor]:
    """Return the tensors of one group of shards, whose bytes follow one another."""
    shards = group.get("paths") if isinstance(group, dict) else None
    entries = group.get("weights") if isinstance(group, dict) else None
    if not isinstance(shards, list) or not isinstance(entries, list) or len(shards) > MOST_SHARDS:
        raise FileError(f"{path.name}: has a group without paths or weights, expected a model of TensorFlow.js.")
    files = [_shard(path, name) for name in shards]
    parts, at = [], 0
    for entry in entries:
        part = _part(path, entry, at)
        parts.append(part)
        at = part.stop
    there = sum(file.size for file in files)
    if at != there:
        raise FileError(f"{path.name}: its weights take {at:,} bytes, and {', '.join(shards[:3])} have {there:,}.")
    return [_tensor(path, part, files) for part in parts]


def _shard(path: Path, name: Any) -> Stored:
    """Return a shard: a regular file beside the manifest, by its bare name."""
    bare = isinstance(name, str) and PurePosixPath(name).name == PureWindowsPath(name).name == name
    if not bare or name in ("", ".", "..") or "\0" in name:
        raise FileError(f"{path.name}: names {str(name)[:80]!r}, expected the bare name of a file beside it.")
    try:
        regular = stat.S_ISREG(os.lstat(path.with_name(name)).st_mode)
    except (OSError, ValueError):
        raise FileError(
            f"{path.name}: its weights lie in {name}, which is not beside it; put both into one folder."
        ) from None
    if not regular:
        raise FileError(f"{path.name}: {name} beside it is a link or no file, expected a file with its weights.")
    return Stored.of(path.with_name(name))


def _part(path: Path, entry: Any, at: int) -> Part:
    try:
        name, shape, dtype = entry["name"], tuple(entry["shape"]), entry["dtype"]
        quantized = entry.get("quantization")
        stored = quantized["dtype"] if quantized else dtype
        scale, least = (
            (float(quantized.get(key, usual)) for key, usual in (("scale", 1.0), ("min", 0.0))) if quantized else (1.0, 0.0)
        )
        good = isinstance(name, str) and len(shape) <= MOST_AXES and all(type(n) is int and n >= 0 for n in shape)
        good = good and isinstance(dtype, str) and stored in BITS and (not quantized or stored in _QUANTIZED)
        if not good:
            raise ValueError(f"the entry {str(entry)[:80]} is none that is read")
        return Part(name, shape, dtype, stored, scale, least, at, at + bytes_of(shape, stored))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise FileError(f"{path.name}: has a weight that is not described: {str(error)[:120]}.") from error


def _tensor(path: Path, part: Part, files: list[Stored]) -> Tensor:
    layouts = layouts_of(part.shape, KIND, part.name)
    reader = partial(_read, path, part, files)
    return Tensor(part.name, part.shape, part.dtype, layouts[0] if layouts else None, reader, layouts)


def _read(path: Path, part: Part, files: list[Stored]) -> NDArray[Any]:
    """Return the numbers of a tensor, which may begin in one shard and end in another; quantized ones as scale * n + min."""
    check_memory(path.name, part.stop - part.start + 8 * count_of(part.shape))
    data, begin = b"", 0
    for file in files:
        first, last = max(part.start - begin, 0), min(part.stop - begin, file.size)
        data += file.bytes(first, last) if first < last else b""
        begin += file.size
    try:
        numbers = decoded(data, part.stored, part.shape)
    except ValueError as error:
        raise FileError(f"{path.name}: the tensor {part.name} {error}.") from error
    if part.stored in ("uint8", "uint16") and (part.scale, part.least) != (1.0, 0.0):
        return (numbers.astype(np.float64) * part.scale + part.least).astype(np.float32)
    return numbers


def _chain(path: Path, model: Mapping[str, Any], tensors: list[Tensor]) -> tuple[str, Callable[[], Network | None]]:
    """Return a note and what makes the chain, where the model is one of Keras's layers."""
    topology = model.get("modelTopology")
    config = topology.get("model_config", topology) if isinstance(topology, Mapping) else None
    if not isinstance(config, Mapping) or "class_name" not in config:
        said = "The graph of TensorFlow is not followed; its tensors are listed." if topology else ""
        return said, lambda: None
    try:
        layers = layers_of(config)
    except (Unusable, RecursionError) as error:
        return f"{path.name}: {error}; its tensors are listed.", lambda: None
    version = 2 if str((topology or {}).get("keras_version", "2")).startswith(("1", "2")) else 3

    def held(layer: Described) -> list[Tensor]:
        return [tensor for tensor in tensors if layer.name in tensor.name.split("/")[:-1]]

    return "", partial(network_of, layers, held, version)
