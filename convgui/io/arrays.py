"""Arrays of numbers from files: NumPy's npy and npz, and text in rows (csv, tsv, txt)."""

from __future__ import annotations

import zipfile
from io import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from convgui.engine.source import Source, unit_scale
from convgui.engine.tiles import Cancelled, never
from convgui.io.array_text import parse_numbers
from convgui.io.errors import FileError, decode_text, file_error, open_file, read_bytes
from convgui.io.limits import MAX_PIXELS, check_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from numpy.typing import NDArray

    Check = Callable[[tuple[int, ...], np.dtype, str], None]

ARRAY_EXTENSIONS = (".npy", ".npz", ".csv", ".tsv", ".txt")

MAX_CHANNELS, MAX_LANES = 4, 64
"""Channels of a picture, and of a sequence."""

MAX_TEXT_BYTES = 500_000_000

ZIP_EXPANSION = 100
"""A large npz that expands more than this is refused: numbers that were measured compress two- to tenfold."""

ZIP_HARMLESS = 256_000_000
"""Up to so many bytes an npz may expand as it likes."""

TOY_CELLS, TOY_SIDE = 1024, 64

LONG, NARROW = 16, 4
"""So many rows, and so many times as many as columns, are the steps of a sequence and not rows of a picture."""


def open_array(path: str | PathLike[str], cancelled: Callable[[], bool] = never) -> Source:
    r"""Open an array of numbers.

    Parameters
    ----------
    path : path-like
        An npy or npz file (never one with pickled objects), or rows of numbers as text. One axis of L numbers becomes
        a sequence of L steps; two are rows and columns, but many rows of at most four columns are steps and channels, as
        Keras and spreadsheets have them; three are rows, columns and at most four channels.
    cancelled : callable returning bool
        Asked between the stages of reading.

    Returns
    -------
    Source
        A small one is a toy grid, whose numbers count as they are. Else bytes and 16-bit numbers are scaled to 0..1.

    Raises
    ------
    FileError
        One sentence on what is wrong: damaged, cut off, not numeric, of an unsuitable shape, or too large.
    Cancelled
        If it is no longer wanted.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "grid.csv"
    >>> _ = path.write_text("0,1,0\n1,0,1\n")
    >>> source = open_array(path)
    >>> source.rows, source.cols, source.toy
    (2, 3, True)
    """
    path = Path(path)
    try:
        array, notes = _read(path, cancelled)
        if cancelled():
            raise Cancelled
        return _as_source(array, path, notes)
    except (FileError, Cancelled):
        raise
    except MemoryError as error:
        raise FileError(f"{path.name}: the array is too large for the memory that is free.") from error
    except OSError as error:
        raise file_error(path, error) from error
    except Exception as error:  # the parsers of damaged headers and zip files raise nearly everything
        raise FileError(f"{path.name}: the file is damaged or cut off ({error or type(error).__name__}).") from error


def check_picture_array(shape: tuple[int, ...], dtype: np.dtype, name: str) -> None:
    """Refuse what is no picture, sequence or grid of real numbers, before it is read."""
    if dtype.kind not in "buif" or dtype.itemsize > 16:
        raise FileError(f"{name}: holds {dtype} entries, expected real numbers.")
    if len(shape) not in (1, 2, 3):
        raise FileError(f"{name}: has {len(shape)} axes, shape {shape}; expected 1 (a sequence), 2 or 3.")
    if 0 in shape:
        raise FileError(f"{name}: holds no numbers, its shape is {shape}.")
    if len(shape) == 3 and shape[2] > (MAX_LANES if shape[0] == 1 else MAX_CHANNELS):
        raise FileError(
            f"{name}: has {shape[2]} channels, shape {shape}; "
            f"expected rows x columns x channels with at most {MAX_CHANNELS}."
        )
    cells = int(np.prod(shape[:2], dtype=object))
    if cells > MAX_PIXELS:
        raise FileError(f"{name}: has {cells / 1e6:,.0f} million cells; at most {MAX_PIXELS // 1_000_000} are opened.")
    check_memory(name, cells * (shape[2] if len(shape) == 3 else 1) * (dtype.itemsize + 4))


