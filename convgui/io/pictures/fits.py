"""FITS, the format of astronomy: the images of a file as they are stored.

The layout is that of the FITS standard 4.0: blocks of 2,880 bytes, headers of cards of 80 characters, numbers big-endian.
Images that are packed into tables are told, not read.
"""

from __future__ import annotations

from math import prod
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from convgui.io.errors import FileError
from convgui.io.limits import check_picture
from convgui.io.pictures.pages import Chosen, choose
from convgui.io.pictures.pixels import Picture

MAGIC = b"SIMPLE  ="
BLOCK, CARD = 2880, 80
MOST_UNITS, MOST_BLOCKS, MOST_PLANES = 1000, 1000, 2000
DTYPES = {8: ">u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}


class _Image(NamedTuple):
    """An image of the file: its header, where its numbers begin, and its shape with the fastest axis last."""

    cards: dict[str, Any]
    start: int
    shape: tuple[int, ...]


def read_fits(stream: BinaryIO, name: str, stored: int, page: int | str | None = None) -> tuple[Picture, Chosen]:
    """Read an image: the primary one, or the first of an extension if there is none.

    Parameters
    ----------
    stream, name, stored
        The file, its name, its size in bytes.
    page : int or str, optional
        Which image or plane, counted from 1.

    Returns
    -------
    (Picture, Chosen)
        Rows as they are stored: astronomers draw the first one at the bottom.

    Raises
    ------
    FileError
        One sentence, if it is damaged, cut off, too large, or holds tables only.
    """
    found = _images(stream, name, stored)
    leaves = [(image, plane) for image in found for plane in _planes(image)]
    labels = [_label(place, image, plane) for place, (image, plane) in enumerate(leaves)][:MOST_PLANES]
    chosen = choose(name, labels, page, kind="image")
    image, plane = leaves[chosen.place]
    rows, cols = image.shape[-2:] if len(image.shape) > 1 else (1, image.shape[0])
    dtype = np.dtype(DTYPES[image.cards["BITPIX"]])
    colour = plane is None and len(image.shape) == 3
    check_picture(name, cols, rows, stored, dtype.itemsize * (3 if colour else 1), 16 * (3 if colour else 1))
    count = rows * cols * (3 if colour else 1)
    stream.seek(image.start + (plane or 0) * rows * cols * dtype.itemsize)
    data = stream.read(count * dtype.itemsize)
    if len(data) < count * dtype.itemsize:
        raise FileError(f"{name}: is cut off: {len(data):,} bytes are there, {count * dtype.itemsize:,} are declared.")
    numbers = _values(np.frombuffer(data, dtype), image.cards)
    array = np.moveaxis(numbers.reshape(3, rows, cols), 0, -1) if colour else numbers.reshape(rows, cols)
    return Picture(array, ["Its first row, which astronomers draw at the bottom, is at the top."]), chosen


def _images(stream: BinaryIO, name: str, stored: int) -> list[_Image]:
    found: list[_Image] = []
    at, packed = 0, False
    for _ in range(MOST_UNITS):
        if at >= stored:
            break
        try:
            cards, start = _header(stream, at, name)
        except FileError:
            if found:  # what follows the last image may be anything
                break
            raise
        axes = int(cards.get("NAXIS", 0))
        shape = tuple(_whole(cards, f"NAXIS{k}", name) for k in range(axes, 0, -1)) if 0 <= axes < 1000 else ()
        if cards.get("BITPIX") not in DTYPES:
            raise FileError(f"{name}: declares {cards.get('BITPIX')} bits per number, expected 8, 16, 32, 64, -32 or -64.")
        is_image = at == 0 or str(cards.get("XTENSION", "")).strip() == "IMAGE"
        squeezed = tuple(n for k, n in enumerate(shape) if n != 1 or k >= len(shape) - 2)
        if is_image and shape and 0 not in shape and len(squeezed) <= 3:
            found.append(_Image(cards, start, squeezed))
        packed = packed or bool(cards.get("ZIMAGE"))
        size = prod(shape) * abs(int(cards["BITPIX"])) // 8 if shape else 0
        size = int(cards.get("GCOUNT", 1)) * (int(cards.get("PCOUNT", 0)) * abs(int(cards["BITPIX"])) // 8 + size)
        at = start + -(-max(size, 0) // BLOCK) * BLOCK
    if not found:
        kind = "an image packed into a table; unpack it first (funpack)" if packed else "no image of two or three axes"
        raise FileError(f"{name}: holds {kind}.")
    return found


def _header(stream: BinaryIO, at: int, name: str) -> tuple[dict[str, Any], int]:
    """Read cards until END; return them and where the data begin."""
    cards: dict[str, Any] = {}
    stream.seek(at)
    for block in range(1, MOST_BLOCKS + 1):
        text = stream.read(BLOCK).decode("ascii", "replace")
        if len(text) < BLOCK:
            break
        for k in range(0, BLOCK, CARD):
            card = text[k : k + CARD]
            key = card[:8].strip()
            if key == "END":
                return cards, at + block * BLOCK
            if card[8:10] == "= ":
                cards.setdefault(key, _value(card[10:]))
    raise FileError(f"{name}: is a damaged FITS file, or cut off: a header does not end.")


def _value(text: str) -> Any:
    """Return what a card says: text, a truth value or a number; None for what is none of these."""
    text = text.strip()
    if text.startswith("'"):
        return text[1:].split("'")[0]
    text = text.split("/")[0].strip()
    if text in ("T", "F"):
        return text == "T"
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text.replace("D", "E"))
    except ValueError:
        return None


def _whole(cards: dict[str, Any], key: str, name: str) -> int:
    value = cards.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 40:
        raise FileError(f"{name}: is a damaged FITS file: {key} is {value!r}, expected a whole number.")
    return value


def _planes(image: _Image) -> list[int | None]:
    """Return the planes that can be read: all three as colour, then each; one image has none."""
    if len(image.shape) < 3:
        return [None]
    each: list[int | None] = list(range(min(image.shape[0], MOST_PLANES)))
    return [None, *each] if image.shape[0] == 3 else each


def _label(place: int, image: _Image, plane: int | None) -> str:
    said = str(image.cards.get("EXTNAME", "")).strip()
    size = " × ".join(str(n) for n in reversed(image.shape[-2:]))
    part = f", plane {plane + 1}" if plane is not None else ", red, green, blue" if len(image.shape) == 3 else ""
    return f"Image {place + 1}{part}{f' ({said})' if said else ''}: {size}"


def _values(numbers: np.ndarray, cards: dict[str, Any]) -> np.ndarray:
    """Apply BZERO, BSCALE and BLANK: value = zero + scale * stored number."""
    zero, scale = cards.get("BZERO", 0) or 0, cards.get("BSCALE", 1)
    scale = 1 if scale is None else scale
    blank = cards.get("BLANK") if numbers.dtype.kind in "iu" else None
    unsigned = {">i2": (32768, "u2"), ">i4": (2147483648, "u4")}.get(numbers.dtype.str)
    if unsigned and (zero, scale) == (unsigned[0], 1) and blank is None:
        return (numbers.astype(np.int64) + zero).astype(unsigned[1])
    if (zero, scale) == (0, 1) and blank is None:
        return numbers.astype(numbers.dtype.newbyteorder("="))
    values = numbers.astype(np.float64) * float(scale) + float(zero)
    if blank is not None:
        values[numbers == blank] = np.nan
    return values
