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
from convgui.io.export.carried import element, xmp

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


def save_animation(
    path: str | PathLike[str],
    frames: Frames,
    seconds: float,
    *,
    count: int = 0,
    hold: float = 0.0,
    loop: bool = True,
    recipe: str = "",
) -> None:
    """Write frames as they come; not all of them are held at once.

    Parameters
    ----------
    path : path-like
        The ending decides the format: .gif, .webp, or .mp4 where ffmpeg is there.
    frames : iterator of ndarray of uint8, shape (rows, cols, 3)
        All of one size; at least one. What it raises is passed on, and nothing is left behind.
    seconds : float
        How long each is shown; GIF counts in hundredths of a second.
    count : int
        How many frames will come; needed for a hold.
    hold : float
        How many seconds longer the last one is shown; of a video it is rounded to a tenth of a frame.
    loop : bool
        Whether a GIF or WebP begins again at its end; of a video its player decides.
    recipe : str
        What made it, see `recipe.text_of`: the file carries it.

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
        times, held = _parts(seconds, hold)
        repeated = _repeated(every, times, held)
        comment = element(path, recipe) if recipe else ""
        about = ["-metadata", f"comment={comment}"] if comment else []
        write_encoded(target, lambda stream: _write_video(stream, repeated, rows, cols, seconds / times, about))
        return
    kind = FORMATS[target.suffix.lower()]
    durations = _durations(seconds, hold, count)
    settings: dict[str, Any] = {"duration": durations}
    if loop:
        settings["loop"] = 0
    elif kind == "WebP":  # a GIF without a number is shown once
        settings["loop"] = 1
    if recipe:
        settings |= {"xmp": xmp(path, recipe)} if kind == "WebP" else {"comment": element(path, recipe).encode()}
    write_encoded(target, lambda stream: _write_pictures(stream, every, kind, settings))


def _durations(seconds: float, hold: float, count: int) -> int | list[int]:
    """Return for how many milliseconds each frame is shown.

    >>> _durations(0.2, 1.0, 3), _durations(0.2, 0.0, 3)
    ([200, 200, 1200], 200)
    """
    each = max(round(seconds * 1000), 20)
    return [each] * (count - 1) + [each + round(hold * 1000)] if hold and count else each


def _parts(seconds: float, hold: float) -> tuple[int, int]:
    """Return how often each frame of a video is repeated so that a hold is a whole number of them, and how many it is.

    >>> _parts(0.5, 1.0), _parts(1.0, 0.5), _parts(0.2, 0.0)
    ((1, 2), (2, 1), (1, 0))
    """
    for times in range(1, 11):
        held = hold / seconds * times
        if abs(held - round(held)) < 1e-6:
            break
    return times, round(hold / seconds * times)


def _repeated(frames: Frames, times: int, held: int) -> Frames:
    """Give each frame so many times, and the last one so many times more."""
    for frame in frames:
        for _ in range(times):
            yield frame
    for _ in range(held):
        yield frame


def _write_pictures(stream: BinaryIO, frames: Frames, kind: str, settings: dict[str, Any]) -> None:
    from PIL import Image

    pictures = (Image.fromarray(frame) for frame in frames)
    effort: dict[str, Any] = {"quality": 90, "method": 3} if kind == "WebP" else {}
    next(pictures).save(stream, kind, save_all=True, append_images=pictures, **effort, **settings)


def _write_video(stream: BinaryIO, frames: Frames, rows: int, cols: int, seconds: float, about: list[str]) -> None:
    """Pipe the frames through ffmpeg; players want even sizes and a pixel format that all of them know."""
    command = ["ffmpeg", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{cols}x{rows}"]
    command += ["-r", f"{1 / seconds:.4f}", "-i", "-", "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p"]
    command += [*about, "-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "pipe:1"]
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
