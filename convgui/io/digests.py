"""Digests by which files are known again, whatever they are called and whenever they were copied."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; of a folder that of the names and digests of all files in it."""
    if path.is_dir():
        lines = (f"{file.relative_to(path).as_posix()} {file_digest(file)}\n" for file in files_of(path))
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def files_of(path: Path) -> list[Path]:
    """Return a file, or all files in a folder and those in it, in order."""
    return sorted(inside for inside in path.rglob("*") if inside.is_file()) if path.is_dir() else [path]
