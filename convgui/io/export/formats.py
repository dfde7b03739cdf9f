"""What can be taken away: the activation as a picture with 8 bits per channel, or as exact numbers."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from convgui.engine.shown import apart
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.atomic import write_encoded
from convgui.io.errors import FileError
from convgui.io.export import jpeg
from convgui.io.export.carried import KEY, MEMBER, xmp
from convgui.io.export.png import write_png
from convgui.io.export.png_numbers import STORED_MAX, load_png_numbers, save_png_numbers
from convgui.io.pictures.pixels import pillow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    from numpy.typing import NDArray

__all__ = [
    "NUMBER_FORMATS",
    "PICTURE_FORMATS",
    "describe_export",
    "load_png_numbers",
    "map_paths",
    "number_paths",
    "save_numbers",
    "save_picture",
]

PICTURE_FORMATS = ((".png", "PNG"), (".jpg", "JPEG"), (".webp", "WebP"), (".tif", "TIFF"))
"""Endings and labels of the formats for the coloured activation."""

NUMBER_FORMATS = (
    (".tif", "TIFF"),
    (".npy", "NumPy"),
    (".npz", "NumPy archive"),
    (".csv", "CSV"),
    (".png", "16-bit PNG"),
)
"""Endings and labels of the formats for values."""

_ALIASES = {".jpeg": ".jpg", ".tiff": ".tif"}

_LARGEST_SIDE = {".jpg": 65_500, ".webp": 16_383}
"""Pixels per side that a format can hold; libjpeg stops a little short of JPEG's own 65,535."""

TIFF_ROWS = 64
"""Rows that are compressed at a time."""

_PICTURE_TEXT = {
    ".png": "PNG, 8-bit RGB",
    ".jpg": "JPEG, 8-bit RGB, quality 95 (slightly lossy)",
    ".webp": "WebP, 8-bit RGB, lossless",
    ".tif": "TIFF, 8-bit RGB",
}

_NUMBER_TEXT = {
    ".tif": "TIFF, float32",
    ".npy": "NumPy, float32",
    ".npz": "NumPy archive, float32, with its recipe",
    ".csv": "CSV, text",
    ".png": "PNG, 16-bit grey",
}


def describe_export(kind: str, extension: str, shape: tuple[int, ...], lo: float, hi: float, *, own: bool = False) -> str:
    """Return what an export is going to write: format, size and range.

    Parameters
    ----------
    kind : {'picture', 'numbers'}
        Which command; several pictures are a file each.
    extension : str
        The file's ending, such as '.png'.
    shape : tuple of int
        (rows, cols) or (maps, rows, cols).
    lo, hi : float
        The limits of the colours, or the smallest and largest value.
    own : bool
        Whether each picture has limits of its own instead.

    Examples
    --------
    >>> describe_export("picture", ".png", (400, 600), -1.49, 1.49)
    'PNG, 8-bit RGB, 600 × 400 pixels, colours from −1.49 to 1.49'
    """
    ending = _ending(Path(f"x{extension}"), _PICTURE_TEXT if kind == "picture" else _NUMBER_TEXT)
    maps, (rows, cols) = (shape[0] if len(shape) == 3 else 1), shape[-2:]
    limits = f"from {' to '.join(apart([lo, hi], 4))}"
    if kind == "picture":
        pictures = "" if maps == 1 else f"{maps:,} pictures of "
        colours = "each by its own limits" if own else f"colours {limits}"
        return f"{_PICTURE_TEXT[ending]}, {pictures}{cols} × {rows} pixels, {colours}"
    size = f"{rows} × {cols} values" if maps == 1 else f"{maps} maps of {rows} × {cols} values"
    text = f"{_NUMBER_TEXT[ending]}, {size} (rows × columns), {limits}"
    if ending != ".png":
        return text
    files = "" if maps == 1 else ", one file per map"
    return f"{text} in steps of {(hi - lo) / STORED_MAX:.2g}, offset and scale recorded{files}"


