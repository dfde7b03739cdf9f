"""A run on a cluster, by Dask: a task is a picture, done by whichever worker is free.

Workers read and write the files themselves, under the same paths as here; with `send` they get the bytes of each picture,
and the bytes of its results come back, so that nothing has to be shared. Tasks of a worker that dies run again.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui import __version__
from convgui.batch.job import FAULTS, Outcome, Task, carry_out, check_targets, failed
from convgui.batch.manifest import Stamp
from convgui.batch.share import take_share
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.atomic import write_bytes
from convgui.io.errors import FileError, file_error
from convgui.io.pictures.images import is_larger_than_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from convgui.batch.job import Job

AHEAD = 4
"""Tasks for each thread of the cluster that are handed over, so that none waits for the next."""

TRIES = 3
"""How many workers a picture may kill before it is left out, which Dask counts; so it is by default elsewhere too."""

SECONDS = 10
"""After so long a scheduler that does not answer is given up."""

LEAVE = 3.0
"""Seconds for which workers may finish what they are at when nobody wants the rest."""

LOOK = 0.005
"""Seconds between two checks whether it is still wanted."""

MISSING = "a cluster needs two more packages: pip install 'convgui[cluster]' (dask and distributed)"


@contextmanager
def connected(where: str, jobs: int | None = None) -> Iterator[Any]:
    """Connect to a cluster, and yield Dask's client; one that was started for it ends with it.

    Parameters
    ----------
    where : str
        ``tcp://host:8786``, the path of a scheduler file, or ``local`` for processes on this machine.
    jobs : int, optional
        Processes of a local cluster; by default one for each core.

    Raises
    ------
    FileError
        If Dask is not installed, or no scheduler answers there.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise FileError(f"{MISSING}.") from error
    from convgui.engine.strategies.tiles import cores

    with ExitStack() as stack:
        try:
            if where == "local":
                stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": TRIES - 1}))
                cluster = stack.enter_context(
                    LocalCluster(n_workers=jobs or cores(), threads_per_worker=1, processes=True, dashboard_address=":0")
                )
                client = stack.enter_context(Client(cluster, timeout=SECONDS))
            elif Path(where).is_file():
                client = stack.enter_context(Client(scheduler_file=where, timeout=SECONDS))
            else:
                client = stack.enter_context(Client(where, timeout=SECONDS))
        except (OSError, ValueError, TimeoutError) as error:
            raise FileError(f"no scheduler answers at {where} ({error or type(error).__name__}).") from error
        yield client


def differences(client: Any) -> str:
    """Return a sentence on what differs between this machine and the workers; empty if nothing that matters does.

    Values are the same to the last bit where convgui and NumPy are; other decoders may read lossy pictures differently.
    """
    here = _versions()
    there = client.run(_versions)
    if not there:
        return "no worker is there yet; the pictures wait for the first one"
    found = []
    for worker, versions in sorted(there.items()):
        apart = [
            f"{name} {versions.get(name, 'none')} (here {mine})" for name, mine in here.items() if versions.get(name) != mine
        ]
        if apart:
            found.append(f"{worker} has {', '.join(apart)}")
    more = f" and {len(found) - 3} more workers" if len(found) > 3 else ""
    return f"versions differ: {'; '.join(found[:3])}{more}" if found else ""


def outcomes_on(
    client: Any, job: Job, tasks: list[Task], *, send: bool = False, cancelled: Callable[[], bool] = never
) -> Iterator[Outcome]:
    """Do a job to pictures on a cluster, and yield what became of each as it is done.

    Parameters
    ----------
    client : distributed.Client
    job : Job
    tasks : list of Task
    send : bool
        Whether workers get the bytes of the pictures, and the bytes of the results come back.
    cancelled : callable returning bool
        Asked some times a second.

    Raises
    ------
    Cancelled
        If nobody wants the rest any more. What workers are at is finished before and told, if that does not take long.

    Notes
    -----
    Few are under way at a time, so that neither the scheduler nor this process holds many pictures. When a worker dies its
    tasks run again elsewhere; one that has killed `TRIES` workers is told, and left out.
    """
    from distributed import as_completed

    rest, run = iter(tasks), os.urandom(6).hex()
    running: dict[Any, Task] = {}
    handed = as_completed()

    def hand_over() -> Iterator[Outcome]:
        """Hand over tasks up to that many; those whose picture cannot be read are told."""
        threads = max(sum(client.nthreads().values()), 1)
        while len(running) < AHEAD * threads and (task := next(rest, None)) is not None:
            try:
                given = Sent.of(job, task) if send else Shared(job, replace(task, path=os.path.abspath(task.path)))
            except FileError as error:
                yield Outcome(task, fault=str(error))
                continue
            future = client.submit(_do, given, run, jit.kind(), key=f"convgui-{run}-{task.number}", pure=False, retries=0)
            running[future] = task
            handed.add(future)

    def ready(until: float = float("inf")) -> Iterator[Outcome]:
        """Wait for a picture, and tell what became of it; of one that was left off nothing is told."""
        while not handed.has_ready():
            if until == float("inf") and cancelled():
                raise Cancelled
            if time.monotonic() > until:
                return
            time.sleep(LOOK)
        future = next(handed)
        task = running.pop(future)
        outcome = _outcome(future, job, task, send=send)
        future.release()
        if outcome is not None:
            yield _by_blocks(client, job, task, cancelled) if outcome.in_parts else outcome

    try:
        yield from hand_over()
        while running:
            yield from ready()
            yield from hand_over()
    except Cancelled:
        with suppress(Exception):  # no worker, no scheduler: then there is nothing to leave off
            client.run(_leave_off, run)
        until = time.monotonic() + LEAVE
        while running and time.monotonic() < until:
            yield from ready(until)
        raise


