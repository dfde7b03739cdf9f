"""The GUI thread: whether it does anything that takes long for a large picture, found by what it calls, not by the clock."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

SLOW = (
    "PIL.",
    "tifffile",
    "imagecodecs",
    "convgui.engine.strategies.tiles.run",
    "convgui.engine.strategies.prepared.whole",
    "convgui.engine.network.evaluate.evaluate",
    "convgui.engine.network.evaluate.pull",
)
"""Functions that decode files or compute maps, by how their names begin; to choose how a map is computed is none."""

LARGE = 1_000_000
"""Numbers of an array that is no longer gone through within a frame."""

DISK = {open, os.stat, os.lstat, os.access, os.listdir, os.scandir, os.mkdir, os.replace, os.open}
"""Functions that look at the disk."""

VIEWS = {"reshape", "transpose", "view", "squeeze", "swapaxes", "setflags", "item"}
"""Methods of arrays that touch none of the numbers."""


@contextmanager
def slow_calls() -> Iterator[set[str]]:
    """Collect what this thread calls meanwhile that reads files, computes maps or goes through a large array."""
    found: set[str] = set()

    def look(frame, event, function):
        if event == "call":
            module, name = frame.f_globals.get("__name__", ""), frame.f_code.co_name
            if f"{module}.{name}".startswith(SLOW) or (
                module.startswith("numpy") and any(map(_large, frame.f_locals.values()))
            ):
                found.add(f"{module}.{name}")
        elif event == "c_call" and function in DISK:
            found.add(function.__name__)
        elif event == "c_call" and _large(getattr(function, "__self__", None)) and function.__name__ not in VIEWS:
            found.add(f"a large array's {function.__name__}")

    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)


def _large(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.size >= LARGE
