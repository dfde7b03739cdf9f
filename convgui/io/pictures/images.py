"""Opening pictures: any file or bytes become a source, upright and as stored, or one sentence on what is wrong."""

from __future__ import annotations

import re
import struct
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from convgui.engine.source import Source, unit_scale
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.errors import FileError, complaint, file_error, open_file
from convgui.io.limits import MAX_PIXELS, check_picture
from convgui.io.pictures.deep import HEIF_BRANDS, JP2_MAGIC, read_deep
from convgui.io.pictures.fits import MAGIC as FITS_MAGIC
from convgui.io.pictures.fits import read_fits
from convgui.io.pictures.large.npy import MAGIC as NPY_MAGIC
from convgui.io.pictures.large.opening import as_kept, is_large, open_in_parts
from convgui.io.pictures.netpbm import MAGIC as NETPBM_MAGIC
from convgui.io.pictures.netpbm import read_netpbm
from convgui.io.pictures.numbers import as_read
from convgui.io.pictures.pages import Chosen, choose
from convgui.io.pictures.pixels import FORMATS, Picture, allowed_formats, coarse_note, pillow, raw_mode, to_array
from convgui.io.pictures.radiance import MAGIC as RADIANCE_MAGIC
from convgui.io.pictures.radiance import read_radiance
from convgui.io.pictures.sound import is_wav, open_sound
from convgui.io.pictures.tiff import MAGIC as TIFF_MAGIC
from convgui.io.pictures.tiff import read_tiff
from convgui.io.zarr_folder import is_zarr

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

ARRAY_EXTENSIONS = (".npy", ".npz", ".csv", ".tsv", ".txt")

IMAGE_EXTENSIONS = tuple(
    ".png .jpg .jpeg .tif .tiff .webp .bmp .gif .avif .jp2 .j2k .jpf .ppm .pgm .pbm .pnm .pam .pfm .mpo "
    ".heic .heif .jxl .hdr .fits .fit .fts".split()
)
"""Usual endings of pictures, for the dialog; what a file is, is told by its content."""

_MAGIC = {
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    **dict.fromkeys(JP2_MAGIC, "JPEG 2000"),
    **dict.fromkeys(TIFF_MAGIC, "TIFF"),
}

MOST_FRAMES = 2000
"""Frames of an animation that are listed."""

_CUT_OFF = ("truncated", "eof", "not enough", "incomplete", "premature", "read ended")


def load_image(path: str | PathLike[str], *, page: int | str | None = None) -> NDArray[np.generic]:
    """Read a picture as it is stored.

    Parameters
    ----------
    path : path-like
        PNG, JPEG, TIFF, BMP, GIF, WebP, PPM and its kin, PFM, AVIF, HEIC, JPEG 2000, JPEG XL, Radiance HDR or FITS.
    page : int or str, optional
        Which page, frame, channel or image of it, counted from 1, or what the window calls it; by default the first in
        full resolution.

    Returns
    -------
    ndarray of uint8, uint16 or float32, shape (rows, cols) or (rows, cols, 3), read-only
        Turned by its EXIF orientation, in sRGB if it has 8 bits, transparent parts on white. Numbers of 10 or 12 bits
        stay as they are: then white is 1023 or 4095, and `as_input` needs ``scale=1 / 1023``.

    Raises
    ------
    FileError
        One sentence, if it is no picture, damaged, cut off, empty, missing, too large or must not be read.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from convgui.io.export.formats import save_picture
    >>> path = Path(tempfile.mkdtemp()) / "grey.png"
    >>> save_picture(path, np.full((2, 3, 3), 128, np.uint8))
    >>> load_image(path).shape
    (2, 3, 3)
    """
    with open_file(path) as stream:
        picture, _ = _decode(stream, Path(path).name, never, page)
    return Source(picture.array).array


