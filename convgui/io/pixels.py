"""From an opened Pillow picture to an array: upright, in sRGB, on a white ground, in as many bits as are stored."""

from __future__ import annotations

import sys
import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from convgui.io.colour_profile import to_srgb, unapplied_profile
from convgui.io.limits import MAX_PIXELS

if TYPE_CHECKING:
    from types import ModuleType

    from numpy.typing import NDArray
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "PPM", "AVIF", "JPEG2000")
"""What Pillow may try; never EPS, which would run a program. JPEG includes MPO, in which phones keep two pictures."""


STRIP = 64
"""Rows that are converted at a time."""


class Picture(NamedTuple):
    """Decoded pixels, and sentences on what was done to them."""

    array: NDArray[np.generic]
    notes: list[str]


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


def is_deep_colour(image: Image) -> bool:
    """Whether `read_deep_colour` can read the picture, which is not loaded yet."""
    return image.format in ("PNG", "TIFF") and raw_mode(image)[:-1] in ("RGB;16", "RGBA;16")


def read_deep_colour(image: Image, stream: BinaryIO) -> Picture:
    """Read colour with 16 bits per channel, of which Pillow by itself keeps the high bytes only.

    It is decoded twice: once in the order of bytes that it has, which gives the high bytes, and once in the opposite
    order, which gives the low ones.
    """
    image.load()
    stream.seek(0)
    low = pillow().open(BytesIO(stream.read()), formats=[image.format])
    low.tile = [tile._replace(args=_bytes_swapped(tile.args)) for tile in low.tile]
    parts = [np.asarray(turn_upright(part)).astype(np.uint16) for part in (image, low)]
    array = parts[0] << 8 | parts[1]
    notes = [unapplied_profile(image.info.get("icc_profile"))]
    if array.shape[-1] == 4:
        array, note = on_white(array, 65535)
        notes.append(note)
    return Picture(array, notes)


def _bytes_swapped(args: Any) -> Any:
    """Return a decoder's arguments with the opposite order of bytes: B is big-endian, L little, N the machine's own."""
    if isinstance(args, tuple):
        return (_bytes_swapped(args[0]), *args[1:])
    native = "L" if sys.byteorder == "little" else "B"
    order = native if args[-1] == "N" else args[-1]
    return args[:-1] + ("B" if order == "L" else "L")


def on_white(array: NDArray[Any], white: float, *, premultiplied: bool = False) -> tuple[NDArray[Any], str]:
    """Put colours on a white ground by their alpha, the last channel, and leave the alpha out.

    Returns
    -------
    array : ndarray, shape (rows, cols, channels - 1)
        In the dtype of the given one.
    note : str
        A sentence if any pixel was not opaque.
    """
    colours, alpha = array[..., :-1], array[..., -1:]
    if bool((alpha == white).all()):
        return np.ascontiguousarray(colours), ""
    share = alpha.astype(np.float64) / white
    mixed = colours * (1.0 if premultiplied else share) + (1 - share) * white
    if array.dtype.kind in "iu":
        mixed = np.rint(mixed)
    return mixed.astype(array.dtype), "Transparent parts were put on white."


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


def turn_upright(image: Image) -> Image:
    """Turn a picture as its EXIF orientation says; EXIF that cannot be read turns nothing."""
    try:
        orientation = image.getexif().get(0x0112)
    except Exception:  # whatever a damaged block of metadata leads to, the pixels are there
        return image
    turn = pillow().Transpose
    method = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_270,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_90,
    }.get(orientation or 1)
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
    """Composite alpha on white; a plain conversion would bring to light what the author had hidden."""
    if image.mode not in ("RGBA", "LA"):
        return image, ""
    if image.getchannel("A").getextrema() == (255, 255):
        return image.convert(image.mode[:-1]), ""
    ground = pillow().new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert(image.mode[:-1]), "Transparent parts were put on white."
