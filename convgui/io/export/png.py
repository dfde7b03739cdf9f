"""Writing PNG: strips of rows are compressed on all cores and written as they come; between two it can be stopped."""

from __future__ import annotations

import struct
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from convgui.engine.strategies.tiles import Cancelled, never, threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"

LONG = 2000
"""Letters from which on a text is compressed."""

STRIP = 2_000_000
"""Bytes that are compressed at a time."""

SAMPLE = 16_000
"""Bytes of a strip that decide how it is compressed."""

WORTH = 1.25
"""So much larger may a strip become that is compressed in half the time."""

_NONE, _UP = 0, 2
"""PNG's numbers for rows that are stored as they are, and as differences to the row above.

A coloured map has few colours, which repeat as they are; the numbers of a grey one change little from row to row.
"""


def write_png(
    stream: BinaryIO,
    pixels: NDArray[np.generic],
    text: Mapping[str, str] | None = None,
    cancelled: Callable[[], bool] = never,
) -> None:
    r"""Write a picture.

    Parameters
    ----------
    stream : binary file
    pixels : ndarray of uint8 or uint16, shape (rows, cols), or of uint8, shape (rows, cols, 3)
        Grey or RGB, at least one pixel.
    text : mapping of str to str, optional
        Recorded in text chunks: keywords of 1 to 79 Latin letters, and any text.
    cancelled : callable returning bool
        Asked before each strip.

    Raises
    ------
    Cancelled
        If it is no longer wanted.

    Examples
    --------
    >>> import io
    >>> stream = io.BytesIO()
    >>> write_png(stream, np.zeros((2, 3), np.uint8))
    >>> stream.getvalue()[:8]
    b'\x89PNG\r\n\x1a\n'
    """
    rows, cols = pixels.shape[:2]
    kind = 2 if pixels.ndim == 3 else 0  # RGB or grey
    head = struct.pack(">IIBBBBB", cols, rows, 8 * pixels.itemsize, kind, 0, 0, 0)
    stream.write(SIGNATURE + _chunk(b"IHDR", head))
    for key, value in (text or {}).items():
        stream.write(text_chunk(key, value))
    height = max(STRIP // (cols * pixels.itemsize * (3 if kind else 1)), 1)
    check, begin = 1, b"\x78\x01"
    tops = range(0, rows, height)
    for strip, data in _in_order(partial(_strip, pixels, height), tops, cancelled):
        check = zlib.adler32(strip, check)
        stream.write(_chunk(b"IDAT", begin + data))
        begin = b""
    stream.write(_chunk(b"IDAT", b"\x03\x00" + struct.pack(">I", check)))  # an empty last block, and the checksum
    stream.write(_chunk(b"IEND", b""))


def _in_order(
    work: Callable[[int], tuple[bytes, bytes]], tops: range, cancelled: Callable[[], bool]
) -> Iterator[tuple[bytes, bytes]]:
    """Yield what `work` makes of each number, made on all cores a little ahead."""
    ahead = 2 * threads()
    waiting: deque[Future[tuple[bytes, bytes]]] = deque()
    with ThreadPoolExecutor(threads(), thread_name_prefix="convgui-tile-png") as pool:
        try:
            for top in tops:
                if cancelled():
                    raise Cancelled
                waiting.append(pool.submit(work, top))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _strip(pixels: NDArray[np.generic], height: int, top: int) -> tuple[bytes, bytes]:
    """Return the rows from `top` on as PNG filters them, and the same compressed: whole blocks that can be put in a row."""
    part = pixels[max(top - 1, 0) : top + height]
    stored = np.ascontiguousarray(part, part.dtype.newbyteorder(">")).view(np.uint8).reshape(len(part), -1)
    if top == 0:
        stored = np.vstack([np.zeros((1, stored.shape[1]), np.uint8), stored])
    few = max(SAMPLE // stored.shape[1], 1)
    first = max((len(stored) - 1 - few) // 2, 0)
    rule, strategy = _best(stored[first : first + few + 1])
    data = _filtered(stored, rule)
    return data, _deflate(data, strategy)


def _filtered(stored: NDArray[np.uint8], rule: int) -> bytes:
    """Return all rows but the first, each after the number of its filter."""
    rows = np.empty((len(stored) - 1, stored.shape[1] + 1), np.uint8)
    rows[:, 0] = rule
    if rule == _UP:
        np.subtract(stored[1:], stored[:-1], out=rows[:, 1:])
    else:
        rows[:, 1:] = stored[1:]
    return rows.tobytes()


def _best(sample: NDArray[np.uint8]) -> tuple[int, int]:
    """Return filter and strategy for rows like these; to look for more than runs takes twice as long."""
    samples = {rule: _filtered(sample, rule)[:SAMPLE] for rule in (_NONE, _UP)}
    quick, thorough = (
        min((len(_deflate(data, strategy)), rule) for rule, data in samples.items())
        for strategy in (zlib.Z_RLE, zlib.Z_DEFAULT_STRATEGY)
    )
    return (quick[1], zlib.Z_RLE) if quick[0] <= WORTH * thorough[0] else (thorough[1], zlib.Z_DEFAULT_STRATEGY)


def _deflate(data: bytes, strategy: int) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, -15, 9, strategy)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def text_chunk(keyword: str, text: str) -> bytes:
    """Return an iTXt chunk, compressed where the text is long; what is no text at all is written by its number."""
    content, long = text.replace("\0", "").encode("utf-8", "backslashreplace"), len(text) > LONG
    head = keyword[:79].encode("latin-1", "replace") + (b"\0\1\0" if long else b"\0\0\0") + b"\0\0"
    return _chunk(b"iTXt", head + (zlib.compress(content) if long else content))


def with_text(data: bytes, keyword: str, text: str) -> bytes:
    """Return a PNG with a text in it, right after its head."""
    end = len(SIGNATURE) + 12 + struct.unpack(">I", data[8:12])[0]
    return data[:end] + text_chunk(keyword, text) + data[end:]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(name)))
