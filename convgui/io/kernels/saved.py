"""Kernel files in the formats that this program writes: JSON, text, npy."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.kernel import MAX_SIDE, Kernel
from convgui.io.atomic import write_bytes
from convgui.io.errors import FileError, decode_text, read_bytes
from convgui.io.kernels.stored import MOST_BYTES, checked_kernel, kernel_of_json, to_json
from convgui.io.pictures.npy import read_npy
from convgui.io.text.kernels import format_matrix, parse_kernel

if TYPE_CHECKING:
    from os import PathLike

KERNEL_FORMATS = ((".json", "convgui kernel"), (".txt", "Text, as ImageJ has it"), (".csv", "CSV"), (".npy", "NumPy"))
"""Endings and labels of the formats in which a kernel is opened and saved."""


def load_kernel(path: str | PathLike[str]) -> Kernel:
    """Open a kernel.

    Parameters
    ----------
    path : path-like
        JSON of this program, npy, or text with rows of numbers (ImageJ's, CSV, or whatever `parse_kernel` reads).

    Returns
    -------
    Kernel
        Named as its JSON says, else by the file.

    Raises
    ------
    FileError
        One sentence on what is wrong.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "edge.json"
    >>> save_kernel(path, Kernel([[1, 0, -1]], name="edge"))
    >>> load_kernel(path).size
    (1, 3)
    """
    path = Path(path)
    if path.suffix.lower() == ".npy":
        array = read_npy(path, _check_weights)
        return checked_kernel(array[np.newaxis] if array.ndim == 1 else array, path.stem, path.name)
    text = decode_text(read_bytes(path, MOST_BYTES), path.name)
    if path.suffix.lower() == ".json" or text.lstrip().startswith('{"'):
        return kernel_of_json(text, path)
    try:
        return checked_kernel(parse_kernel(text), path.stem, path.name)
    except ValueError as error:
        raise FileError(f"{path.name}: {error}.") from error


def save_kernel(path: str | PathLike[str], kernel: Kernel) -> None:
    """Save a kernel in the format that the file's ending names.

    Raises
    ------
    FileError
        If the ending is unknown, the format has no place for the kernel's channels, or the file cannot be written.
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending == ".npy":
        stream = BytesIO()
        np.lib.format.write_array(stream, kernel.weights, allow_pickle=False)
        write_bytes(path, stream.getvalue())
    elif ending == ".json":
        write_bytes(path, to_json(kernel))
    elif ending in (".txt", ".csv"):
        try:
            text = format_matrix(kernel.weights, "," if ending == ".csv" else " ")
        except ValueError as error:
            raise FileError(f"{path.name}: {error}; save it as JSON or npy.") from error
        write_bytes(path, f"{text}\n".encode())
    else:
        endings = ", ".join(ending for ending, _ in KERNEL_FORMATS)
        raise FileError(f"{path.name}: expected a name that ends in one of {endings}.")


def _check_weights(shape: tuple[int, ...], dtype: np.dtype, file: str) -> None:
    """Refuse what is no kernel before it is read."""
    if dtype.kind not in "buif":
        raise FileError(f"{file}: holds {dtype} entries, expected real numbers as weights.")
    if len(shape) not in (1, 2, 4) or 0 in shape or (len(shape) < 4 and max(shape) > MAX_SIDE):
        raise FileError(f"{file}: has the shape {shape}, expected a kernel of at most {MAX_SIDE} × {MAX_SIDE}.")
