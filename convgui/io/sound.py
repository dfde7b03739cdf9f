"""Sounds: a WAV file as a sequence of steps, its channels as channels."""

from __future__ import annotations

import wave
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from convgui.engine.source import Source
from convgui.io.errors import FileError
from convgui.io.limits import check_memory

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MOST_STEPS = 50_000_000
"""Steps that are opened: nineteen minutes of a compact disc."""


def is_wav(head: bytes) -> bool:
    """Say whether a file that begins with these bytes is a WAV file."""
    return head[:4] == b"RIFF" and head[8:12] == b"WAVE"


def open_sound(stream: BinaryIO, path: Path) -> Source:
    """Read a WAV file of whole numbers as a sequence of values from -1 to 1.

    Raises
    ------
    FileError
        One sentence, if it is damaged, cut off, empty, too long, or holds another kind of sound.
    """
    try:
        with wave.open(stream, "rb") as sound:
            channels, width, rate, steps, *_ = sound.getparams()
            if not 0 < steps <= MOST_STEPS:
                raise FileError(f"{path.name}: declares {steps:,} steps, expected 1 to {MOST_STEPS:,}.")
            check_memory(path.name, steps * channels * (width + 12))
            data = sound.readframes(steps)
    except (wave.Error, EOFError, ValueError) as error:
        reason = str(error) or "it ends too early"
        raise FileError(f"{path.name}: is no WAV file of whole numbers, or a damaged one ({reason}).") from error
    if len(data) < steps * channels * width:
        raise FileError(
            f"{path.name}: is cut off: {len(data):,} bytes of sound, {steps * channels * width:,} were declared."
        )
    values = _values(data, width).reshape(1, steps, channels)
    kept = values[..., : min(channels, 4)]
    note = f"{rate:,} steps a second, {steps / rate:.3g} seconds." if rate else ""
    if channels > 4:
        note += f" The first 4 of {channels} channels are shown."
    return Source(kept[..., 0] if kept.shape[2] == 1 else kept, name=path.name, path=str(path), note=note)


def _values(data: bytes, width: int) -> NDArray[np.float32]:
    """Return samples as values from -1 to 1; those of one byte have no sign."""
    if width == 1:
        return np.asarray((np.frombuffer(data, np.uint8).astype(np.float64) - 128) / 128, np.float32)
    if width == 3:  # three bytes become the upper ones of four
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        numbers, width = wide.view("<i4")[:, 0], 4
    else:
        numbers = np.frombuffer(data, {2: "<i2", 4: "<i4"}[width])
    return np.asarray(numbers / 2.0 ** (8 * width - 1), np.float32)
