"""Times rows by threads, and says what more cores would do: ``python tests/benchmarks/threads.py [--cpu NAME]``.

What this machine has is measured. What lies beyond is a model, and said to be one: the work of one thread is shared out, but
no row takes less than reading its input and writing its output do, nor than it takes beyond the share of the work here. How
quickly memory is read and written by more cores than there are is not known, so there are two columns: as quickly as by all
cores of this machine, and as much more quickly as there are more of them.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from engine import SIZES, Row, gaussian, kernel, medians, picture, run_convgui

from convgui.engine.strategies import jit
from convgui.engine.strategies.compiled import processor
from convgui.engine.strategies.tiles import cores, limit_threads

COUNTS = (1, 2, 4, 8, 16)

ROWS = (
    Row("float32 random 3", SIZES["12 MP"], kernel(3, 3)),
    Row("float32 random 7", SIZES["12 MP"], kernel(7, 7)),
    Row("float32 random 15", SIZES["12 MP"], kernel(15, 15)),
    Row("float32 random 31", SIZES["12 MP"], kernel(31, 31)),
    Row("float32 random 63", SIZES["12 MP"], kernel(63, 63)),
    Row("uint8 random 3", SIZES["12 MP"], kernel(3, 3), "uint8"),
    Row("uint8 random 15", SIZES["12 MP"], kernel(15, 15), "uint8"),
    Row("RGB uint8 random 7", (*SIZES["12 MP"], 3), kernel(7, 7), "uint8"),
    Row("float32 Gaussian 31", SIZES["12 MP"], gaussian(31)),
)


def copied(bytes_each_way: int, count: int) -> float:
    """Return the seconds in which so many threads read and write so many bytes."""
    size = bytes_each_way // 4
    source, target = np.ones(size, np.float32), np.empty(size, np.float32)
    parts = [slice(k * size // count, (k + 1) * size // count) for k in range(count)]
    with ThreadPoolExecutor(count) as pool:
        return medians({"convgui": lambda: list(pool.map(lambda p: np.copyto(target[p], source[p]), parts))})["convgui"]


def main() -> int:
    """Print the table."""
    jit.load()
    here = [count for count in COUNTS if count <= cores()]
    print(f"compiled for {processor.name()}, kind {processor.KIND!r}, {cores()} cores; milliseconds; measured, then a model")
    beyond = "".join(f"{count:>18}" for count in COUNTS if count > cores())
    print(f"{'12 megapixels':24}" + "".join(f"{count:>9}" for count in here) + beyond)
    for row in ROWS:
        run = run_convgui(row)
        times = {}
        for count in here:
            limit_threads(count)
            times[count] = medians({"convgui": run})["convgui"]
        most = here[-1]
        moved = (picture(row.shape, row.dtype).nbytes + 4 * int(np.prod(row.shape))) // 2
        memory = copied(moved, most)
        alone = max(times[most] - times[1] / most, 0.0)  # what the other threads do not take off
        text = f"{row.name:24}" + "".join(f"{1000 * times[count]:9.1f}" for count in here)
        for count in (count for count in COUNTS if count > cores()):
            shared = times[1] / count + alone
            text += f"{1000 * max(shared, memory):9.1f} ...{1000 * max(shared, memory * most / count):5.1f}"
        print(text, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
