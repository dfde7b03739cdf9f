"""Arrays of numbers from files: NumPy's npy and npz, and text in rows (csv, tsv, txt)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from convgui.engine.source import Source, unit_scale
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.errors import FileError, complaint, decode_text, file_error, open_file, read_bytes
from convgui.io.limits import check_text
from convgui.io.pictures.npy import check_picture_array, read_npy, read_npz
from convgui.io.pictures.numbers import as_read
from convgui.io.pictures.pages import choose
from convgui.io.pictures.readings import read_axes
from convgui.io.text.tables import parse_numbers

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    import numpy as np
    from numpy.typing import NDArray

    from convgui.io.pictures.pages import Chosen

MAX_TEXT_BYTES = 500_000_000

TOY_CELLS, TOY_SIDE = 1024, 64


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


def _read(
    path: Path, cancelled: Callable[[], bool], page: int | str | None
) -> tuple[NDArray[np.generic], list[str], Chosen]:
    with open_file(path) as stream:
        magic = stream.read(6)
    if magic[:4] == b"PK\3\4" or (path.suffix.lower() == ".npz" and magic != b"\x93NUMPY"):
        return read_npz(path, page)
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
