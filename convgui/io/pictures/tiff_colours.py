"""What the numbers of a TIFF page mean: grey, palette, colour, alpha, orientation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.alpha import STRIP, on_white
from convgui.io.errors import FileError
from convgui.io.pictures.colour_profile import unapplied_profile
from convgui.io.pictures.pixels import Picture, pillow, to_array, turned
from convgui.io.pictures.tiff_pages import COLOURS

if TYPE_CHECKING:
    from numpy.typing import NDArray

ORIENTATION, ICC_PROFILE = 274, 34675
ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA = 1, 2
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR, CIELAB, CFA, LINEAR = 0, 1, 2, 3, 5, 6, 8, 32803, 34892

JPEG_LIKE = (6, 7, 33003, 33004, 33005, 33007, 34712, 34892, 34934, 22610, 50001, 34927, 50002, 52546)
"""Compressions whose decoder has turned YCbCr into RGB already."""

SPREAD = (1, 2, 4)
"""Bits of a sample that are spread evenly over a byte, as PNG does it; others stay as they are stored."""


def coloured(page: Any, array: NDArray[Any], channel: int | None, name: str) -> Picture:
    """Turn the samples of a page, shape (rows, cols, samples), into grey or RGB, upright."""
    kind = int(page.photometric)
    tag = page.tags.get(ORIENTATION)
    orientation = int(tag.value) if tag and isinstance(tag.value, int) else 1
    if channel is not None:
        picture = _inverted(page, array[..., channel], [])
    elif kind == PALETTE:
        picture = _looked_up(page, array, name)
    elif kind in (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, LINEAR) or (kind == YCBCR and _by_image_codec(page)):
        picture = _grey_or_rgb(page, array, COLOURS.get(kind, 1))
    elif kind in (CMYK, YCBCR, CIELAB) and array.dtype == np.uint8 and not (kind == CIELAB and _by_image_codec(page)):
        picture = _by_pillow(page, array, {CMYK: "CMYK", YCBCR: "YCbCr", CIELAB: "LAB"}[kind])
    elif kind == CMYK and array.dtype.kind in "uf":
        picture = _from_ink(array)
    elif kind == CFA and array.shape[2] == 1:
        picture = Picture(array[..., 0], ["The raw mosaic of the camera's sensor was read as grey."])
    else:
        raise FileError(
            f"{name}: has colours of the kind {_called(page)}, expected grey, RGB, a palette, CMYK, YCbCr or Lab."
        )
    if picture.array.ndim == 3 and picture.array.shape[2] not in (1, 3):
        raise FileError(f"{name}: has {picture.array.shape[2]} channels per pixel, expected 1 (grey) or 3 (RGB).")
    return picture._replace(array=turned(picture.array, orientation))


def _by_image_codec(page: Any) -> bool:
    return int(page.compression) in JPEG_LIKE


def _called(page: Any) -> str:
    return str(getattr(page.photometric, "name", page.photometric))


def _grey_or_rgb(page: Any, array: NDArray[Any], colours: int) -> Picture:
    extra = [int(kind) for kind in page.extrasamples]
    notes: list[str] = []
    white = _white(page, array.dtype)
    if array.shape[2] == colours + 1 and extra and extra[0] in (ASSOCIATED_ALPHA, UNASSOCIATED_ALPHA):
        array, note = on_white(array, white or 1.0, premultiplied=extra[0] == ASSOCIATED_ALPHA)
        notes.append(note)
    elif array.shape[2] > colours and colours == 3:
        array = array[..., :colours]
        notes.append("Channels beyond those of the picture were left out.")
    elif array.shape[2] == 1:
        array = array[..., 0]
    if colours == 3 and array.dtype == np.uint8 and white == 255:
        return _profiled(page, array, notes)
    profile = page.tags.get(ICC_PROFILE)
    notes.append(unapplied_profile(bytes(profile.value)) if profile and array.ndim == 3 else "")
    return _inverted(page, array, notes)


def _profiled(page: Any, array: NDArray[Any], notes: list[str]) -> Picture:
    """Bring bytes of colour to sRGB."""
    if page.tags.get(ICC_PROFILE) is None:
        return Picture(np.ascontiguousarray(array), notes)
    found = _by_pillow(page, array, "RGB")
    return found._replace(notes=[*found.notes, *notes])


def _by_pillow(page: Any, array: NDArray[Any], mode: str) -> Picture:
    """Let Pillow convert bytes whose meaning it knows: with a colour profile, or inks, or Lab."""
    channels = len(mode) if mode != "YCbCr" else 3
    image = pillow().frombytes(mode, (array.shape[1], array.shape[0]), np.ascontiguousarray(array[..., :channels]))
    profile = page.tags.get(ICC_PROFILE)
    if profile is not None:
        image.info["icc_profile"] = bytes(profile.value)
    found = to_array(image)
    left = ["Channels beyond those of the picture were left out."] if array.shape[2] > channels else []
    return found._replace(notes=[*found.notes, *left])


def _from_ink(array: NDArray[Any]) -> Picture:
    """Convert cyan, magenta, yellow and black of more than 8 bits as Pillow does those of 8."""
    white = float(np.iinfo(array.dtype).max) if array.dtype.kind == "u" else 1.0
    rgb = np.empty((*array.shape[:2], 3), array.dtype)
    step = max(STRIP // max(array.shape[1], 1), 1)
    for top in range(0, len(array), step):
        paper = 1 - array[top : top + step, :, :4].astype(np.float64) / white
        part = paper[..., :3] * paper[..., 3:] * white
        rgb[top : top + step] = np.rint(part) if array.dtype.kind == "u" else part
    return Picture(rgb, ["CMYK without a colour profile was converted to RGB."])


def _looked_up(page: Any, array: NDArray[Any], name: str) -> Picture:
    """Look up palette entries: 16-bit ones, unless all of them are bytes, as some programs write them."""
    palette = page.colormap
    if palette is None or array.shape[2] != 1 or array.dtype.kind not in "ub":
        raise FileError(f"{name}: has no palette that fits its numbers.")
    entries = np.asarray(palette, np.uint16).T
    if int(array.max()) >= len(entries):
        raise FileError(f"{name}: refers to colour {int(array.max())} of a palette that has {len(entries)}.")
    if int(entries.max()) < 256:
        entries = entries.astype(np.uint8)
    elif ((entries & 255 == entries >> 8) | (entries & 255 == 0)).all():
        entries = (entries >> 8).astype(np.uint8)
    grey = bool((entries == entries[:, :1]).all())
    return Picture((entries[:, 0] if grey else entries)[array[..., 0]], [])


def _white(page: Any, dtype: np.dtype) -> int:
    """Return the number that is white for whole numbers without sign; 0 for others."""
    if dtype == np.bool_:
        return 1
    if dtype.kind != "u":
        return 0
    bits = page.bitspersample if isinstance(page.bitspersample, int) else 8 * dtype.itemsize
    return int((1 << bits) - 1)


def _inverted(page: Any, array: NDArray[Any], notes: list[str]) -> Picture:
    """Turn grey whose zero is white round, and spread few bits over a byte."""
    white = _white(page, array.dtype)
    if int(page.photometric) == WHITE_IS_ZERO:
        if white and array.dtype.itemsize <= 2:
            array = (np.array(white, array.dtype) - array) if array.dtype != np.bool_ else ~array
        else:
            notes = [*notes, "It says that 0 is white; its numbers were kept as they are stored."]
    bits = white.bit_length()
    if bits in SPREAD:
        factor = 255 // white
        array = array.astype(np.uint8) * np.uint8(factor)
        return Picture(array, notes if bits == 1 else [*notes, f"{bits}-bit numbers were spread over 0 to 255."])
    if bits and bits not in (8, 16, 32, 64):
        return Picture(array, notes, white)
    return Picture(array, notes)
