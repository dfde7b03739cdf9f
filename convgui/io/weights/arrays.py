"""NumPy's files as weights: each array of an npz, or one bank in an npy; sizes are checked before a number is read."""

from __future__ import annotations

import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.io.errors import FileError, complaint, open_file
from convgui.io.limits import check_memory
from convgui.io.pictures.npy import ZIP_EXPANSION, ZIP_HARMLESS, read_header
from convgui.io.weights.numbers import count_of, dtype_name, exact
from convgui.io.weights.spans import Stored
from convgui.io.weights.tensor import Tensor, layouts_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

KIND = "NumPy"

MOST_ARRAYS = 20_000
"""Arrays of an npz."""


def open_npz(path: Path) -> list[Tensor]:
    """Return the arrays of an npz in its order.

    Raises
    ------
    FileError
        If it is damaged, holds no array, or expands to very much more than it has bytes.
    """
    stored = Stored.of(path)
    try:
        with zipfile.ZipFile(path) as archive:
            items = [item for item in archive.infolist() if item.filename.endswith(".npy")]
            if len(items) > MOST_ARRAYS:
                raise FileError(f"{path.name}: holds {len(items):,} arrays; at most {MOST_ARRAYS:,} are listed.")
            expanded = sum(item.file_size for item in items)
            if expanded > max(ZIP_HARMLESS, ZIP_EXPANSION * stored.size):
                raise FileError(
                    f"{path.name}: {stored.size:,} bytes expand to {expanded:,}: a decompression bomb, not opened."
                )
            found = [_described(stored, archive, item) for item in items]
    except (FileError, MemoryError):
        raise
    except Exception as error:  # the parsers of damaged zip files raise nearly everything
        raise FileError(f"{path.name}: is damaged, expected arrays of NumPy ({complaint(error)}).") from error
    if not found:
        raise FileError(f"{path.name}: holds no array, expected weights.")
    return found


def open_npy(path: Path) -> list[Tensor]:
    """Return the one array of an npy, which must be a bank; FileError otherwise."""
    stored = Stored.of(path)
    with open_file(path) as stream:
        shape, fortran, dtype = read_header(stream, path.name)
        start = stream.tell()
    if not layouts_of(shape, KIND, path.stem) or len(shape) < 3:
        raise FileError(f"{path.name}: has the shape {shape}, expected weights of 3 or 4 axes with the sides of a kernel.")
    _check(path.name, path.stem, shape, dtype, stored.size - start)
    return [_tensor(path.stem, shape, dtype, partial(_of_npy, stored, start, shape, dtype, fortran))]


def _described(stored: Stored, archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> Tensor:
    name = item.filename.removesuffix(".npy")
    with archive.open(item) as stream:
        shape, fortran, dtype = read_header(stream, f"{stored.path.name}, array {name}")  # type: ignore[arg-type]
        start = stream.tell()
    return _tensor(name, shape, dtype, partial(_of_npz, stored, item, start, shape, dtype, fortran))


def _tensor(name: str, shape: tuple[int, ...], dtype: np.dtype, reader: Any) -> Tensor:
    layouts = layouts_of(shape, KIND, name) if dtype.kind in "buif" else ()
    return Tensor(name, shape, dtype_name(dtype), layouts[0] if layouts else None, reader, layouts)


def _check(file: str, name: str, shape: tuple[int, ...], dtype: np.dtype, there: int) -> int:
    """Return how many bytes an array has, which must be there and fit into memory."""
    if dtype.kind not in "buif":
        raise FileError(f"{file}: the array {name} holds {dtype} entries, expected real numbers: save it as float32.")
    needed = count_of(shape) * dtype.itemsize
    if needed > there:
        raise FileError(f"{file}: the array {name} is cut off: {needed:,} bytes are declared, {max(there, 0):,} are there.")
    check_memory(file, needed + 8 * count_of(shape))
    return needed


def _of_npy(stored: Stored, start: int, shape: tuple[int, ...], dtype: np.dtype, fortran: bool) -> NDArray[Any]:
    data = stored.bytes(start, start + count_of(shape) * dtype.itemsize)
    return _array(data, shape, dtype, fortran)


def _of_npz(
    stored: Stored, item: zipfile.ZipInfo, start: int, shape: tuple[int, ...], dtype: np.dtype, fortran: bool
) -> NDArray[Any]:
    file, name = stored.path.name, item.filename.removesuffix(".npy")
    needed = _check(file, name, shape, dtype, item.file_size - start)
    stored.bytes(0, 0)  # still the same file?
    try:
        with zipfile.ZipFile(stored.path) as archive, archive.open(item) as stream:
            stream.read(start)
            data = stream.read(needed)
    except Exception as error:
        raise FileError(f"{file}: the array {name} is damaged ({complaint(error)}).") from error
    if len(data) != needed:
        raise FileError(f"{file}: the array {name} is cut off: {needed:,} bytes are declared, {len(data):,} are there.")
    return _array(data, shape, dtype, fortran)


def _array(data: bytes, shape: tuple[int, ...], dtype: np.dtype, fortran: bool) -> NDArray[Any]:
    return exact(np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C"))
