"""A lane: one thread that runs requests of one kind, and can be left behind when one of them does not answer any more."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from convgui.engine.strategies.tiles import Cancelled

Kind = Literal["progress", "part", "done", "failed", "cancelled"]


class Token:
    """What a running request looks at to learn whether it is still wanted, and tells how far it is."""

    def __init__(self, report: Callable[[Kind, Any], None]) -> None:
        self._report = report
        self._stop = threading.Event()
        self.begun = self.seen = time.monotonic()
        self.unwanted_from: float | None = None

    def cancel(self, after: float = 0.0) -> None:
        """Cancel the request now, or when it has run for so many seconds."""
        at = max(time.monotonic(), self.begun + after)
        self.unwanted_from = at if self.unwanted_from is None else min(at, self.unwanted_from)
        if at <= time.monotonic():
            self._stop.set()

    def cancelled(self) -> bool:
        """Whether nobody wants the result any more."""
        self.seen = time.monotonic()
        return self._stop.is_set() or (self.unwanted_from is not None and self.seen >= self.unwanted_from)

    def progress(self, part: float) -> None:
        """Say which part is done, from 0 to 1."""
        self.seen = time.monotonic()
        self._report("progress", part)

    def deliver(self, result: Any) -> None:
        """Hand over a part of the result; each of them arrives, in their order."""
        self.seen = time.monotonic()
        self._report("part", result)


@dataclass(eq=False)
class Job:
    """A request, its callbacks, and whether it must run even if a newer one waits."""

    number: int
    request: Callable[[Token], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    progress: Callable[[float], None] | None = None
    part: Callable[[Any], None] | None = None
    every: bool = False


Report = Callable[["Lane", Job, Kind, Any], None]


class Lane(threading.Thread):
    """Runs the newest job; jobs marked `every` are all run, one after the other."""

    def __init__(self, name: str, report: Report) -> None:
        super().__init__(name=f"convgui-{name}", daemon=True)
        self.lane = name
        self._report = report
        self._wake = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._token: Token | None = None
        self._must_end_well = False
        self._closed = False

    def put(self, job: Job, patience: float) -> list[Job]:
        """Make `job` the next one, and return those that it replaces.

        The running one is stopped when it has run for `patience` seconds.
        """
        replaced: list[Job] = []
        with self._wake:
            if not job.every:
                replaced = [other for other in self._waiting if not other.every]
                self._waiting = deque(other for other in self._waiting if other.every)
                if self._token is not None:
                    self._token.cancel(patience)
            self._waiting.append(job)
            self._wake.notify()
        return replaced

    def clear(self) -> list[Job]:
        """Cancel the running job, which will report its end; drop the waiting ones and return them."""
        with self._wake:
            waited = list(self._waiting)
            self._waiting.clear()
            if self._token is not None:
                self._token.cancel()
            return waited

    def close(self) -> None:
        """End the thread as soon as the running request notices; jobs that must be run are run before."""
        with self._wake:
            self._closed = True
            self._waiting = deque(job for job in self._waiting if job.every)
            if self._token is not None and not self._must_end_well:
                self._token.cancel()
            self._wake.notify()

    def leave(self) -> list[Job]:
        """Let the thread end when its request does; return what waited."""
        with self._wake:
            waited = list(self._waiting)
            self._waiting.clear()
            self._closed = True
            if self._token is not None:
                self._token.cancel()
            return waited

    def busy(self) -> bool:
        """Whether a request runs or waits."""
        with self._wake:
            return self._token is not None or bool(self._waiting)

    def silence(self) -> tuple[float, bool]:
        """Return for how many seconds the running request has given no sign of life, and whether it should have ended.

        One that is not wanted any more, or behind which another one waits, has had so long to end.
        """
        with self._wake:
            if self._token is None:
                return 0.0, False
            unwanted, now = self._token.unwanted_from, time.monotonic()
            if unwanted is not None:
                return max(now - unwanted, 0.0), True
            return now - self._token.seen, bool(self._waiting)

    def run(self) -> None:
        """Take the next job, run it, report, and so on."""
        while True:
            with self._wake:
                while not self._waiting and not self._closed:
                    self._wake.wait()
                if not self._waiting:
                    return
                job = self._waiting.popleft()
                self._must_end_well = job.every
                self._token = token = Token(partial(self._report, self, job))
            self._run_one(job, token)
            del job, token  # a job holds pictures: an idle lane must not keep them alive

    def _run_one(self, job: Job, token: Token) -> None:
        kind: Kind = "done"
        result: Any
        try:
            result = job.request(token)
        except Cancelled:
            kind, result = "cancelled", None
        except Exception as error:  # whatever a request raises is passed to its callback
            kind, result = "failed", error
        except BaseException as error:  # a library that wants to end the program ends its request
            kind, result = "failed", RuntimeError(f"It was broken off by {type(error).__name__}: {error}")
        with self._wake:
            self._token = None
        self._report(self, job, kind, result)
