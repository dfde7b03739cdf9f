"""What a run is applied to: files, what is in folders, and what patterns stand for, each once and in natural order."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from convgui.io.errors import FileError
from convgui.io.several import files_inside
from convgui.io.zarr_folder import is_zarr

if TYPE_CHECKING:
    from collections.abc import Sequence


def find_inputs(words: Sequence[str], *, recursive: bool = False, out: str = "") -> tuple[list[str], list[str]]:
    """Return the files that the words of a command line stand for, and sentences on what was left out.

    Parameters
    ----------
    words : sequence of str
        Files, folders, and patterns such as ``photos/*.jpg`` or ``photos/**/*.png``, which not every shell resolves.
    recursive : bool
        Whether folders in folders are searched too; hidden ones are not.
    out : str
        The folder of the results, which is not searched, unless it is one of the words.

    Returns
    -------
    (list of str, list of str)
        The files; those that do not exist are among them, so that each is told when its turn comes.

    Raises
    ------
    FileError
        If a folder cannot be read, or holds nothing that can be opened; if nothing fits a pattern.

    Examples
    --------
    >>> find_inputs(["b.png", "a.png", "./b.png"])
    (['b.png', 'a.png'], ['./b.png is given twice, it is applied once.'])
    """
    found: dict[str, str] = {}
    notes = []
    for word in words:
        named, files = _files_of(word, recursive, out)
        for path in files:
            place = os.path.abspath(path)
            if place in found and named:
                notes.append(f"{path} is given twice, it is applied once.")
            found.setdefault(place, path)
    return list(found.values()), notes


def _files_of(word: str, recursive: bool, out: str) -> tuple[bool, list[str]]:
    """Return whether a word names a file itself, and the files that it stands for."""
    if os.path.isdir(word) and not is_zarr(Path(word)):
        return False, _of_folder(word, recursive, out)
    if "\0" in word or os.path.lexists(word) or not glob.has_magic(word):
        return True, [word]
    fitting = sorted(path for path in glob.glob(word, recursive=True) if os.path.isfile(path) or is_zarr(Path(path)))
    if not fitting:
        raise FileError(f"no file fits the pattern {word}.")
    return False, fitting


def _of_folder(folder: str, recursive: bool, out: str) -> list[str]:
    if not recursive:
        if files := files_inside(folder):
            return files
        with os.scandir(folder) as entries:
            deeper = any(entry.is_dir() for entry in entries)
        hint = " right in it; --recursive searches its folders too" if deeper else ""
        raise FileError(f"the folder {folder} holds no picture, table or sound{hint}.")
    avoided = os.path.realpath(out) if out else ""
    found: list[str] = []
    for place, folders, _ in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not is_zarr(Path(place, name)))
        folders[:] = [name for name in folders if os.path.realpath(os.path.join(place, name)) != avoided]
        found += files_inside(place)
    if not found:
        raise FileError(f"the folder {folder} and those in it hold no picture, table or sound.")
    return found
