"""What excites a filter: the places of a map with the largest values, so far apart that their fields do not overlap."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.looking.fields import receptive_field
from convgui.engine.network import evaluate
from convgui.engine.strategies.tiles import Window, never

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.network import Chain

MOST = 60_000_000
"""Cells of a map that are looked at together; a larger one is looked at in bands of rows."""


class Strong(NamedTuple):
    """A place of a map, and its value."""

    row: int
    col: int
    value: float


def strongest(values: NDArray[np.floating], count: int, apart: tuple[int, int] = (1, 1)) -> list[Strong]:
    """Return the places of the largest values, largest first, each at least so many rows or columns from the others.

    What is no number is passed over; what has the least value of the map excites nothing and is left out.

    Examples
    --------
    >>> strongest(np.array([[5.0, 4.0, 0.0, 1.0, 3.0]]), 2, (1, 2))
    [Strong(row=0, col=0, value=5.0), Strong(row=0, col=4, value=3.0)]
    """
    left = np.where(np.isnan(values), -np.inf, values)
    least = float(left.min(initial=np.inf))
    found: list[Strong] = []
    while len(found) < count and left.size:
        row, col = (int(at) for at in np.unravel_index(int(left.argmax()), left.shape))
        value = float(left[row, col])
        if not value > least:
            break
        found.append(Strong(row, col, value))
        left[max(row - apart[0] + 1, 0) : row + apart[0], max(col - apart[1] + 1, 0) : col + apart[1]] = -np.inf
    return found


def merged(parts: Sequence[Strong], count: int, apart: tuple[int, int]) -> list[Strong]:
    """Return the strongest of places that were found in several parts of a map.

    >>> merged([Strong(0, 0, 1.0), Strong(1, 0, 2.0)], 5, (2, 2))
    [Strong(row=1, col=0, value=2.0)]
    """
    found: list[Strong] = []
    for one in sorted(parts, key=lambda place: -place.value):
        if all(abs(one.row - it.row) >= apart[0] or abs(one.col - it.col) >= apart[1] for it in found):
            found.append(one)
    return found[:count]


def field_box(chain: Chain, n: int, map: int, row: int, col: int) -> tuple[int, int, int, int]:
    """Return the rectangle around the receptive field of a cell: top, left, rows and columns of the source."""
    field = receptive_field(chain, n, map, row, col)
    if not field.rows.size or not field.cols.size:
        return 0, 0, 0, 0
    top, left = int(field.rows[0]), int(field.cols[0])
    return top, left, int(field.rows[-1]) + 1 - top, int(field.cols[-1]) + 1 - left


def spacing(chain: Chain, n: int, map: int) -> tuple[int, int]:
    """Return how many rows and columns of layer n lie between cells whose fields do not overlap."""
    _, rows, cols = chain.shape(n)
    _, _, high, wide = field_box(chain, n, map, rows // 2, cols // 2)
    down, across = (float(place.pitch) for place in chain.place(n))
    return max(ceil(high / down - 1e-9), 1), max(ceil(wide / across - 1e-9), 1)


def excites(
    chain: Chain,
    n: int,
    map: int,
    count: int = 12,
    cancelled: Callable[[], bool] = never,
    progress: Callable[[float], None] | None = None,
) -> list[Strong]:
    """Return where a map of layer n has its largest values, places whose receptive fields do not overlap.

    A map of more than `MOST` cells is looked at in bands of rows, of each of which the strongest places are compared.

    Raises
    ------
    ValueError
        If there is no such layer, or one up to it does not fit.
    Cancelled
        If it was cancelled.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> steps = Source(np.array([[0, 1, 1, 0, 0, 3, 0]], np.float32))
    >>> excites(Chain(steps, layers=(Conv(Kernel([[1, 1]])),)), 1, 0, 2)
    [Strong(row=0, col=4, value=3.0), Strong(row=0, col=1, value=2.0)]
    """
    _, rows, cols = chain.shape(n)
    apart = spacing(chain, n, map)
    high = max(MOST // max(cols, 1), 1)
    found: list[Strong] = []
    for top in range(0, rows, high):
        window = Window(top, 0, min(high, rows - top), cols)
        values = evaluate(chain, window, upto=n, maps=map, cancelled=cancelled)[0]
        found += [one._replace(row=one.row + top) for one in strongest(values, count, apart)]
        if progress is not None:
            progress(min(top + high, rows) / rows)
    return merged(found, count, apart)