def save_picture(
    path: str | PathLike[str], rgb: NDArray[np.uint8], cancelled: Callable[[], bool] = never, *, recipe: str = ""
) -> None:
    """Write a picture as PNG, JPEG (quality 95, no chroma subsampling), WebP (lossless) or TIFF, by the file's ending.

    Parameters
    ----------
    path : path-like
        The file; an existing one is replaced.
    rgb : ndarray of uint8, shape (rows, cols, 3)
        The colours, one pixel per value.
    cancelled : callable returning bool
        Asked while it writes.
    recipe : str
        What made it, see `recipe.text_of`: the file carries it, where there is room for it, see `carried.no_room`.

    Raises
    ------
    FileError
        If the ending is unknown, the picture too large for the format, or the file cannot be written.
    Cancelled
        If it is no longer wanted; an existing file is untouched.
    """
    path = Path(path)
    ending = _ending(path, _PICTURE_TEXT)
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3:
        raise ValueError(f"Expected uint8 of shape (rows, cols, 3), received {rgb.dtype} of shape {rgb.shape}.")
    _check_sides(path, ending, rgb.shape)
    if ending == ".tif":
        packed = {"compression": "zlib", "compressionargs": {"level": 1}, "rowsperstrip": TIFF_ROWS}
        about = json.dumps({KEY: recipe}) if recipe else ""
        write_encoded(path, lambda stream: _write_tiff(stream, rgb, "rgb", about, cancelled, **packed), cancelled)
        return
    if ending == ".png":
        text = {KEY: recipe} if recipe else None
        write_encoded(path, lambda stream: write_png(stream, rgb, text, cancelled), cancelled)
        return
    packet = xmp(path, recipe)
    if ending == ".jpg":
        write_encoded(path, lambda stream: stream.write(jpeg.encoded(rgb, packet)), cancelled)
        return
    image = pillow().fromarray(np.ascontiguousarray(rgb))
    settings: dict[str, Any] = {
        "format": "WEBP",
        "lossless": True,
        "quality": 20,
        "method": 1,
    }  # both are effort when lossless
    if packet:
        settings["xmp"] = packet
    write_encoded(path, lambda stream: image.save(stream, **settings), cancelled)


def save_numbers(
    path: str | PathLike[str],
    maps: NDArray[np.float32],
    meta: Mapping[str, str],
    cancelled: Callable[[], bool] = never,
) -> list[Path]:
    """Write values, in the format that the file's ending names.

    Parameters
    ----------
    path : path-like
        The file; an existing one is replaced.
    maps : ndarray of float32, shape (maps, rows, cols)
        The values.
    meta : mapping of str to str
        What made them; recorded where the format has a place for it (TIFF, PNG; of an npz only the recipe).
    cancelled : callable returning bool
        Asked while it writes.

    Returns
    -------
    list of Path
        The files that were written, see `number_paths`.

    Raises
    ------
    FileError
        If the ending is unknown, the format cannot hold the values, or the file cannot be written.
    Cancelled
        If it is no longer wanted; an existing file is untouched.

    Notes
    -----
    - TIFF: float32, one page per map, `meta` as JSON in the description of the first page.
    - npy: float32, (rows, cols) for one map, else (rows, cols, maps).
    - npz: the same array as ``maps``, and the recipe, if `meta` has one, as ``recipe.json``.
    - CSV: one line per row, nine digits, which is exact for float32. Several maps follow each other, each after a line
      such as ``# map 2``.
    - 16-bit PNG: value = offset + scale * stored number. Both are in text chunks of the file, named ``offset`` and
      ``scale``; `load_png_numbers` applies them. One file per map.
    """
    path = Path(path)
    if maps.ndim != 3 or 0 in maps.shape:
        raise ValueError(f"Expected values of shape (maps, rows, cols), received {maps.shape}.")
    ending = _ending(path, _NUMBER_TEXT)
    values = maps.astype(np.float32, copy=False)
    if ending == ".png":
        return _save_png_files(path, values, meta, cancelled)
    writers: dict[str, Callable[[BinaryIO], None]] = {
        ".tif": lambda stream: _write_tiff(stream, values, "minisblack", json.dumps(dict(meta)), cancelled),
        ".npy": lambda stream: _write_npy(stream, values),
        ".npz": lambda stream: _write_npz(stream, values, meta.get(KEY, "")),
        ".csv": lambda stream: _write_csv(stream, values, cancelled),
    }
    write_encoded(path, writers[ending], cancelled)
    return [path]


