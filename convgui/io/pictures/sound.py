"""Sounds: a WAV file as a sequence of steps, its channels as channels.

The layout is that of Microsoft's "Multiple channel audio data and WAVE files": chunks of a name, a length and as many bytes,
of which `fmt ` says what the samples in `data` are.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np

from convgui.engine.source import Source
from convgui.io.errors import FileError
from convgui.io.limits import check_memory

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MOST_STEPS = 50_000_000
"""Steps that are opened: nineteen minutes of a compact disc."""

MOST_CHANNELS = 8
UNKNOWN = 0xFFFFFFFF
WHOLE, FLOATING, EXTENSIBLE = 1, 3, 0xFFFE
"""What the samples can be; an extensible format says it farther behind."""

WIDTHS = {WHOLE: (1, 2, 3, 4), FLOATING: (4, 8)}
"""Bytes of a sample."""


class _Format(NamedTuple):
    kind: int
    channels: int
    rate: int
    width: int


def is_wav(head: bytes) -> bool:
    """Say whether a file that begins with these bytes is a WAV file."""
    return head[:4] == b"RIFF" and head[8:12] == b"WAVE"


def open_sound(stream: BinaryIO, path: Path) -> Source:
    """Read a WAV file as a sequence: whole numbers become values from -1 to 1, floating-point ones stay as they are.

    Raises
    ------
    FileError
        One sentence, if it is damaged, cut off, empty, too long, or compressed.
    """
    shape, declared = _find_samples(stream, path.name)
    frame = shape.channels * shape.width
    steps = declared // frame
    if not 0 < steps <= MOST_STEPS:
        raise FileError(f"{path.name}: declares {steps:,} steps, expected 1 to {MOST_STEPS:,}.")
    check_memory(path.name, steps * shape.channels * (shape.width + 12))
    data = stream.read(steps * frame)
    if len(data) < steps * frame:
        raise FileError(f"{path.name}: is cut off: {len(data):,} bytes of sound, {steps * frame:,} were declared.")
    values = _values(data, shape).reshape(1, steps, shape.channels)
    note = f"{shape.rate:,} steps a second, {steps / shape.rate:.3g} seconds." if shape.rate else ""
    return Source(
        values[..., 0] if shape.channels == 1 else values, name=path.name, path=str(path), note=note, sequence=True
    )


def _find_samples(stream: BinaryIO, name: str) -> tuple[_Format, int]:
    """Go to the first sample; return what samples are, and how many bytes of them are declared."""
    stream.seek(12)
    shape: _Format | None = None
    while True:
        head = stream.read(8)
        if len(head) < 8:
            raise FileError(f"{name}: is a damaged WAV file: it ends before its samples.")
        kind, length = struct.unpack("<4sI", head)
        if kind == b"data":
            if length in (0, UNKNOWN):  # written as it came, by a program that did not know how long it would be
                here = stream.tell()
                length = stream.seek(0, 2) - here
                stream.seek(here)
            break
        body = stream.read(length + length % 2) if kind == b"fmt " else b""
        if kind == b"fmt ":
            shape = _format(body, name)
        else:
            stream.seek(length + length % 2, 1)
    if shape is None:
        raise FileError(f"{name}: is a damaged WAV file: it does not say what its samples are.")
    return shape, length


def _format(body: bytes, name: str) -> _Format:
    if len(body) < 16:
        raise FileError(f"{name}: is a damaged WAV file: it ends before its samples.")
    kind, channels, rate, _, frame, bits = struct.unpack("<HHIIHH", body[:16])
    if kind == EXTENSIBLE and len(body) >= 26:
        kind = struct.unpack("<H", body[24:26])[0]
    width = frame // channels if channels else 0  # samples of 24 bits may lie in four bytes
    if width not in WIDTHS.get(kind, ()):
        raise FileError(
            f"{name}: holds sound of format {kind} with {bits} bits; expected WAV samples that are whole numbers of up "
            "to 32 bits, or floating-point ones."
        )
    if not 1 <= channels <= MOST_CHANNELS:
        raise FileError(f"{name}: has {channels} channels, expected 1 to {MOST_CHANNELS}.")
    return _Format(kind, channels, rate, width)


def _values(data: bytes, shape: _Format) -> NDArray[np.float32]:
    """Return samples as values; whole numbers of one byte have no sign, the others fill -1 to 1."""
    if shape.kind == FLOATING:
        with np.errstate(over="ignore"):
            return np.frombuffer(data, f"<f{shape.width}").astype(np.float32)
    if shape.width == 1:
        return np.asarray((np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128, np.float32)
    width = shape.width
    if width == 3:  # three bytes become the upper ones of four
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        numbers, width = wide.view("<i4")[:, 0], 4
    else:
        numbers = np.frombuffer(data, {2: "<i2", 4: "<i4"}[width])
    return np.asarray(numbers / 2.0 ** (8 * width - 1), np.float32)
