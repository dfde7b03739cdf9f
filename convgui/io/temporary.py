"""Temporary files and folders: their names tell the process that owns them, and those of killed processes are removed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import secrets
import shutil
import sys
import time
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed in the first place
    fcntl = None

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"\.convgui-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.tmp")

FOREIGN_SECONDS = 24 * 3600
"""Age from which a file of another machine, whose processes cannot be seen from here, may be removed."""


FULL, AGAIN_SECONDS = 500, 60
"""Entries beyond which a folder is not looked through for each file that is written there, and how often it is then."""

_next_sweep: dict[Path, float] = {}


def temporary_name() -> str:
    """Return a new name, short for every file system, that tells the machine and the process."""
    return f".convgui-{_machine()}-{os.getpid()}-{secrets.token_hex(4)}.tmp"


def hold(stream: BinaryIO) -> None:
    """Lock an open temporary file for as long as it is open; where locks do not exist, its process protects it."""
    if fcntl is not None:
        with contextlib.suppress(OSError):
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def sweep(folder: Path) -> int:
    """Remove the temporary files in a folder whose process is gone; those of a live one, and all others, stay.

    Return how many entries the folder has. Errors are ignored: they must not prevent writing.
    """
    seen = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            seen += 1
            found = _NAME.fullmatch(entry.name)
            if found and entry.is_dir(follow_symlinks=False):
                is_ours = found[1] == _machine() and os.path.isfile(os.path.join(entry.path, "zarr.json"))
                if is_ours and not _alive(int(found[2])):
                    shutil.rmtree(entry.path, ignore_errors=True)
            elif found and entry.is_file(follow_symlinks=False):
                with contextlib.suppress(OSError):
                    if _abandoned(entry, found[1], int(found[2])):
                        os.unlink(entry.path)
    return seen


def sweep_now_and_then(folder: Path) -> None:
    """Sweep a folder that is about to be written to, a full one once a minute: thousands of results are written there."""
    now = time.monotonic()
    if now >= _next_sweep.get(folder, now) and sweep(folder) > FULL:
        _next_sweep[folder] = now + AGAIN_SECONDS


def _abandoned(entry: os.DirEntry[str], machine: str, process: int) -> bool:
    if machine == _machine():
        return not _alive(process) and _unlocked(entry.path)
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > FOREIGN_SECONDS and _unlocked(entry.path)


def _unlocked(path: str) -> bool:
    """Whether nobody holds a file: a process in a container has a lock, though its number is unknown here."""
    if fcntl is None:
        return True
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


@cache
def _machine() -> str:
    return hashlib.sha256(platform.node().encode("utf-8", "replace")).hexdigest()[:8]


def _alive(process: int) -> bool:
    """Whether a process of this machine is there; True where it cannot be told."""
    if sys.platform == "win32":
        return _alive_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _alive_on_windows(process: int) -> bool:
    import ctypes

    windll = getattr(ctypes, "windll")  # noqa: B009 - exists on Windows only, and the type checker knows
    handle = windll.kernel32.OpenProcess(0x1000, False, process)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return bool(windll.kernel32.GetLastError() == 5)  # access denied: it is there, and somebody else's
    code = ctypes.c_ulong()
    windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
    windll.kernel32.CloseHandle(handle)
    return code.value == 259  # STILL_ACTIVE
