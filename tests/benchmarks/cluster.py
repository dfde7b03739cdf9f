"""Times a cluster on this machine, and what each part of it costs: ``python tests/benchmarks/cluster.py [--photos N]``.

The same photos of 12 megapixels, JPEG to coloured JPEG by a random 7 x 7 kernel, are done by processes without Dask and by
clusters of one and two workers, which read them by path or are sent them; the best of some rounds in turn. A worker that is
alone computes with both cores. Then each part alone, the best of some tries: what a picture costs one core of a worker, and
what an empty task, a picture that is sent and a result that is brought back cost the client and the scheduler. Of these the
time on the processor is taken, so that other work on the machine weighs less; client and scheduler are one process here, so
that each of them costs less. From these a model says where more workers would not help any more. The files are warm.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from folder import COLS, ROWS, photos

from convgui.batch.cluster import AHEAD, connected, outcomes_on
from convgui.batch.job import Job, Task
from convgui.batch.manifest import Stamp
from convgui.batch.pool import outcomes
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.statistics import statistics_of
from convgui.engine.network import evaluate
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import limit_threads
from convgui.io.export.formats import save_picture
from convgui.io.pictures.images import open_source
from convgui.io.recipe import Recipe, text_of
from convgui.model.colouring import look_for
from convgui.model.state import Display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SIDE = 7
EMPTY, FULL, TRIES, ROUNDS = 1000, 32, 7, 2
"""Empty tasks, pictures that are sent, how often what one picture costs is taken, and how often whole jobs are done."""

GIGABITS = 10
"""What the network of the scheduler, and that of the shared storage, is taken to carry each way in the model."""

BYTES_A_SECOND = GIGABITS * 1e9 / 8

WORKERS = (1, 10, 100, 300, 1000)
"""For how many workers of one core the model is printed."""

PICTURES = 100_000


@dataclass
class Costs:
    """Seconds of each part, and bytes of a picture and of its result."""

    decode: float = 0.0
    compute: float = 0.0
    colour: float = 0.0
    encode: float = 0.0
    digests: float = 0.0
    task: float = 0.0
    send: float = 0.0
    bring: float = 0.0
    input: int = 0
    output: int = 0

    @property
    def picture(self) -> float:
        """What a picture costs a worker with one core."""
        return self.decode + self.compute + self.colour + self.encode + self.digests


def tasks_of(folder: Path, out: Path) -> list[Task]:
    """Return a task for each photo."""
    out.mkdir(parents=True)
    return [Task(k, str(path), out / path.name, out) for k, path in enumerate(sorted(folder.iterdir()))]


def seconds_each(done: Iterable[Any], count: int) -> float:
    """Return how long each of so many takes; none may fail."""
    begun = time.perf_counter()
    for outcome in done:
        assert not outcome.fault, outcome.fault
    return (time.perf_counter() - begun) / count


def whole_jobs(job: Job, folder: Path, home: Path, count: int) -> None:
    """Print what the job takes by processes, and by clusters."""
    names = ("processes, without Dask", "cluster, read by path", "cluster, sent and brought back")
    best = {(name, n): float("inf") for name in names for n in (1, 2)}
    starts = {1: float("inf"), 2: float("inf")}

    def take(name: str, n: int, todo: list[Task], done: Iterable[Any]) -> None:
        best[name, n] = min(best[name, n], seconds_each(done, count))
        shutil.rmtree(todo[0].folder)

    for k, n in itertools.product(range(ROUNDS), (1, 2)):
        todo = tasks_of(folder, home / f"{k}-{n}")
        take(names[0], n, todo, outcomes(job, todo, n))
        begun = time.perf_counter()
        with connected("local", n) as client:
            starts[n] = min(starts[n], time.perf_counter() - begun)
            list(outcomes_on(client, job, tasks_of(folder, home / f"{k}-{n}-first")[: 2 * n]))
            for send, name in enumerate(names[1:]):
                todo = tasks_of(folder, home / f"{k}-{n}-{send}")
                take(name, n, todo, outcomes_on(client, job, todo, send=bool(send)))
    print(f"\n{'seconds a photo':<34} {'1 worker':>9} {'2 workers':>9}")
    for name in names:
        print(f"{name:<34} {best[name, 1]:>9.3f} {best[name, 2]:>9.3f}")
    print(f"{'start of the cluster, once':<34} {starts[1]:>9.2f} {starts[2]:>9.2f}", flush=True)


def best_of(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return for how long something uses the processor, and what it returns."""
    took, result = [], None
    for _ in range(TRIES):
        begun = time.process_time()
        result = action()
        took.append(time.process_time() - begun)
    return min(took), result


def alone(recipe: Recipe, path: Path, out: Path, costs: Costs) -> None:
    """Take what one photo costs on one core."""
    limit_threads(1)
    costs.input = path.stat().st_size
    costs.decode, source = best_of(lambda: open_source(str(path)))
    chain = recipe.chain(source)
    costs.compute, maps = best_of(lambda: evaluate(chain))
    look = look_for(chain, Display(recipe.colours, recipe.limits, recipe.map), False)
    costs.colour, coloured = best_of(lambda: look.apply(maps[0], statistics_of(maps[0]))[0])
    costs.encode, _ = best_of(lambda: save_picture(out, coloured, recipe=text_of(recipe.made_on(source))))
    costs.digests, _ = best_of(lambda: [Stamp.of(one, one.name) for one in (path, out)])
    costs.output = out.stat().st_size
    limit_threads(os.cpu_count() or 1)


