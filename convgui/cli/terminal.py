"""What is written to the terminal: one line for each thing to say, on any stream, in any encoding, and a progress bar."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING, Any

from convgui.trouble import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

FAILED, USAGE_ERROR, INTERRUPTED, READER_GONE = 1, 2, 130, 141


class OutputFailed(Exception):
    """Standard output cannot be written; `reader_gone` if that is because nobody reads it any more."""

    def __init__(self, error: OSError | None = None) -> None:
        self.reader_gone = isinstance(error, BrokenPipeError)
        full = error is not None and error.errno == errno.ENOSPC
        reason = "it is closed" if error is None else "the disk is full" if full else str(error.strerror or error)
        super().__init__(f"the standard output cannot be written: {reason}.")


def prepare() -> None:
    """Let no character that the terminal has not stop the program: it is written as its code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def write(text: str) -> None:
    """Write to the standard output; `OutputFailed` if that is closed, full, or nobody reads it."""
    if sys.stdout is None:
        raise OutputFailed
    try:
        sys.stdout.write(text)
    except ValueError as error:  # closed by Python
        raise OutputFailed from error
    except OSError as error:
        raise OutputFailed(error) from error


def flush() -> None:
    """Write what waits, so that a full disk is told and not passed over at the end."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except ValueError:
        return
    except OSError as error:
        raise OutputFailed(error) from error


def silence() -> None:
    """Give what still waits for the standard output to nobody, so that Python does not complain at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def say(sentence: str) -> None:
    """Write one line to the standard error; where that is closed, nothing can be said."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(f"{one_line(sentence)}\n")


class Progress:
    """A progress bar on the standard error where that is a terminal, and lines above it."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def next(self, name: str) -> None:
        """Say what is worked on."""
        if not self._bar.disable:
            self._bar.set_postfix_str(one_line(name)[:40])

    def done(self, total: int) -> None:
        """Count one more of so many."""
        self._bar.total = total
        self._bar.update()

    def say(self, sentence: str) -> None:
        """Write a line above the bar."""
        self._bar.clear()
        say(sentence)
        self._bar.refresh()


def _columns() -> int:
    """Return the width of the terminal; some say 0."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError, AttributeError):
        return 0


@contextlib.contextmanager
def progress(total: int) -> Iterator[Progress]:
    """Show how many of `total` are done."""
    from tqdm import tqdm

    class Bar(tqdm):  # type: ignore[misc]
        monitor_interval = 0  # no thread that wakes up a bar which stands still

    terminal = sys.stderr is not None and sys.stderr.isatty()
    width = {"dynamic_ncols": True} if terminal and _columns() else {"ncols": 80, "nrows": 24}
    with Bar(total=total, disable=not terminal, file=sys.stderr, unit="file", **width) as bar:
        yield Progress(bar)
