"""Kernel files of this program (JSON, text, npy), and the folder of the user's own kernels."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.kernels.kernel import MAX_SIDE, Kernel
from convgui.io.atomic import write_bytes
from convgui.io.errors import FileError, decode_text, file_error, read_bytes
from convgui.io.folders import data_folder
from convgui.io.pictures.arrays import read_npy
from convgui.io.recipe_arrays import weights_from
from convgui.io.strict_json import parse_object, shown
from convgui.io.text.kernels import format_matrix, parse_kernel

if TYPE_CHECKING:
    from os import PathLike

FORMAT, VERSION = "convgui kernel", 1

KERNEL_FORMATS = ((".json", "convgui kernel"), (".txt", "Text, as ImageJ has it"), (".csv", "CSV"), (".npy", "NumPy"))
"""Endings and labels of the formats in which a kernel is opened and saved."""

MOST_BYTES = 32_000_000


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
        return _kernel(array[np.newaxis] if array.ndim == 1 else array, path.stem, path.name)
    text = decode_text(read_bytes(path, MOST_BYTES), path.name)
    if path.suffix.lower() == ".json" or text.lstrip().startswith('{"'):
        return kernel_of_json(text, path)
    try:
        return _kernel(parse_kernel(text), path.stem, path.name)
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
        write_bytes(path, _to_json(kernel))
    elif ending in (".txt", ".csv"):
        try:
            text = format_matrix(kernel.weights, "," if ending == ".csv" else " ")
        except ValueError as error:
            raise FileError(f"{path.name}: {error}; save it as JSON or npy.") from error
        write_bytes(path, f"{text}\n".encode())
    else:
        endings = ", ".join(ending for ending, _ in KERNEL_FORMATS)
        raise FileError(f"{path.name}: expected a name that ends in one of {endings}.")


class KernelShelf:
    """The user's own kernels, one JSON file each, in a folder that outlives updates of the program.

    It answers from memory as long as nothing has changed in the folder, where other windows keep and delete kernels as
    well. A name is one kernel, in however many files it may be. A damaged file is passed over, named in `problems` and
    left where it is.

    Parameters
    ----------
    folder : path-like, optional
        By default `kernels` in the user's data folder.

    Examples
    --------
    >>> import tempfile
    >>> shelf = KernelShelf(tempfile.mkdtemp())
    >>> shelf.save(Kernel([[1, 2, 1]], name="a/b"))
    >>> shelf.names()
    ['a/b']
    """

    def __init__(self, folder: str | PathLike[str] | None = None) -> None:
        self.folder = Path(folder) if folder is not None else data_folder() / "kernels"
        self._problems: list[str] = []
        self._kernels: dict[str, tuple[Kernel, list[Path]]] = {}
        self._seen: list[tuple[str, int, int]] | None = None

    @property
    def problems(self) -> list[str]:
        """One sentence for each file that could not be read."""
        self._read()
        return list(self._problems)

    def names(self) -> list[str]:
        """Return the names of the kernels in the order of the alphabet."""
        return sorted(self._read(), key=str.casefold)

    def load(self, name: str) -> Kernel:
        """Return a kernel; FileError if there is none of this name."""
        try:
            return self._read()[name][0]
        except KeyError as error:
            raise FileError(f"No own kernel is called {name!r}.") from error

    def save(self, kernel: Kernel) -> None:
        """Keep a kernel under its name, in place of one of the same name; FileError if it is too large or not written."""
        if not kernel.name.strip():
            raise FileError("The kernel has no name, expected one to save it by.")
        if fault := _too_large(kernel):
            raise FileError(f"{kernel.name} is not kept: it {fault}; Save the bank keeps it with the others.")
        kernels = self._read()
        path, *others = kernels[kernel.name][1] if kernel.name in kernels else [self._free_path(kernel.name)]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise file_error(self.folder, error, writing=True) from error
        write_bytes(path, _to_json(kernel))
        self._remove(others)

    def delete(self, name: str) -> None:
        """Remove a kernel; FileError if there is none of this name or its file cannot be removed."""
        self.load(name)
        self._remove(self._read()[name][1])

    def _remove(self, paths: list[Path]) -> None:
        for path in paths:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise file_error(path, error, writing=True) from error

    def _read(self) -> dict[str, tuple[Kernel, list[Path]]]:
        """Return the kernels, read anew if the folder has changed."""
        try:
            seen = self._look()
        except OSError as error:
            self._kernels, self._seen = {}, None
            self._problems = [f"Your own kernels cannot be shown. {file_error(self.folder, error)}"]
            return self._kernels
        if seen != self._seen:
            self._seen, self._kernels, self._problems = seen, {}, []
            for name, _, _ in seen:
                self._take(self.folder / name)
        return self._kernels

    def _look(self) -> list[tuple[str, int, int]]:
        """Return name, time and size of each file on the shelf."""
        try:
            with os.scandir(self.folder) as entries:
                found = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".json")]
        except FileNotFoundError:
            return []
        return sorted((name, known.st_mtime_ns, known.st_size) for name, known in found)

    def _take(self, path: Path) -> None:
        try:
            kernel = load_kernel(path)
        except FileError as error:
            self._problems.append(str(error))
            return
        _, paths = self._kernels.setdefault(kernel.name, (kernel, []))
        paths.append(path)

    def _free_path(self, name: str) -> Path:
        """Return a file that no other kernel has, damaged ones included."""
        stem = file_stem(name)
        path, number = self.folder / f"{stem}.json", 1
        while path.exists():
            number += 1
            path = self.folder / f"{stem}-{number}.json"
        return path


def file_stem(name: str) -> str:
    """Return a file name without ending that every system accepts, and that differs for each name.

    >>> file_stem("Kante / schräg")
    'kante-schrag-a01a94cb'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "kernel"
    return f"{words}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _to_json(kernel: Kernel) -> bytes:
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
    kernel = _kernel(document.get("weights"), named, path.name)
    try:
        weights_from(document["weights"], "weights")  # NumPy takes true for 1
    except ValueError as error:
        raise FileError(f"{path.name}: {error}") from error
    return kernel


