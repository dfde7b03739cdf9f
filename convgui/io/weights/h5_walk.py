"""What stands in an HDF5 file, found out in a process of its own: the library can crash on attributes that are damaged.

The process is given a file's path, or its bytes on standard input, and answers with one JSON object on standard output.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from io import BytesIO
from typing import Any, BinaryIO

DEEPEST, MOST_ITEMS = 32, 100_000
"""Groups inside groups, and groups and tensors of a file."""

LONGEST_TEXT, MOST_TEXTS = 50_000_000, 100_000
"""Bytes of an attribute such as a model's settings, and entries of one that is a list."""

HARMLESS, EXPANSION = 256_000_000, 100
"""Bytes to which a packed tensor may expand as it likes, and how many times its stored bytes a larger one may have."""

SECONDS = 120
"""After which a process that has not answered is given up."""

ATTRIBUTES = ("name", "model_config", "keras_version", "backend", "layer_names", "weight_names")


class Refused(Exception):
    """Why a file is not opened, as a sentence without the file's name."""


def walked_apart(path: str, content: bytes | None = None) -> dict[str, Any]:
    """Return what `walked` does, from a process of its own; a program in one file has none, and does it here.

    Raises
    ------
    Refused
        If the file is damaged, or holds what is not followed.
    """
    if getattr(sys, "frozen", False):
        return _answered(_answer(BytesIO(content) if content is not None else open(path, "rb")))
    program = f"import sys; sys.path[:] = {sys.path!r}; from convgui.io.weights import h5_walk; h5_walk.main({path!r})"
    if content is not None:
        program = program.replace(f"main({path!r})", "main('')")
    try:
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=content or b"",
            capture_output=True,
            timeout=SECONDS,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        answer = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise Refused("is damaged, expected an HDF5 file") from error
    return _answered(answer)


def main(path: str) -> None:
    """Answer for a file, or for what comes on standard input."""
    stream = open(path, "rb") if path else BytesIO(sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(_answer(stream)).encode())


def _answer(stream: BinaryIO) -> dict[str, Any]:
    import h5py

    try:
        with stream, h5py.File(stream, "r") as file:
            return walked(file)
    except Refused as error:
        return {"refused": str(error)}
    except Exception as error:  # damaged ones raise nearly everything
        said = " ".join(str(error).split())[:160].rstrip(".") or type(error).__name__
        return {"refused": f"is damaged, expected an HDF5 file ({said})"}


def _answered(answer: dict[str, Any]) -> dict[str, Any]:
    if "refused" in answer:
        raise Refused(answer["refused"])
    return answer


def walked(file: Any) -> dict[str, Any]:
    """Return the tensors of a file and the attributes of its groups that are of use.

    Returns
    -------
    dict
        ``tensors``: for each its name, shape and dtype; ``texts`` and ``lists``: for each attribute the name of its group,
        its own, and what it says.

    Raises
    ------
    Refused
        If it links to another file, nests too deeply, or holds tensors that are not wholly in it.
    """
    found: dict[str, Any] = {"tensors": [], "texts": [], "lists": []}
    _walk(file, "", found, [0], 0)
    return found


def _walk(group: Any, path: str, found: dict[str, Any], count: list[int], depth: int) -> None:
    import h5py

    if depth > DEEPEST:
        raise Refused(f"nests groups more than {DEEPEST} deep")
    _attributes(group, path, found)
    for key in group:
        count[0] += 1
        if count[0] > MOST_ITEMS:
            raise Refused(f"holds more than {MOST_ITEMS:,} groups and tensors")
        item, name = child(group, str(key), f"{path}/{key}" if path else str(key))
        if isinstance(item, h5py.Group):
            _walk(item, name, found, count, depth + 1)
        elif isinstance(item, h5py.Dataset):
            check(item, name)
            dtype = item.dtype
            called = dtype.newbyteorder("=").name if dtype.kind in "buif" else str(dtype)
            found["tensors"].append([name, [int(n) for n in item.shape or ()], called])


def child(group: Any, key: str, name: str) -> tuple[Any, str]:
    """Return what a group holds under a key, and its full name; Refused if it is a link to elsewhere."""
    import h5py

    if not isinstance(group.get(key, getlink=True), h5py.HardLink):
        raise Refused(f"{name} is a link to another place or file, which is not followed")
    return group[key], name


def check(item: Any, name: str) -> None:
    """Refuse a tensor that is not wholly in the file, or expands to very much more than it stores."""
    if item.is_virtual or item.external:
        raise Refused(f"{name} lies in another file, which is not opened")
    needed = math.prod(int(n) for n in item.shape or ()) * item.dtype.itemsize
    stored = item.id.get_storage_size()
    packed = item.chunks is not None or item.compression is not None
    if needed > (max(HARMLESS, EXPANSION * stored) if packed and stored else stored):
        raise Refused(f"{name} declares {needed:,} bytes, and {stored:,} are stored")


def _attributes(group: Any, path: str, found: dict[str, Any]) -> None:
    for key in ATTRIBUTES:
        if key not in group.attrs:
            continue
        attribute = group.attrs.get_id(key)
        count = math.prod(attribute.shape or ())
        if count > MOST_TEXTS or count * attribute.dtype.itemsize > LONGEST_TEXT:
            continue
        value = group.attrs[key]
        value = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(value, list):
            found["lists"].append([path, key, [_text(one) for one in value]])
        elif len(text := _text(value)) <= LONGEST_TEXT:
            found["texts"].append([path, key, text])


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
