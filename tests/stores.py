"""Pictures that are read in parts, for tests: an array that counts what is read of it."""

import numpy as np

from convgui.engine.large import Coarser, Large
from convgui.engine.source import unit_scale
from convgui.engine.strategies.tiles import Cancelled, never


class ArrayStore:
    """A store whose cells lie in an array."""

    def __init__(self, array):
        self.array = array if array.ndim == 3 else array[:, :, None]
        self.shape, self.dtype = self.array.shape, self.array.dtype
        self.cells = 0

    def read(self, rows, cols, out, cancelled=never):
        if cancelled():
            raise Cancelled
        assert out.shape == (len(rows), len(cols), self.shape[2])
        assert 0 <= rows.start and rows.stop <= self.shape[0] and 0 <= cols.start and cols.stop <= self.shape[1]
        self.cells += len(rows) * len(cols)
        out[...] = self.array[rows.start : rows.stop, cols.start : cols.stop]


def large(array, factors=(), **about):
    """Return an array as a picture that is read in parts, with copies of every `factors`-th cell."""
    about = {"scale": unit_scale(array.dtype), "name": "slide.tif", **about}
    some = ((f, np.ascontiguousarray(array[::f, ::f])) for f in factors)
    coarser = tuple(Coarser(Large(store=ArrayStore(a), scale=about["scale"]), f"every {f}th pixel") for f, a in some)
    return Large(store=ArrayStore(array), coarser=coarser, **about)
