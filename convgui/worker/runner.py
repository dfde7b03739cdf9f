"""Runs requests on threads: a lane for each kind, newest request wins, results return by one queued signal."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from convgui.engine.tiles import Cancelled
from convgui.worker.activity import Activity

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
Progress = Callable[[float], None]


class Token:
    """What a running request looks at to learn whether it is still wanted, and tells how far it is."""

    def __init__(self, report: Progress) -> None:
        self._report = report
        self._stop = threading.Event()
        self.begun = time.monotonic()

    def cancel(self) -> None:
        """Say that nobody wants the result any more."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Whether nobody wants the result any more."""
        return self._stop.is_set()

    def progress(self, part: float) -> None:
        """Say which part is done, from 0 to 1."""
        self._report(part)


@dataclass(eq=False)
class _Job:
    number: int
    request: Callable[[Token], Any]
    done: Done
    failed: Failed
    progress: Progress | None


class _Lane(threading.Thread):
    """One thread that runs the newest request of its kind."""

    def __init__(self, name: str, report: Callable[[str, _Job, str, Any], None]) -> None:
        super().__init__(name=f"convgui-{name}", daemon=True)
        self.lane = name
        self._report = report
        self._wake = threading.Condition()
        self._waiting: _Job | None = None
        self._token: Token | None = None
        self._closed = False

    def put(self, job: _Job, patience: float) -> None:
        """Make `job` the next one; the running one is stopped if it has run for longer than `patience` seconds."""
        with self._wake:
            self._waiting = job
            if self._token is not None and time.monotonic() - self._token.begun >= patience:
                self._token.cancel()
            self._wake.notify()

    def clear(self) -> bool:
        """Stop what runs and forget what waits; return whether something ran, which will report its end."""
        with self._wake:
            self._waiting = None
            if self._token is not None:
                self._token.cancel()
            return self._token is not None

    def close(self) -> None:
        """End the thread as soon as the running request notices."""
        with self._wake:
            self._closed = True
            self._waiting = None
            if self._token is not None:
                self._token.cancel()
            self._wake.notify()

    def run(self) -> None:
        """Take the newest job, run it, report, and so on."""
        while True:
            with self._wake:
                while self._waiting is None and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                job, self._waiting = self._waiting, None
                assert job is not None
                self._token = token = Token(partial(self._report, self.lane, job, "progress"))
            self._run_one(job, token)
            del job, token  # a job holds pictures: none is kept alive by a lane that rests

    def _run_one(self, job: _Job, token: Token) -> None:
        try:
            result = job.request(token)
        except Cancelled:
            kind, result = "cancelled", None
        except Exception as error:  # whatever a request raises is told to the one who asked
            kind, result = "failed", error
        else:
            kind = "done"
        with self._wake:
            self._token = None
        self._report(self.lane, job, kind, result)


class Runner(QObject):
    """Runs requests, and calls back on the thread on which it lives.

    For each lane only the newest request's result is delivered; a result that has not been read yet is replaced by a
    newer one. Requests must not hold Qt objects.

    Attributes
    ----------
    activity : Activity
        Learns of each lane when it has something under way, and when it rests; a request that was cancelled is under way
        until its thread has left it.
    """

    _arrived = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, _Lane] = {}
        self._numbers = count(1)
        self._newest: dict[str, int] = {}
        self._lock = threading.Lock()
        self._unread: dict[str, dict[str, tuple[_Job, Any]]] = {}
        self._running: dict[str, float] = {}
        self._closed = False
        self.activity = Activity(self)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        lane: str,
        request: Callable[[Token], Any],
        done: Done,
        failed: Failed,
        progress: Progress | None = None,
        patience: float = 0.0,
    ) -> None:
        """Run a request; `done`, `failed` and `progress` are called on the runner's thread.

        Parameters
        ----------
        lane : str
            Requests of one lane replace each other.
        patience : float
            Seconds for which an older request of the lane may still finish and be delivered.
        """
        if self._closed:  # a timer may still ask while the window goes
            return
        job = _Job(next(self._numbers), request, done, failed, progress)
        if not patience:
            self._newest[lane] = job.number
        if lane not in self._lanes:
            self._lanes[lane] = _Lane(lane, self._report)
            self._lanes[lane].start()
        self._running[lane] = time.monotonic()
        self.activity.begin(lane)
        self._lanes[lane].put(job, patience)

    def cancel(self, lane: str) -> None:
        """Stop a lane's request; nothing of it is delivered any more."""
        self._newest[lane] = next(self._numbers)
        self._running.pop(lane, None)
        if lane in self._lanes and not self._lanes[lane].clear():
            self.activity.end(lane)

    def busy(self, *lanes: str) -> bool:
        """Whether one of these lanes (any lane, if none is named) has something under way."""
        return any(lane in self._running for lane in lanes) if lanes else bool(self._running)

    def close(self) -> None:
        """Cancel everything and wait for the threads; nothing runs any more after that."""
        self._closed = True
        for lane in self._lanes.values():
            lane.close()
        for lane in self._lanes.values():
            lane.join(10)
        self._lanes.clear()
        self._unread.clear()
        self._running.clear()
        self.activity.clear()

    def _report(self, lane: str, job: _Job, kind: str, payload: Any) -> None:
        """Leave a message for the runner's thread; the newest of each kind replaces an unread one."""
        slot = "progress" if kind == "progress" else "end"
        with self._lock:
            waiting = self._unread.setdefault(lane, {})
            first = not waiting
            waiting[slot] = (job, (kind, payload))
        if first:
            self._arrived.emit(lane)

    def _deliver(self, lane: str) -> None:
        with self._lock:
            messages = self._unread.pop(lane, {})
        try:
            self._tell(lane, messages)
        finally:
            if "end" in messages and not self._waits(lane):  # what was told may have asked for more
                self.activity.end(lane)

    def _tell(self, lane: str, messages: dict[str, tuple[_Job, Any]]) -> None:
        for slot in ("progress", "end"):
            if slot not in messages:
                continue
            job, (kind, payload) = messages[slot]
            stale = job.number < self._newest.get(lane, 0)
            if slot == "end" and not self._waits(lane):
                self._running.pop(lane, None)
            if stale:
                continue
            if kind == "done":
                job.done(payload)
            elif kind == "failed":
                job.failed(payload)
            elif kind == "progress" and job.progress is not None and "end" not in messages:
                job.progress(payload)

    def _waits(self, lane: str) -> bool:
        thread = self._lanes.get(lane)
        return thread is not None and (thread._waiting is not None or thread._token is not None)
