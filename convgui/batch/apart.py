"""A run in a process of its own: what starts it stays free of it, sees how it goes, and can end it.

Whoever holds the process's standard input wants it to go on: when that is closed, also because the other one died, it ends.
Orders and what is told of them are lines of JSON.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from convgui.batch.order import LOCAL, Order, Told, carry_out
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

GRACE = 5.0
"""Seconds for which a process that is to end may take leave of its workers."""

LOOK = 0.05
"""Seconds between two checks whether it is still wanted."""

BROKEN = "the process that ran it was ended, perhaps as too little memory was free; what it has written is whole"


def told_of(order: Order, cancelled: Callable[[], bool] = never) -> Iterator[Told]:
    """Have an order carried out by another process, and yield what it tells; the last is its `end`.

    Raises
    ------
    FileError
        One sentence on why the run ended early.
    Cancelled
        If nobody wants it any more; the process and all that it has started are gone then, and what was written is whole.
    """
    process = _Process(order)
    try:
        while True:
            told = process.next(cancelled)
            if told is None:
                raise FileError(f"{BROKEN}, in {order.folder}.")
            if told.kind == "failed":
                raise FileError(told.text)
            yield told
            if told.kind == "end":
                return
    finally:
        process.end()


class _Process:
    """The other process, as the one that has started it sees it."""

    def __init__(self, order: Order) -> None:
        program = f"import sys; sys.path[:] = {sys.path!r}; from convgui.batch import apart; apart.main()"
        self._told: queue.Queue[Told | None] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that it can be ended with all that it has started; Ctrl+C is for this process
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._listener = threading.Thread(target=self._listen, name="convgui-run", daemon=True)
        self._listener.start()
        with suppress(OSError):  # it has ended already, which the listener tells
            self._input.write(order.text().encode() + b"\n")
            self._input.flush()

    @property
    def _input(self) -> BinaryIO:
        assert self._process.stdin is not None
        return self._process.stdin  # type: ignore[return-value]

    def next(self, cancelled: Callable[[], bool]) -> Told | None:
        """Return what is told next, None if nothing will be."""
        while True:
            if cancelled():
                raise Cancelled
            with suppress(queue.Empty):
                return self._told.get(timeout=LOOK)

    def end(self) -> None:
        """Let it end; kill it, with all that it has started, if that takes long."""
        with suppress(OSError):
            self._input.close()
        self._listener.join(GRACE)
        self._kill()  # until it is waited for nobody else can have its number
        self._process.wait()
        self._listener.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _kill(self) -> None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._told.put(Told(**json.loads(line)))
        self._told.put(None)


# in the process


def main() -> None:
    """Carry out the order on standard input, and tell how it goes on standard output."""
    tell = _speaker()
    order = Order.of(sys.stdin.buffer.readline().decode())
    unwanted = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(unwanted,), daemon=True).start()
    if order.where == LOCAL and hasattr(os, "nice"):
        from convgui.batch.pool import NICE

        os.nice(NICE)  # its workers with it
    try:
        for told in carry_out(order, unwanted.is_set):
            tell(told)
    except (Cancelled, BrokenPipeError):
        return
    except (ValueError, FileError) as error:
        tell(Told("failed", str(error)))
    except Exception as error:  # whatever it is, it must not go unsaid
        tell(Told("failed", f"the run failed ({type(error).__name__}: {error})."))


def _speaker() -> Callable[[Told], None]:
    """Return what tells; standard output is for nobody else from now on, nor for processes that are started."""
    stream = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)

    def tell(told: Told) -> None:
        given: dict[str, Any] = told._asdict()
        stream.write(json.dumps(given).encode() + b"\n")
        stream.flush()

    return tell


def _wait_for_the_end(unwanted: threading.Event) -> None:
    """Note that nobody wants the rest any more; what waits for a scheduler that does not answer is killed."""
    sys.stdin.buffer.read()
    unwanted.set()
