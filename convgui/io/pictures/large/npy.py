"""NumPy's own files of arrays that are larger than memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.source import unit_scale
from convgui.io.errors import FileError, open_file
from convgui.io.pictures.large.plain import OnWhite, Plain, read_dtype, said_of_numbers
from convgui.io.pictures.large.reduced import with_copies
from convgui.io.pictures.npy import read_header
from convgui.io.pictures.readings import MAX_CHANNELS, said_of_axes

if TYPE_CHECKING:
    from pathlib import Path

    from convgui.engine.large import Large

MAGIC = b"\x93NUMPY"


def open_npy(path: Path, least: int) -> Large | None:
    """Open an npy file of more than `least` bytes of numbers; None if it has fewer.

    Raises
    ------
    FileError
        If it is no picture of real numbers, or cut off.
    """
    with open_file(path) as stream:
        shape, fortran, dtype = read_header(stream, path.name)
        offset = stream.tell()
    count = int(np.prod(shape, dtype=object))
    if dtype.kind not in "buif" or dtype.itemsize > 8 or count * read_dtype(dtype).itemsize <= least:
        return None
    if len(shape) == 2 and min(shape) <= MAX_CHANNELS:
        return None  # a sequence, which is not read in parts
    order = _order(shape, path.name)
    there = path.stat().st_size - offset
    if count * dtype.itemsize > there:
        raise FileError(f"{path.name}: is cut off: {count * dtype.itemsize:,} bytes are declared, {there:,} are there.")
    axes = (*shape, 1) if len(shape) == 2 else shape
    if fortran:  # the last axis of the array is the slowest in the file
        axes, order = axes[::-1], tuple(2 - axis for axis in order)  # type: ignore[assignment]
    store: Plain | OnWhite = Plain(str(path), offset, dtype.str, axes, order)  # type: ignore[arg-type]
    note = said_of_numbers(dtype)
    if store.shape[2] in (2, 4) and store.dtype.kind == "u":
        store, note = OnWhite(store), "Its last channel was read as alpha, on white."  # type: ignore[arg-type]
    return with_copies([store], path.name, unit_scale(store.dtype), str(path), note)


def _order(shape: tuple[int, ...], name: str) -> tuple[int, int, int]:
    """Return which axes are rows, columns and channels, as `read_axes` has them for arrays in memory."""
    if len(shape) == 2:
        return 0, 1, 2
    if len(shape) == 3 and shape[2] <= MAX_CHANNELS:
        return 0, 1, 2
    if len(shape) == 3 and shape[0] <= MAX_CHANNELS:
        return 1, 2, 0
    raise FileError(f"{name}: {said_of_axes(shape)}")
