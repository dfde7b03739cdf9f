"""Opens a file in parts if it is larger than is kept in memory, and is of a kind of which parts can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.io.pictures.large.npy import MAGIC, open_npy
from convgui.io.pictures.large.tiff import open_tiff
from convgui.io.pictures.large.zarr import open_zarr
from convgui.io.zarr_folder import is_zarr

if TYPE_CHECKING:
    from pathlib import Path

    from convgui.engine.source import Source

LARGE = 400_000_000
"""Bytes of numbers from which on a picture is read in parts; a photo of 100 megapixels has 300 million."""


def open_in_parts(path: Path, head: bytes, page: int | str | None) -> Source | None:
    """Open a file that is read in parts, or a zarr folder of any size; None if it is no such file.

    Parameters
    ----------
    path : Path
    head : bytes
        The first bytes of the file; empty for a folder.
    page : int or str, optional
        Which of its pictures.

    Raises
    ------
    FileError
        One sentence on what is wrong.
    """
    if is_zarr(path):
        return open_zarr(path, LARGE, page)
    if head.startswith(MAGIC):
        return open_npy(path, LARGE)
    return open_tiff(path, LARGE, page)
