"""Files of safetensors: the package checks the header, the numbers are read when they are wanted."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from convgui.io.errors import FileError, complaint
from convgui.io.weights.spans import Stored
from convgui.io.weights.tensor import Tensor, layouts_of

if TYPE_CHECKING:
    from pathlib import Path

KIND = "safetensors"

_DTYPES = {"BF16": "bfloat16", "BOOL": "bool", "F16": "float16", "F32": "float32", "F64": "float64"} | {
    f"{letter}{bits}": f"{word}{bits}" for letter, word in (("I", "int"), ("U", "uint")) for bits in (8, 16, 32, 64)
}


def open_safetensors(path: Path) -> tuple[list[Tensor], dict[str, str]]:
    """Return the tensors of a file in the order in which they are stored, and its metadata.

    Raises
    ------
    FileError
        If its header is damaged, or does not agree with the file's size.
    """
    from safetensors import SafetensorError, safe_open

    stored = Stored.of(path)
    try:
        with safe_open(path, framework="np"):  # which checks that offsets, shapes and the file's size agree
            pass
        header = stored.bytes(8, 8 + (length := int.from_bytes(stored.bytes(0, 8), "little")))
        entries: dict[str, Any] = json.loads(header)
        metadata = {str(key): str(value) for key, value in (entries.pop("__metadata__", None) or {}).items()}
        found = sorted(entries.items(), key=lambda entry: entry[1]["data_offsets"])
        return [_tensor(stored, name, entry, 8 + length) for name, entry in found], metadata
    except FileError:
        raise
    except (SafetensorError, OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise FileError(f"{path.name}: is damaged, expected tensors of safetensors ({complaint(error)}).") from error


def _tensor(stored: Stored, name: str, entry: dict[str, Any], base: int) -> Tensor:
    shape, dtype = tuple(entry["shape"]), _DTYPES.get(entry["dtype"], entry["dtype"])
    first, last = entry["data_offsets"]
    layouts = layouts_of(shape, KIND, name)
    reader = partial(stored.array, name, base + first, base + last, dtype, shape)
    return Tensor(name, shape, dtype, layouts[0] if layouts else None, reader, layouts)