def _check_weights(shape: tuple[int, ...], dtype: np.dtype, file: str) -> None:
    """Refuse what is no kernel before it is read."""
    if dtype.kind not in "buif":
        raise FileError(f"{file}: holds {dtype} entries, expected real numbers as weights.")
    if len(shape) not in (1, 2, 4) or 0 in shape or (len(shape) < 4 and max(shape) > MAX_SIDE):
        raise FileError(f"{file}: has the shape {shape}, expected a kernel of at most {MAX_SIDE} × {MAX_SIDE}.")


def _check_rows(weights: Any) -> None:
    """Refuse rows of different lengths, which NumPy would refuse in words for programmers."""
    if isinstance(weights, list) and weights and all(isinstance(row, list) for row in weights):
        odd = next((k for k, row in enumerate(weights) if len(row) != len(weights[0])), None)
        if odd is not None:
            raise ValueError(f"row {odd + 1} has {len(weights[odd])} weights, expected {len(weights[0])}")


def _kernel(weights: Any, name: str, file: str) -> Kernel:
    """Return a kernel whose weights are checked; numbers as words, which NumPy would convert, are refused."""
    try:
        _check_rows(weights)
        array = np.asarray(weights)
        if array.dtype.kind not in "buif":
            raise ValueError("expected rows of numbers as weights")
        kernel = Kernel(array, name=name)
    except (ValueError, TypeError) as error:
        raise FileError(f"{file}: {str(error).rstrip('.')}.") from error
    if fault := _too_large(kernel):
        raise FileError(f"{file}: {fault}.")
    return kernel


def _too_large(kernel: Kernel) -> str:
    """Return why a kernel is none that is drawn cell by cell, as those of banks may be; empty if it is one."""
    rows, cols = kernel.size
    if kernel.weights.ndim == 4 or max(rows, cols) <= MAX_SIDE:
        return ""
    return f"has {rows} × {cols} weights, a kernel at most {MAX_SIDE} × {MAX_SIDE}"
