"""Waiting: the one limit after which a test gives something up that should have happened, far above what it ever takes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HANGS = 300
"""Seconds: only what hangs takes so long, on a machine that is busy with ten other things as well."""


def wait_for(condition: Callable[[], object], meanwhile: Callable[[], object], *, what: str = "it did not happen") -> None:
    """Call `meanwhile` again and again until the condition holds."""
    end = time.monotonic() + HANGS
    while not condition():
        assert time.monotonic() < end, what
        meanwhile()
        time.sleep(0.002)
