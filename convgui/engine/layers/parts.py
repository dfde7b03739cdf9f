"""Filling in parts: where outputs need very much, or read little of what lies between them, it is pulled bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Bound, Maps, Needs

MOST_PULLED = 1 << 22
"""Values that are pulled at a time: 16 MB."""

SPARSE = 4
"""How many times as many rows must lie under the outputs as they read, so that each is pulled by itself."""


def fill_in_parts(
    bound: Bound, pull: Callable[[Needs], Block], maps: Maps, rows: range, cols: range, out: NDArray[np.float32]
) -> None:
    """Compute outputs, halving them until each half needs little enough; rows that are far apart one by one.

    An output cell that needs too much by itself is computed all the same.
    """
    needs = bound.needs(maps, rows, cols)
    if len(rows) > 1 and len(needs.rows) > SPARSE * len(rows) * len(bound.needs(maps, rows[:1], cols).rows):
        parts = [slice(i, i + 1) for i in range(len(rows))]
        halves = [(part, slice(None)) for part in parts]
    elif len(needs.maps) * len(needs.rows) * len(needs.cols) <= MOST_PULLED or len(rows) * len(cols) <= 1:
        bound.compute(pull(needs), maps, rows, cols, out)
        return
    elif len(rows) > 1:
        middle = len(rows) // 2
        halves = [(slice(0, middle), slice(None)), (slice(middle, None), slice(None))]
    else:
        middle = len(cols) // 2
        halves = [(slice(None), slice(0, middle)), (slice(None), slice(middle, None))]
    for down, across in halves:
        fill_in_parts(bound, pull, maps, rows[down], cols[across], out[:, down, across])