def _by_blocks(client: Any, job: Job, task: Task, cancelled: Callable[[], bool]) -> Outcome:
    """Let all workers make a picture that is larger than memory."""
    from convgui.batch.blocks import apply_on

    try:
        return apply_on(client, job, replace(task, path=os.path.abspath(task.path)), cancelled)
    except Cancelled:
        raise
    except FAULTS as error:
        return failed(task, error)
    except Exception as error:
        return Outcome(task, fault=f"{task.path}: the workers failed ({type(error).__name__}: {error}).")


def _outcome(future: Any, job: Job, task: Task, *, send: bool) -> Outcome | None:
    """Return what became of a task; None if it was left off."""
    from distributed import KilledWorker

    try:
        if (done := future.result()) is None:
            return None
        return done.taken_home(job, task) if send else replace(done, task=task)
    except KilledWorker:
        return Outcome(task, fault=f"{task.path}: {TRIES} workers died while they worked on it, it is left out.")
    except FileError as error:
        return Outcome(task, fault=str(error))
    except Exception as error:  # whatever goes wrong on another machine is this picture's fault, and not the run's end
        return Outcome(task, fault=f"{task.path}: the worker failed ({type(error).__name__}: {error}).")


def _versions() -> dict[str, str]:
    """Return the versions that decide on values."""
    import imagecodecs
    import numpy as np
    import PIL

    return {
        "convgui": __version__,
        "NumPy": np.__version__,
        "Pillow": PIL.__version__,
        "imagecodecs": imagecodecs.__version__,
    }


# on the workers


@dataclass(frozen=True)
class Shared:
    """A task whose files lie under the same paths everywhere."""

    job: Job
    task: Task

    def __call__(self) -> Outcome:
        """Do it; a picture that is larger than memory is left to several workers."""
        if is_larger_than_memory(self.task.path, self.job.page):
            return Outcome(self.task, in_parts=True)
        return carry_out(self.job, self.task)


@dataclass(frozen=True)
class Brought:
    """What a worker made of a picture that it was sent: the outcome, and the files by their names."""

    outcome: Outcome
    files: tuple[tuple[str, bytes], ...]

    def taken_home(self, job: Job, task: Task) -> Outcome:
        """Write the files where they belong, whole or not at all, and return the outcome."""
        outcome = replace(self.outcome, task=task)
        if outcome.entry is None:
            return outcome
        paths = [task.target.with_name(name) for name, _ in self.files]
        check_targets(task, paths, force=job.force)
        for path, (_, data) in zip(paths, self.files, strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, data)
        stamps = tuple(Stamp.of(path, os.path.relpath(path, task.folder)) for path in paths)
        source = Stamp.of(Path(task.path), os.path.abspath(task.path))
        return replace(outcome, entry=replace(outcome.entry, input=source, written=stamps))


@dataclass(frozen=True)
class Sent:
    """A task with the bytes of its picture."""

    job: Job
    name: str
    target: str
    data: bytes

    @classmethod
    def of(cls, job: Job, task: Task) -> Sent:
        """Read the picture; one that is larger than memory is not sent."""
        if is_larger_than_memory(task.path, job.page):
            name = Path(task.path).name
            raise FileError(f"{name}: is larger than memory, and not sent; without --send workers read it from its path.")
        try:
            data = Path(task.path).read_bytes()
        except OSError as error:
            raise file_error(task.path, error) from error
        return cls(job, Path(task.path).name, task.target.name, data)

    def __call__(self) -> Brought:
        """Do it in a folder of its own that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="convgui-") as place:
            folder = Path(place)
            (folder / "in").mkdir()
            path = folder / "in" / self.name
            path.write_bytes(self.data)
            out = folder / "out"
            task = Task(0, str(path), out / self.target, out)
            outcome = carry_out(replace(self.job, stamps=False), task)
            files = tuple((made.name, made.read_bytes()) for made in sorted(out.iterdir())) if out.is_dir() else ()
            fault = outcome.fault.replace(str(path), self.name)
            return Brought(replace(outcome, fault=fault), files)


_left_off: set[str] = set()
"""Runs of which nobody wants the rest."""


def _leave_off(run: str) -> None:
    """Begin no more tasks of a run."""
    _left_off.add(run)


def _do(given: Shared | Sent, run: str, kind: str) -> Any:
    """Do a task with the worker's share of the cores, as that kind of processor does; None if nobody wants it any more."""
    if run in _left_off:
        return None
    take_share(kind)
    return given()
