"""Layers whose output cells lie on their input cells: what all of these have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Bound, Needs, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Layer, Maps, Shape

PIECE = 16384
"""Values that are computed at a time: with what is made of them in between they stay in the cache of one core."""


class InPlace(Bound):
    """A bound layer whose output has the shape of its input, each cell made of what is at its own place."""

    def __init__(self, layer: Layer, shape: Shape) -> None:
        self.layer = layer
        self.input = self.output = shape
        self.rows = self.cols = Place()

    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return the cells themselves; see `Bound.needs`."""
        return Needs(maps, hull(rows), hull(cols))

    def reads(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cell itself; see `Bound.reads`."""
        return np.array([row]), np.array([col])

    def readers(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cell itself; see `Bound.readers`."""
        return np.array([row]), np.array([col])

    def readers_maps(self, map: int) -> Maps:
        """Return the map itself; see `Bound.readers_maps`."""
        return np.array([map])


def hull(cells: range) -> range:
    """Return the stretch from the first to the last of some cells.

    >>> hull(range(2, 9, 3))
    range(2, 9)
    """
    return range(cells[0], cells[-1] + 1) if cells else range(0)


def chosen(block: Block, needs: Needs, rows: range, cols: range) -> NDArray[np.float32]:
    """Return the cells of a block at rows x cols, which may have a step."""
    return block.part(needs)[:, :: rows.step, :: cols.step]


def pieces(x: NDArray[np.float32], out: NDArray[np.float32]) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Cut two arrays of planes into the same pieces, views of them, of about `PIECE` values."""
    if x.flags.c_contiguous and out.flags.c_contiguous:
        x, out, lines = x.reshape(1, -1), out.reshape(1, -1), PIECE
    else:
        lines = max(PIECE // max(x.shape[2], 1), 1)
    for plane, target in zip(x, out, strict=True):
        for top in range(0, len(plane), lines):
            yield plane[top : top + lines], target[top : top + lines]
