"""What compressed pictures declare in their first bytes: size, bits and channels, read before any decoder sees them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from convgui.io.errors import FileError

if TYPE_CHECKING:
    from typing import BinaryIO

MOST_SCANS = 100
"""Scans of a progressive JPEG: encoders write about ten, and each of them costs a pass over the whole picture."""

MOST_EMPTY_CHUNKS = 10_000
"""Chunks without content in a PNG: each costs time, and none says anything."""

SOF = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
ALONE = {0x01, *range(0xD0, 0xD9)}


class Declared(NamedTuple):
    """The header of a picture. `bits` are those of a channel, 0 if unknown; the rest as far as it is known."""

    cols: int
    rows: int
    bits: int
    channels: int = 0
    signed: bool = False
    lossless: bool = False


def jpeg(data: bytes) -> Declared | None:
    """Return what a JPEG's frame header says; None if there is none within `data`."""
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in ALONE:
            at += 2
        elif marker in SOF:
            bits, rows, cols, channels = struct.unpack_from(">BHHB", data, at + 4)
            return Declared(cols, rows, bits, channels, lossless=marker == 0xC3)
        else:
            at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
    return None


def check_scans(data: bytes, name: str) -> None:
    """Refuse a JPEG of very many scans, which would take minutes; FileError with their number."""
    scans = data.count(b"\xff\xda")
    if scans > MOST_SCANS:
        raise FileError(f"{name}: has {scans:,} scans, which would take too long; expected at most {MOST_SCANS} in a JPEG.")


def jpeg2000(data: bytes) -> Declared | None:
    """Return what the SIZ segment of a JPEG 2000 codestream says; None if there is none within `data`."""
    at = data.find(b"\xff\x4f\xff\x51")
    if at < 0 or len(data) < at + 45:
        return None
    width, height, left, top = struct.unpack_from(">4I", data, at + 8)
    channels = struct.unpack_from(">H", data, at + 40)[0]
    depths = data[at + 42 : at + 42 + 3 * channels : 3]
    deepest = max(depths, key=lambda depth: depth & 0x7F, default=7)
    return Declared(width - left, height - top, (deepest & 0x7F) + 1, channels, any(d & 0x80 for d in depths))


def png(data: bytes) -> Declared | None:
    """Return what the header of a PNG says; None if it is none."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or len(data) < 26:
        return None
    cols, rows, bits, kind = struct.unpack_from(">IIBB", data, 16)
    return Declared(cols, rows, bits, {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(kind, 0))


def check_chunks(stream: BinaryIO, name: str) -> set[bytes]:
    """Return the kinds of chunks of a PNG; FileError if very many of them are empty."""
    kinds: set[bytes] = set()
    at, empty = 8, 0
    while True:
        stream.seek(at)
        head = stream.read(8)
        if len(head) < 8:
            return kinds
        length = int.from_bytes(head[:4], "big")
        kinds.add(head[4:])
        empty += length == 0
        if empty > MOST_EMPTY_CHUNKS:
            raise FileError(f"{name}: has more than {MOST_EMPTY_CHUNKS:,} empty chunks, which no PNG needs; not opened.")
        at += 12 + length


def webp(data: bytes) -> Declared | None:
    """Return what the header of a WebP says; None if it is none."""
    kind = data[12:16]
    if data[8:12] != b"WEBP" or len(data) < 30:
        return None
    if kind == b"VP8X":
        size = [int.from_bytes(data[k : k + 3], "little") + 1 for k in (24, 27)]
    elif kind == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        size = [(packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1]
    else:
        size = [int.from_bytes(data[k : k + 2], "little") & 0x3FFF for k in (26, 28)]
    return Declared(size[0], size[1], 8)


class _Bits:
    """Reads numbers from the lowest bit upwards, as JPEG XL packs them."""

    def __init__(self, data: bytes) -> None:
        self._number, self._left = int.from_bytes(data, "little"), 8 * len(data)

    def read(self, count: int) -> int:
        if count > self._left:
            raise EOFError("the header ends too early")
        value = self._number & ((1 << count) - 1)
        self._number >>= count
        self._left -= count
        return value

    def choose(self, *widths: int) -> int:
        """Return a number of which two bits before it say how wide it is."""
        return self.read(widths[self.read(2)])


JXL_BOX = b"\0\0\0\x0cJXL \r\n\x87\n"
JXL_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}


def jpegxl(data: bytes) -> Declared | None:
    """Return size and bits that a JPEG XL codestream declares (ISO/IEC 18181-1, annexes A and D); None if it is none."""
    at = _jxl_codestream(data)
    if at is None:
        return None
    bits = _Bits(data[at + 2 : at + 66])
    cols, rows = _jxl_size(bits)
    return Declared(cols, rows, _jxl_depth(bits))


def _jxl_size(bits: _Bits) -> tuple[int, int]:
    small = bits.read(1)
    rows = 8 * (bits.read(5) + 1) if small else bits.choose(9, 13, 18, 30) + 1
    ratio = bits.read(3)
    if ratio:
        across, down = JXL_RATIOS[ratio]
        return rows * across // down, rows
    return 8 * (bits.read(5) + 1) if small else bits.choose(9, 13, 18, 30) + 1, rows


def _jxl_codestream(data: bytes) -> int | None:
    """Return where the codestream begins: at once, or in the box jxlc or the first jxlp of a container."""
    if data[:2] == b"\xff\x0a":
        return 0
    if data[:12] != JXL_BOX:
        return None
    at = 0
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        head = 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if kind in (b"jxlc", b"jxlp"):
            return at + head + (4 if kind == b"jxlp" else 0)
        if length < head:
            return None
        at += length
    return None


def _jxl_depth(bits: _Bits) -> int:
    """Return the bits of a sample from the image metadata that follow the size."""
    if bits.read(1):  # all default
        return 8
    if bits.read(1):  # extra fields: orientation, intrinsic size, preview, animation
        bits.read(3)
        if bits.read(1):
            _jxl_size(bits)
        if bits.read(1):
            return 0  # a preview has a header of its own; the depth stays unknown
        if bits.read(1):
            _skip_animation(bits)
    if bits.read(1):  # floating point
        return (32, 16, 24)[k] if (k := bits.read(2)) < 3 else bits.read(6) + 1
    selector = bits.read(2)
    return (8, 10, 12)[selector] if selector < 3 else bits.read(6) + 1


def _skip_animation(bits: _Bits) -> None:
    """Pass over ticks a second, as numerator and denominator, the number of loops, and whether there are time codes."""
    bits.choose(0, 0, 10, 30)
    bits.choose(0, 0, 8, 10)
    bits.choose(0, 3, 16, 32)
    bits.read(1)
