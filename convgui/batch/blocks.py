"""A picture that is larger than memory on a cluster: blocks of its maps are made by whichever worker is free, by dask.array.

Each block reads the cells that it needs, with those around it, from the file itself, and writes its chunks of a zarr array,
which no other block writes; so the bits are those of one machine.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.batch.job import NONE, Outcome, entry_of, prepared
from convgui.batch.said import about, rows_of
from convgui.batch.share import take_share
from convgui.engine.looking.many import TOPK
from convgui.engine.looking.measures import Measuring
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Cancelled, Window, never
from convgui.io.errors import FileError
from convgui.io.export.streamed import chunk_side, new_zarr, put, replacing_folder, windows
from convgui.io.recipe import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from convgui.batch.job import Job, Task
    from convgui.batch.made import Made

LOOK = 0.05
"""Seconds between two looks whether it is still wanted."""


def apply_on(client: Any, job: Job, task: Task, cancelled: Callable[[], bool] = never) -> Outcome:
    """Do a job to a picture that is larger than memory, block by block.

    Raises
    ------
    Cancelled
        If nobody wants it any more; nothing is left of it then.
    FileError
        If another format than zarr is asked for, or a block fails.
    """
    recipe, made, paths = prepared(job, task)
    chain = made.chain
    if made.way in ("select_max", TOPK):
        raise FileError(
            f"{chain.source.name}: is larger than memory, and which of its maps is strongest is asked of all of it; "
            f"expected another --as on a cluster, received {made.way}."
        )
    if job.format == NONE:
        measured = _work_off(client, made, None, job.threshold, cancelled)
        return Outcome(task, entry_of(job, task, [], _rows(job, made, measured)))
    if job.format != "zarr":
        raise FileError(
            f"{chain.source.name}: is larger than memory, and on a cluster its map is written as zarr; expected --format "
            f"zarr, received {job.format}."
        )
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(paths[0]) as folder:
        new_zarr(folder, made.shape, about(made, text_of(recipe.made_on(chain.source))))
        measured = _work_off(client, made, folder.absolute(), job.threshold, cancelled)
    return Outcome(task, entry_of(job, task, paths, _rows(job, made, measured)))


def _work_off(
    client: Any, made: Made, folder: Path | None, threshold: float | None, cancelled: Callable[[], bool]
) -> list[list[Measuring]]:
    """Make all blocks, and return what was measured of the maps of each, in reading order."""
    from dask import array, delayed  # type: ignore[attr-defined]
    from distributed import as_completed

    together: Any = array.map_blocks
    done: Any = as_completed
    maps, rows, cols = made.shape
    side = chunk_side(maps)
    chunks, none = ((maps,), _sides(rows, side), _sides(cols, side)), np.empty((0, 0, 0), np.float32)
    values = together(_values, made=delayed(made, pure=False), kind=jit.kind(), chunks=chunks, dtype=np.float32, meta=none)
    write = delayed(_write, pure=False)
    blocks, places = values.to_delayed().ravel(), windows(rows, cols, side)
    parts = [write(block, window, folder, threshold, cols) for block, window in zip(blocks, places, strict=True)]
    futures = client.compute(parts)
    places_of = {future.key: number for number, future in enumerate(futures)}
    found: list[list[Measuring]] = [[] for _ in futures]
    finished = done(futures)
    for _ in futures:
        while not finished.has_ready():
            if cancelled():
                client.cancel(futures)
                raise Cancelled
            time.sleep(LOOK)
        future = next(finished)
        found[places_of[future.key]] = future.result()
    return found


def _sides(count: int, side: int) -> tuple[int, ...]:
    return tuple(min(side, count - start) for start in range(0, count, side))


def _rows(job: Job, made: Made, measured: list[list[Measuring]]) -> tuple[dict[str, Any], ...]:
    """Return a row for each map."""
    if job.threshold is None:
        return ()
    whole = [Measuring(job.threshold, made.shape.cols) for _ in made.names]
    for block in measured:
        for map, part in zip(whole, block, strict=True):
            map.join(part)
    return rows_of(made.names, (one.found() for one in whole))


# on the workers


def _values(made: Made, kind: str, block_info: Any = None) -> NDArray[np.float32]:
    """Return the values of a block, all maps of it."""
    take_share(kind)
    _, (top, bottom), (left, right) = block_info[None]["array-location"]
    return made.values(Window(top, left, bottom - top, right - left))


def _write(
    values: NDArray[np.float32], window: Window, folder: Path | None, threshold: float | None, cols: int
) -> list[Measuring]:
    """Write a block to the zarr array in a folder, if there is one, and measure it."""
    if folder is not None:
        import zarr

        put(zarr.open(str(folder), mode="r+"), Window(*window), values)
    if threshold is None:
        return []
    found = []
    for part in values:
        measuring = Measuring(threshold, cols)
        measuring.add(part, window[0], window[1])
        found.append(measuring)
    return found
