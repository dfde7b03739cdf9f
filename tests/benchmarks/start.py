"""Times how long one waits: ``python tests/benchmarks/start.py``.

Each figure is the median of processes of their own, from their begin: importing the package, pictures on the command line,
the window with its first activation, and compiled code; with that in the cache, and on the very first start, whose cache
folder is empty. Budgets in seconds stand beside them; below are the modules that take longest to import.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

RUNS = 5

WINDOW = """
import os, sys, time
from convgui import cli
cli.begin()
from pathlib import Path
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from convgui.app import Program
app = QApplication(["convgui"])
program = Program([], Path(sys.argv[1]))
program.show()
sleeping = QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
while program.window.pair.map.picture() is None:
    app.processEvents(sleeping)  # as a program's own loop does: a spinning one starves the workers
program.window.grab()
if sys.argv[2] == "compiled":
    from convgui.engine.strategies import jit
    while jit.ready() is None:
        app.processEvents()
print(time.time(), flush=True)
program.window.close()
"""

COMPILED = """
import time
import numpy, convgui
from convgui.engine.strategies import jit
jit.load()
convgui.conv2d(numpy.zeros((1000, 1000), numpy.float32), numpy.ones((3, 3)))
"""


def seconds(command: list[str], **environment: str) -> float:
    """Return how long a process of its own takes, or the window in it until it prints the time."""
    begun = time.time()
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | environment).stdout
    return (float(printed) if WINDOW in command else time.time()) - begun


def row(name: str, budget: float, run, runs: int = RUNS) -> None:
    """Print the median of some runs."""
    times = [run() for _ in range(runs)]
    median = statistics.median(times)
    print(f"{name:44} {median:6.2f} s   budget {budget:.2f}{'' if median <= budget else '   over it'}", flush=True)


def main() -> int:
    """Print the table."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a warm start has the bytecode of the start before
    python = sys.executable
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 300, 3), np.uint8)).save(folder / "small.png")
        bare = statistics.median(seconds([python, "-c", ""]) for _ in range(RUNS))
        photo = np.random.default_rng(0).normal(128, 9, (3000, 4000, 3)).clip(0, 255).astype(np.uint8)
        Image.fromarray(photo).save(folder / "photo.jpg")
        apply = [python, "-m", "convgui", "apply", "--kernel", "sobel-x", "--force", "--out", str(folder / "maps")]
        small, large = [*apply, str(folder / "small.png")], [*apply, str(folder / "photo.jpg")]
        window, compiled = [python, "-c", WINDOW, str(folder / "home")], [python, "-c", COMPILED]
        kept, number = {"CONVGUI_CACHE_DIR": str(folder / "cache")}, iter(range(100))

        def first(command: list[str]) -> float:
            return seconds(command, CONVGUI_CACHE_DIR=str(folder / f"empty{next(number)}"))

        for command in (compiled, [*window, "shown"]):
            subprocess.run(command, check=True, capture_output=True, env=os.environ | kept)
        row("import convgui, beyond Python's own start", 0.15, lambda: seconds([python, "-c", "import convgui"]) - bare)
        row("a compiled kernel in Python", 1.0, lambda: seconds(compiled, **kept))
        row("convgui apply, one small picture", 0.8, lambda: seconds(small, **kept))
        row("convgui apply, a photo of 12 MP", 3.0, lambda: seconds(large, **kept))
        row("window with its first activation", 1.0, lambda: seconds([*window, "shown"], **kept))
        print("on the very first start, with an empty cache:")
        row("a compiled kernel in Python", 5.0, lambda: first(compiled), runs=3)
        row("convgui apply, a photo of 12 MP", 8.0, lambda: first(large), runs=3)
        row("window with its first activation", 2.0, lambda: first([*window, "shown"]), runs=3)
        row("window served by compiled code", 15.0, lambda: first([*window, "compiled"]), runs=3)
    timed = subprocess.run(
        [python, "-X", "importtime", "-c", "import convgui.app"], capture_output=True, text=True, check=True
    )
    found = re.findall(r"import time:\s+(\d+) \|\s+(\d+) \|\s+(\S+)", timed.stderr)
    print("the longest imports of the window, by themselves:")
    for own, _, module in sorted(found, key=lambda line: -int(line[0]))[:8]:
        print(f"{module:44} {int(own) / 1e6:6.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