def number_paths(path: str | PathLike[str], maps: int) -> list[Path]:
    """Return the files that `save_numbers` writes: one, but for several maps as PNG one each, with its number.

    >>> [p.name for p in number_paths("edge.png", 2)]
    ['edge-1.png', 'edge-2.png']
    """
    path = Path(path)
    if path.suffix.lower() != ".png" or maps == 1:
        return [path]
    digits = len(str(maps))
    return [path.with_name(f"{path.stem}-{i:0{digits}}{path.suffix}") for i in range(1, maps + 1)]


def map_paths(path: str | PathLike[str], maps: Sequence[int]) -> list[Path]:
    """Return the files of pictures of maps, one each, with the number of the map in three digits or more.

    >>> [p.name for p in map_paths("edge.png", [12, 7])]
    ['edge-012.png', 'edge-007.png']
    """
    path = Path(path)
    digits = max(len(str(max(maps, default=0))), 3)
    return [path.with_name(f"{path.stem}-{map:0{digits}}{path.suffix}") for map in maps]


def _ending(path: Path, known: Mapping[str, str]) -> str:
    ending = path.suffix.lower()
    ending = _ALIASES.get(ending, ending)
    if ending not in known:
        raise FileError(f"{path.name}: expected a name that ends in one of {', '.join(known)}.")
    return ending


def _check_sides(path: Path, ending: str, shape: tuple[int, ...]) -> None:
    largest = _LARGEST_SIDE.get(ending)
    if largest is not None and max(shape[:2]) > largest:
        label = dict(PICTURE_FORMATS)[ending]
        fault = f"{label} holds at most {largest:,} pixels per side, the picture has {shape[1]:,} × {shape[0]:,}"
        raise FileError(f"{path.name}: {fault}; choose PNG or TIFF.")


def _write_tiff(
    stream: BinaryIO,
    pages: NDArray[np.generic],
    photometric: str,
    description: str,
    cancelled: Callable[[], bool] = never,
    **packed: Any,
) -> None:
    """Write pages through a Python stream, so that a full disk is told as such."""
    import tifffile

    with tifffile.TiffWriter(stream, bigtiff=pages.nbytes > 4_000_000_000) as tif:
        for i, page in enumerate(pages if photometric == "minisblack" else [pages]):
            if cancelled():
                raise Cancelled
            text = description if i == 0 else ""
            tif.write(page, photometric=photometric, description=text, metadata=None, **packed)


def _write_npy(stream: BinaryIO, maps: NDArray[np.float32]) -> None:
    array = maps[0] if len(maps) == 1 else np.moveaxis(maps, 0, -1)
    array = np.ascontiguousarray(array, dtype="<f4")
    np.lib.format.write_array_header_1_0(stream, np.lib.format.header_data_from_array_1_0(array))
    stream.write(array.data.cast("B"))  # not write_array, which does not say that a disk is full


def _write_npz(stream: BinaryIO, maps: NDArray[np.float32], recipe: str) -> None:
    with zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
        with archive.open("maps.npy", "w", force_zip64=True) as member:
            _write_npy(cast("BinaryIO", member), maps)
        if recipe:
            archive.writestr(MEMBER, recipe)


def _write_csv(stream: BinaryIO, maps: NDArray[np.float32], cancelled: Callable[[], bool]) -> None:
    line = ",".join(["%.9g"] * maps.shape[2]) + "\n"
    for i, rows in enumerate(maps, 1):
        if len(maps) > 1:
            stream.write(f"# map {i}\n".encode())
        for row in rows:
            if cancelled():
                raise Cancelled
            stream.write((line % tuple(row.tolist())).encode())


def _save_png_files(
    path: Path, maps: NDArray[np.float32], meta: Mapping[str, str], cancelled: Callable[[], bool]
) -> list[Path]:
    paths = number_paths(path, len(maps))
    if not np.isfinite(maps).all():  # told before the first file is written
        save_png_numbers(path, maps, meta)
    for target, values in zip(paths, maps, strict=True):
        if cancelled():
            raise Cancelled
        save_png_numbers(target, values, meta, cancelled)
    return paths
