"""What may go wrong around the program, each as one sentence: memory, and what Qt needs on this machine."""

from __future__ import annotations

import ctypes
import os
import sys
from unicodedata import category

PACKAGES = (
    "libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 "
    "libxcb-keysyms1 libxcb-shape0 libxcb-image0 libxcb-render-util0"
)
"""Debian's packages with the system libraries that Qt needs."""

X11_LIBRARIES = ("libxcb-cursor.so.0", "libxkbcommon-x11.so.0", "libxcb-icccm.so.4", "libxcb-keysyms.so.1")


def sentence(error: BaseException | str) -> str:
    """Return what failed in one sentence.

    >>> sentence(MemoryError("Unable to allocate 4.00 TiB for an array"))
    'There is not enough memory for this (unable to allocate 4.00 TiB for an array): close something, or take less.'
    >>> sentence(KeyError())
    'It failed: KeyError.'
    """
    if isinstance(error, MemoryError):
        said = str(error)
        why = f" ({said[:1].lower()}{said[1:]})" if said else ""
        return f"There is not enough memory for this{why}: close something, or take less."
    return str(error) or f"It failed: {type(error).__name__}."


def import_failed(error: ImportError) -> str:
    """Return the sentence for a Qt that cannot be imported."""
    if isinstance(error, ModuleNotFoundError) and "PySide6" in str(error.name):
        return "the window needs Qt: install it with 'pip install PySide6-Essentials'; 'convgui apply' works without it."
    return library_missing(str(error))


def library_missing(reason: str) -> str:
    """Return the sentence for a system library that is not there."""
    return f"the window cannot be opened ({reason}); on Debian or Ubuntu run 'apt-get install {PACKAGES}'."


def no_screen() -> str:
    """Return the sentence on a screen, or a library for it, that is not there; Qt would abort without one."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return "there is no screen to open a window on (DISPLAY is not set); 'convgui apply' works without one."
    for library in X11_LIBRARIES:
        try:
            ctypes.CDLL(library)
        except OSError as error:
            return library_missing(str(error))
    return ""


def versions(qt: str, python: tuple[int, ...] = sys.version_info[:2]) -> str:
    """Return the sentence on a pair of versions that is known to abort; empty if it is sound.

    >>> versions("6.11.3", (3, 11))
    ''
    """
    if python < (3, 12) and tuple(int(part) for part in qt.split(".")[:2]) >= (6, 12):
        return (
            f"PySide6 {qt} aborts on Python {python[0]}.{python[1]}: run 'pip install \"PySide6-Essentials<6.12\"', "
            "or use Python 3.12."
        )
    return ""


def one_line(text: str) -> str:
    r"""Return a text with line breaks and other control characters, which names of files may have, as their codes.

    >>> one_line("a\nb.png")
    'a\\nb.png'
    """
    return "".join(sign if sign.isprintable() or category(sign) == "Zs" else ascii(sign)[1:-1] for sign in text)
