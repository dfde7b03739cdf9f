"""Times how long one waits: ``python tests/benchmarks/start.py``.

Each figure is the median of processes of their own, from their begin: importing the package, a small picture on the command
line, and the window with its first activation, with compiled code in the cache and on the very first start. Budgets in
seconds stand beside them; below are the modules that take longest to import.
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
from pathlib import Path
from PySide6.QtWidgets import QApplication
from convgui.app import Program
app = QApplication(["convgui"])
program = Program([], Path(sys.argv[1]))
program.show()
while program.window.pair.map.picture() is None:
    app.processEvents()
program.window.grab()
print(time.time(), flush=True)
os._exit(0)  # the compiler may be at work for some seconds more
"""


def seconds(command: list[str], **environment: str) -> float:
    """Return how long a process of its own takes, or the window in it until it prints the time."""
    begun = time.time()
    printed = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | environment).stdout
    return (float(printed) if command[-2:-1] == [WINDOW] else time.time()) - begun


def row(name: str, budget: float, run, runs: int = RUNS) -> None:
    """Print the median of some runs."""
    times = [run() for _ in range(runs)]
    median = statistics.median(times)
    print(f"{name:44} {median:6.2f} s   budget {budget:.2f}{'' if median <= budget else '   over it'}", flush=True)


def main() -> int:
    """Print the table."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    python = sys.executable
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 300, 3), np.uint8)).save(folder / "small.png")
        bare = statistics.median(seconds([python, "-c", ""]) for _ in range(RUNS))
        apply = [python, "-m", "convgui", "apply", str(folder / "small.png"), "--kernel", "sobel-x", "--out", str(folder)]
        cache = {"NUMBA_CACHE_DIR": str(folder / "cache")}
        subprocess.run([python, "-c", "from convgui.engine import jit; jit.load()"], check=True, env=os.environ | cache)
        row("import convgui, beyond Python's own start", 0.15, lambda: seconds([python, "-c", "import convgui"]) - bare)
        row("convgui apply, one small picture", 0.8, lambda: seconds([*apply, "--force"], **cache))
        window = [python, "-c", WINDOW, str(folder / "home")]
        row("window with its first activation, warm", 1.0, lambda: seconds(window, **cache))
        first = iter(range(100))
        row(
            *("window with its first activation, first start", 2.0),
            lambda: seconds(window, NUMBA_CACHE_DIR=str(folder / f"empty{next(first)}")),
            runs=3,
        )
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
