"""Opens a file in parts if it is larger than is kept in memory, and is of a kind of which parts can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.source import Source
from convgui.io.pictures.large.npy import MAGIC as NPY
from convgui.io.pictures.large.npy import open_npy
from convgui.io.pictures.large.tiff import open_tiff
from convgui.io.pictures.large.zarr import open_zarr
from convgui.io.pictures.tiff import MAGIC as TIFF

if TYPE_CHECKING:
    from pathlib import Path

    from convgui.engine.large import Large

LARGE = 400_000_000
"""Bytes of numbers from which on a picture is read in parts; a photo of 100 megapixels has 300 million."""


def open_in_parts(path: Path, head: bytes, page: int | str | None) -> Large | None:
    """Open a file that is larger than is kept in memory, or a zarr folder of any size; None if it is no such file.

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
    if not head:
        return open_zarr(path, page)
    if head.startswith(NPY):
        return open_npy(path, LARGE)
    return open_tiff(path, LARGE, page) if head.startswith(TIFF) else None


def is_large(source: Large) -> bool:
    """Whether a picture is too large to be kept in memory."""
    return source.rows * source.cols * source.channels * source.dtype.itemsize > LARGE


def as_kept(source: Large) -> Source:
    """Return a picture as it is kept: in memory, unless it is too large."""
    if is_large(source):
        return source
    cells = np.empty(source.store.shape, source.dtype)
    source.store.read(range(source.rows), range(source.cols), cells)
    about = {name: getattr(source, name) for name in ("scale", "name", "path", "note", "page", "pages")}
    return Source(cells.reshape(source.shape), sequence=False, **about)
