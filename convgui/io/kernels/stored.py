"""Kernels as JSON of this program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.kernels.kernel import MAX_SIDE, Kernel
from convgui.io.errors import FileError, decode_text, read_bytes
from convgui.io.recipe_arrays import weights_from
from convgui.io.strict_json import parse_object, shown

if TYPE_CHECKING:
    from os import PathLike

FORMAT, VERSION = "convgui kernel", 1

MOST_BYTES = 32_000_000


def load_json(path: str | PathLike[str]) -> Kernel:
    """Return the kernel that a file of JSON describes; FileError if it is none."""
    path = Path(path)
    return kernel_of_json(decode_text(read_bytes(path, MOST_BYTES), path.name), path)


def to_json(kernel: Kernel) -> bytes:
    """Return the JSON of a kernel."""
    document = {"format": FORMAT, "version": VERSION, "name": kernel.name, "weights": kernel.weights.tolist()}
    return (json.dumps(document, allow_nan=False).replace("], [", "],\n [") + "\n").encode()


def kernel_of_json(text: str, path: Path) -> Kernel:
    """Return the kernel that JSON of this program describes; FileError if it is none."""
    document = parse_object(text, path.name)
    if document.get("format") != FORMAT:
        raise FileError(f"{path.name}: is no kernel, expected JSON with the format {FORMAT!r}.")
    version, name = document.get("version"), document.get("name")
    if type(version) is not int or not 1 <= version <= VERSION:
        raise FileError(f"{path.name}: has the version {shown(version)}, this program reads up to {VERSION}.")
    named = name if isinstance(name, str) and name.strip() else path.stem
    kernel = checked_kernel(document.get("weights"), named, path.name)
    try:
        weights_from(document["weights"], "weights")  # NumPy takes true for 1
    except ValueError as error:
        raise FileError(f"{path.name}: {error}") from error
    return kernel


def checked_kernel(weights: Any, name: str, file: str) -> Kernel:
    """Return a kernel whose weights are checked; numbers as words, which NumPy would convert, are refused."""
    try:
        _check_rows(weights)
        array = np.asarray(weights)
        if array.dtype.kind not in "buif":
            raise ValueError("expected rows of numbers as weights")
        kernel = Kernel(array, name=name)
    except (ValueError, TypeError) as error:
        raise FileError(f"{file}: {str(error).rstrip('.')}.") from error
    if fault := too_large(kernel):
        raise FileError(f"{file}: {fault}.")
    return kernel


def too_large(kernel: Kernel) -> str:
    """Return why a kernel is none that is drawn cell by cell, as those of banks may be; empty if it is one."""
    rows, cols = kernel.size
    if kernel.weights.ndim == 4 or max(rows, cols) <= MAX_SIDE:
        return ""
    return f"has {rows} × {cols} weights, a kernel at most {MAX_SIDE} × {MAX_SIDE}"


def _check_rows(weights: Any) -> None:
    """Refuse rows of different lengths, which NumPy would refuse in words for programmers."""
    if isinstance(weights, list) and weights and all(isinstance(row, list) for row in weights):
        odd = next((k for k, row in enumerate(weights) if len(row) != len(weights[0])), None)
        if odd is not None:
            raise ValueError(f"row {odd + 1} has {len(weights[odd])} weights, expected {len(weights[0])}")
