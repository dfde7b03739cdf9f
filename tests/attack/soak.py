"""A long session by hand: thousands of edits and some hundred openings in one window, and what memory that takes.

Run it with ``python tests/attack/soak.py --edits 10000 --openings 200``; it prints the resident memory as it goes, and ends
with the growth from the first quarter to the end.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from convgui.app import Program
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.border import BORDERS
from convgui.garbage import Garbage
from convgui.model.chains import set_function


def resident() -> float:
    """Return the resident memory in MB."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def pictures(folder: Path, rng: np.random.Generator) -> list[str]:
    """Write pictures of several sizes and kinds."""
    paths = []
    for number, (rows, cols) in enumerate([(800, 1200), (1200, 800), (1500, 2000), (300, 400), (1000, 1000), (64, 64)]):
        shape = (rows, cols) if number % 2 else (rows, cols, 3)
        path = folder / f"picture-{number}.{'png' if number % 3 else 'tif'}"
        Image.fromarray(rng.integers(0, 256, shape, np.uint8)).save(path)
        paths.append(str(path))
    return paths


class Soak:
    """A window, and somebody who never rests."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.app = QApplication.instance() or QApplication([])
        self.random = random.Random(seed)
        self.paths = pictures(folder, np.random.default_rng(seed))
        self.program = Program([], folder / "home")
        self.window = self.program.window
        self.window.resize(1440, 900)
        self.program.show()
        self.stroke = 0
        self.settle()

    def settle(self) -> None:
        """Wait until all is quiet."""
        while True:
            self.turn()
            if not self.program.busy():
                return
            time.sleep(0.002)

    def edit(self) -> None:
        """Change something, as a user would."""
        state, kernel = self.program.session.state, self.program.kernel
        rows, cols = state.kernel.size
        choice = self.random.randrange(10)
        if choice < 4:
            self.stroke += 1
            value = self.random.uniform(-2, 2)
            self.window.kernel_card.grid.painted.emit(
                self.random.randrange(rows), self.random.randrange(cols), value, self.stroke
            )
        elif choice == 4:
            kernel.pick(self.random.choice(catalog.kernel_names()))
        elif choice == 5:
            border, activation = self.random.choice(BORDERS), self.random.choice(ACTIVATIONS)
            self.program.session.replace("operation", set_function(state.with_conv(border=border), activation))
        elif choice == 6:
            self.program.navigate.scale_to(self.random.choice((0.1, 0.5, 1, 4, 20)))
        elif choice == 7:
            self.window.actions_by_id[self.random.choice(("undo", "redo"))].trigger()
        else:
            pane = self.window.pair.map
            QTest.mouseMove(pane, QPoint(self.random.randrange(pane.width()), self.random.randrange(pane.height())))
        self.turn()

    def turn(self) -> None:
        """Do what an event loop does in one turn; what is to be deleted later is deleted by its end."""
        self.app.processEvents()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def open(self, number: int) -> None:
        """Open one of the pictures."""
        self.program.source.open_path(self.paths[number % len(self.paths)])
        self.settle()


def main() -> int:
    """Run it, and return 1 if the memory grew by more than a tenth after the first quarter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--openings", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    collections = []
    gc.callbacks.append(lambda phase, info: collections.append(1) if phase == "stop" and info["generation"] == 2 else None)
    with tempfile.TemporaryDirectory() as folder, Garbage() as garbage:
        soak = Soak(Path(folder), options.seed)
        garbage.begin()
        curve, part = [], max(options.edits // 40, 1)
        every = max(options.edits // max(options.openings, 1), 1)
        begun = time.monotonic()
        for number in range(options.edits):
            if options.openings and number % every == 0:
                soak.open(number // every)
            soak.edit()
            if (number + 1) % part == 0:
                soak.settle()
                curve.append(resident())
                said = f"{number + 1:6} edits  {curve[-1]:6.0f} MB  {time.monotonic() - begun:5.0f} s"
                sys.stdout.write(f"{said}  {len(collections)} full collections\n")
                sys.stdout.flush()
        soak.window.close()
    quarter = max(curve[: len(curve) // 4])
    last = max(curve[-len(curve) // 4 :])
    sys.stdout.write(f"most in the first quarter {quarter:.0f} MB, in the last {last:.0f} MB\n")
    return int(last > 1.1 * quarter)


if __name__ == "__main__":
    sys.exit(main())
