"""Radiance HDR: colours as floating-point numbers that share an exponent, unpacked by imagecodecs."""

from __future__ import annotations

import re
from typing import BinaryIO

from convgui.io.errors import FileError
from convgui.io.limits import check_picture
from convgui.io.pictures.pixels import Picture

MAGIC = (b"#?RADIANCE", b"#?RGBE")
SIZE = re.compile(rb"\n\n([-+])([XY]) +(\d+) +([-+])([XY]) +(\d+)\n")
HEADER = 65_536


def read_radiance(stream: BinaryIO, name: str, stored: int) -> Picture:
    """Read a picture as float32 RGB, in the units of the file.

    Raises
    ------
    FileError
        One sentence, if it is damaged, too large, or in other colours than RGB.
    """
    stream.seek(0)
    data = stream.read()
    head = data[:HEADER]
    size = SIZE.search(head)
    if size is None:
        raise FileError(f"{name}: is a damaged Radiance picture: its header does not say the size.")
    if b"FORMAT=32-bit_rle_xyze" in head[: size.start()]:
        raise FileError(f"{name}: is a Radiance picture in XYZ colours, expected RGB.")
    if (size[1], size[2], size[4], size[5]) != (b"-", b"Y", b"+", b"X"):
        order = size[0].decode("ascii").strip()
        raise FileError(f"{name}: has its pixels in the order {order!r}, expected rows from the top (-Y … +X …).")
    rows, cols = int(size[3]), int(size[6])
    check_picture(name, cols, rows, stored, 4, 24)
    import imagecodecs

    return Picture(imagecodecs.rgbe_decode(data), [])
