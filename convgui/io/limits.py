"""How large a file's content may be, judged from its header before anything is decoded."""

from __future__ import annotations

import os
import sys

from convgui.io.errors import FileError


class NotEnoughMemory(FileError):
    """What a file needs is more memory than is free at present."""


MAX_PIXELS = 500_000_000
"""Pixels that a picture may have: two and a half times a 200-megapixel photo."""

MAX_EXPANSION = 5_000
"""Bytes that one stored byte may become in a large picture. Deflate cannot exceed 1,032; no photo comes near that."""

BYTE_COST, ROW_COST, CELL_COST, ROW_CELL_COST = 6, 12, 8, 30
"""Bytes of memory that a byte of text, a row, a cell, and a cell of the row that is being read take (measured)."""

SMALL_PIXELS = 64_000_000
"""Pixels up to which a picture is accepted, however small its file is."""


def check_picture(name: str, cols: int, rows: int, stored: int, raw: float, needed: int) -> None:
    """Refuse a picture that is too large to be decoded.

    Parameters
    ----------
    name : str
        The file's name, for the sentence.
    cols, rows : int
        Size that the header declares, in pixels.
    stored : int
        Bytes of the file.
    raw, needed : float, int
        Bytes per pixel in the picture, and while it is decoded.

    Raises
    ------
    FileError
        If it has no pixels, too many, is a decompression bomb, or needs more memory than is free.

    Examples
    --------
    >>> check_picture("photo.jpg", 16320, 12240, 60_000_000, 3, 0)
    >>> check_picture("bomb.png", 20_000, 20_000, 900, 3, 0)
    Traceback (most recent call last):
    convgui.io.errors.FileError: bomb.png: 900 bytes declare 20,000 × 20,000 pixels: a decompression bomb, not opened.
    """
    pixels = cols * rows
    if cols < 1 or rows < 1:
        raise FileError(f"{name}: declares {cols} × {rows} pixels, expected at least one.")
    if pixels > MAX_PIXELS:
        raise FileError(
            f"{name}: declares {cols:,} × {rows:,} pixels, which is {pixels / 1e6:,.0f} megapixels; "
            f"at most {MAX_PIXELS // 1_000_000} are opened."
        )
    if pixels > SMALL_PIXELS and pixels * raw > MAX_EXPANSION * stored:
        size = f"{cols:,} × {rows:,} pixels"
        raise FileError(f"{name}: {stored:,} bytes declare {size}: a decompression bomb, not opened.")
    check_memory(name, pixels * needed)


def check_memory(name: str, needed: int) -> None:
    """Refuse what takes more memory than is free, with both numbers."""
    free = available_memory()
    if free is not None and needed > free:
        raise NotEnoughMemory(f"{name}: would need {needed / 1e9:.1f} GB of memory to open, {free / 1e9:.1f} GB are free.")


def check_text(name: str, stored: int, data: bytes = b"") -> None:
    r"""Refuse text of which the numbers would take more memory, while they are read, than is free.

    Parameters
    ----------
    name : str
        The file's name, for the sentence.
    stored : int
        Bytes of the file, by which it is judged before anything is read.
    data : bytes
        Its content, once it is there: short cells and long rows take far more memory than their bytes.

    Examples
    --------
    >>> check_text("table.csv", 8, b"1,2\n3,4\n")
    """
    rows = data.count(b"\n") + data.count(b"\r")
    cells = rows + sum(data.count(mark) for mark in (b",", b";", b"\t", b" "))
    check_memory(name, BYTE_COST * stored + ROW_COST * rows + CELL_COST * cells + ROW_CELL_COST * cells // max(rows, 1))


def available_memory() -> int | None:
    """Return the bytes of memory that can be had without swapping; None where the system does not say."""
    try:
        if sys.platform == "win32":
            return _windows_memory()
        with open("/proc/meminfo", encoding="ascii") as stream:
            fields = dict(line.split(":", 1) for line in stream)
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return _whole_memory()


def _whole_memory() -> int | None:
    """Return the bytes of memory that are built in, where no better number is to be had (macOS)."""
    try:
        return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return None


def _windows_memory() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "page", "page_free", "own", "own_free", "more")),
        )

    status = Status(length=ctypes.sizeof(Status))
    windll = getattr(ctypes, "windll")  # noqa: B009 - exists on Windows only, and the type checker knows
    return int(status.free) if windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
