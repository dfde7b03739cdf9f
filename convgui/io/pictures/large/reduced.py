"""Smaller copies of a picture that its file does not have: made of what is looked at, where it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.large import Coarser, Large
from convgui.engine.looking.colours import block_means
from convgui.engine.strategies.tiles import never
from convgui.io.pictures.large.chunks import Chunks
from convgui.io.pictures.large.plain import OnWhite, Plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from convgui.engine.large import Store

FACTOR = 4
"""Cells along each axis that become one."""

SMALL = 2048
"""Rows and columns of the smallest copy, at most."""

SIDE = 512
"""Rows and columns of a chunk."""


class Reduced(Chunks):
    """The means of blocks of another store's cells."""

    def __init__(self, store: Store) -> None:
        rows, cols, channels = store.shape
        self.store, self.dtype, self.chunk = store, store.dtype, (SIDE, SIDE)
        self.shape = -(-rows // FACTOR), -(-cols // FACTOR), channels

    def load(self, row: int, col: int, cancelled: Callable[[], bool] = never) -> NDArray[np.generic]:
        """Return the means of a chunk; where all cells have one value, of one of them."""
        here = self.cells(row, col)
        rows, cols = (self._below(part, axis) for axis, part in enumerate(here))
        if self.is_blank(*here):
            one = np.empty((1, 1, self.shape[2]), self.dtype)
            self.store.read(rows[:1], cols[:1], one)
            return np.broadcast_to(one, (-(-len(rows) // FACTOR), -(-len(cols) // FACTOR), self.shape[2]))
        cells = np.empty((len(rows), len(cols), self.shape[2]), self.dtype)
        self.store.read(rows, cols, cells, cancelled)
        means = block_means(cells, FACTOR)
        return means if means.dtype == self.dtype else _stored(means, self.dtype)

    def is_blank(self, rows: range, cols: range) -> bool:
        """Whether it is known without reading that all of these cells have one value."""
        known = getattr(self.store, "is_blank", None)
        return known is not None and bool(known(self._below(rows, 0), self._below(cols, 1)))

    def _below(self, cells: range, axis: int) -> range:
        return range(cells.start * FACTOR, min(cells.stop * FACTOR, self.store.shape[axis]))


def _stored(means: NDArray[np.generic], dtype: np.dtype) -> NDArray[np.generic]:
    with np.errstate(over="ignore", invalid="ignore"):
        return (np.rint(means) if dtype.kind == "u" else means).astype(dtype)


class Sampled:
    """Every so many-th cell of an array that lies in a file as it is: quicker than means, which read all of it."""

    def __init__(self, store: Plain | OnWhite, factor: int) -> None:
        rows, cols, channels = store.shape
        self.store, self.factor, self.dtype = store, factor, store.dtype
        self.shape = -(-rows // factor), -(-cols // factor), channels

    def read(self, rows: range, cols: range, out: NDArray[np.generic], cancelled: object = None) -> None:
        """Write the stored numbers of rows x cols to `out`."""
        down, across = (range(c.start * self.factor, c.stop * self.factor, self.factor) for c in (rows, cols))
        self.store.read(down, across, out)


def with_copies(stores: list[Store], name: str, scale: float, path: str, note: str, **about: object) -> Large:
    """Return a picture with the smaller copies that its file has, and such as are made where these do not suffice.

    Parameters
    ----------
    stores : list of Store
        The picture, and copies of it, each smaller than the one before.
    """
    copies = [(store, f"copy {k} of {len(stores) - 1} in the file") for k, store in enumerate(stores[1:], 1)]
    copies += _made(copies[-1][0] if copies else stores[0])
    coarser = tuple(Coarser(Large(store=store, scale=scale, name=name, path=path), how) for store, how in copies)
    return Large(store=stores[0], scale=scale, name=name, path=path, note=note, coarser=coarser, **about)  # type: ignore[arg-type]


def _made(store: Store) -> Iterable[tuple[Store, str]]:
    """Return copies of a store, each made of the one before, down to one that can be looked at as a whole."""
    whole, factor = store, FACTOR
    while max(store.shape[:2]) > SMALL:
        if isinstance(whole, Plain | OnWhite):
            store = Sampled(whole, factor)
            yield store, f"every {factor}th pixel"
        else:
            store = Reduced(store)
            yield store, "means of the pixels"
        factor *= FACTOR
