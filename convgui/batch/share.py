"""What a worker of a cluster takes of its machine."""

from __future__ import annotations

from contextlib import suppress

from convgui.engine.strategies import jit
from convgui.engine.strategies.costs import decide_as
from convgui.engine.strategies.tiles import cores, limit_threads


def take_share(kind: str) -> None:
    """Let this worker's computations use its share of the cores, and choose as that kind of processor does."""
    decide_as(kind)
    threads = 1
    with suppress(Exception):
        from distributed import get_worker

        threads = max(get_worker().state.nthreads, 1)
    limit_threads(max(cores() // threads, 1))
    jit.load()
