"""Says what the engine's less plain parts bring: ``python tests/benchmarks/worth.py [--cpu NAME[,FEATURES]]``.

Each task runs with a part and without it, in turn, in an order that is shuffled for each round; medians are printed, and how
many times as long it takes without. What brings nothing on any kind of processor should go. Transforms are compared with
SciPy's overlap-add, whose transforms are pocketfft's, in float32 and with as many threads. At the end stands how near
products come to those of a matrix product; OPENBLAS_CORETYPE=Haswell has that made with AVX2.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

import numpy as np  # before `engine`, which hides OPENBLAS_CORETYPE from it
from engine import SIZES, TURN, kernel, picture, settle, turn, warm  # reads --cpu before convgui is imported
from scipy import fft, signal

import convgui
from convgui.engine.strategies import jit, memory, team, tiles, work
from convgui.engine.strategies.compiled import processor
from convgui.engine.strategies.tiles import threads

ROUNDS = 40


@contextmanager
def fresh_memory():
    """Have each result in memory that the system has just given."""
    with patch.object(memory, "SMALLEST", float("inf")):
        yield


@contextmanager
def helpers_anywhere():
    """Leave it to the system on which core a helper runs."""
    for helper in tiles._helping:
        os.sched_setaffinity(helper, os.sched_getaffinity(0))
    with patch.object(tiles, "make_way", lambda: None), patch.object(team, "make_way", lambda: None):
        yield


@contextmanager
def no_helper():
    """Have threads woken for each work."""
    with patch.object(work.Work, "_done_here", lambda *_: False):
        yield


def conv(size: str, weights: np.ndarray, dtype: str = "float32", channels: tuple[int, ...] = ()):
    """Return a task of ours."""
    x = picture((*SIZES.get(size, (1000, 1500)), *channels), dtype)
    return lambda: convgui.conv2d(x, weights, padding="same")


def bank():
    """Return a task of ours: a bank over channels that lie last."""
    x, weights = picture((56, 56, 64), "float32"), kernel(3, 3, 64, 64)
    return lambda: convgui.conv2d(x, weights, padding="same")


def pocketfft(side: int):
    """Return SciPy's way of `conv`."""
    x, turned = picture(SIZES["12 MP"], "float32"), kernel(side, side).astype(np.float32)[::-1, ::-1]

    def run():
        with fft.set_workers(threads()):
            return signal.oaconvolve(x, turned, mode="same")

    return run


def compared(run, other, off, pause: float, rounds: int) -> tuple[float, float]:
    """Return the median seconds of a task with a part, and of the same or another one without it."""
    sides = {"with": (run, nullcontext), "without": (other, off)}
    repeats = 0 if pause else max(int(TURN / warm(run)), 1)
    times: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in random.sample(list(sides), 2):
            task, state = sides[side]
            with state():
                settle()
                time.sleep(pause)
                times[side].append(turn(task, repeats))
    return statistics.median(times["with"]), statistics.median(times["without"])


def main() -> int:
    """Print the table."""
    jit.load()
    print(
        f"compiled for {processor.name()}, kind {processor.KIND!r}, {threads()} threads; milliseconds: with, without, times"
    )
    tasks = [
        ("recycled memory, 3 x 3, 12 MP", conv("12 MP", kernel(3, 3)), fresh_memory, 0.0),
        ("recycled memory, RGB 7 x 7, 12 MP", conv("12 MP", kernel(7, 7), "uint8", (3,)), fresh_memory, 0.0),
        ("a core for each thread, 3 x 3, 1.5 MP, after 0.2 s", conv("", kernel(3, 3)), helpers_anywhere, 0.2),
        ("a core for each thread, 3 x 3, 12 MP, after 0.2 s", conv("12 MP", kernel(3, 3)), helpers_anywhere, 0.2),
        ("a core for each thread, 3 x 3, 12 MP, at once", conv("12 MP", kernel(3, 3)), helpers_anywhere, 0.0),
        *(
            (f"a helper that stays, {side} x {side}, {size}", conv(size, kernel(side, side)), no_helper, 0.0)
            for size, side in (("512 x 512", 3), ("512 x 512", 15), ("512 x 512", 31), ("12 MP", 7))
        ),
        ("a helper that stays, bank 64->64, 56 x 56", bank(), no_helper, 0.0),
    ]
    for name, run, off, pause in tasks:
        if off is helpers_anywhere and not hasattr(os, "sched_setaffinity"):
            continue
        show(name, *compared(run, run, off, pause, ROUNDS))
    for side in (21, 31, 63):
        show(
            f"transforms of our own, {side} x {side}, 12 MP",
            *compared(conv("12 MP", kernel(side, side)), pocketfft(side), nullcontext, 0.0, 6),
        )
    tell_products()
    return 0


def tell_products() -> None:
    """Print how many products a second convolutions make, and a matrix product of OpenBLAS's, in turn."""
    a, pixels = picture((1536, 1536), "float32"), np.prod(SIZES["12 MP"])
    tasks = {"sgemm, 1536 x 1536": (lambda: a @ a, 1536**3)}
    tasks |= {f"{k} x {k}, 12 MP": (conv("12 MP", kernel(k, k)), pixels * k * k) for k in (11, 15)}
    rates: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(12):
        for name in random.sample(list(tasks), len(tasks)):
            run, products = tasks[name]
            settle()
            rates[name].append(products / turn(run, 1) / 1e9)
    best = statistics.median(next(iter(rates.values())))
    for name, found in rates.items():
        rate = statistics.median(found)
        print(f"{name:52} {rate:6.1f} GMAC/s, {rate / best:.2f} of sgemm", flush=True)


def show(name: str, with_it: float, without_it: float) -> None:
    """Print a row."""
    print(f"{name:52} {1000 * with_it:9.3f} {1000 * without_it:9.3f} {without_it / with_it:6.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
