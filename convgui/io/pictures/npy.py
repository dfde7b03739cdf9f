"""NumPy's files: npy, and npz with several arrays; what is too large or no picture is refused before it is read."""

from __future__ import annotations

import zipfile
from io import SEEK_END
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from convgui.io.errors import FileError, open_file
from convgui.io.limits import MAX_PIXELS, check_memory
from convgui.io.pictures.pages import NAMED, choose
from convgui.io.pictures.readings import MAX_CHANNELS, may_be_read, said_of_axes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from convgui.io.pictures.pages import Chosen

    Check = Callable[[tuple[int, ...], np.dtype, str], None]

ZIP_EXPANSION = 100
"""A large npz that expands more than this is refused: numbers that were measured compress two- to tenfold."""

ZIP_HARMLESS = 256_000_000
"""Up to so many bytes an npz may expand as it likes."""

MOST_ARRAYS = 2000
"""Arrays of an npz that are listed."""


def check_picture_array(shape: tuple[int, ...], dtype: np.dtype, name: str) -> None:
    """Refuse what is no picture, sequence or grid of real numbers, before it is read."""
    if dtype.kind not in "buif" or dtype.itemsize > 16:
        raise FileError(f"{name}: holds {dtype} entries, expected real numbers.")
    if 0 in shape:
        raise FileError(f"{name}: holds no numbers, its shape is {shape}.")
    if not may_be_read(shape):
        raise FileError(f"{name}: {said_of_axes(shape)}")
    cells = int(np.prod(shape, dtype=object))
    if cells > MAX_CHANNELS * MAX_PIXELS or (len(shape) <= 2 and cells > MAX_PIXELS):
        raise FileError(f"{name}: has {cells / 1e6:,.0f} million cells; at most {MAX_PIXELS // 1_000_000} are opened.")
    check_memory(name, cells * (dtype.itemsize + 4))


def read_npy(path: Path, check: Check = check_picture_array) -> NDArray[np.generic]:
    """Read an npy file after its header has been checked: by `check`, and against the size of the file."""
    with open_file(path) as stream:
        stored = stream.seek(0, SEEK_END)
        stream.seek(0)
        return _read_npy(stream, stored, path.name, check)


def _read_npy(stream: BinaryIO, stored: int, name: str, check: Check = check_picture_array) -> NDArray[np.generic]:
    """Read an array of which `stored` bytes are there, header included."""
    shape, fortran, dtype = read_header(stream, name)
    check(shape, dtype, name)
    count = int(np.prod(shape, dtype=object))
    there = stored - stream.tell()
    if count * dtype.itemsize > there:
        raise FileError(f"{name}: is cut off: {count * dtype.itemsize:,} bytes are declared, {there:,} are there.")
    data = stream.read(count * dtype.itemsize)
    return np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")


def read_header(stream: BinaryIO, name: str) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Read shape, order and dtype."""
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(stream)
    except (FileError, OSError):
        raise
    except Exception as error:  # a damaged one raises TokenError, TypeError, RecursionError, nearly everything
        raise FileError(f"{name}: is no NumPy array, or its header is damaged.") from error
    if any(n < 0 or isinstance(n, bool) for n in shape):
        raise FileError(f"{name}: is no NumPy array, its header declares the shape {shape}.")
    return shape, fortran, dtype


def read_npz(path: Path, page: int | str | None) -> tuple[NDArray[np.generic], list[str], Chosen]:
    """Read one array of an archive: the one that is asked for, or the first that suits, and name all."""
    stored = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        members = [item for item in archive.infolist() if item.filename.endswith(".npy")][:MOST_ARRAYS]
        expanded = sum(item.file_size for item in members)
        if expanded > max(ZIP_HARMLESS, ZIP_EXPANSION * stored):
            raise FileError(f"{path.name}: {stored:,} bytes expand to {expanded:,}: a decompression bomb, not opened.")
        if not members:
            raise FileError(f"{path.name}: holds no array, expected at least one.")
        names = [item.filename.removesuffix(".npy") for item in members]
        labels, suits = zip(*(_described(archive, item, path.name) for item in members), strict=True)
        chosen = choose(path.name, labels, page, suits.index(True) if True in suits else 0, "array")
        item, label = members[chosen.place], names[chosen.place]
        with archive.open(item) as stream:
            array = _read_npy(stream, item.file_size, f"{path.name}, array {label}")  # type: ignore[arg-type]
    if page is not None or len(members) == 1:
        return array, [], chosen
    listed = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    return array, [f"The array {label!r}, one of {len(members)} ({listed}), was read."], chosen


def _described(archive: zipfile.ZipFile, item: zipfile.ZipInfo, name: str) -> tuple[str, bool]:
    """Return what a list calls an array, with shape and dtype, and whether it can be shown."""
    label = item.filename.removesuffix(".npy")
    try:
        with archive.open(item) as stream:
            shape, _, dtype = read_header(stream, name)  # type: ignore[arg-type]
    except Exception:  # damaged; it is told when it is asked for
        return label, False
    text = f"{label}: {' × '.join(str(n) for n in shape) or 'one number'} {dtype}"
    try:
        check_picture_array(shape, dtype, name)
    except FileError:
        return text, False
    return text, True
