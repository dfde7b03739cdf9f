"""The process behind `worker.decoder`: opens files for the window, one after the other, until it is ended.

Requests come as lines of JSON on standard input. An answer is a length of four bytes and as much JSON, then the pixels.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from convgui.io import limits
from convgui.io.errors import FileError
from convgui.io.pictures.images import open_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.engine.source import Source

    Send = Callable[[dict[str, Any], "np.ndarray | None"], None]

FIELDS = ("scale", "name", "path", "toy", "note", "page", "pages", "reading", "instead", "sequence")
"""What an answer says of a source beside its numbers."""

HEADROOM = 500_000_000
"""Bytes of address space beyond the free memory: libraries reserve more than they use."""


def main(place: str) -> None:
    """Serve requests until standard input ends; `place` is the number of a socket, or `-` for standard output."""
    send = _over_socket(socket.socket(fileno=int(place))) if place != "-" else _over_pipe()
    requests: queue.Queue[dict[str, Any]] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    _be_the_first_to_go()
    _prepare()
    send({"kind": "ready"}, None)
    while True:
        request = requests.get()
        send({"kind": "begun"}, None)
        answer, array = _answer(request)
        send(answer, array)
        del array  # a process that rests holds no pixels


def _listen(stream: BinaryIO, requests: queue.Queue[dict[str, Any]]) -> None:
    """Take requests; when nobody can ask any more, end at once, whatever is being decoded."""
    for line in stream:
        requests.put(json.loads(line))
    os._exit(0)


def _prepare() -> None:
    """Import what the first photo would wait for."""
    import imagecodecs  # noqa: F401
    from PIL import ImageCms  # noqa: F401

    from convgui.io.pictures.pixels import allowed_formats, pillow

    pillow()
    allowed_formats()


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], np.ndarray | None]:
    try:
        _limit_memory()
        source = open_source(request["path"], page=request["page"], reading=request["reading"])
    except FileError as error:
        return {"kind": "error", "text": str(error)}, None
    except MemoryError:
        name = os.path.basename(request["path"])
        return {"kind": "error", "text": f"{name}: is too large for the memory that is free."}, None
    except Exception as error:  # no other process can report it
        return {"kind": "fault", "text": f"{type(error).__name__}: {error}"}, None
    if source.in_parts:  # whoever asked opens it, which takes no time; here it was seen that it can be opened
        return {"kind": "in parts"}, None
    return _described(source), source.array


def _described(source: Source) -> dict[str, Any]:
    array = source.array
    fields = {name: getattr(source, name) for name in FIELDS}
    return {"kind": "source", "shape": array.shape, "dtype": array.dtype.str, "bytes": array.nbytes, "fields": fields}


def _limit_memory() -> None:
    """Limit the memory of this process to what is free, so that a decompression bomb fails here."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as stream:
            held = int(stream.read().split()[0]) * resource.getpagesize()
        free = limits.available_memory()
        if free is not None:
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            most = held + free + HEADROOM
            resource.setrlimit(resource.RLIMIT_AS, (most if hard < 0 else min(most, hard), hard))


def _be_the_first_to_go() -> None:
    """Ask Linux to end this process first when memory runs out."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as stream:
        stream.write("1000")


def _framed(answer: dict[str, Any]) -> bytes:
    text = json.dumps(answer).encode()
    return len(text).to_bytes(4, "little") + text


def _over_socket(link: socket.socket) -> Send:
    """Send answer and pixels over a socket: faster than memory that both share, of which each page costs a fault."""

    def send(answer: dict[str, Any], array: np.ndarray | None) -> None:
        link.sendall(_framed(answer))
        if array is not None:
            link.sendall(np.ascontiguousarray(array).data.cast("B"))

    return send


def _over_pipe() -> Send:
    """Send pixels behind the answer; what libraries print goes nowhere."""
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)

    def send(answer: dict[str, Any], array: np.ndarray | None) -> None:
        out.write(_framed(answer))
        if array is not None:
            out.write(np.ascontiguousarray(array).data)
        out.flush()

    return send
