"""Opening pictures: any file or bytes become a source, upright and as stored, or one sentence on what is wrong."""

from __future__ import annotations

import re
import struct
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from convgui.engine.source import Source, unit_scale
from convgui.engine.tiles import Cancelled, never
from convgui.io.arrays import ARRAY_EXTENSIONS, open_array
from convgui.io.errors import FileError, file_error, open_file
from convgui.io.limits import MAX_PIXELS, check_picture
from convgui.io.pixels import (
    Picture,
    allowed_formats,
    coarse_note,
    is_deep_colour,
    pillow,
    raw_mode,
    read_deep_colour,
    to_array,
)
from convgui.io.sound import is_wav, open_sound
from convgui.io.tiff import MAGIC as TIFF_MAGIC
from convgui.io.tiff import read_tiff

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

IMAGE_EXTENSIONS = (
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".gif", ".avif"),
    *(".jp2", ".j2k", ".jpf", ".ppm", ".pgm", ".pbm", ".pnm", ".pfm", ".mpo"),
)
"""Usual endings of pictures, for the dialog; what a file is, is told by its content."""

_MAGIC = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"\0\0\0\x0cjP": "JPEG 2000",
    b"\xff\x4f\xff\x51": "JPEG 2000",
    **dict.fromkeys(TIFF_MAGIC, "TIFF"),
}

_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")

_CUT_OFF = ("truncated", "eof", "not enough", "incomplete", "premature", "read ended")


def load_image(path: str | PathLike[str]) -> NDArray[np.generic]:
    """Read a picture as it is stored.

    Parameters
    ----------
    path : path-like
        PNG, JPEG, TIFF, BMP, GIF, WebP, PPM, AVIF or JPEG 2000; HEIF with the extra `heif`.

    Returns
    -------
    ndarray of uint8, uint16 or float32, shape (rows, cols) or (rows, cols, 3), read-only
        Turned by its EXIF orientation, in sRGB, transparent parts on white. Of an animation the first frame.

    Raises
    ------
    FileError
        One sentence, if it is no picture, damaged, cut off, empty, missing, too large or must not be read.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from convgui.io.export import save_picture
    >>> path = Path(tempfile.mkdtemp()) / "grey.png"
    >>> save_picture(path, np.full((2, 3, 3), 128, np.uint8))
    >>> load_image(path).shape
    (2, 3, 3)
    """
    with open_file(path) as stream:
        picture = _decode(stream, Path(path).name, never)
    return Source(picture.array).array


def open_source(path: str | PathLike[str], cancelled: Callable[[], bool] = never) -> Source:
    """Open any file that the program can show: a picture, numbers (npy, npz, csv, txt, tsv), or a sound.

    Parameters
    ----------
    path : path-like
        The file.
    cancelled : callable returning bool
        Asked between the stages of reading.

    Returns
    -------
    Source
        Named by the file's name, with a note on what was done or left out.

    Raises
    ------
    FileError
        One sentence on what is wrong.
    Cancelled
        If it is no longer wanted.
    """
    path = Path(path)
    with open_file(path) as stream:
        head = _peek(stream, path.name)
        if path.suffix.lower() in ARRAY_EXTENSIONS or head.startswith(b"\x93NUMPY"):
            return open_array(path, cancelled)
        if is_wav(head):
            return open_sound(stream, path)
        return _as_source(_decode(stream, path.name, cancelled), path.name, str(path))


def decode_image(data: bytes, name: str, cancelled: Callable[[], bool] = never) -> Source:
    """Open a picture that came as bytes, from the clipboard or dropped.

    Raises
    ------
    FileError
        One sentence on what is wrong.
    """
    if not data:
        raise FileError(f"{name}: is empty (0 bytes).")
    return _as_source(_decode(BytesIO(data), name, cancelled), name, "")


def _as_source(picture: Picture, name: str, path: str) -> Source:
    source = Source(picture.array)
    note = " ".join(note for note in picture.notes if note)
    return Source(source.array, unit_scale(source.array.dtype), name, path, note=note)


