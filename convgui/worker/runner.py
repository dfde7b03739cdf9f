"""Runs requests on threads: a lane for each kind, newest request wins, results return by one queued signal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from convgui.worker.activity import Activity
from convgui.worker.lane import Job, Kind, Lane, Token

__all__ = ["ANSWER_SECONDS", "Runner", "Token"]

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
Progress = Callable[[float], None]

ANSWER_SECONDS = 10.0
"""Seconds after which a cancelled request that does not end is abandoned."""

CLOSE_SECONDS = 3.0
"""How long closing waits for requests that have been told to end; what then still runs cannot be ended."""


@dataclass
class _Messages:
    """Reports of a lane that have not been read yet."""

    progress: tuple[Job, float] | None = None
    parts: list[tuple[Job, Any]] = field(default_factory=list)
    ends: list[tuple[Job, Kind, Any]] = field(default_factory=list)
    ended: set[int] = field(default_factory=set)
    """The numbers of all jobs that have ended, those included whose results were replaced."""


class Runner(QObject):
    """Runs requests, and calls back on the thread on which it lives.

    For each lane only the newest request's result is delivered; a result that has not been read yet is replaced by a
    newer one. Requests must not hold Qt objects. A request that raises, whatever it is, ends itself and not its lane; one
    that should end and does not is left behind after `ANSWER_SECONDS`, and its lane begins anew.

    Attributes
    ----------
    activity : Activity
        Learns of each lane when it has something under way, and when it rests; a request that was cancelled is under way
        until its thread has left it.
    silent : Signal(str)
        A lane's request has given no sign of life for `ANSWER_SECONDS`; it goes on.
    stalled : Signal(str)
        A lane's request has been left behind.
    """

    silent = Signal(str)
    stalled = Signal(str)
    _arrived = Signal(str)

    def __init__(self, parent: QObject | None = None, answer_seconds: float = ANSWER_SECONDS) -> None:
        super().__init__(parent)
        self._lanes: dict[str, Lane] = {}
        self._numbers = count(1)
        self._newest: dict[str, int] = {}
        self._lock = threading.Lock()
        self._unread: dict[str, _Messages] = {}
        self._running: set[str] = set()
        self._open: dict[str, set[int]] = {}
        """The jobs of each lane that have not reported their end yet."""
        self._closed = False
        self._answer_seconds = answer_seconds
        self._told_silent: set[str] = set()
        self._watch = QTimer(self)
        self._watch.setInterval(round(min(answer_seconds / 10, 1.0) * 1000))
        self._watch.timeout.connect(self._look_after)
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
        *,
        part: Done | None = None,
        every: bool = False,
    ) -> None:
        """Run a request; `done`, `failed`, `progress` and `part` are called on the runner's thread.

        Parameters
        ----------
        lane : str
            Requests of one lane replace each other.
        patience : float
            Seconds for which an older request of the lane may still finish and be delivered.
        part : callable, optional
            Called with each part of the result that the request delivers before its end.
        every : bool
            Whether it waits for the others instead of replacing them, as requests that write files do.
        """
        if self._closed:  # a timer may still fire while the window closes
            return
        job = Job(next(self._numbers), request, done, failed, progress, part, every)
        if not patience and not every:
            self._newest[lane] = job.number
        if lane not in self._lanes:
            self._begin(lane)
        self._running.add(lane)
        self.activity.begin(lane)
        self._open[lane].add(job.number)
        self._open[lane] -= {replaced.number for replaced in self._lanes[lane].put(job, patience)}
        self._watch.start()

    def cancel(self, lane: str) -> None:
        """Stop a lane's request; nothing of it is delivered any more."""
        self._newest[lane] = next(self._numbers)
        self._running.discard(lane)
        if lane in self._lanes:
            self._open[lane] -= {job.number for job in self._lanes[lane].clear()}
            self._end_if_idle(lane)

    def busy(self, *lanes: str) -> bool:
        """Whether one of these lanes (any lane, if none is named) has something under way."""
        return any(lane in self._running for lane in lanes) if lanes else bool(self._running)

    def close(self) -> None:
        """Cancel everything and wait for the threads that answer; nothing is delivered any more after that.

        What must be written and waits for its turn is still written.
        """
        self._closed = True
        self._watch.stop()
        until = time.monotonic() + CLOSE_SECONDS
        for lane in self._lanes.values():
            lane.close()
        for lane in self._lanes.values():
            lane.join(max(until - time.monotonic(), 0.0))
        self._lanes.clear()
        self._unread.clear()
        self._running.clear()
        self.activity.clear()

    def _begin(self, name: str) -> None:
        self._lanes[name] = lane = Lane(name, self._report)
        self._open[name] = set()
        lane.start()

    # on the threads of the lanes

    def _report(self, lane: Lane, job: Job, kind: Kind, payload: Any) -> None:
        """Leave a message for the runner's thread; of results that replace each other the newest stays."""
        name = lane.lane
        with self._lock:
            if self._closed or self._lanes.get(name) is not lane:  # it has been left behind
                return
            first = name not in self._unread
            messages = self._unread.setdefault(name, _Messages())
            if kind == "progress":
                messages.progress = job, payload
            elif kind == "part":
                messages.parts.append((job, payload))
            else:
                messages.ended.add(job.number)
                messages.ends = [end for end in messages.ends if end[0].every] + [(job, kind, payload)]
        if first:
            self._arrived.emit(name)

    # on the runner's thread

    def _deliver(self, lane: str) -> None:
        with self._lock:
            messages = self._unread.pop(lane, None)
        if messages is None:
            return
        self._open[lane] -= messages.ended
        if not self._open[lane]:
            self._running.discard(lane)
            self._told_silent.discard(lane)
        newest = self._newest.get(lane, 0)
        for job, payload in messages.parts:
            if job.number >= newest and job.part is not None:
                self._call(job.part, payload)
        if messages.progress is not None and not messages.ends:
            job, share = messages.progress
            if job.number >= newest and job.progress is not None:
                self._call(job.progress, share)
        for job, kind, payload in messages.ends:
            if job.number >= newest and kind in ("done", "failed"):
                self._call(job.done if kind == "done" else job.failed, payload)
        self._end_if_idle(lane)  # what was told may have asked for more

    def _call(self, listener: Callable[[Any], None], payload: Any) -> None:
        """Call a listener; an exception is reported, and the other listeners are still called."""
        try:
            listener(payload)
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)

    def _end_if_idle(self, lane: str) -> None:
        if not self._open.get(lane):
            self.activity.end(lane)

    def _look_after(self) -> None:
        """Abandon requests that should have ended long ago, and report those that do not answer."""
        for name, lane in list(self._lanes.items()):
            seconds, should_end = lane.silence()
            if seconds < self._answer_seconds:
                continue
            if should_end:
                self._leave_behind(name, lane)
            elif name not in self._told_silent:
                self._told_silent.add(name)
                self.silent.emit(name)
        if not any(lane.busy() for lane in self._lanes.values()):
            self._watch.stop()

    def _leave_behind(self, name: str, lane: Lane) -> None:
        """Begin a lane anew with what waits in it; the thread of the old one ends when its request does, if ever."""
        self._deliver(name)  # what it has told before
        if lane.silence()[0] < self._answer_seconds:
            return
        with self._lock:
            waited = lane.leave()
            self._begin(name)
            self._unread.pop(name, None)
        for job in waited:
            self._open[name].add(job.number)
            self._lanes[name].put(job, 0.0)
        self._told_silent.discard(name)
        if not waited:
            self._running.discard(name)
        self._end_if_idle(name)
        self.stalled.emit(name)
