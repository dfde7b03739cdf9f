"""Writing a file wholly or not at all: an existing one stays as it was until the new one is safe on the disk."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from convgui.engine.tiles import Cancelled
from convgui.io.errors import FileError, file_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike


def write_atomically(path: str | PathLike[str], write: Callable[[BinaryIO], object]) -> None:
    """Write a file by way of a temporary one in the same folder, which then takes its place.

    Parameters
    ----------
    path : path-like
        The file; an existing one is replaced, a link is followed.
    write : callable
        Writes the content into the open binary file that it is given.

    Raises
    ------
    FileError
        If the disk is full, the place is read-only or missing, or a folder has this name. Whatever `write` itself
        raises is passed on. In each case an existing file is untouched and nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "note.txt"
    >>> write_atomically(target, lambda stream: stream.write(b"kept"))
    >>> target.read_bytes()
    b'kept'
    """
    target = Path(os.path.realpath(path))
    try:
        mode = _mode_to_keep(target)
        temporary = target.with_name(f".{target.name[:100]}-{secrets.token_hex(4)}.tmp")
        try:
            with open(temporary, "xb") as stream:
                write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            if mode is not None:
                os.chmod(temporary, mode)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise file_error(path, error, writing=True) from error
    except MemoryError as error:
        raise FileError(f"{target.name}: cannot be written: not enough memory is free.") from error


def write_bytes(path: str | PathLike[str], data: bytes) -> None:
    """Write these bytes atomically."""
    write_atomically(path, lambda stream: stream.write(data))


def write_encoded(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write atomically by an encoder, and turn whatever that raises into a FileError; a cancel is passed on."""
    try:
        write_atomically(path, write)
    except (FileError, Cancelled):
        raise
    except Exception as error:
        raise FileError(f"{path.name}: cannot be written ({error or type(error).__name__}).") from error


def _mode_to_keep(target: Path) -> int | None:
    """Return the access rights of the file that is replaced, None if there is none; refuse what must not be."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise FileError(f"{target.name or target}: cannot be written: a folder has this name.")
    if not stat.S_ISREG(status.st_mode):
        raise FileError(f"{target.name}: cannot be written: it is a pipe or device, expected a file.")
    if not os.access(target, os.W_OK):
        raise FileError(f"{target.name}: cannot be written: the existing file is write-protected.")
    return stat.S_IMODE(status.st_mode)
