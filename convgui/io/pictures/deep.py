"""Pictures of more than 8 bits that Pillow would cut: PNG, JPEG, JPEG 2000, AVIF, HEIC, JPEG XL, at full depth.

Plain photos are read here as well, as that is faster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from convgui.engine.alpha import on_white
from convgui.io.errors import FileError
from convgui.io.limits import check_picture
from convgui.io.pictures import codestreams
from convgui.io.pictures.colour_profile import is_srgb, unapplied_profile
from convgui.io.pictures.pages import Chosen, choose
from convgui.io.pictures.pixels import Picture, allowed_formats, orientation_of, pillow, turned

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.io.pictures.codestreams import Declared

HEADER = 65_536
"""Bytes in which a header is looked for."""

JP2_MAGIC = (b"\0\0\0\x0cjP", b"\xff\x4f\xff\x51")

YCC = b"colr\x01\0\0\0\0\0\x12"
"""The box by which a JPEG 2000 says that its channels are luminance and differences of colour."""

HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def read_deep(stream: BinaryIO, name: str, stored: int, page: int | str | None) -> tuple[Picture, Chosen] | None:
    """Read a picture that has more bits than Pillow keeps, or a transparent colour that Pillow does not see.

    Parameters
    ----------
    stream : binary file
    name : str
        Its name, for messages.
    stored : int
        Its size in bytes.
    page : int or str, optional
        Which of its frames.

    Returns
    -------
    (Picture, Chosen) or None
        None if it is of another format, or Pillow reads it right.

    Raises
    ------
    FileError
        If it is too large, or would take too long.
    """
    stream.seek(0)
    head = stream.read(HEADER)
    reader = _reader(head)
    return None if reader is None else reader(stream, head, name, stored, page)


def _reader(head: bytes) -> Callable[..., tuple[Picture, Chosen] | None] | None:
    if head.startswith(b"\x89PNG"):
        return _png
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg
    if head.startswith(JP2_MAGIC):
        return _jpeg2000
    if head[:2] == b"\xff\x0a" or head.startswith(codestreams.JXL_BOX):
        return _jpegxl
    if head[4:8] == b"ftyp":
        return _avif if b"avif" in head[8:40] or b"avis" in head[8:40] else _heif
    return None


def _png(stream: BinaryIO, head: bytes, name: str, stored: int, page: int | str | None) -> tuple[Picture, Chosen] | None:
    kinds = codestreams.check_chunks(stream, name)
    declared = codestreams.png(head)
    if declared is None or b"acTL" in kinds or not (declared.bits == 16 or (b"tRNS" in kinds and declared.bits < 8)):
        return None
    if head[25] == 3:  # a palette, which Pillow reads as it is
        return None
    _check(name, declared, stored)
    chosen = choose(name, ["Picture"], page)
    import imagecodecs

    stream.seek(0)
    array = imagecodecs.png_decode(stream.read())
    stream.seek(0)
    with pillow().open(stream, formats=["PNG"]) as image:
        orientation = orientation_of(image) if b"eXIf" in kinds else 1
        return _finished(array, 0, orientation, image.info.get("icc_profile")), chosen


def _jpeg(stream: BinaryIO, head: bytes, name: str, stored: int, page: int | str | None) -> tuple[Picture, Chosen] | None:
    data = _all(stream)
    declared = codestreams.jpeg(data)
    if declared is None:
        return None
    check_picture(name, declared.cols, declared.rows, stored, max(declared.channels, 1), 0)
    codestreams.check_scans(data, name)
    end = data.rfind(b"\xff\xd9")
    whole = end >= 0 and data.find(b"\xff\xda", end) < 0  # no scan begins behind the end of a picture
    if declared.bits == 8 and not declared.lossless:
        return _plain_jpeg(stream, data, declared, name) if whole and page is None else None
    _check(name, declared, stored)
    chosen = choose(name, ["Picture"], page)
    if not whole:
        raise FileError(f"{name}: the picture is cut off: the file ends too early.")
    import imagecodecs

    array = imagecodecs.jpeg_decode(data)
    if array.ndim == 3 and array.shape[2] not in (1, 3):
        raise FileError(f"{name}: has {array.shape[2]} channels of {declared.bits} bits, expected 1 (grey) or 3 (RGB).")
    picture = _finished(array, _white(declared.bits, array), _exif_orientation(head), None)
    icc = "Its colour profile was not applied, as it has more than 8 bits." if b"ICC_PROFILE\0" in head else ""
    return picture._replace(notes=[*picture.notes, icc]), chosen


def _plain_jpeg(stream: BinaryIO, data: bytes, declared: Declared, name: str) -> tuple[Picture, Chosen] | None:
    """Read a photo in two thirds of the time that Pillow takes, to the same bytes; None for what only Pillow knows."""
    stream.seek(0)
    with pillow().open(stream, formats=["JPEG"]) as image:
        if image.format != "JPEG" or image.mode != {1: "L", 3: "RGB"}.get(declared.channels):
            return None
        profile, orientation = image.info.get("icc_profile"), orientation_of(image)
    if profile and declared.channels == 3 and not is_srgb(profile):
        return None
    check_picture(name, declared.cols, declared.rows, len(data), declared.channels, 3 * declared.channels)
    import imagecodecs

    try:
        array = imagecodecs.jpeg8_decode(data)
    except Exception:  # Pillow, tried next, says what is wrong
        return None
    return Picture(turned(array, orientation), []), Chosen()


def _exif_orientation(head: bytes) -> int:
    """Return the orientation in a JPEG's own block of EXIF, 1 if there is none."""
    at = head.find(b"Exif\0\0")
    exif = pillow().Exif()
    try:
        if at > 0:
            exif.load(head[at : at + int.from_bytes(head[at - 2 : at], "big")])
        return int(exif.get(0x0112) or 1)
    except Exception:  # whatever damaged metadata lead to, the pixels are there
        return 1


