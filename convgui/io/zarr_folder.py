"""Zarr folders, which are opened like files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MARKS = ("zarr.json", ".zarray", ".zgroup", ".zattrs")
"""Files by which a folder is known as zarr."""


def is_zarr(path: Path) -> bool:
    """Whether a path is a folder that zarr has written."""
    return path.is_dir() and any((path / mark).is_file() for mark in MARKS)
