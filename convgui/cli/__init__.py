"""The command line: opens the window, or works without one and then needs no Qt at all."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from convgui.cli import terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = ("apply", "kernels", "weights")

SLEEPS = ("OPENBLAS_THREAD_TIMEOUT", "4")
"""The variable by which the threads of NumPy's matrix products rest at once: else they keep a core busy for a while."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    0: all is done. 1: a file failed. 2: wrong use. 130: interrupted by Ctrl+C. 141: the reader of the output went away.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = words[0] if words and words[0] in COMMANDS else ""
    program = f"convgui {command}".strip()
    terminal.prepare()
    try:
        try:
            status = _run(command, words[1:] if command else words)
        except SystemExit:
            terminal.flush()
            raise
        terminal.flush()
        return status
    except KeyboardInterrupt:
        terminal.say(f"{program}: stopped by Ctrl+C; what was written is whole.")
        return terminal.INTERRUPTED
    except terminal.OutputFailed as error:
        terminal.silence()
        if not error.reader_gone:
            terminal.say(f"{program}: {error}")
        return terminal.READER_GONE if error.reader_gone else terminal.FAILED
    except MemoryError:
        terminal.say(f"{program}: not enough memory is free.")
        return terminal.FAILED


def _run(command: str, words: list[str]) -> int:
    from convgui.cli import parsers

    if command == "apply":
        from convgui.cli.apply import apply

        return apply(parsers.apply_parser().parse_args(parsers.joined(words)))
    if command == "kernels":
        from convgui.cli.kernels import kernels

        return kernels(parsers.kernels_parser().parse_args(words))
    if command == "weights":
        from convgui.cli.weights import weights

        return weights(parsers.weights_parser().parse_args(words))
    options = parsers.window_parser().parse_args(words)
    return _window(options.files, options.page)


def begin() -> None:
    """Do what makes a start of the window quicker, before anything of the window is imported."""
    gc.disable()  # all that is imported and built now stays: to look for garbage in it takes a tenth of a start
    os.environ.setdefault(*SLEEPS)
    from convgui.engine.strategies import jit
    from convgui.first import import_before_qt

    jit.load_kept()  # the first map waits for it: a thread beside all that is imported takes three times as long
    import_before_qt()


def _window(files: Sequence[str], page: str | None) -> int:
    try:
        begin()
        from convgui.app import run
    except ImportError as error:
        from convgui import trouble

        terminal.say(f"convgui: {trouble.import_failed(error)}")
        return terminal.FAILED
    try:
        return run(files, page)
    finally:
        gc.enable()
