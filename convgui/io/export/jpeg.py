"""JPEG pictures: encoded at once, in half of the time that going through Pillow's own memory takes, with an XMP packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUALITY = 95

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
"""What the segment of an XMP packet begins with."""


def encoded(rgb: NDArray[np.uint8], packet: bytes = b"") -> bytes:
    """Return the file of a picture, without chroma subsampling.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (rows, cols, 3)
    packet : bytes
        An XMP packet of fewer than 65,000 bytes.
    """
    import imagecodecs

    data = bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(rgb), level=QUALITY, subsampling="444"))
    return with_packet(data, packet) if packet else data


def with_packet(data: bytes, packet: bytes) -> bytes:
    """Return a JPEG file with an XMP packet behind its first segment, which says that it is one.

    >>> with_packet(bytes.fromhex("ffd8ffe00004000a ffd9"), b"<x/>").hex(" ")[:29]
    'ff d8 ff e0 00 04 00 0a ff e1'
    """
    end = 4 + int.from_bytes(data[4:6], "big") if data[2:4] == b"\xff\xe0" else 2
    segment = _XMP + packet
    return data[:end] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + data[end:]
