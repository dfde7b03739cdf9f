"""Writing a file wholly or not at all: an existing one stays as it was until the new one is safe on the disk."""

from __future__ import annotations

import contextlib
import os
import stat
from io import UnsupportedOperation
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.errors import FileError, file_error
from convgui.io.temporary import hold, sweep_now_and_then, temporary_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike


STEP = 4_000_000
"""Bytes that are written between two checks for cancellation."""


def write_atomically(
    path: str | PathLike[str], write: Callable[[BinaryIO], object], cancelled: Callable[[], bool] = never
) -> None:
    """Write a file by way of a temporary one in the same folder, which then takes its place.

    Parameters
    ----------
    path : path-like
        The file; an existing one is replaced, a link is followed.
    write : callable
        Writes the content into the open binary file that it is given.
    cancelled : callable returning bool
        Asked at each piece that is written.

    Raises
    ------
    FileError
        If the disk is full, the place is read-only or missing, or a folder has this name. Whatever `write` itself
        raises is passed on. In each case an existing file is untouched and nothing is left behind.
    Cancelled
        If it is no longer wanted, likewise.

    Notes
    -----
    A run that was killed leaves its temporary file; it is removed by the next one that writes to that folder.

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
        sweep_now_and_then(target.parent)
        temporary = target.with_name(temporary_name())
        try:
            with open(temporary, "xb") as stream:
                hold(stream)
                write(cast("BinaryIO", Watched(stream, cancelled)))
                stream.flush()
                os.fsync(stream.fileno())
            if cancelled():
                raise Cancelled
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


class Watched:
    """A file that checks for cancellation at each piece that is written.

    It has no file descriptor, so that libraries write through Python and a full disk is reported as such.
    """

    def __init__(self, stream: BinaryIO, cancelled: Callable[[], bool]) -> None:
        self.raw, self._cancelled = stream, cancelled

    def write(self, data: bytes) -> int:
        """Write a piece, in steps of some megabytes."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), STEP):
            if self._cancelled():
                raise Cancelled
            self.raw.write(view[start : start + STEP])
        return len(view)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self.raw.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self.raw.tell()

    def fileno(self) -> int:
        """Tell that there is none for others to write to."""
        raise UnsupportedOperation("fileno")

    def read(self, size: int = -1) -> bytes:
        """Read nothing: the file is open for writing."""
        raise UnsupportedOperation("read")

    def flush(self) -> None:
        """Hand over to the system what was written."""
        self.raw.flush()

    def seekable(self) -> bool:
        """Whether one can go to a place."""
        return True

    def readable(self) -> bool:
        """Whether it can be read."""
        return False

    def writable(self) -> bool:
        """Whether it can be written."""
        return True


def write_bytes(path: str | PathLike[str], data: bytes) -> None:
    """Write these bytes atomically."""
    write_atomically(path, lambda stream: stream.write(data))


def write_encoded(path: Path, write: Callable[[BinaryIO], object], cancelled: Callable[[], bool] = never) -> None:
    """Write atomically by an encoder, and turn whatever that raises into a FileError; a cancel is passed on."""
    try:
        write_atomically(path, write, cancelled)
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