def open_source(
    path: str | PathLike[str],
    cancelled: Callable[[], bool] = never,
    *,
    page: int | str | None = None,
    reading: str | None = None,
) -> Source:
    """Open any file that the program can show: a picture, numbers (npy, npz, csv, txt, tsv), or a sound.

    Parameters
    ----------
    path : path-like
        The file.
    cancelled : callable returning bool
        Asked between the stages of reading.
    page : int or str, optional
        Which page, frame, channel or array of it, counted from 1, or its name; `Source.pages` of the result lists them.
    reading : str, optional
        How an array's axes are read where that is not plain, as in `Source.instead` of the result.

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
    if (found := open_in_parts(path, _head_of(path), page)) is not None:
        return as_kept(found)
    with open_file(path) as stream:
        head = _peek(stream, path.name)
        if path.suffix.lower() in ARRAY_EXTENSIONS or head.startswith(NPY_MAGIC):
            from convgui.io.pictures.arrays import open_array  # which reads tables, too: a picture does not wait for that

            return open_array(path, cancelled, page=page, reading=reading)
        if is_wav(head):
            return open_sound(stream, path)
        return _as_source(*_decode(stream, path.name, cancelled, page), path.name, str(path))


def is_larger_than_memory(path: str | PathLike[str], page: int | str | None = None) -> bool:
    """Whether a file is opened in parts, told from its header; of one that cannot be opened it is not known."""
    path = Path(path)
    try:
        found = open_in_parts(path, _head_of(path), page)
    except FileError:
        return False
    return found is not None and is_large(found)


def _head_of(path: Path) -> bytes:
    """Return the first bytes of a file, by which most formats are known; none of a zarr folder."""
    if is_zarr(path):
        return b""
    with open_file(path) as stream:
        return _peek(stream, path.name)


def decode_image(data: bytes, name: str, cancelled: Callable[[], bool] = never) -> Source:
    """Open a picture that came as bytes, from the clipboard or dropped.

    Raises
    ------
    FileError
        One sentence on what is wrong.
    """
    if not data:
        raise FileError(f"{name}: is empty (0 bytes).")
    return _as_source(*_decode(BytesIO(data), name, cancelled, None), name, "")


def _as_source(picture: Picture, chosen: Chosen, name: str, path: str) -> Source:
    scale = 1 / picture.white if picture.white else unit_scale(picture.array.dtype)
    white = f"White is {picture.white:,}." if picture.white else ""
    note = " ".join(note for note in (*picture.notes, white, chosen.note) if note)
    return Source(picture.array, scale, name, path, note=note, page=chosen.place + 1, pages=chosen.labels, sequence=False)


def _peek(stream: BinaryIO, name: str) -> bytes:
    """Return the first bytes, by which most formats are known, and go back to the start."""
    try:
        stream.seek(0)
        head = stream.read(32)
        stream.seek(0)
    except OSError as error:
        raise file_error(name, error) from error
    return head


def _decode(stream: BinaryIO, name: str, cancelled: Callable[[], bool], page: int | str | None) -> tuple[Picture, Chosen]:
    """Read a picture; whatever a decoder raises becomes one sentence, since hostile files raise nearly everything."""
    head = _peek(stream, name)
    try:
        picture, chosen = _read(stream, head, name, cancelled, page)
        _go_on(cancelled)
        array, note = as_read(picture.array, name)
    except (FileError, Cancelled):
        raise
    except MemoryError as error:
        raise FileError(f"{name}: the picture is too large for the memory that is free.") from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise file_error(name, error) from error
        raise FileError(f"{name}: {_fault(head, error)}") from error
    return Picture(array, [*picture.notes, note], picture.white), chosen


def _read(
    stream: BinaryIO, head: bytes, name: str, cancelled: Callable[[], bool], page: int | str | None
) -> tuple[Picture, Chosen]:
    stored = stream.seek(0, SEEK_END)
    if (alone := _reader_of_one(head)) is not None:
        return alone(stream, name, stored), choose(name, ["Picture"], page)
    if head.startswith(FITS_MAGIC):
        return read_fits(stream, name, stored, page)
    found = read_tiff(stream, name, stored, page) if head.startswith(TIFF_MAGIC) else read_deep(stream, name, stored, page)
    _go_on(cancelled)
    return found or _read_by_pillow(stream, name, stored, cancelled, page)


def _reader_of_one(head: bytes) -> Callable[[BinaryIO, str, int], Picture] | None:
    """Return what reads a format of our own that never holds more than one picture."""
    if NETPBM_MAGIC.match(head):
        return read_netpbm
    return read_radiance if head.startswith(RADIANCE_MAGIC) else None


def _read_by_pillow(
    stream: BinaryIO, name: str, stored: int, cancelled: Callable[[], bool], page: int | str | None
) -> tuple[Picture, Chosen]:
    """Read what has at most 8 bits per channel."""
    formats = allowed_formats() if _peek(stream, name)[4:8] == b"ftyp" else FORMATS  # HEIF's decoder takes long to import
    with pillow().open(stream, formats=formats) as image:
        _check(image, name, stored)
        if image.format == "TIFF" and (coarse_note(image) or image.mode[0] in "IF"):
            raise FileError(f"{name}: is a damaged TIFF of more than 8 bits per channel.")
        chosen = _choose_frame(image, name, page)
        if chosen.place:
            image.seek(chosen.place)
        note = coarse_note(image)
        image.load()
        _go_on(cancelled)
        picture = to_array(image)
    return Picture(picture.array, [note, *picture.notes]), chosen


def _go_on(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled


def _check(image: Image, name: str, stored: int) -> None:
    """Judge size and memory from the header."""
    raw = 1 / 8 if image.mode == "1" else float(len(image.getbands()))
    # Pillow holds 4 bytes per pixel and turns a copy; the array takes 3 more.
    needed = 4 if image.mode in ("1", "L") else 24 if ";16" in raw_mode(image) else 18 if image.has_transparency_data else 12
    check_picture(name, *image.size, stored, raw, needed)


def _choose_frame(image: Image, name: str, page: int | str | None) -> Chosen:
    """Find the frame that is asked for. A phone's second picture is no frame, and worth no word."""
    if not getattr(image, "is_animated", False):
        return choose(name, ["Picture"], page)
    kind = {"TIFF": "page", "MPO": "picture", "HEIF": "picture"}.get(image.format or "", "frame")
    labels = [f"{kind.capitalize()} {k + 1}" for k in range(min(getattr(image, "n_frames", 1), MOST_FRAMES))]
    chosen = choose(name, labels, page, image.tell() if kind == "picture" else 0, kind)
    if page is not None or kind == "page":
        return chosen
    return chosen._replace(note="" if kind == "picture" else "The first frame of the animation was read.")


