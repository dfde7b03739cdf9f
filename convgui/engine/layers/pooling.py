"""How a pool is computed: rows first, then columns, each output by itself in a fixed order, in parts if it reads much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.base import Bound, Needs
from convgui.engine.layers.parts import MOST_PULLED, fill_in_parts
from convgui.engine.layers.patches import explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Layer, Maps, Shape
    from convgui.engine.layers.explained import Explained
    from convgui.engine.layers.pool_axis import PoolAxis

FEW = 24
"""Rows and columns of a patch, together, up to which a sum of float32 numbers in float32 loses nothing that counts."""

WIDTH = 256
"""Columns of a strip, of the grid by which a patch is pulled that is too large for one piece."""


class BoundPool(Bound):
    """A pool bound to the shape of its input."""

    def __init__(
        self, layer: Layer, shape: Shape, made: Shape, axes: tuple[PoolAxis, PoolAxis], *, reduce: str, count_padding: bool
    ) -> None:
        down, across = axes
        self.layer, self.input, self.output = layer, shape, made
        self.rows, self.cols = down.place, across.place
        self.down, self.across = down, across
        self.reduce, self.count_padding = reduce, count_padding
        self.is_mean = reduce == "mean"
        self.exact = self.is_mean and down.kernel + across.kernel > FEW
        self.fold = np.add if self.is_mean else np.maximum
        self.start = -0.0 if self.is_mean else -np.inf  # what leaves any number as it is, zeros with their sign

    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return the stretch under the patches; see `Bound.needs`."""
        return Needs(maps, self.down.stretch(rows), self.across.stretch(cols))

    def fill(self, pull: Callable[[Needs], Block], maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Pull what is needed in pieces of bounded size, large patches by a fixed grid of strips; see `Bound.fill`."""
        folding = self.folding(maps, rows, cols)
        if folding is not None:
            for across in folding.strips:
                folding.fold(pull, across)
            folding.finish(out)
        elif len(rows) > 1 and self._is_large(maps, rows, cols):
            middle = len(rows) // 2
            self.fill(pull, maps, rows[:middle], cols, out[:, :middle])
            self.fill(pull, maps, rows[middle:], cols, out[:, middle:])
        else:
            fill_in_parts(self, pull, maps, rows, cols, out)

    def folding(self, maps: Maps, rows: range, cols: range) -> Folding | None:
        """Return what folds these outputs strip by strip, if their patches are large and there are not too many of them."""
        return Folding(self, self.needs(maps, rows, cols), rows, cols) if self.folds(maps, rows, cols) else None

    def folds(self, maps: Maps, rows: range, cols: range) -> bool:
        """Return whether these outputs are folded strip by strip."""
        few = len(rows) == 1 or len(maps) * len(rows) * len(self.across.stretch(cols)) <= MOST_PULLED
        return few and self._is_large(maps, rows, cols)

    def _is_large(self, maps: Maps, rows: range, cols: range) -> bool:
        """Return whether a patch is too large to be pulled in one piece."""
        _, down, across = self.needs(maps, rows[:1], cols[:1])
        return 2 * len(maps) * len(down) * len(across) > MOST_PULLED and not (self.is_mean and not self.exact)

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Fold rows, then columns; see `Bound.compute`. Blocks of float64 are folded with all their digits."""
        needs = self.needs(maps, rows, cols)
        x = block.part(needs)
        if not out.size:
            return
        with np.errstate(all="ignore"):
            self._reduce_to(x, rows, cols, needs, out, np.dtype(np.float64) if self.exact else x.dtype)
            if self.is_mean and not np.isfinite(out).all():
                exact = np.empty_like(out)  # a sum may be beyond float32 where the mean is not
                self._reduce_to(x, rows, cols, needs, exact, np.dtype(np.float64))
                np.copyto(out, exact, where=~np.isfinite(out))

    def _reduce_to(
        self, x: NDArray[Any], rows: range, cols: range, needs: Needs, out: NDArray[np.float32], dtype: np.dtype[Any]
    ) -> None:
        taps = self.down.taps(rows, needs.rows.start, needs.rows.stop)
        self.finish(self._folded(x, taps, len(rows), 1, dtype), rows, cols, needs.cols, out)

    def _folded(
        self, x: NDArray[Any], taps: Iterator[tuple[slice, slice]], count: int, along: int, dtype: np.dtype[Any]
    ) -> NDArray[Any]:
        """Fold what the output cells along an axis read, one cell of the patch after the other."""
        every = list(taps)
        whole = [to.stop - to.start == count for to, _ in every[:2]]
        if whole == [True, True]:
            first, second = (x[_along(along, at)] for _, at in every[:2])
            held, every = self.fold(first, second, dtype=dtype), every[2:]
        else:
            shape = list(x.shape)
            shape[along] = count
            held = np.full(shape, self.start, dtype)
        for to, at in every:
            part = held[_along(along, to)]
            self.fold(part, x[_along(along, at)], out=part)
        return held

    def finish(self, held: NDArray[Any], rows: range, cols: range, stretch: range, out: NDArray[np.float32]) -> None:
        """Fold the columns of folded rows, and divide by the count for a mean."""
        folded = self._folded(held, self.across.taps(cols, stretch.start, stretch.stop), len(cols), 2, held.dtype)
        if not self.is_mean:
            out[...] = folded
            return
        if self.count_padding:
            folded += 0.0  # a patch of nothing but padding
        np.divide(folded, self._counts(rows, cols).astype(folded.dtype), out=out, casting="same_kind")

    def counts(
        self, rows: range | NDArray[np.int64], cols: range | NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return by what the sums of output cells are divided: a factor for each row, and one for each column."""
        padding = self.count_padding
        return self.down.counts(rows, padding=padding), self.across.counts(cols, padding=padding)

    def _counts(self, rows: range, cols: range) -> NDArray[np.float64]:
        return np.multiply.outer(*self.counts(rows, cols)).astype(np.float64)

    def reads(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cells of its patch that are inside; see `Bound.reads`."""
        return self.down.reads(row), self.across.reads(col)

    def readers(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cells in whose patches it is; see `Bound.readers`."""
        return self.down.readers(row), self.across.readers(col)

    def readers_maps(self, map: int) -> Maps:
        """Return the map itself; see `Bound.readers_maps`."""
        return np.array([map])

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Return the winner of the patch, or the sum and its count; see `Bound.explain`."""
        count = int(self._counts(range(row, row + 1), range(col, col + 1)).item())
        return explained(values, self.reduce, count, (map, row, col), self.reads(row, col))

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole output: what lies under the patches, row by row, then column by column; see `Bound.reference`."""
        fold = np.sum if self.is_mean else np.max
        rows, cols = range(self.output.rows), range(self.output.cols)
        with np.errstate(all="ignore"):
            lines = np.stack([fold(x[:, self.down.reads(row)], axis=1) for row in rows], axis=1)
            cells = np.stack([fold(lines[:, :, self.across.reads(col)], axis=2) for col in cols], axis=2)
            return cells / self._counts(rows, cols) if self.is_mean else cells


class Folding:
    """Outputs of a pool that are folded strip by strip of columns, each by itself, its rows in their order.

    Attributes
    ----------
    strips : list of range
        Input columns, cut by a grid that begins at column 0.
    """

    def __init__(self, bound: BoundPool, needs: Needs, rows: range, cols: range) -> None:
        self.strips = list(_grid(needs.cols, WIDTH))
        self._bound, self._needs, self._rows, self._cols = bound, needs, rows, cols
        dtype = np.float64 if bound.exact else np.float32
        self._held = np.full((len(needs.maps), len(rows), len(needs.cols)), bound.start, dtype)

    def fold(self, pull: Callable[[Needs], Block], across: range) -> None:
        """Fold the rows of a strip, pulled in pieces."""
        maps, rows, cols = self._needs
        held = self._held[:, :, across.start - cols.start : across.stop - cols.start]
        for down in _grid(rows, max(MOST_PULLED // (2 * WIDTH * self._bound.input.maps), 1)):
            part = Needs(maps, down, across)
            x = pull(part).part(part)
            with np.errstate(all="ignore"):
                for to, at in self._bound.down.taps(self._rows, down.start, down.stop):
                    self._bound.fold(held[:, to], x[:, at], out=held[:, to])

    def finish(self, out: NDArray[np.float32]) -> None:
        """Fold the columns, when all strips are folded."""
        with np.errstate(all="ignore"):
            self._bound.finish(self._held, self._rows, self._cols, self._needs.cols, out)


def _along(axis: int, where: slice) -> tuple[slice, ...]:
    return (slice(None),) * axis + (where,)


def _grid(stretch: range, size: int) -> Iterator[range]:
    """Cut a stretch of cells where a grid that begins at cell 0 does."""
    for start in range(stretch.start // size * size, stretch.stop, size):
        yield range(max(start, stretch.start), min(start + size, stretch.stop))
