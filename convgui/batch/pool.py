"""Processes that work off tasks: few at a time, so that memory is bounded; one that dies costs its own picture only."""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TYPE_CHECKING

from convgui.batch.job import Outcome, carry_out
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import cores, limit_threads

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from convgui.batch.job import Job, Task

AHEAD = 2
"""Tasks for each process that are handed over, so that none waits for the next."""

FEW = 2
"""Pictures for each process from which on it is worth its start."""


def outcomes(job: Job, tasks: list[Task], inputs: frozenset[tuple[int, int]], jobs: int | None = None) -> Iterator[Outcome]:
    """Do a job to pictures, and yield what became of each as it is done.

    Parameters
    ----------
    job : Job
    tasks : list of Task
    inputs : frozenset of (int, int)
        See `carry_out`.
    jobs : int, optional
        Processes at most; by default one for each core. Each uses its share of the cores. One works in this process.

    Notes
    -----
    What lacks memory, or was at work when a process died, is tried again alone, with nothing beside it; what kills a process
    then is told and left out.
    """
    processes = min(jobs or cores(), len(tasks) // FEW)
    if processes < 2:
        yield from (carry_out(job, task, inputs) for task in tasks)
        return
    jit.load()  # compiled once, and not by each process
    again: list[Task] = []
    rest = iter(tasks)
    while (suspects := (yield from _together(job, rest, inputs, processes, again))) is not None:
        yield from _one_by_one(job, suspects, inputs)
    yield from _one_by_one(job, again, inputs)


def _together(
    job: Job, rest: Iterator[Task], inputs: frozenset[tuple[int, int]], processes: int, again: list[Task]
) -> Generator[Outcome, None, list[Task] | None]:
    """Yield outcomes until all is done, and return None; if a process dies, return the tasks that were under way."""
    running: dict[Future[Outcome], Task] = {}
    pool = _started(job, inputs, processes)
    try:
        while True:
            while len(running) < AHEAD * processes and (task := next(rest, None)) is not None:
                running[pool.submit(_work, task)] = task
            if not running:
                return None
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                outcome = future.result()
                task = running.pop(future)
                if outcome.short:
                    again.append(task)
                else:
                    yield outcome
    except BrokenProcessPool:
        return list(running.values())
    finally:
        _end(pool)


def _one_by_one(job: Job, tasks: Iterable[Task], inputs: frozenset[tuple[int, int]]) -> Iterator[Outcome]:
    """Yield the outcome of each task, done with nothing beside it, in a process that may die."""
    pool = None
    try:
        for task in tasks:
            pool = pool or _started(job, inputs, 1)
            try:
                yield pool.submit(_work, task).result()
            except BrokenProcessPool:
                _end(pool)
                pool = None
                fault = "the process that worked on it was ended, perhaps as too little memory was free"
                yield Outcome(task, fault=f"{task.path}: {fault}.")
    finally:
        if pool is not None:
            _end(pool)


def _started(job: Job, inputs: frozenset[tuple[int, int]], processes: int) -> ProcessPoolExecutor:
    """Return a pool whose processes begin anew, since threads and locks of this one must not be copied."""
    each = max(cores() // processes, 1)
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=spawn, initializer=_begin, initargs=(job, inputs, each))


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

_present: tuple[Job, frozenset[tuple[int, int]]]


def _begin(job: Job, inputs: frozenset[tuple[int, int]], most: int) -> None:
    """Prepare a process: Ctrl+C is for the one that started it."""
    global _present
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_threads(most)
    _present = job, inputs
    jit.load()


def _work(task: Task) -> Outcome:
    job, inputs = _present
    return carry_out(job, task, inputs)