def read_npy(path: Path, check: Check = check_picture_array) -> NDArray[np.generic]:
    """Read an npy file after its header has been checked: by `check`, and against the size of the file."""
    with open_file(path) as stream:
        stored = stream.seek(0, SEEK_END)
        stream.seek(0)
        return _read_npy(stream, stored, path.name, check)


def _read(path: Path, cancelled: Callable[[], bool]) -> tuple[NDArray[np.generic], list[str]]:
    with open_file(path) as stream:
        magic = stream.read(6)
    if magic == b"\x93NUMPY" or path.suffix.lower() == ".npy":
        return read_npy(path), []
    if magic[:4] == b"PK\3\4" or path.suffix.lower() == ".npz":
        return _read_npz(path)
    text = decode_text(read_bytes(path, MAX_TEXT_BYTES), path.name)
    if cancelled():
        raise Cancelled
    try:
        return parse_numbers(text)
    except ValueError as error:
        raise FileError(f"{path.name}: {error}.") from error


def _read_npy(stream: BinaryIO, stored: int, name: str, check: Check = check_picture_array) -> NDArray[np.generic]:
    """Read an array of which `stored` bytes are there, header included."""
    try:
        version = np.lib.format.read_magic(stream)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read_header(stream)
    except ValueError as error:
        raise FileError(f"{name}: is no NumPy array, or its header is damaged.") from error
    check(shape, dtype, name)
    count = int(np.prod(shape, dtype=object))
    there = stored - stream.tell()
    if count * dtype.itemsize > there:
        raise FileError(f"{name}: is cut off: {count * dtype.itemsize:,} bytes are declared, {there:,} are there.")
    data = stream.read(count * dtype.itemsize)
    return np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")


def _read_npz(path: Path) -> tuple[NDArray[np.generic], list[str]]:
    """Read the first array of an archive that suits, and say so if there are more."""
    stored = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        members = [item for item in archive.infolist() if item.filename.endswith(".npy")]
        expanded = sum(item.file_size for item in members)
        if expanded > max(ZIP_HARMLESS, ZIP_EXPANSION * stored):
            raise FileError(f"{path.name}: {stored:,} bytes expand to {expanded:,}: a decompression bomb, not opened.")
        if not members:
            raise FileError(f"{path.name}: holds no array, expected at least one.")
        fault: FileError | None = None
        for item in members:
            label = item.filename.removesuffix(".npy")
            try:
                with archive.open(item) as stream:
                    array = _read_npy(stream, item.file_size, f"{path.name}, array {label}")  # type: ignore[arg-type]
            except FileError as error:
                fault = fault or error
                continue
            return array, [f"The array {label!r}, one of {len(members)}, was read."] if len(members) > 1 else []
    assert fault is not None
    raise fault


def _as_source(array: NDArray[np.generic], path: Path, notes: list[str]) -> Source:
    check_picture_array(array.shape, array.dtype, path.name)
    grid = array[np.newaxis] if array.ndim == 1 or _is_sequence(array.shape) else array
    if array.ndim == 2 and grid.ndim == 3:
        steps, channels = array.shape
        notes = [*notes, f"{steps:,} rows were read as steps" + (f" of {channels} channels." if channels > 1 else ".")]
        grid = grid[:, :, 0] if channels == 1 else grid
    source = Source(grid)
    if not _same_numbers(grid, source.array):
        notes = [*notes, f"{grid.dtype.name} numbers were rounded to float32."]
    toy = source.rows * source.cols <= TOY_CELLS and max(source.rows, source.cols) <= TOY_SIDE
    scale = 1.0 if toy else unit_scale(source.array.dtype)
    return Source(source.array, scale, path.name, str(path), toy=toy, note=" ".join(notes))


def _is_sequence(shape: tuple[int, ...]) -> bool:
    """Whether rows and columns are steps and channels."""
    return len(shape) == 2 and shape[1] <= MAX_CHANNELS and shape[0] >= max(LONG, NARROW * shape[1])


def _same_numbers(given: NDArray[np.generic], read: NDArray[np.generic]) -> bool:
    """Whether nothing was rounded when the numbers were brought to a dtype that the engine reads."""
    if given.dtype.newbyteorder("=") == read.dtype or given.dtype.kind == "b":
        return True
    return np.array_equal(given, read, equal_nan=given.dtype.kind == "f")
