"""Animations: frames, one after the other, to a GIF, WebP or MP4 file."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from convgui.io.atomic import write_encoded
from convgui.io.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    import numpy as np
    from numpy.typing import NDArray

    Frames = Iterator[NDArray[np.uint8]]

FORMATS = {".gif": "GIF", ".webp": "WebP", ".mp4": "MP4"}


def ending_fault(path: str | PathLike[str]) -> str:
    """Return why a name cannot be that of an animation, empty if it can; does not look at the disk.

    >>> ending_fault("sobel.bmp")
    'Expected a name that ends in .gif, .webp or .mp4, received sobel.bmp.'
    """
    target = Path(path)
    if target.suffix.lower() not in FORMATS:
        return f"Expected a name that ends in .gif, .webp or .mp4, received {target.name}."
    return ""


def animation_fault(path: str | PathLike[str]) -> str:
    """Return why a file cannot be written as an animation, empty if it can."""
    if fault := ending_fault(path):
        return fault
    if Path(path).suffix.lower() == ".mp4" and shutil.which("ffmpeg") is None:
        return "MP4 needs the program ffmpeg, which is not on the path: install it, or choose GIF or WebP."
    return ""


def save_animation(path: str | PathLike[str], frames: Frames, seconds: float) -> None:
    """Write frames as they come; not all of them are held at once.

    Parameters
    ----------
    path : path-like
        The ending decides the format: .gif, .webp, or .mp4 where ffmpeg is there.
    frames : iterator of ndarray of uint8, shape (rows, cols, 3)
        All of one size; at least one. What it raises is passed on, and nothing is left behind.
    seconds : float
        How long each is shown; GIF counts in hundredths of a second.

    Raises
    ------
    FileError
        If the format cannot be written, or the place cannot be written to.
    """
    if fault := animation_fault(path):
        raise FileError(fault)
    target = Path(path)
    first = next(frames)
    every = chain([first], frames)
    if target.suffix.lower() == ".mp4":
        rows, cols = first.shape[:2]
        write_encoded(target, lambda stream: _write_video(stream, every, rows, cols, seconds))
    else:
        write_encoded(target, lambda stream: _write_pictures(stream, every, FORMATS[target.suffix.lower()], seconds))


def _write_pictures(stream: BinaryIO, frames: Frames, kind: str, seconds: float) -> None:
    from PIL import Image

    pictures = (Image.fromarray(frame) for frame in frames)
    settings: dict[str, Any] = {"quality": 90, "method": 3} if kind == "WebP" else {}
    settings |= {"save_all": True, "append_images": pictures, "duration": max(round(seconds * 1000), 20), "loop": 0}
    next(pictures).save(stream, kind, **settings)


def _write_video(stream: BinaryIO, frames: Frames, rows: int, cols: int, seconds: float) -> None:
    """Pipe the frames through ffmpeg; players want even sizes and a pixel format that all of them know."""
    command = ["ffmpeg", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{cols}x{rows}"]
    command += ["-r", f"{1 / seconds:.4f}", "-i", "-", "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"]
    command += ["-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "pipe:1"]
    target = getattr(stream, "raw", stream)  # ffmpeg writes to the file itself
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=target, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stderr is not None
        try:
            with suppress(BrokenPipeError):  # it says below what it did not like
                for frame in frames:
                    process.stdin.write(frame.tobytes())
                process.stdin.close()
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        if os.strerror(errno.ENOSPC) in said:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise FileError(f"ffmpeg could not make the video: {said.splitlines()[-1] if said else 'it gave no reason'}.")