def _jpeg2000(
    stream: BinaryIO, head: bytes, name: str, stored: int, page: int | str | None
) -> tuple[Picture, Chosen] | None:
    declared = codestreams.jpeg2000(head) or codestreams.jpeg2000(_all(stream))
    if declared is None or (declared.bits == 8 and not declared.signed):
        return None
    _check(name, declared, stored)
    if YCC in head:
        raise FileError(f"{name}: is a JPEG 2000 of {declared.bits} bits in YCC colours, expected grey or RGB.")
    chosen = choose(name, ["Picture"], page)
    import imagecodecs

    array = imagecodecs.jpeg2k_decode(_all(stream))
    if array.ndim == 3 and array.shape[2] > 4:
        raise FileError(f"{name}: has {array.shape[2]} channels, expected 1 (grey) or 3 (RGB), with or without alpha.")
    stream.seek(0)
    with pillow().open(stream, formats=["JPEG2000"]) as image:
        profile = image.info.get("icc_profile")
    return _finished(array, 0 if declared.signed else _white(declared.bits, array), 1, profile), chosen


def _avif(stream: BinaryIO, head: bytes, name: str, stored: int, page: int | str | None) -> tuple[Picture, Chosen] | None:
    at, bits = head.find(b"av1C"), 8
    while at >= 0:
        flags = head[at + 6] if at + 6 < len(head) else 0
        bits = max(bits, (12 if flags & 0x20 else 10) if flags & 0x40 else 8)
        at = head.find(b"av1C", at + 4)
    if bits == 8:
        return None
    stream.seek(0)
    with pillow().open(stream, formats=["AVIF"]) as image:
        _check(name, codestreams.Declared(image.width, image.height, bits, 4), stored)
        chosen = choose(name, [f"Frame {k + 1}" for k in range(image.n_frames)], page, kind="frame")
        orientation, profile = orientation_of(image), image.info.get("icc_profile")
    import imagecodecs

    array = imagecodecs.avif_decode(_all(stream), index=chosen.place)
    return _finished(array, _white(bits, array), orientation, profile), chosen


def _heif(stream: BinaryIO, head: bytes, name: str, stored: int, page: int | str | None) -> tuple[Picture, Chosen] | None:
    if "HEIF" not in allowed_formats():
        return None
    import pillow_heif

    stream.seek(0)
    opened = pillow_heif.open_heif(stream, convert_hdr_to_8bit=False, hdr_to_16bit=False)
    chosen = choose(name, [f"Picture {k + 1}" for k in range(len(opened))], page, opened.primary_index, "picture")
    found: Any = opened[chosen.place]
    bits = int(found.info.get("bit_depth", 8))
    if bits == 8:
        return None
    _check(name, codestreams.Declared(found.size[0], found.size[1], bits, 4), stored)
    array = np.asarray(found)
    picture = _finished(array, _white(bits, array), 1, found.info.get("icc_profile"), "a" in found.mode.split(";")[0])
    return picture, chosen._replace(note="" if page is None and chosen.place == opened.primary_index else chosen.note)


def _jpegxl(stream: BinaryIO, head: bytes, name: str, stored: int, page: int | str | None) -> tuple[Picture, Chosen]:
    declared = codestreams.jpegxl(head)
    if declared is None:
        raise FileError(f"{name}: begins as a JPEG XL picture, but is damaged or cut off.")
    _check(name, declared._replace(channels=4, bits=max(declared.bits, 16)), stored)
    chosen = choose(name, ["Picture"], page)
    import imagecodecs

    array = imagecodecs.jpegxl_decode(_all(stream))
    animated = array.ndim == 4
    array = array[0] if animated else array
    picture = _finished(array, _white(declared.bits, array) if declared.bits else 0, 1, None)
    return picture, chosen._replace(note="The first frame of the animation was read." if animated else "")


def _finished(
    array: NDArray[Any], white: int, orientation: int, profile: bytes | None, premultiplied: bool = False
) -> Picture:
    """Put alpha on white, turn upright, and say what was not applied."""
    notes = []
    if array.ndim == 3 and array.shape[2] in (2, 4):
        full = white or (float(np.iinfo(array.dtype).max) if array.dtype.kind == "u" else 1.0)
        array, note = on_white(array, full, premultiplied=premultiplied)
        notes.append(note)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    deep = array.dtype != np.uint8 and array.ndim == 3
    notes.append(unapplied_profile(profile) if deep else "")
    return Picture(turned(array, orientation), notes, white)


def _white(bits: int, array: NDArray[Any]) -> int:
    """Return the number of white where the dtype has room for more; 0 where white is its largest number."""
    return (1 << bits) - 1 if array.dtype.kind == "u" and 0 < bits < 8 * array.dtype.itemsize else 0


def _check(name: str, declared: Declared, stored: int) -> None:
    channels = max(declared.channels, 1)
    width = channels * (4 if declared.bits > 16 else 2)
    check_picture(name, declared.cols, declared.rows, stored, width, 3 * width)


def _all(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read()
