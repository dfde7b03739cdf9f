"""Opens files in a process of its own, which can be ended: a decoder inside this one could not be stopped.

The process is started early or with the first file and stays. Where none can be started files are opened here.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.errors import FileError, open_file
from convgui.io.pictures.images import open_source
from convgui.io.zarr_folder import is_zarr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Cancel = Callable[[], bool]

GRACE = 0.15
"""Seconds that cancelled work may still take: most photos finish, and the process can be used again."""

START_SECONDS = 30.0
"""Seconds after which a process that has not answered is given up."""

TRIES = 3
"""How often a process is started for a file before the file is opened here."""

LOOK = 0.02
"""Seconds between two checks whether the request is cancelled."""


class Broken(Exception):
    """The process ended without an answer."""


class Decoder:
    """Opens files in another process, one at a time; a cancelled request ends the process.

    Parameters
    ----------
    sockets : bool
        Whether answers come over a socket, which a child process inherits on Unix; else over a pipe.
    """

    def __init__(self, *, sockets: bool = os.name == "posix") -> None:
        self._sockets = sockets
        self._turn = threading.Lock()
        self._process: _Process | None = None
        self._works = not getattr(sys, "frozen", False)
        self._closed = threading.Event()

    def warm(self) -> None:
        """Start the process, so that the first file need not wait for it."""
        if self._turn.acquire(blocking=False):
            try:
                self._running()
            finally:
                self._turn.release()

    def open(
        self, path: str, cancelled: Cancel = never, *, page: int | str | None = None, reading: str | None = None
    ) -> Source:
        """Open a file as `open_source` does.

        Raises
        ------
        FileError
            One sentence on what is wrong with the file.
        Cancelled
            If it is no longer wanted; the work has been ended then.
        """
        if not is_zarr(Path(path)):
            open_file(path).close()  # what is missing or must not be read is told at once
        while not self._turn.acquire(timeout=LOOK):
            if cancelled() or self._closed.is_set():
                raise Cancelled
        try:
            request = {"path": str(path), "page": page, "reading": reading}
            tries = 0
            while (process := self._running()) is not None and (tries := tries + 1) <= TRIES:
                try:
                    return self._ask(process, request, cancelled)
                except _Gone:  # while it had nothing to do: another one serves as well
                    process.end()
                except _Unusable:
                    self._works = False
        finally:
            self._turn.release()
        if self._closed.is_set():
            raise Cancelled
        return open_source(path, cancelled, page=page, reading=reading)

    def close(self) -> None:
        """End the process, whatever it does; nothing is opened any more."""
        self._closed.set()
        if (process := self._process) is not None:
            process.end()

    def _running(self) -> _Process | None:
        """Return the process, started anew if it has been ended; None if there can be none."""
        if self._closed.is_set() or not self._works:
            return None
        if self._process is None or self._process.ended:
            try:
                self._process = _Process(self._sockets)
            except OSError:
                self._works = False
                return None
            if self._closed.is_set():  # meanwhile
                self._process.end()
        return self._process

    def _ask(self, process: _Process, request: dict[str, Any], cancelled: Cancel) -> Source:
        try:
            return process.ask(request, cancelled)
        except _Late:
            raise
        except Cancelled:
            process.end()
            raise
        except Broken as error:
            process.end()
            if self._closed.is_set() or cancelled():
                raise Cancelled from error
            name = Path(request["path"]).name
            raise FileError(
                f"{name}: the decoder broke down while reading it; the file is damaged, or too large."
            ) from error


class _Unusable(Exception):
    """The process never got so far as to serve."""


class _Gone(Exception):
    """The process had ended before it was asked."""


class _Late(Cancelled):
    """The request was cancelled before its answer came; the process is free again."""


class _Process:
    """A running process: sends requests, and waits for answers while checking for cancellation."""

    def __init__(self, sockets: bool) -> None:
        self._answers: queue.Queue[tuple[dict[str, Any], Any] | None] = queue.Queue()
        self._ready = False
        self._begun = time.monotonic()
        self._lock = threading.Lock()
        self.ended = False
        ours, theirs = socket.socketpair() if sockets else (None, None)
        self._link = ours
        place = "-" if theirs is None else str(theirs.fileno())
        program = f"import sys; sys.path[:] = {sys.path!r}; from convgui.io.pictures import serve; serve.main({place!r})"
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL if sockets else subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=() if theirs is None else (theirs.fileno(),),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError:
            if ours is not None:
                ours.close()
            raise
        finally:
            if theirs is not None:
                theirs.close()
        fill = ours.recv_into if ours is not None else self._process.stdout.readinto1  # type: ignore[union-attr]
        self._listener = threading.Thread(target=self._listen, args=(fill,), name="convgui-decoder", daemon=True)
        self._listener.start()

    def ask(self, request: dict[str, Any], cancelled: Cancel) -> Source:
        """Send a request and wait for its answer."""
        self._wait_until_ready(cancelled)
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(json.dumps(request).encode() + b"\n")
            stream.flush()
        except (OSError, ValueError) as error:
            raise _Gone from error
        try:
            self._wait(cancelled, GRACE)  # it has begun
        except Broken as error:
            raise _Gone from error
        answer, array = self._wait(cancelled, GRACE)
        if answer["kind"] == "error":
            raise FileError(answer["text"])
        if answer["kind"] == "in parts":
            return open_source(request["path"], cancelled, page=request["page"], reading=request["reading"])
        if answer["kind"] == "fault":
            raise RuntimeError(answer["text"])
        fields = answer["fields"] | {name: tuple(answer["fields"][name]) for name in ("pages", "instead")}
        return Source(array, **fields)

    def end(self) -> None:
        """Kill the process; its listener ends with it."""
        with self._lock:
            if self.ended:
                return
            self.ended = True
            with suppress(OSError):
                self._process.kill()
        self._listener.join(5)

    def _wait_until_ready(self, cancelled: Cancel) -> None:
        if self._ready:
            return
        try:
            answer, _ = self._wait(cancelled, 0.0, self._begun + START_SECONDS)
        except Broken as error:
            self.end()
            raise _Unusable from error
        assert answer["kind"] == "ready"
        self._ready = True

    def _wait(self, cancelled: Cancel, grace: float, until: float = float("inf")) -> tuple[dict[str, Any], Any]:
        """Return the next answer; Cancelled when it has not been wanted for `grace` seconds, Broken when none will come."""
        unwanted = False
        while True:
            with suppress(queue.Empty):
                found = self._answers.get(timeout=LOOK)
                if found is None:
                    raise Broken
                if unwanted:
                    raise _Late
                return found
            if not unwanted and cancelled():
                unwanted, until = True, time.monotonic() + grace
            if time.monotonic() >= until:
                raise Cancelled if unwanted else Broken

    # the listener's side

    def _listen(self, fill: Callable[[memoryview], int]) -> None:
        """Take answers until the process ends; `fill` reads into memory and returns how much."""
        with suppress(OSError, ValueError, EOFError):
            while True:
                length = int.from_bytes(_filled(fill, 4).tobytes(), "little")
                answer = json.loads(_filled(fill, length).tobytes())
                array = None
                if "shape" in answer:
                    array = _filled(fill, answer["bytes"]).view(np.dtype(answer["dtype"])).reshape(answer["shape"])
                self._answers.put((answer, array))
                del array  # do not keep the last answer alive
        self._over()

    def _over(self) -> None:
        """Note that the process has ended or sent no valid answer, so that nothing waits for it any more."""
        with suppress(OSError):
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._link):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self.ended = True
        self._answers.put(None)


def _filled(fill: Callable[[memoryview], int], count: int) -> NDArray[np.uint8]:
    """Return so many bytes; EOFError if there are fewer."""
    data = np.empty(count, np.uint8)
    left = data.data
    while left.nbytes:
        got = fill(left)
        if not got:
            raise EOFError
        left = left[got:]
    return data
