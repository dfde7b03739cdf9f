"""Maps that are larger than memory, written piece by piece: tiled TIFF, npy, and zarr."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from convgui.engine.layers.base import Shape
from convgui.engine.strategies.tiles import Cancelled, Window, never
from convgui.io.atomic import write_encoded
from convgui.io.errors import FileError, file_error
from convgui.io.temporary import sweep, temporary_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Values = Callable[[Sequence[int], Window], NDArray[np.float32]]

ENDINGS = (".tif", ".npy", ".zarr")
"""Endings of the formats that can be written piece by piece."""

HELD = 64_000_000
"""Bytes of values that are asked for at a time."""

TILE = 512
"""Rows and columns of a tile of a TIFF."""

CHUNKS = (1024, 512, 256)
"""Rows and columns of a chunk of a zarr array, the largest of which all maps can be held at a time."""

CLASSIC = 4_000_000_000
"""Bytes beyond which a TIFF must be a BigTIFF."""


def write_streamed(
    path: Path, shape: Shape, values: Values, about: Mapping[str, str], cancelled: Callable[[], bool] = never
) -> None:
    """Write maps, wholly or not at all, of which only a part is ever held.

    Parameters
    ----------
    path : Path
        The file, or of zarr the folder; its ending names the format. An existing one is replaced.
    shape : Shape
        Maps, rows and columns.
    values : callable
        Returns some maps of a window, shape (maps, rows, cols).
    about : mapping of str to str
        What made them; recorded where the format has a place for it (TIFF, zarr).
    cancelled : callable returning bool
        Asked between pieces.

    Raises
    ------
    FileError
        If the ending is another one, or it cannot be written.
    Cancelled
        If it is no longer wanted; what was there stays.

    Notes
    -----
    TIFF and npy are laid out as `save_numbers` does it, the TIFF in tiles; zarr has (rows, cols) for one map, else
    (maps, rows, cols).
    """
    ending = path.suffix.lower()
    if ending == ".zarr":
        with replacing_folder(path) as folder:
            _write_zarr(folder, shape, values, about, cancelled)
    elif ending == ".npy":
        write_encoded(path, lambda stream: _write_npy(stream, shape, values, cancelled), cancelled)
    elif ending == ".tif":
        write_encoded(path, lambda stream: _write_tiff(stream, shape, values, about, cancelled), cancelled)
    else:
        raise FileError(
            f"{path.name}: a map of {shape.cols:,} × {shape.rows:,} is larger than memory; expected a name that ends in "
            f"one of {', '.join(ENDINGS)}."
        )


def write_array(path: Path, maps: NDArray[np.float32], about: Mapping[str, str]) -> None:
    """Write maps that are in memory, shape (maps, rows, cols), as `write_streamed` does it."""
    shape = Shape(*maps.shape)

    def values(some: Sequence[int], window: Window) -> NDArray[np.float32]:
        top, left, rows, cols = window
        return maps[list(some), top : top + rows, left : left + cols]

    write_streamed(path, shape, values, about)


def _write_npy(stream: BinaryIO, shape: Shape, values: Values, cancelled: Callable[[], bool]) -> None:
    maps, rows, cols = shape
    size = (rows, cols) if maps == 1 else (rows, cols, maps)
    header = {"descr": "<f4", "fortran_order": False, "shape": size}
    np.lib.format.write_array_header_1_0(stream, header)
    for window in _bands(rows, cols, maps, 1):
        _go_on(cancelled)
        part = values(range(maps), window)
        array = part[0] if maps == 1 else np.moveaxis(part, 0, -1)
        stream.write(np.ascontiguousarray(array, "<f4").data.cast("B"))


def _write_tiff(
    stream: BinaryIO, shape: Shape, values: Values, about: Mapping[str, str], cancelled: Callable[[], bool]
) -> None:
    import tifffile

    maps, rows, cols = shape

    def tiles(map: int) -> Iterator[NDArray[np.float32]]:
        for window in _bands(rows, cols, 1, TILE):
            _go_on(cancelled)
            part = values([map], window)[0]
            for top in range(0, window.rows, TILE):
                for left in range(0, cols, TILE):
                    tile = np.zeros((TILE, TILE), np.float32)
                    cells = part[top : top + TILE, left : left + TILE]
                    tile[: cells.shape[0], : cells.shape[1]] = cells
                    yield tile

    with tifffile.TiffWriter(stream, bigtiff=4 * maps * (rows + TILE) * (cols + TILE) > CLASSIC) as tif:
        for map in range(maps):
            text = json.dumps(dict(about)) if map == 0 else ""
            tif.write(
                tiles(map),
                shape=(rows, cols),
                dtype=np.float32,
                tile=(TILE, TILE),
                photometric="minisblack",
                description=text,
                metadata=None,
            )


def _bands(rows: int, cols: int, maps: int, multiple: int) -> Iterator[Window]:
    """Return windows over all columns, of a multiple of so many rows, that can be held."""
    high = max(HELD // (4 * maps * cols) // multiple, 1) * multiple
    for top in range(0, rows, high):
        yield Window(top, 0, min(high, rows - top), cols)


def new_zarr(folder: Path, shape: Shape, about: Mapping[str, str]) -> Any:
    """Make an empty zarr array for maps, in a folder that is not there yet.

    Raises
    ------
    FileError
        If the package zarr is missing.
    """
    try:
        import zarr
    except ImportError as error:
        raise FileError("zarr needs one more package: pip install zarr.") from error
    maps, rows, cols = shape
    side = chunk_side(maps)
    one = maps == 1
    return zarr.create_array(
        str(folder),
        shape=(rows, cols) if one else tuple(shape),
        chunks=(side, side) if one else (1, side, side),
        dtype="float32",
        fill_value=0,
        dimension_names=("y", "x") if one else ("map", "y", "x"),
        attributes=dict(about),
    )


def chunk_side(maps: int) -> int:
    """Return rows and columns of a chunk, so that all maps of it can be held.

    >>> chunk_side(1), chunk_side(64), chunk_side(5000)
    (1024, 512, 256)
    """
    return next((side for side in CHUNKS if 4 * maps * side * side <= HELD * 2), CHUNKS[-1])


def _write_zarr(folder: Path, shape: Shape, values: Values, about: Mapping[str, str], cancelled: Callable[[], bool]) -> None:
    array = new_zarr(folder, shape, about)
    maps, rows, cols = shape
    for window in windows(rows, cols, chunk_side(maps)):
        _go_on(cancelled)
        put(array, window, values(range(maps), window))


def windows(rows: int, cols: int, side: int) -> list[Window]:
    """Return the blocks of a grid, row by row."""
    corners = ((top, left) for top in range(0, rows, side) for left in range(0, cols, side))
    return [Window(*corner, side, side).inside(rows, cols) for corner in corners]


def put(array: Any, window: Window, values: NDArray[np.float32]) -> None:
    """Write the values of a window, all maps of it, to a new zarr array, which is 0 where nothing was written."""
    if not values.any():
        return
    down, across = slice(window.top, window.top + window.rows), slice(window.left, window.left + window.cols)
    if len(array.shape) == 2:
        array[down, across] = values[0]
    else:
        array[:, down, across] = values


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a new folder to be written, which takes the place of a zarr folder when all went well, and else goes.

    Raises
    ------
    FileError
        If it cannot be written, or what has the name is no zarr folder.
    """
    target = Path(os.path.realpath(path))
    made = target.with_name(temporary_name())
    sweep(target.parent)
    if target.exists() and not (target / "zarr.json").is_file():
        raise FileError(f"{target.name}: cannot be written: what has this name is no zarr folder.")
    try:
        yield made
        former = target.with_name(temporary_name())
        with suppress(FileNotFoundError):
            os.rename(target, former)
        os.rename(made, target)
        shutil.rmtree(former, ignore_errors=True)
    except OSError as error:
        raise file_error(target, error, writing=True) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _go_on(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled
