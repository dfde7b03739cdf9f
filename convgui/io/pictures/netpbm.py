"""The formats of Netpbm, read as they are stored: PBM, PGM, PPM, PAM, and PFM in grey and in colour.

The layouts are those of Netpbm's manual pages and of Paul Debevec's "PFM: portable float map".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np

from convgui.engine.alpha import on_white
from convgui.io.errors import FileError
from convgui.io.limits import check_memory, check_picture
from convgui.io.pictures.pixels import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAGIC = re.compile(rb"P[1-7Ff][\s#]")
NUMBER = re.compile(rb"(?:\s|#[^\n\r]*[\n\r])*+([-+.\deE]+)\s?")
COMMENT = re.compile(rb"#[^\n\r]*")
PAM_LINE = re.compile(rb"(?:#[^\n]*|[ \t\r]*([A-Z]+)(?:[ \t]+([^\n]*?))?[ \t\r]*)\n")

DIGITS = 9
"""Digits of a number that is written as text."""

TEXT_COST = 60
"""Bytes of memory that a number written as text takes while it is read."""


class _Header(NamedTuple):
    kind: bytes
    cols: int
    rows: int
    channels: int
    white: float
    start: int
    alpha: bool = False


def read_netpbm(stream: BinaryIO, name: str, stored: int) -> Picture:
    """Read a picture; its numbers stay as they are stored, and white is what the header says.

    Raises
    ------
    FileError
        One sentence, if it is damaged, cut off or too large.
    """
    stream.seek(0)
    data = stream.read()
    header = _pam(data, name) if data[:2] == b"P7" else _plain(data, name)
    raw = header.channels * (4 if header.kind in b"PfPF" else 2 if header.white > 255 else 1)
    check_picture(name, header.cols, header.rows, max(stored, 1), raw if header.kind != b"P4" else 1 / 8, 3 * raw)
    if header.kind in (b"Pf", b"PF"):
        return Picture(_floats(data, header, name), [])
    numbers = _as_text(data, header, name) if header.kind in (b"P1", b"P2", b"P3") else _binary(data, header, name)
    if header.kind in (b"P1", b"P4"):  # 1 is black
        return Picture(np.where(numbers[..., 0] == 0, 255, 0).astype(np.uint8), [])
    white = int(header.white)
    if int(numbers.max()) > white:
        raise FileError(f"{name}: holds the number {int(numbers.max())}, its header declares at most {white}.")
    if header.alpha:
        array, note = on_white(numbers, white)
        return Picture(array, [note], white if white not in (255, 65535) else 0)
    return Picture(numbers[..., 0] if header.channels == 1 else numbers, [], white if white not in (255, 65535) else 0)


def _plain(data: bytes, name: str) -> _Header:
    """Read the header of all but PAM: the numbers after the magic, with comments anywhere between them."""
    kind, at = data[:2], 2
    numbers = []
    for _ in range(2 if kind in (b"P1", b"P4") else 3):
        found = NUMBER.match(data, at)
        if found is None:
            raise FileError(f"{name}: the picture is cut off or damaged: its header does not say size and white.")
        numbers.append(_number(found[1], name))
        at = found.end()
    cols, rows, white = (int(numbers[0]), int(numbers[1]), numbers[2] if len(numbers) > 2 else 1.0)
    if kind not in (b"Pf", b"PF") and not 1 <= white <= 65535:
        raise FileError(f"{name}: declares {white:g} as white, expected 1 to 65535.")
    return _Header(kind, cols, rows, 3 if kind in (b"P3", b"P6", b"PF") else 1, white, at)


def _number(text: bytes, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e18:
        raise FileError(f"{name}: has {text[:20].decode('ascii', 'replace')!r} in its header, expected a number.")
    return value


def _pam(data: bytes, name: str) -> _Header:
    fields: dict[bytes, bytes] = {}
    at = data.find(b"\n") + 1
    while (line := PAM_LINE.match(data, at)) is not None:
        at = line.end()
        if line[1] == b"ENDHDR":
            break
        if line[1]:
            fields[line[1]] = line[2] or b""
    try:
        cols, rows, channels, white = (int(fields[key]) for key in (b"WIDTH", b"HEIGHT", b"DEPTH", b"MAXVAL"))
    except (KeyError, ValueError) as error:
        raise FileError(
            f"{name}: is a damaged PAM picture: its header does not say width, height, depth and white."
        ) from error
    alpha = fields.get(b"TUPLTYPE", b"").endswith(b"_ALPHA")
    if channels not in ((2, 4) if alpha else (1, 3)) or not 1 <= white <= 65535:
        raise FileError(
            f"{name}: has {channels} channels with white {white}, expected 1 (grey) or 3 (RGB), white 1 to 65535."
        )
    return _Header(b"P7", cols, rows, channels, white, at, alpha)


def _as_text(data: bytes, header: _Header, name: str) -> NDArray[np.generic]:
    count = header.cols * header.rows * header.channels
    check_memory(name, min(len(data), 6 * count) * 2 + TEXT_COST * count)
    body = COMMENT.sub(b" ", data[header.start :])
    if header.kind == b"P1":
        digits = np.frombuffer(body, np.uint8)
        numbers = digits[(digits == 48) | (digits == 49)] - 48
    else:
        words = body.split(None, count)[:count]
        if (longest := max(map(len, words), default=0)) > DIGITS:
            raise FileError(f"{name}: holds a number of {longest:,} digits, expected at most {DIGITS}.")
        numbers = np.array(words, dtype=np.bytes_).astype(np.uint32)
    if len(numbers) < count:
        raise FileError(f"{name}: the picture is cut off: {len(numbers):,} numbers are there, {count:,} are declared.")
    if header.white <= 65535 and len(numbers) and int(numbers.max()) > header.white:
        raise FileError(f"{name}: holds the number {int(numbers.max())}, its header declares at most {int(header.white)}.")
    dtype = np.uint16 if header.white > 255 else np.uint8
    return numbers[:count].astype(dtype).reshape(header.rows, header.cols, header.channels)


def _binary(data: bytes, header: _Header, name: str) -> NDArray[np.generic]:
    if header.kind == b"P4":
        width = -(-header.cols // 8)
        packed = _bytes(data, header, header.rows * width, name).reshape(header.rows, width)
        return np.unpackbits(packed, axis=1, count=header.cols)[..., np.newaxis]
    count = header.rows * header.cols * header.channels
    if header.white <= 255:
        numbers: NDArray[np.generic] = _bytes(data, header, count, name)
    else:
        numbers = _bytes(data, header, 2 * count, name).view(">u2").astype(np.uint16)
    return numbers.reshape(header.rows, header.cols, header.channels)


def _floats(data: bytes, header: _Header, name: str) -> NDArray[np.float32]:
    """Return the numbers of a PFM, whose rows go from the bottom to the top; a negative scale says little-endian."""
    count = header.rows * header.cols * header.channels
    numbers = _bytes(data, header, 4 * count, name).view("<f4" if header.white < 0 else ">f4").astype(np.float32)
    array = numbers.reshape(header.rows, header.cols, header.channels)[::-1]
    return array[..., 0] if header.channels == 1 else array


def _bytes(data: bytes, header: _Header, count: int, name: str) -> NDArray[np.uint8]:
    there = len(data) - header.start
    if there < count:
        raise FileError(f"{name}: the picture is cut off: {there:,} bytes of pixels are there, {count:,} are declared.")
    return np.frombuffer(data, np.uint8, count, header.start)
