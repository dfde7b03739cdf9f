"""Protocol buffers as bytes: the fields of a message one after the other, of which nothing is copied before it is wanted."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap

    Bytes = bytes | mmap

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
"""How a value is written: a number of seven bits a byte, eight bytes, a stretch with its length before it, four bytes."""

MOST_FIELDS = 5_000_000
"""Fields of all messages of a file; a network of a thousand layers has some fifty thousand."""


class Damaged(ValueError):
    """What is no protocol buffer, as a sentence without the file's name."""


class Field(NamedTuple):
    """A field of a message.

    Attributes
    ----------
    number, wire : int
        Which field it is, and how it is written.
    value : int
        The number, or the bits of four or eight bytes; 0 for a stretch.
    start, stop : int
        Where its bytes lie.
    """

    number: int
    wire: int
    value: int
    start: int
    stop: int


class Reader:
    r"""Reads the messages of a file, and gives up when there are more fields than any network has.

    Examples
    --------
    >>> reader = Reader(bytes([0x08, 0x96, 0x01, 0x12, 0x02]) + b"hi")
    >>> [(field.number, field.value, reader.data[field.start:field.stop]) for field in reader.fields(0, 7)]
    [(1, 150, b'\x96\x01'), (2, 0, b'hi')]
    """

    def __init__(self, data: Bytes, most: int = MOST_FIELDS) -> None:
        self.data, self._left = data, most

    def fields(self, start: int, stop: int) -> Iterator[Field]:
        """Yield the fields of the message that lies from `start` to `stop`.

        Raises
        ------
        Damaged
            If the bytes are none, or there are too many fields.
        """
        at = start
        while at < stop:
            self._left -= 1
            if self._left < 0:
                raise Damaged("has more entries than a network has")
            key, at = self.varint(at, stop)
            number, wire = key >> 3, key & 7
            if not number:
                raise Damaged(f"has a field of number 0 at byte {at}")
            begin = at
            if wire == VARINT:
                value, at = self.varint(at, stop)
                yield Field(number, wire, value, begin, at)
                continue
            size, begin = (4, at) if wire == FIXED32 else (8, at) if wire == FIXED64 else self._length(wire, at, stop)
            at = begin + size
            if at > stop:
                raise Damaged(f"is cut off: a field of {size:,} bytes at byte {begin:,} ends behind what holds it")
            bits = int.from_bytes(self.data[begin:at], "little") if wire != LENGTH else 0
            yield Field(number, wire, bits, begin, at)

    def _length(self, wire: int, at: int, stop: int) -> tuple[int, int]:
        if wire != LENGTH:
            raise Damaged(f"has a field of the unknown kind {wire} at byte {at:,}")
        return self.varint(at, stop)

    def varint(self, at: int, stop: int) -> tuple[int, int]:
        """Return the number that begins at a byte, and where what follows it begins."""
        value = shift = 0
        while at < stop:
            byte = self.data[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value & 0xFFFF_FFFF_FFFF_FFFF, at
            shift += 7
            if shift > 63:
                raise Damaged(f"has a number of more than ten bytes at byte {at:,}")
        raise Damaged(f"is cut off at byte {at:,}")

    def text(self, field: Field) -> str:
        """Return a stretch as text; bytes that are none are replaced."""
        return self.data[field.start : field.stop].decode("utf-8", "replace")

    def numbers(self, field: Field) -> Iterator[int]:
        """Yield the signed whole numbers of a field, whether it holds one or, packed, many."""
        if field.wire != LENGTH:
            yield signed(field.value)
            return
        at = field.start
        while at < field.stop:
            value, at = self.varint(at, field.stop)
            yield signed(value)

    def floats(self, field: Field) -> tuple[float, ...]:
        """Return the float32 numbers of a field, whether it holds one or, packed, many."""
        data = self.data[field.start : field.stop]
        if len(data) % 4:
            raise Damaged(f"has {len(data)} bytes of numbers of four bytes each at byte {field.start:,}")
        return struct.unpack(f"<{len(data) // 4}f", data)


def signed(value: int) -> int:
    """Return the signed number that 64 bits stand for.

    >>> signed(2**64 - 1)
    -1
    """
    return value - (1 << 64) if value >> 63 else value