def _fault(head: bytes, error: Exception) -> str:
    """Say what is wrong with bytes that no decoder could read."""
    kind = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")
    if not kind and head[8:12] in (b"WEBP", b"avif", b"avis"):
        kind = "WebP" if head[8:12] == b"WEBP" else "AVIF"
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS and "HEIF" not in allowed_formats():
        return "is a HEIF picture, which needs one more package: pip install pillow-heif."
    words = complaint(error)
    if type(error).__name__.startswith("DecompressionBomb"):
        pixels = int((re.findall(r"\d+", words) or ["0"])[0])
        most = MAX_PIXELS // 1_000_000
        return f"declares {pixels:,} pixels: a decompression bomb; at most {most} megapixels are opened."
    if type(error).__name__ == "UnidentifiedImageError":
        if kind:
            return f"begins as a {kind} picture, but is damaged, cut off or of a kind that cannot be opened."
        return (
            "is not a picture that can be opened; "
            "expected PNG, JPEG, TIFF, WebP, GIF, BMP, PPM, PFM, AVIF, HEIC, JPEG 2000, JPEG XL, HDR or FITS."
        )
    if isinstance(error, (EOFError, struct.error)) or any(word in words.lower() for word in _CUT_OFF):
        return f"the picture is cut off: the file ends too early ({words})."
    return f"the picture is damaged or of an unusual kind ({words})."
