"""A job on a picture that is larger than memory: its maps are written and measured piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.batch.said import rows_of
from convgui.engine.looking.measures import Measuring
from convgui.engine.strategies.tiles import never
from convgui.io.errors import FileError
from convgui.io.export.streamed import ENDINGS, chunk_side, windows, write_streamed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from convgui.batch.made import Made
    from convgui.engine.strategies.tiles import Window


def check_format(made: Made, extension: str) -> None:
    """Refuse a format that cannot be written piece by piece.

    Raises
    ------
    FileError
    """
    if extension not in ENDINGS:
        _, rows, cols = made.shape
        formats = ", ".join(ending[1:] for ending in ENDINGS)
        raise FileError(
            f"{made.chain.source.name}: its map of {cols:,} × {rows:,} is larger than memory; expected --format {formats}, "
            f"received {extension[1:]}."
        )


def write_maps(
    made: Made,
    path: Path | None,
    said: dict[str, str],
    threshold: float | None,
    cancelled: Callable[[], bool] = never,
) -> tuple[dict[str, Any], ...]:
    """Write the maps that a job makes, unless there is no path, and measure them, if there is a threshold.

    Returns
    -------
    tuple of dict
        A row of measures for each map.

    Raises
    ------
    FileError
        If they cannot be written.
    Cancelled
        If it is no longer wanted.
    """
    shape = made.shape
    measuring = None if threshold is None else [Measuring(threshold, shape.cols) for _ in range(shape.maps)]

    def values(maps: Sequence[int], window: Window) -> NDArray[np.float32]:
        found = made.values(window, maps, cancelled)
        if measuring is not None:
            for map, part in zip(maps, found, strict=True):
                measuring[map].add(part, window.top, window.left)
        return found

    if path is not None:
        write_streamed(path, shape, values, said, cancelled)
    else:
        for window in windows(shape.rows, shape.cols, chunk_side(shape.maps)):
            values(range(shape.maps), window)
    if measuring is None:
        return ()
    return rows_of(made.names, (one.found() for one in measuring))
