"""TIFF, read by tifffile with imagecodecs: every kind of number, compression and layout, any page or channel of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from convgui.io.errors import FileError, complaint
from convgui.io.limits import check_picture
from convgui.io.pictures import codestreams
from convgui.io.pictures.pages import choose
from convgui.io.pictures.tiff_colours import coloured
from convgui.io.pictures.tiff_pages import first_whole, leaves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.io.pictures.pages import Chosen
    from convgui.io.pictures.pixels import Picture
    from convgui.io.pictures.tiff_pages import Leaf

MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

MOST_SEGMENTS = 100_000
"""Strips or tiles that a page may have of whatever size; more of them must hold `LEAST_PIXELS` each."""

LEAST_PIXELS = 64

HEADERS = {
    **dict.fromkeys((6, 7, 33007, 34892), codestreams.jpeg),
    **dict.fromkeys((33003, 33004, 33005, 34712), codestreams.jpeg2000),
    **dict.fromkeys((50002, 52546), codestreams.jpegxl),
    **dict.fromkeys((50001, 34927), codestreams.webp),
    34933: codestreams.png,
}
"""Compressions of which each segment is a picture with a size of its own, and what tells it."""

HEADER_BYTES = 65_536

PILLOWS_OWN = (0, 1, 2, 5, 6, 8)
"""Photometric interpretations of which Pillow reads bytes and bits to the same values, by its own libtiff."""

logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)  # it logs what is raised as well, or is of no concern


def read_tiff(stream: BinaryIO, name: str, stored: int, page: int | str | None = None) -> tuple[Picture, Chosen] | None:
    """Read a page of a TIFF.

    Parameters
    ----------
    stream : binary file
        The file, which begins with one of `MAGIC`.
    name : str
        Its name, for messages.
    stored : int
        Its size in bytes.
    page : int or str, optional
        Which of its pictures, counted from 1, or a label; by default the first that is no thumbnail.

    Returns
    -------
    picture : Picture
        Bytes, uint16, or numbers that fit into float32.
    chosen : Chosen
        What there was to choose from.
    or None
        If it holds bytes or bits that tifffile cannot unpack and Pillow can, to the same values.

    Raises
    ------
    FileError
        If the page is too large, cut off, of an unknown kind, or holds no real numbers.
    """
    import tifffile

    try:
        stream.seek(0)
        tif: Any = tifffile.TiffFile(stream)
    except Exception:  # tifffile gives up in many ways; Pillow, tried next, says what is wrong
        return None
    with tif:
        found = leaves(tif)
        if not found:
            return None
        chosen = choose(name, [leaf.label for leaf in found], page, first_whole(found), "page")
        leaf = found[chosen.place]
        part = tif.pages[leaf.page]
        part = part.pages[leaf.sub - 1] if leaf.sub else part
        try:
            _check(part, name, stored, tif.filehandle)
            array = _decoded(tif, part, leaf)
        except (FileError, MemoryError):
            raise
        except Exception as error:
            if _pillow_may(part, chosen):
                return None
            raise FileError(f"{name}: {_fault(part, error)}") from error
        return coloured(part, array, leaf.channel, name), chosen


def _check(page: Any, name: str, stored: int, handle: Any) -> None:
    """Judge from the directory what would be read and unpacked."""
    if page.dtype is None:
        raise FileError(f"{name}: has {page.bitspersample}-bit numbers of an unknown kind, expected whole or real ones.")
    if page.dtype.kind not in "buif":
        raise FileError(f"{name}: holds complex numbers, expected real ones.")
    cols, rows, depth = int(page.imagewidth), int(page.imagelength), max(int(page.imagedepth), 1)
    width = page.dtype.itemsize * int(page.samplesperpixel) * depth
    check_picture(name, cols, rows, stored, width, 3 * width)
    count, expected = len(page.dataoffsets), int(np.prod(page.chunked, dtype=object))
    if count > MOST_SEGMENTS and cols * rows * depth < LEAST_PIXELS * count:
        raise FileError(f"{name}: is cut into {count:,} pieces, far more than its {cols:,} × {rows:,} pixels need.")
    ends = [start + size for start, size in zip(page.dataoffsets, page.databytecounts, strict=False)]
    if not ends or max(ends) > stored or count != len(page.databytecounts):
        raise FileError(f"{name}: is cut off: {max(ends, default=0):,} bytes are declared, {stored:,} are there.")
    if count < expected and not page.is_contiguous:
        raise FileError(f"{name}: is cut off: it has {count:,} of the {expected:,} pieces that its size needs.")
    tile = int(np.prod(page.chunks, dtype=object)) * page.dtype.itemsize
    if tile > max(16 * cols * rows * width, 1 << 28):
        raise FileError(f"{name}: has tiles of {tile / 1e9:,.1f} GB for {cols:,} × {rows:,} pixels; not opened.")
    _check_segments(page, name, handle)


def _check_segments(page: Any, name: str, handle: Any) -> None:
    """Refuse pieces that are pictures themselves and larger than what they are a piece of."""
    header = HEADERS.get(int(page.compression))
    if header is None:
        return
    side = max(int(page.imagewidth), int(page.tilewidth or 0)), max(int(page.imagelength), int(page.tilelength or 0))
    for start, size in zip(page.dataoffsets, page.databytecounts, strict=False):
        handle.seek(start)
        declared = header(handle.read(min(size, HEADER_BYTES)))
        if declared and (declared.cols > side[0] + 64 or declared.rows > side[1] + 64):
            inner = f"{declared.cols:,} × {declared.rows:,}"
            raise FileError(
                f"{name}: holds a piece of {inner} pixels in a picture of {side[0]:,} × {side[1]:,}; not opened."
            )


def _decoded(tif: Any, page: Any, leaf: Leaf) -> NDArray[Any]:
    """Return one plane as (rows, cols, channels), native byte order, as stored."""
    if leaf.plane and int(page.imagedepth) <= 1:  # a frame that has no directory of its own
        tif.filehandle.seek(page.dataoffsets[0] + leaf.plane * page.nbytes)
        array = tif.filehandle.read_array(page.dtype.newbyteorder(tif.byteorder), page.size).reshape(page.shaped)
    else:
        array = page.asarray(maxworkers=1, squeeze=False)
    planar = array[:, leaf.plane if array.shape[1] > leaf.plane else 0]  # (planar samples, rows, cols, samples)
    array = np.moveaxis(planar[..., 0], 0, -1) if planar.shape[0] > 1 else planar[0]
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _pillow_may(page: Any, chosen: Chosen) -> bool:
    """Whether Pillow reads the same values where tifffile failed: bytes and bits, on the first page."""
    plain = page.sampleformat in (None, 1) and page.bitspersample in (1, 8)
    return plain and int(page.photometric) in PILLOWS_OWN and chosen.place == 0 and int(page.predictor) in (1, 2)


def _fault(page: Any, error: Exception) -> str:
    """Say why a page could not be unpacked: a codec that is missing is called that."""
    words = complaint(error)
    compression = getattr(page.compression, "name", str(page.compression))
    if (
        "imagecodecs" in words
        or isinstance(error, (ImportError, AttributeError))
        or "not supported" in words
        or "COMPRESSION" in words
    ):
        if int(page.compression) != 1:
            return (
                f"is compressed with {compression}, for which the codec is missing here; save it with another compression."
            )
        return f"is of a kind of TIFF that cannot be read ({words})."
    return f"the picture is damaged ({compression}: {words})."
