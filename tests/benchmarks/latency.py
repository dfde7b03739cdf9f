"""Drives the real window and times what a hand feels: ``python tests/benchmarks/latency.py [megapixels or file ...]``.

One weight is changed, or the view moved, and the clock runs until both panes have been repainted with the new values. The
window starts as the program does, and runs offscreen unless QT_QPA_PLATFORM says otherwise. Medians and the worst of so
many are printed, in ms, and where the time of an edit goes: for the smallest and the largest kernel, and for a frame that
was too late.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from convgui import cli

if __name__ == "__main__":
    cli.begin()  # as the program does; processes that write photos need none of it

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QPointF, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from waterfall import Waterfall

from convgui.app import Program
from convgui.engine.strategies import jit
from convgui.garbage import Garbage

COUNT, WARM = 205, 5
WAIT = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
SIDES = (3, 7, 15, 31)
ZOOMS = {"fit": None, "1:1": 1.0, "8:1": 8.0, "48:1": 48.0}
GOAL_MEDIAN, GOAL_HOVERING, GOAL_WORST = 16.7, 8.0, 33.0


def photo(megapixels: int, folder: Path) -> Path:
    """Write a colour JPEG of that size, three by four."""
    rows = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    cols = rows * 4 // 3
    small = np.random.default_rng(0).integers(0, 256, (rows // 40, cols // 40, 3), np.uint8)
    path = folder / f"{megapixels}.jpg"
    Image.MAX_IMAGE_PIXELS = None
    Image.fromarray(small).resize((cols, rows), Image.Resampling.BICUBIC).save(path, quality=85)
    return path


def hover(pane, k: int) -> None:
    """Move the cursor to the k-th of some cells around the middle."""
    pane.hovered.emit(*pane.to_input(QPointF(40 + 53 * k % 300, pane.height() / 2 + k % 50)))


class Bench:
    """The program and a clock."""

    def __init__(self, program: Program, waterfall: Waterfall) -> None:
        self.waterfall = waterfall
        self.program, self.window = program, program.window
        self.painted = None
        self.repaints = 0
        original = type(self.window.pair.map).paintEvent

        def paint(pane, event):
            original(pane, event)
            self.repaints += 1
            if pane is self.window.pair.map:
                self.painted = pane.picture()

        type(self.window.pair.map).paintEvent = paint

    def rest(self) -> None:
        """Wait until nothing is under way."""
        QApplication.processEvents()
        while self.program.busy():
            time.sleep(0.01)
            QApplication.processEvents()

    def until_painted(self, act) -> float:
        """Act, and return how long it took until a new map was on the screen."""
        before = self.painted
        self.waterfall.lap()
        begun = time.perf_counter()
        act()
        while self.painted is before or self.painted is None:
            QApplication.processEvents(WAIT)  # sleeps as a program's own loop does: a spinning one starves the workers
        return (time.perf_counter() - begun) * 1e3

    def until_marked(self, act) -> float:
        """Act, and return how long it took until both panes showed their marks."""
        before, begun = self.repaints, time.perf_counter()
        act()
        while self.repaints < before + 2:
            QApplication.processEvents(WAIT)
        return (time.perf_counter() - begun) * 1e3

    def row(self, name: str, act, until=None) -> None:
        """Measure and print one row."""
        self.waterfall.forget()
        times = [(until or self.until_painted)(lambda k=k: act(k)) for k in range(COUNT)]
        median, worst = statistics.median(times[WARM:]), max(times[WARM:])
        goal = GOAL_MEDIAN if until is None else GOAL_HOVERING
        mark = "" if median <= goal and worst <= GOAL_WORST else "   over the goal"
        print(f"{name:44} {median:8.1f} {worst:8.1f}{mark}", flush=True)
        if worst > GOAL_WORST and until is None:
            print(f"    the slowest of them:\n{self.waterfall.table(times.index(worst))}\n    the median:", flush=True)


def main() -> int:
    """Print the table."""
    sizes = [int(word) if word.isdecimal() else Path(word).resolve() for word in sys.argv[1:]] or [12, 24, 100]
    qInstallMessageHandler(lambda kind, context, text: print(text) if kind != QtMsgType.QtWarningMsg else None)
    app = QApplication(["convgui"])
    jit.load()
    print(f"{'':44} {'median':>8} {'worst':>8}   (ms; goal {GOAL_MEDIAN} and {GOAL_WORST}, hovering {GOAL_HOVERING})")
    with tempfile.TemporaryDirectory() as home, Garbage() as garbage:
        waterfall = Waterfall()
        program = Program([], Path(home))
        program.window.resize(1440, 900)
        program.show()
        bench = Bench(program, waterfall)
        bench.rest()
        garbage.begin()
        for size in sizes:
            if isinstance(size, Path):
                path, name = size, size.name
            else:
                with ProcessPoolExecutor(1, get_context("spawn")) as apart:  # whose memory does not count
                    path, name = apart.submit(photo, size, Path(home)).result(), f"{size} MP"
            opened = bench.until_painted(lambda path=path: program.source.open_path(str(path)))
            print(f"{name + ', opened and painted':44} {opened:8.1f}", flush=True)
            bench.rest()
            for zoom, scale in ZOOMS.items():
                program.navigate.fit() if scale is None else program.navigate.scale_to(scale)
                for side in SIDES:
                    program.kernel.pick("sobel-x")
                    program.window.kernel_card.size_picked.emit(side, side)
                    bench.rest()
                    paint = program.window.kernel_card.grid.painted
                    bench.row(
                        f"{name}, {zoom}, {side} x {side}: a weight",
                        lambda k, paint=paint: paint.emit(0, k % 3, float(k % 7) - 3.3, 1000 + k),
                    )
                    if side in (SIDES[0], SIDES[-1]):
                        print(waterfall.table(), flush=True)
                    for pane in program.window.pair.panes if side in (3, 31) else ():
                        bench.row(
                            f"{name}, {zoom}, {side} x {side}: hovering the {pane.accessibleName().lower()}",
                            lambda k, pane=pane: hover(pane, k),
                            bench.until_marked,
                        )
                    program.probe.unpin()
                pan = program.window.pair.input.panned
                if scale is not None:
                    by = max(9.0, 1.5 * scale)  # over a cell at least, or there is nothing new to see
                    bench.row(
                        f"{name}, {zoom}, {side} x {side}: panning",
                        lambda k, pan=pan, by=by: pan.emit(by * (-1) ** k, 5.0),
                    )
            program.navigate.fit()
            program.kernel.pick("gaussian")
            bench.rest()
            change = program.window.kernel_card.parameters.changed
            bench.row(
                f"{name}, fit, Gaussian: sigma",
                lambda k, change=change: change.emit("sigma", 1.0 + (k % 20) / 20, 5000 + k),
            )
        print(f"peak resident {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
        program.window.close()
        app.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
