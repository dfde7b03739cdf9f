"""Several files or folders: the files to open, in natural order."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from convgui.io.errors import FileError, file_error
from convgui.io.zarr_folder import MARKS, is_zarr

if TYPE_CHECKING:
    from collections.abc import Sequence

PICTURES = tuple(
    ".png .jpg .jpeg .webp .tif .tiff .bmp .gif .ppm .pgm .pbm .pnm .pam .pfm .avif .jp2 .jpf .j2k .jxl .heic .heif .mpo "
    ".hdr .fits .fit .fts .npy .npz .csv .tsv .txt .wav".split()
)
"""Endings of what a folder is searched for."""

MOST = 10_000
"""Largest number of files of a folder that are listed."""


def files_to_open(paths: Sequence[str]) -> list[str]:
    """Return the files of which some may be folders; of a folder the pictures, tables and sounds right in it.

    Raises
    ------
    FileError
        If a folder cannot be read, or nothing is left to open.

    Examples
    --------
    >>> files_to_open(["b.png", "a.png"])
    ['b.png', 'a.png']
    """
    found: list[str] = []
    for path in map(_whole, paths):
        found += files_inside(path)[:MOST] if os.path.isdir(path) and not is_zarr(Path(path)) else [path]
    if not found:
        name = os.path.basename(os.path.normpath(paths[0]))
        raise FileError(f"The folder {name} holds no picture, table or sound: expected files such as PNG, JPEG, TIFF, CSV.")
    return list(dict.fromkeys(found))


def _whole(path: str) -> str:
    """Return the zarr folder whose metadata a path is, since dialogs choose files; else the path."""
    folder = Path(path).parent
    return str(folder) if os.path.basename(path) in MARKS and is_zarr(folder) else path


def files_inside(folder: str) -> list[str]:
    """Return the pictures, tables and sounds right in a folder, 2.png before 10.png.

    Raises
    ------
    FileError
        If it cannot be read.
    """
    try:
        names = [entry.name for entry in os.scandir(folder) if _wanted(entry)]
    except OSError as error:
        raise file_error(folder, error) from error
    return [os.path.join(folder, name) for name in sorted(names, key=natural)]


def _wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    return is_zarr(Path(entry.path)) if entry.is_dir() else entry.name.lower().endswith(PICTURES) and entry.is_file()


def natural(name: str) -> list[tuple[int, str]]:
    """Return what sorts 2.png before 10.png.

    >>> sorted(["10.png", "2.png", "b.png"], key=natural)
    ['2.png', '10.png', 'b.png']
    """
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d{1,18})", name.casefold())]
