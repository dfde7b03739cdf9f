"""From an opened Pillow picture to an array: upright, in sRGB, on a white ground, in as many bits as are stored."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.io.limits import MAX_PIXELS
from convgui.io.pictures.colour_profile import to_srgb

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "PPM", "AVIF", "JPEG2000")
"""What Pillow may try; never EPS, which would run a program. JPEG includes MPO, in which phones keep two pictures."""


STRIP = 64
"""Rows that are converted at a time."""


class Picture(NamedTuple):
    """Decoded pixels, and sentences on what was done to them.

    `white` is the stored number of white where that is not the largest of the dtype, as in 10- and 12-bit pictures; else 0.
    """

    array: NDArray[np.generic]
    notes: list[str]
    white: int = 0


def pillow() -> ModuleType:
    """Return `PIL.Image`, set up: the limit of pixels is `limits.check_picture`'s, and odd metadata give no warnings.

    Both settings belong to the process. They always get the same value, so that threads cannot disturb each other, and
    the filter is put in force again each time because a test runner resets it.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.filterwarnings("ignore", module=r"PIL\.")
    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
    _register_plugins()
    return Image


def _register_plugins() -> None:
    """Import the plugins of `FORMATS`: else Pillow would import all of its fifty when one is not there yet."""
    from PIL import (
        AvifImagePlugin,  # noqa: F401
        BmpImagePlugin,  # noqa: F401
        GifImagePlugin,  # noqa: F401
        Jpeg2KImagePlugin,  # noqa: F401
        JpegImagePlugin,  # noqa: F401
        PngImagePlugin,  # noqa: F401
        PpmImagePlugin,  # noqa: F401
        TiffImagePlugin,  # noqa: F401
        WebPImagePlugin,  # noqa: F401
    )


def allowed_formats() -> list[str]:
    """Return `FORMATS`, and HEIF if its extra is installed."""
    try:
        import pillow_heif
    except ImportError:
        return list(FORMATS)
    pillow_heif.register_heif_opener()
    return [*FORMATS, "HEIF"]


def raw_mode(image: Image) -> str:
    """Return how the pixels are packed in the file, such as 'RGB;16B'; empty if the decoder does not say."""
    tiles = getattr(image, "tile", None)
    args = tiles[0].args if tiles else ""
    first = args[0] if isinstance(args, tuple) and args else args
    return first if isinstance(first, str) else ""


def coarse_note(image: Image) -> str:
    """Return a sentence if the picture has more bits per channel than Pillow keeps of colour, else an empty string.

    Called before the picture is loaded.
    """
    tiles = getattr(image, "tile", None)
    args = tiles[0].args if tiles else ()
    maximum = args[1] if image.format == "PPM" and isinstance(args, tuple) and len(args) > 1 else 0
    deep = ";16" in raw_mode(image) or (isinstance(maximum, int) and maximum > 255)
    if not deep or image.mode.startswith("I") or image.format == "BMP":  # its 16 bits are those of a whole pixel
        return ""
    return f"16-bit colour {image.format} was read with 8 bits per channel."


def to_array(image: Image) -> Picture:
    """Turn a loaded picture of any mode into uint8, uint16 or float32, as (rows, cols) or (rows, cols, 3)."""
    upright = turn_upright(image)
    if upright.mode == "I":
        return _whole_numbers(upright, image.format or "")
    if upright.mode == "F" or upright.mode.startswith("I;16"):
        return Picture(np.asarray(upright), [])
    plain = _without_palette(upright)
    in_srgb, profile_note = to_srgb(plain, image.info.get("icc_profile"))
    opaque, alpha_note = _on_white_ground(in_srgb)
    return Picture(_packed(opaque), [profile_note, alpha_note])


def _packed(image: Image) -> NDArray[np.generic]:
    """Return grey or RGB pixels without gaps, a strip at a time: Pillow's own way holds a second copy of them."""
    if image.mode != "RGB":
        return np.asarray(image)
    array = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, STRIP):
        bottom = min(top + STRIP, image.height)
        array[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return array


def orientation_of(image: Image) -> int:
    """Return how a picture is to be turned, 1 to 8, as its EXIF says; 1 if that cannot be read."""
    try:
        return int(image.getexif().get(0x0112) or 1)
    except Exception:  # whatever a damaged block of metadata leads to, the pixels are there
        return 1


def turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Turn pixels as the orientations 1 to 8 of TIFF and EXIF say."""
    if orientation in (5, 7):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 7):
        pixels = pixels[:, ::-1]
    if orientation in (4, 7):
        pixels = pixels[::-1]
    turns = {3: 2, 6: -1, 8: 1}.get(orientation, 0)
    return np.rot90(pixels, turns) if turns else pixels


def turn_upright(image: Image) -> Image:
    """Turn a picture as its EXIF orientation says; EXIF that cannot be read turns nothing."""
    turn = pillow().Transpose
    method = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_270,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_90,
    }.get(orientation_of(image))
    return image if method is None else image.transpose(method)


def _whole_numbers(image: Image, kind: str) -> Picture:
    """Return Pillow's 32-bit mode as uint16 where the format has no more, else as float32."""
    numbers = np.asarray(image)
    if kind in ("PNG", "PPM"):
        return Picture(numbers.clip(0, 65535).astype(np.uint16), [])
    return Picture(numbers.astype(np.float32), ["32-bit whole numbers were read as float32."])


def _without_palette(image: Image) -> Image:
    """Return the picture in a mode that has channels: 1-bit and palette ones are looked up, grey palettes as grey."""
    alpha = "A" if image.has_transparency_data else ""
    if image.mode in ("P", "PA"):
        palette = np.reshape(image.getpalette("RGB") or [0, 0, 0], (-1, 3))
        grey = bool((palette == palette[:, :1]).all())
        coloured = image.convert("RGB" + alpha)
        return coloured.convert("L" + alpha) if grey else coloured
    if image.mode in ("1", "L", "LA", "La"):
        return _in_mode(image, "L" + alpha)
    if image.mode in ("RGB", "RGBA", "RGBa"):
        return _in_mode(image, "RGB" + alpha)
    return image if image.mode in ("CMYK", "LAB") else image.convert("RGB")


def _in_mode(image: Image, mode: str) -> Image:
    """Convert without the copy that Pillow makes when there is nothing to convert."""
    return image if image.mode == mode else image.convert(mode)


def _on_white_ground(image: Image) -> tuple[Image, str]:
    """Composite alpha on white; a plain conversion would show colours that are transparent."""
    if image.mode not in ("RGBA", "LA"):
        return image, ""
    if image.getchannel("A").getextrema() == (255, 255):
        return image.convert(image.mode[:-1]), ""
    ground = pillow().new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert(image.mode[:-1]), "Transparent parts were put on white."
