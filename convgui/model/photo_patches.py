"""Patches of the photo: what lies in a rectangle, and some of its surroundings where that is very small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.looking.colours import picture
from convgui.engine.looking.excites import excites, field_box
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window, never
from convgui.model.colouring import stored_range
from convgui.model.levels import coarsest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.model.requests import Token
    from convgui.model.state import State

    Box = tuple[int, int, int, int]

SIDE = 176
"""Pixels of the longer side of a patch: twice what it measures on the screen."""

LEAST = 24
"""Pixels of the photo that are shown at least, so that one sees where a field of 3 x 3 lies."""


class Patch(NamedTuple):
    """A place of a map, its value, what the photo has there, and where the field lies in that, as parts from 0 to 1."""

    path: str
    row: int
    col: int
    value: float
    colours: NDArray[np.uint8]
    frame: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class PatchesRequest:
    """Find the places of the photo that excite the shown map of a document most."""

    state: State
    count: int

    def __call__(self, token: Token) -> list[Patch]:
        """Find them."""
        return patches(self.state, self.count, token.cancelled, token.progress)


def patches(
    state: State, count: int, cancelled: Callable[[], bool] = never, progress: Callable[[float], None] | None = None
) -> list[Patch]:
    """Return the strongest places of the shown map, with pictures; none where there is no map."""
    if state.why:
        return []
    chain, n, map = state.chain, state.looked + 1, state.map
    found = excites(chain, n, map, count, cancelled, progress)
    return [
        Patch(state.source.path, one.row, one.col, one.value, *photo_patch(state.source, field_box(chain, n, map, *one[:2])))
        for one in found
    ]


def photo_patch(source: Source, box: Box) -> tuple[NDArray[np.uint8], tuple[float, float, float, float]]:
    """Return the colours of a rectangle of the photo (top, left, rows, columns), and where it lies in what is shown.

    >>> colours, frame = photo_patch(Source(np.zeros((9, 60), np.uint8)), (3, 0, 3, 3))
    >>> colours.shape, [round(part, 3) for part in frame]
    ((9, 24, 3), [0.0, 0.333, 0.125, 0.333])
    """
    top, left, high, wide = box
    first, rows = _grown(top, high, source.rows)
    begin, cols = _grown(left, wide, source.cols)
    step = max(-(-max(rows, cols) // SIDE), 1)
    cells = source.at(np.arange(first, first + rows, step), np.arange(begin, begin + cols, step))
    if source.sequence:
        cells = np.moveaxis(cells, 2, 0)
    part = Source(cells, scale=source.scale, sequence=False)
    colours = picture(part, Window(0, 0, part.rows, part.cols), 1, *ends_of(source))
    across = (left - begin) / max(cols, 1), wide / max(cols, 1)
    down = (0.0, 1.0) if source.sequence else ((top - first) / max(rows, 1), high / max(rows, 1))
    return colours, (across[0], down[0], across[1], down[1])


def ends_of(source: Source) -> tuple[float, float]:
    """Return the stored numbers that are black and white in pictures of a photo."""
    if source.dtype.kind == "u":
        return 0.0, float(np.iinfo(source.dtype.name).max)
    return stored_range(coarsest(source))


def _grown(start: int, length: int, size: int) -> tuple[int, int]:
    """Return a stretch that is no shorter than `LEAST` and lies inside."""
    whole = min(max(length, LEAST), size)
    return min(max(start - (whole - length) // 2, 0), size - whole), whole
