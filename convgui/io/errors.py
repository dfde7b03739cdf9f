"""What goes wrong with files, said in one sentence that names the file and the fault."""

from __future__ import annotations

import errno
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from os import PathLike


class FileError(Exception):
    """One sentence naming a file and its fault: what was expected and what was received.

    Examples
    --------
    >>> str(FileError("notes.txt: is empty (0 bytes)."))
    'notes.txt: is empty (0 bytes).'
    """


LONGEST = 160
"""Letters of a decoder's complaint that are handed on."""


def complaint(error: Exception) -> str:
    r"""Return what a decoder says, in one line without a full stop, or else the name of the exception.

    >>> complaint(ValueError("bad header\n  (byte 7).\n"))
    'bad header (byte 7)'
    """
    words = " ".join(str(error).split()).rstrip(".")
    return (words if len(words) <= LONGEST else words[: LONGEST - 1] + "…") or type(error).__name__


_READ = {
    errno.ENOENT: "does not exist, or not any more.",
    errno.ENOTDIR: "does not exist, or not any more.",
    errno.EISDIR: "is a folder, expected a file.",
    errno.EACCES: "cannot be read: no permission.",
    errno.EPERM: "cannot be read: no permission.",
    errno.ENAMETOOLONG: "cannot be read: the name is too long.",
}

_WRITE = {
    errno.ENOENT: "cannot be written: its folder does not exist.",
    errno.ENOTDIR: "cannot be written: its folder does not exist.",
    errno.EISDIR: "cannot be written: a folder has this name.",
    errno.EACCES: "cannot be written: no permission for this file or its folder.",
    errno.EPERM: "cannot be written: no permission for this file or its folder.",
    errno.EROFS: "cannot be written: this place is read-only.",
    errno.ENOSPC: "cannot be written: the disk is full.",
    errno.EDQUOT: "cannot be written: your share of the disk is used up.",
    errno.EFBIG: "cannot be written: the file would be larger than this disk allows.",
    errno.ENAMETOOLONG: "cannot be written: the name is too long.",
}


def file_error(path: str | PathLike[str], error: OSError, *, writing: bool = False) -> FileError:
    """Return the operating system's complaint as a sentence.

    >>> print(file_error("a/photo.png", PermissionError(13, "Permission denied")))
    photo.png: cannot be read: no permission.
    """
    known = (_WRITE if writing else _READ).get(error.errno or 0)
    verb = "written" if writing else "read"
    return FileError(f"{Path(path).name}: {known or f'cannot be {verb}: {error.strerror or error}.'}")


def open_file(path: str | PathLike[str]) -> BinaryIO:
    """Open a file for reading.

    Parameters
    ----------
    path : path-like
        A regular file. A folder, pipe or device is refused, since reading one may never end.

    Returns
    -------
    binary file

    Raises
    ------
    FileError
        If it is missing, empty, no file, or must not be read.
    """
    path = Path(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise FileError(f"{path.name or path}: is a folder, expected a file.")
        if not stat.S_ISREG(status.st_mode):
            raise FileError(f"{path.name}: is a pipe or device, expected a file.")
        if status.st_size == 0:
            raise FileError(f"{path.name}: is empty (0 bytes).")
        return path.open("rb")
    except OSError as error:
        raise file_error(path, error) from error
    except ValueError as error:  # a zero character in the name
        raise FileError(f"{str(path)!r} is no name of a file.") from error


def read_bytes(path: str | PathLike[str], most: int) -> bytes:
    """Return the whole content of a file of at most `most` bytes."""
    with open_file(path) as stream:
        try:
            data = stream.read(most + 1)
        except OSError as error:
            raise file_error(path, error) from error
    if len(data) > most:
        raise FileError(f"{Path(path).name}: is larger than {most:,} bytes, which is more than such a file holds.")
    return data


def decode_text(data: bytes, name: str) -> str:
    """Return bytes as text: UTF-8, UTF-16 with its mark (as spreadsheets write it), else Latin-1.

    Raises
    ------
    FileError
        If it holds zero bytes, which text never does.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise FileError(f"{name}: is not a text file, expected numbers as text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