def _peek(stream: BinaryIO, name: str) -> bytes:
    """Return the first bytes, by which most formats are known, and go back to the start."""
    try:
        stream.seek(0)
        head = stream.read(32)
        stream.seek(0)
    except OSError as error:
        raise file_error(name, error) from error
    return head


def _decode(stream: BinaryIO, name: str, cancelled: Callable[[], bool]) -> Picture:
    """Read a picture; whatever a decoder raises becomes one sentence, since hostile files raise nearly everything."""
    head = _peek(stream, name)
    try:
        return _read(stream, head, name, cancelled)
    except (FileError, Cancelled):
        raise
    except MemoryError as error:
        raise FileError(f"{name}: the picture is too large for the memory that is free.") from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise file_error(name, error) from error
        raise FileError(f"{name}: {_fault(head, error)}") from error


def _read(stream: BinaryIO, head: bytes, name: str, cancelled: Callable[[], bool]) -> Picture:
    stored = stream.seek(0, SEEK_END)
    deep = read_tiff(stream, name, stored) if head.startswith(TIFF_MAGIC) else None
    _go_on(cancelled)
    if deep is not None:
        return deep
    stream.seek(0)
    with pillow().open(stream, formats=allowed_formats()) as image:
        _check(image, name, stored)
        note, frame_note = coarse_note(image), _frame_note(image)
        if is_deep_colour(image):
            picture = read_deep_colour(image, stream)
        else:
            grey = raw_mode(image) == "LA;16B"
            image.load()
            _go_on(cancelled)
            picture = to_array(image)
            picture = Picture(picture.array[..., 0] if grey else picture.array, [note, *picture.notes])
    _go_on(cancelled)
    return Picture(picture.array, [*picture.notes, frame_note])


def _go_on(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled


def _check(image: Image, name: str, stored: int) -> None:
    """Judge size and memory from the header."""
    raw = 1 / 8 if image.mode == "1" else float(len(image.getbands()))
    # Pillow holds 4 bytes per pixel and turns a copy; the array takes 3 more.
    needed = 4 if image.mode in ("1", "L") else 24 if ";16" in raw_mode(image) else 12
    check_picture(name, *image.size, stored, raw, needed)


def _frame_note(image: Image) -> str:
    """Return a sentence if the file holds more than the picture that is read. A phone's second picture is no frame."""
    if image.format == "MPO" or not getattr(image, "is_animated", False):
        return ""
    if image.format == "TIFF":
        return "The first of several pages was read."
    return "The first frame of the animation was read."


def _fault(head: bytes, error: Exception) -> str:
    """Say what is wrong with bytes that no decoder could read."""
    kind = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")
    if not kind and head[8:12] in (b"WEBP", b"avif", b"avis"):
        kind = "WebP" if head[8:12] == b"WEBP" else "AVIF"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS and "HEIF" not in allowed_formats():
        return "is a HEIF picture, which needs one more package: pip install 'convgui[heif]'."
    words = str(error).strip().rstrip(".")
    if type(error).__name__.startswith("DecompressionBomb"):
        pixels = int((re.findall(r"\d+", words) or ["0"])[0])
        most = MAX_PIXELS // 1_000_000
        return f"declares {pixels:,} pixels: a decompression bomb; at most {most} megapixels are opened."
    if type(error).__name__ == "UnidentifiedImageError":
        if kind:
            return f"begins as a {kind} picture, but is damaged, cut off or of a kind that cannot be opened."
        return "is not a picture that can be opened; expected PNG, JPEG, TIFF, WebP, GIF, BMP, PPM, AVIF or JPEG 2000."
    if isinstance(error, (EOFError, struct.error)) or any(word in words.lower() for word in _CUT_OFF):
        return f"the picture is cut off: the file ends too early ({words or 'unexpected end'})."
    return f"the picture is damaged or of an unusual kind ({words or type(error).__name__})."