def nothing(*given: Any) -> None:
    """Do nothing with what is given."""


def made(size: int) -> bytes:
    """Return so many bytes."""
    return bytes(size)


def each_of(client: Any, given: Iterable[tuple[Any, ...]], most: int) -> float:
    """Return what each of several tasks costs the client and the scheduler, of which so many are under way at a time."""
    from distributed import as_completed

    rest, count, begun = iter(given), 0, time.process_time()
    handed = as_completed()
    while True:
        while handed.count() < most and (task := next(rest, None)) is not None:
            handed.add(client.submit(*task, pure=False))
            count += 1
        if handed.is_empty():
            return (time.process_time() - begun) / count
        next(handed).result()


def of_the_cluster(costs: Costs) -> None:
    """Take what an empty task, a picture that is sent, and a result that is brought back cost."""
    photo, few = os.urandom(costs.input), 2 * AHEAD
    with connected("local", 2) as client:
        each_of(client, [(nothing,)] * 100, few)
        costs.task = each_of(client, [(nothing,)] * EMPTY, EMPTY)
        idle = each_of(client, [(nothing,)] * FULL, few)
        costs.send = each_of(client, [(nothing, photo)] * FULL, few) - idle
        costs.bring = each_of(client, [(made, costs.output)] * FULL, few) - idle


def print_costs(costs: Costs) -> None:
    """Print what each part costs."""
    print(f"\na photo has {costs.input / 1e6:.1f} MB, its result {costs.output / 1e6:.1f} MB")
    print(f"{'milliseconds, each alone':<34}")
    for name in ("decode", "compute", "colour", "encode", "digests", "picture", "task", "send", "bring"):
        words = {
            "picture": "= a picture, one core",
            "task": "an empty task",
            "send": "to send a photo",
            "bring": "to bring a result",
        }
        print(f"  {words.get(name, name):<32} {1000 * getattr(costs, name):>8.2f}", flush=True)


def model(costs: Costs) -> None:
    """Print how many pictures a second each part could do, and what that makes of more workers."""
    both = costs.input + costs.output
    most = {
        "scheduler": 1 / costs.task,
        f"shared storage, {GIGABITS} Gbit/s": BYTES_A_SECOND / max(costs.input, costs.output),
        f"scheduler's network, {GIGABITS} Gbit/s": BYTES_A_SECOND / both,  # what is sent passes it, both ways
        "client and scheduler, sent": 1 / (costs.task + costs.send + costs.bring),
    }
    print(f"\nmodel: {PICTURES:,} photos, {1 / costs.picture:.1f} a second by each worker of one core")
    for name, rate in most.items():
        print(f"  {name:<32} {rate:>8.0f} photos a second, enough for {rate * costs.picture:>6.0f} workers")
    names = list(most)
    by_path, sent = min(most[n] for n in names[:2]), min(most[names[0]], most[names[2]], most[names[3]])
    print(f"  {'workers':>8} {'by path: times as fast':>24} {'sent':>8}")
    for workers in WORKERS:
        tail = 1 + workers / PICTURES / 2  # at the end half of a picture is waited for, on the average, by each worker
        ideal = workers / costs.picture / tail
        print(
            f"  {workers:>8} "
            + " ".join(f"{min(ideal, rate) * costs.picture:>{w}.0f}" for rate, w in ((by_path, 24), (sent, 8)))
        )


def processor() -> str:
    """Return what the machine calls its processor."""
    try:
        lines = subprocess.run(["lscpu"], capture_output=True, text=True, check=False).stdout.splitlines()
    except OSError:
        return "processor unknown"
    words = dict(line.split(":", 1) for line in lines if ":" in line)
    vectors = "AVX-512" if "avx512f" in words.get("Flags", "") else "AVX2" if "avx2" in words.get("Flags", "") else "no AVX2"
    return f"{words.get('Model name', 'unknown').strip()}, {vectors}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=16)
    options = parser.parse_args()
    weights = np.random.default_rng(SIDE).normal(size=(SIDE, SIDE)).astype(np.float32)
    recipe = Recipe((Conv(Kernel(weights)),))
    job = Job.of(recipe, "jpg", free=True, stamps=True)
    jit.load()
    cores = len(os.sched_getaffinity(0))
    print(f"{options.photos} photos of {COLS} x {ROWS}, kernel {SIDE} x {SIDE}, {cores} cores, {processor()}")
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        (home / "photos").mkdir()
        photos(home / "photos", options.photos)
        whole_jobs(job, home / "photos", home, options.photos)
        costs = Costs()
        alone(recipe, home / "photos" / "0000.jpg", home / "one.jpg", costs)
        of_the_cluster(costs)
    print_costs(costs)
    model(costs)


if __name__ == "__main__":
    sys.exit(main())
