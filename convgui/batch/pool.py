"""Processes that work off tasks: few at a time, so that memory is bounded; one that dies costs its own picture only."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from convgui.batch.job import NONE, Outcome, carry_out
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Cancelled, cores, limit_threads, never

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator

    from convgui.batch.job import Job, Task

AHEAD = 2
"""Tasks for each process that are handed over, so that none waits for the next."""

LOOK = 0.1
"""Seconds between two checks whether it is still wanted."""

LEAVE = 3.0
"""Seconds for which processes may finish what they write when nobody wants the rest."""

NICE = 10
"""How much less of the processor is asked for where a window goes on beside it."""

FEW = 2
"""Pictures for each process from which on it is worth its start."""


def outcomes(
    job: Job,
    tasks: list[Task],
    jobs: int | None = None,
    *,
    apart: bool = False,
    cancelled: Callable[[], bool] = never,
) -> Iterator[Outcome]:
    """Do a job to pictures, and yield what became of each as it is done.

    Parameters
    ----------
    job : Job
    tasks : list of Task
    jobs : int, optional
        Processes at most; by default one for each core. Each uses its share of the cores. One works in this process.
    apart : bool
        Whether nothing is done in this process, and the others make way for it, as it has a window.
    cancelled : callable returning bool
        Asked some times a second.

    Raises
    ------
    Cancelled
        If nobody wants the rest any more; what processes were writing is finished and told before, if that does not take
        long, and they have been ended then.

    Notes
    -----
    What lacks memory, or was at work when a process died, is tried again alone, with nothing beside it; what kills a process
    then is told and left out.
    """
    processes = min(jobs or cores(), max(len(tasks) // FEW, 1))
    jit.load()  # compiled once, and not by each process; the reference has other last bits, so it serves nowhere
    if processes < 2 and not apart:
        for task in tasks:
            if cancelled():
                raise Cancelled
            yield carry_out(job, task)
        return
    yield from _Team(job, processes, apart, cancelled).work_off(tasks)


@dataclass(eq=False)
class _Team:
    """Processes for a job, started anew where one has died."""

    job: Job
    processes: int
    apart: bool
    cancelled: Callable[[], bool]

    def work_off(self, tasks: list[Task]) -> Iterator[Outcome]:
        """Yield the outcome of each task."""
        again: list[Task] = []
        rest = iter(tasks)
        while (suspects := (yield from self._together(rest, again))) is not None:
            yield from self._one_by_one(suspects)
        yield from self._one_by_one(again)

    def _together(self, rest: Iterator[Task], again: list[Task]) -> Generator[Outcome, None, list[Task] | None]:
        """Yield outcomes until all is done, and return None; if a process dies, return the tasks that were under way."""
        running: dict[Future[Outcome], Task] = {}
        pool = self._started(self.processes)
        try:
            while True:
                while len(running) < AHEAD * self.processes and (task := next(rest, None)) is not None:
                    running[_submitted(pool, task)] = task
                if not running:
                    return None
                for future in self._done(running):
                    outcome = future.result()
                    task = running.pop(future)
                    if outcome.short:
                        again.append(task)
                    else:
                        yield outcome
        except BrokenProcessPool:
            return list(running.values())
        except Cancelled:
            yield from self._finished(running)
            raise
        finally:
            _end(pool)

    def _finished(self, running: Collection[Future[Outcome]]) -> Iterator[Outcome]:
        """Yield the outcomes of what processes are at: what they write must be known, so that another run goes on there."""
        if self.job.format == NONE:
            return
        begun = [future for future in running if not future.cancel()]
        for future in wait(begun, timeout=LEAVE).done:
            if future.exception() is None:
                yield future.result()

    def _one_by_one(self, tasks: Iterable[Task]) -> Iterator[Outcome]:
        """Yield the outcome of each task, done with nothing beside it, in a process that may die."""
        pool = None
        try:
            for task in tasks:
                pool = pool or self._started(1)
                try:
                    future = _submitted(pool, task)
                    self._done([future])
                    yield future.result()
                except BrokenProcessPool:
                    _end(pool)
                    pool = None
                    fault = "the process that worked on it was ended, perhaps as too little memory was free"
                    yield Outcome(task, fault=f"{task.path}: {fault}.")
        finally:
            if pool is not None:
                _end(pool)

    def _done(self, running: Collection[Future[Outcome]]) -> set[Future[Outcome]]:
        """Wait until one is done."""
        while True:
            if self.cancelled():
                raise Cancelled
            if done := wait(running, timeout=LOOK, return_when=FIRST_COMPLETED).done:
                return done

    def _started(self, processes: int) -> ProcessPoolExecutor:
        """Return a pool whose processes begin anew, since threads and locks of this one must not be copied."""
        each = max(cores() // processes, 1)
        spawn = multiprocessing.get_context("spawn")
        given = (self.job, each, self.apart)
        return ProcessPoolExecutor(processes, mp_context=spawn, initializer=_begin, initargs=given)


_nameless = threading.Lock()


def _submitted(pool: ProcessPoolExecutor, task: Task) -> Future[Outcome]:
    """Hand over a task. A process that is started for it must not run the script again that has called us.

    What starts a process looks up the program's main module and has it imported there; a script that opens a window, without
    asking whether it is the main one, would open another one in each process.
    """
    with _nameless:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return pool.submit(_work, task)
        finally:
            sys.modules["__main__"] = main


def _end(pool: ProcessPoolExecutor) -> None:
    """End the processes at once, whatever they do."""
    processes = list((pool._processes or {}).values())  # of 3.14 on `kill_workers` does it
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        with suppress(OSError, ValueError):
            process.kill()
    for process in processes:
        with suppress(OSError, ValueError, AssertionError):
            process.join(5)


# in the processes

_present: Job


def _begin(job: Job, most: int, apart: bool) -> None:
    """Prepare a process: Ctrl+C is for the one that started it."""
    global _present
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if apart and hasattr(os, "nice"):
        os.nice(NICE)
    _keep_memory()
    limit_threads(most)
    _present = job
    jit.load()


def _keep_memory() -> None:
    """Let the C library keep what is freed for the next picture: to give it back and get it again takes a sixth of the time.

    glibc only; with 24 photos of 12 megapixels, 7.6 s become 6.3.
    """
    mmap_max, trim_threshold, most = -4, -1, (1 << 31) - 1
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(mmap_max, 0)
        library.mallopt(trim_threshold, most)


def _work(task: Task) -> Outcome:
    return carry_out(_present, task)
