"""TIFF with more than 8 bits per channel, read by tifffile: Pillow would cut 16-bit colour to 8 bits without a word."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from convgui.io.colour_profile import unapplied_profile
from convgui.io.errors import FileError
from convgui.io.limits import check_picture
from convgui.io.pixels import Picture, on_white

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

ORIENTATION, ICC_PROFILE = 274, 34675

ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA = 1, 2

logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)  # it logs what is raised as well, or is of no concern


def read_tiff(stream: BinaryIO, name: str, stored: int) -> Picture | None:
    """Read the first page of a TIFF.

    Parameters
    ----------
    stream : binary file
        The file, which begins with one of `MAGIC`.
    name : str
        Its name, for messages.
    stored : int
        Its size in bytes.

    Returns
    -------
    Picture or None
        uint16, or numbers that fit into float32; None if the page is better read by Pillow: 8-bit ones, palettes,
        and compressions that tifffile needs another package for.

    Raises
    ------
    FileError
        If the page is too large, cut off, or holds no real numbers.
    """
    import tifffile

    try:
        stream.seek(0)
        with tifffile.TiffFile(stream) as tif:
            page = tif.pages[0]
            if not _is_deep(page):
                return None
            _check(page, name, stored)
            array = page.asarray(maxworkers=1)
            several = len(tif.pages) > 1
    except FileError:
        raise
    except Exception:  # tifffile gives up in many ways; Pillow, tried next, says what is wrong
        return None
    picture = _arranged(page, array, name)
    page_note = "The first of several pages was read." if several else ""
    return Picture(picture.array, [*picture.notes, page_note])


def _is_deep(page: Any) -> bool:
    """Whether each number has more bits than a byte, or a sign, and is plain grey or RGB."""
    return page.dtype is not None and page.dtype not in (np.uint8, np.bool_) and int(page.photometric) in (0, 1, 2)


def _check(page: Any, name: str, stored: int) -> None:
    if page.dtype.kind == "c":
        raise FileError(f"{name}: holds complex numbers, expected real ones.")
    width = page.dtype.itemsize * int(page.samplesperpixel) * max(int(page.imagedepth), 1)
    check_picture(name, int(page.imagewidth), int(page.imagelength), stored, width, 3 * width)
    ends = [start + size for start, size in zip(page.dataoffsets, page.databytecounts, strict=False)]
    if not ends or max(ends) > stored or len(page.dataoffsets) != len(page.databytecounts):
        raise FileError(f"{name}: is cut off: {max(ends, default=0):,} bytes are declared, {stored:,} are there.")


def _arranged(page: Any, array: NDArray[Any], name: str) -> Picture:
    """Bring the axes to rows, columns, channels; apply alpha, inverted grey and orientation."""
    pixels = _channels_last(array, page.axes)
    notes: list[str] = []
    white = float(np.iinfo(pixels.dtype).max) if pixels.dtype.kind in "iu" else 1.0
    colours = 3 if int(page.photometric) == 2 else 1
    extra = [int(kind) for kind in page.extrasamples]
    if pixels.shape[2] == colours + 1 and extra and extra[0] in (ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA):
        pixels, note = on_white(pixels, white, premultiplied=extra[0] == ASSOCIATED_ALPHA)
        notes.append(note)
    elif extra and (colours == 3 or pixels.shape[2] == 2):
        pixels = pixels[..., :colours]
        notes.append("Channels beyond those of the picture were left out.")
    if pixels.shape[2] not in (1, 3):
        raise FileError(f"{name}: has {pixels.shape[2]} channels per pixel, expected 1 (grey) or 3 (red, green, blue).")
    if int(page.photometric) == 0 and pixels.dtype.kind == "u":  # 0 is white
        pixels = np.array(np.iinfo(pixels.dtype).max, pixels.dtype) - pixels
    profile = page.tags.get(ICC_PROFILE)
    notes.append(unapplied_profile(bytes(profile.value)) if profile and colours == 3 else "")
    if pixels.dtype not in (np.uint16, np.float32):
        notes.append(f"{pixels.dtype.name} numbers were read as float32.")
    tag = page.tags.get(ORIENTATION)
    turned = _turned(pixels, int(tag.value) if tag and isinstance(tag.value, int) else 1)
    return Picture(turned[..., 0] if turned.shape[2] == 1 else turned, notes)


def _channels_last(array: NDArray[Any], axes: str) -> NDArray[Any]:
    """Return the array as (rows, cols, channels), the first of whatever else is stacked in it."""
    for axis in [a for a in axes if a not in "YXS"]:
        array = array.take(0, axis=axes.index(axis))
        axes = axes.replace(axis, "")
    if "S" not in axes:
        return array[..., np.newaxis]
    return np.moveaxis(array, axes.index("S"), -1)


def _turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Turn pixels as the orientations 1 to 8 of TIFF and EXIF say."""
    if orientation in (5, 7):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 7):
        pixels = pixels[:, ::-1]
    if orientation in (4, 7):
        pixels = pixels[::-1]
    turns = {3: 2, 6: -1, 8: 1}.get(orientation, 0)
    return np.rot90(pixels, turns)
