"""How far a cell of a layer sees on the source, and how far a pixel reaches through the layers: composed layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.distinct import distinct
from convgui.engine.layers.conv import BoundConv

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Bound, Maps
    from convgui.engine.network import Chain

    Positions = NDArray[np.int64]


class Cells(NamedTuple):
    """Cells of a layer: each of the maps, each of the rows with each of the columns, all ascending."""

    maps: Maps
    rows: Positions
    cols: Positions


def receptive_field(chain: Chain, n: int, map: int, row: int, col: int) -> Cells:
    """Return the cells of the source that can change a cell of layer n; its maps are the channels of the source.

    Raises
    ------
    IndexError
        If there is no such cell.
    ValueError
        If there is no such layer, or one up to it does not fit.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> blur = Conv(Kernel(np.ones((3, 3))))
    >>> field = receptive_field(Chain(Source(np.zeros((9, 9))), layers=(blur, blur)), 2, 0, 4, 4)
    >>> field.rows.tolist()
    [2, 3, 4, 5, 6]
    """
    shape = chain.shape(n)
    if not (0 <= map < shape.maps and 0 <= row < shape.rows and 0 <= col < shape.cols):
        raise IndexError(
            f"Expected a cell of {shape.maps} maps of {shape.rows} × {shape.cols}, received map {map}, {row}, {col}."
        )
    found = fields(chain, n, map, row, col)[0]
    channels = np.flatnonzero((chain.planes.mixes[found.maps] != 0).any(axis=0))
    return Cells(channels, found.rows, found.cols)


def fields(chain: Chain, n: int, map: int, row: int, col: int) -> list[Cells]:
    """Return what can change a cell of layer n at each stage of the chain: the cells of the planes first, itself last."""
    found = [Cells(np.array([map]), np.array([row]), np.array([col]))]
    for bound in reversed(chain.stages(n)):
        maps, rows, cols = found[-1]
        one = range(1)
        found.append(Cells(bound.needs(maps, one, one).maps, *_read(bound, rows, cols)))
    return found[::-1]


def _read(bound: Bound, rows: Positions, cols: Positions) -> tuple[Positions, Positions]:
    """Return the rows and columns of the input that any of some output cells reads."""
    if isinstance(bound, BoundConv):
        return bound.reads_of_all(rows, cols)
    none = [np.zeros(0, np.int64)]
    down = distinct(np.concatenate([bound.reads(at, 0)[0] for at in rows.tolist()] or none))
    across = distinct(np.concatenate([bound.reads(0, at)[1] for at in cols.tolist()] or none))
    return down, across


def readers(chain: Chain, n: int, channel: int, row: int, col: int) -> Cells:
    """Return the cells of layer n that a pixel of the source can change.

    Raises
    ------
    IndexError
        If there is no such pixel.
    ValueError
        If there is no such layer, or one up to it does not fit.

    Examples
    --------
    >>> from convgui.engine.layers.pool import Pool
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> chain = Chain(Source(np.zeros((8, 8))), layers=(Pool("max"), Pool("max")))
    >>> found = readers(chain, 2, 0, 7, 2)
    >>> found.rows.tolist(), found.cols.tolist()
    ([1], [0])
    """
    source = chain.source
    if not (0 <= channel < source.channels and 0 <= row < source.rows and 0 <= col < source.cols):
        raise IndexError(
            f"Expected a pixel of {source.rows} × {source.cols} and {source.channels} channels, "
            f"received channel {channel}, {row}, {col}."
        )
    chain.check(n)
    maps = np.flatnonzero(chain.planes.mixes[:, channel] != 0)
    found = Cells(maps, np.array([row]), np.array([col]))
    for bound in chain.stages(n):
        if not all(part.size for part in found):
            break
        found = Cells(
            distinct(np.concatenate([bound.readers_maps(at) for at in found.maps.tolist()])),
            distinct(np.concatenate([bound.readers(at, 0)[0] for at in found.rows.tolist()])),
            distinct(np.concatenate([bound.readers(0, at)[1] for at in found.cols.tolist()])),
        )
    return found
