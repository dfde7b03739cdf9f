"""Cuts a window of a chain's output into tiles: large enough for little to be made twice, small enough for the caches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.conv import BoundConv
from convgui.engine.strategies.tiles import grid_of_tiles, threads

if TYPE_CHECKING:
    from convgui.engine.layers.base import Bound, Maps
    from convgui.engine.strategies.tiles import Tile

HEIGHTS, WIDTHS = (8, 16, 64, 128), (256, 512, 2048)
"""Rows and columns of a tile, among which the cheapest are chosen."""

NEAR, FAR = 1 << 18, 1 << 23
"""Floats between two layers that stay in the caches, and those that may be there at all, for a tile."""

CALL, BEGIN = 2_000_000, 16_000_000
"""Multiplications that take as long as the hand-over from layer to layer, and to find what a tile reads of the source."""

SPILLED = 24
"""Multiplications that take as long as what does not stay in the caches between two layers, for each value."""

VALUE = 8
"""Multiplications that take as long as reading and writing a value."""


class Extent(NamedTuple):
    """What a tile asks of one stage: cells that are made, and multiplications for each."""

    cells: int
    products: int


def extents(stages: list[Bound], maps: Maps, rows: range, cols: range) -> list[Extent]:
    """Return what outputs rows x cols of the last stage ask of each stage, the last one first, that of the planes last."""
    found = []
    for bound in reversed(stages):
        products = int(np.prod(bound.weights.shape[1:])) if isinstance(bound, BoundConv) else 1
        found.append(Extent(len(maps) * len(rows) * len(cols), products))
        if bound.entire:  # it is there, or will be made once for all tiles
            break
        maps, rows, cols = bound.needs(maps, rows, cols)
    found.append(Extent(len(maps) * len(rows) * len(cols), 1))
    return found


def cost(stages: list[Bound], maps: Maps, rows: range, cols: range) -> float:
    """Return what outputs rows x cols of the last stage cost, in multiplications; the ranges may have a step."""
    whole = sum(extent.cells * (extent.products + VALUE) for extent in extents(stages, maps, rows, cols)[:-1])
    if rows.step == 1 or len(rows) < 2:
        return float(whole)
    return min(float(whole), len(rows) * cost(stages, maps, rows[len(rows) // 2 :][:1], cols))  # row by row


def cut_chain(
    stages: list[Bound], maps: Maps, rows: range, cols: range, multiple: int = 1, *, copied: bool = False
) -> list[Tile]:
    """Cut outputs rows x cols into tiles, those near the middle first; they begin at multiples of a number.

    `copied` says whether what the first stage reads is brought together for each tile as well.
    """
    height, width = _best(stages, maps, rows, cols, copied=copied)
    height, width = _even(len(rows), height), _even(len(cols), width)
    height, width = (-(-side // multiple) * multiple for side in (height, width))
    return grid_of_tiles(range(len(rows)), range(len(cols)), height, width)


def _even(count: int, most: int) -> int:
    """Return the side of tiles that are as many as those of `most` cells, and all alike.

    >>> _even(28, 16)
    14
    """
    return -(-count // -(-count // most))


def _best(stages: list[Bound], maps: Maps, rows: range, cols: range, *, copied: bool) -> tuple[int, int]:
    """Return the height and width of tiles that cost least."""
    heights = [height for height in HEIGHTS if height < len(rows)] + [min(len(rows), HEIGHTS[-1])]
    heights = [1, *heights] if rows.step > 1 else heights  # what lies between sampled rows need not be made
    widths = [width for width in WIDTHS if width < len(cols)] + [min(len(cols), WIDTHS[-1])]
    sizes = [(height, width) for height in heights for width in widths]
    return min(sizes, key=lambda size: _cost(stages, maps, rows, cols, size, copied=copied))


def _cost(stages: list[Bound], maps: Maps, rows: range, cols: range, size: tuple[int, int], *, copied: bool) -> float:
    """Return what the whole window costs, in multiplications, in tiles of that size."""
    height, width = min(size[0], len(rows)), min(size[1], len(cols))
    middle = (len(rows) - height) // 2, (len(cols) - width) // 2  # a tile inside reads more than one at the edge
    found = extents(stages, maps, rows[middle[0] :][:height], cols[middle[1] :][:width])
    work: float = sum(extent.cells * (extent.products + VALUE) for extent in found)
    between = sum(extent.cells for extent in (found[1:] if copied else found[1:-1]))
    if between > FAR:
        work *= between / FAR * 4
    elif between > NEAR:
        work += SPILLED * (between - NEAR)
    tiles = -(-len(rows) // height) * -(-len(cols) // width)
    rounds = -(-tiles // threads()) * threads()  # the last round keeps all threads waiting
    return rounds * (work + CALL * len(stages) + (0 if copied else BEGIN))
