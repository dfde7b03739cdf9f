"""Arrays of numbers from files: NumPy's npy and npz, and text in rows (csv, tsv, txt)."""

from __future__ import annotations

import zipfile
from io import SEEK_END
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from convgui.engine.source import Source, unit_scale
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.errors import FileError, complaint, decode_text, file_error, open_file, read_bytes
from convgui.io.limits import MAX_PIXELS, check_memory, check_text
from convgui.io.pictures.numbers import as_read
from convgui.io.pictures.pages import NAMED, choose
from convgui.io.pictures.readings import MAX_CHANNELS, may_be_read, read_axes, said_of_axes
from convgui.io.text.tables import parse_numbers

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from numpy.typing import NDArray

    from convgui.io.pictures.pages import Chosen

    Check = Callable[[tuple[int, ...], np.dtype, str], None]

ARRAY_EXTENSIONS = (".npy", ".npz", ".csv", ".tsv", ".txt")

MAX_TEXT_BYTES = 500_000_000

ZIP_EXPANSION = 100
"""A large npz that expands more than this is refused: numbers that were measured compress two- to tenfold."""

ZIP_HARMLESS = 256_000_000
"""Up to so many bytes an npz may expand as it likes."""

TOY_CELLS, TOY_SIDE = 1024, 64

MOST_ARRAYS = 2000
"""Arrays of an npz that are listed."""


def open_array(
    path: str | PathLike[str],
    cancelled: Callable[[], bool] = never,
    *,
    page: int | str | None = None,
    reading: str | None = None,
) -> Source:
    r"""Open an array of numbers.

    Parameters
    ----------
    path : path-like
        An npy or npz file (never one with pickled objects), or rows of numbers as text. One axis of L numbers becomes
        a sequence of L steps; two are rows and columns, but many rows of at most four columns are steps and channels, as
        Keras and spreadsheets have them; three are rows, columns and at most four channels, which may stand first.
    cancelled : callable returning bool
        Asked between the stages of reading.
    page : int or str, optional
        Which array of an npz, counted from 1, or its name; by default the first that suits.
    reading : str, optional
        How the axes are read where the shape leaves a choice, see `readings.read_axes`.

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
        array, notes, chosen = _read(path, cancelled, page)
        if cancelled():
            raise Cancelled
        return _as_source(array, path, notes, chosen, reading)
    except (FileError, Cancelled):
        raise
    except MemoryError as error:
        raise FileError(f"{path.name}: the array is too large for the memory that is free.") from error
    except OSError as error:
        raise file_error(path, error) from error
    except Exception as error:  # the parsers of damaged headers and zip files raise nearly everything
        raise FileError(f"{path.name}: the file is damaged or cut off ({complaint(error)}).") from error


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


def _read(
    path: Path, cancelled: Callable[[], bool], page: int | str | None
) -> tuple[NDArray[np.generic], list[str], Chosen]:
    with open_file(path) as stream:
        magic = stream.read(6)
    if magic[:4] == b"PK\3\4" or (path.suffix.lower() == ".npz" and magic != b"\x93NUMPY"):
        return _read_npz(path, page)
    chosen = choose(path.name, ["Array"], page, kind="array")
    if magic == b"\x93NUMPY" or path.suffix.lower() == ".npy":
        return read_npy(path), [], chosen
    check_text(path.name, path.stat().st_size)
    data = read_bytes(path, MAX_TEXT_BYTES)
    check_text(path.name, len(data), data)
    text = decode_text(data, path.name)
    del data
    if cancelled():
        raise Cancelled
    try:
        return *parse_numbers(text), chosen
    except ValueError as error:
        raise FileError(f"{path.name}: {error}.") from error


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


def _read_npz(path: Path, page: int | str | None) -> tuple[NDArray[np.generic], list[str], Chosen]:
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


def _as_source(array: NDArray[np.generic], path: Path, notes: list[str], chosen: Chosen, reading: str | None) -> Source:
    check_picture_array(array.shape, array.dtype, path.name)
    found = read_axes(array, reading, path.name)
    numbers, note = as_read(found.grid, path.name, say=False)
    source = Source(numbers)
    toy = source.rows * source.cols <= TOY_CELLS and max(source.rows, source.cols) <= TOY_SIDE
    return Source(
        source.array,
        1.0 if toy else unit_scale(source.dtype),
        path.name,
        str(path),
        toy=toy,
        note=" ".join(filter(None, [*notes, *found.notes, note])),
        page=chosen.place + 1,
        pages=chosen.labels,
        reading=reading or "",
        instead=found.instead,
    )
