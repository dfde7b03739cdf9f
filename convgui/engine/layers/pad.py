"""Padding as a layer of its own: cells that are added around each map, or cut off."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.layers import arguments
from convgui.engine.layers.base import Bound, Layer, Needs, Place, Shape
from convgui.engine.layers.border import BORDERS, OUTSIDE, border_index
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.layers.sentences import code
from convgui.engine.shown import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Maps

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Pad(Layer):
    """Cells added around each map; a negative number cuts cells off.

    Parameters
    ----------
    rows, cols : (int, int)
        Cells before and after.
    border : str
        What they hold: one of `BORDERS`; `constant` is the value used by `zeros`.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range.
    """

    kind: ClassVar[str] = "pad"
    rows: Pair = (0, 0)
    cols: Pair = (0, 0)
    border: str = "zeros"
    constant: float = 0.0

    def __post_init__(self) -> None:
        for what in ("rows", "cols"):
            object.__setattr__(self, what, _cells(getattr(self, what)))
        arguments.one_of("border", self.border, BORDERS)
        object.__setattr__(self, "constant", arguments.number("value outside", self.constant))

    def bind(self, shape: Shape) -> BoundPad:
        """Return the layer bound to an input of that shape; see `Layer.bind`.

        >>> bound = Pad(cols=(1, -1), border="replicate").bind(Shape(1, 1, 3))
        >>> bound.reference(np.array([[[5.0, 6.0, 7.0]]])).tolist()
        [[[5.0, 5.0, 6.0]]]
        """
        rows, cols = shape.rows + sum(self.rows), shape.cols + sum(self.cols)
        if rows < 1 or cols < 1:
            raise ValueError(
                f"A padding of {self.rows} and {self.cols} cells leaves nothing of an input of "
                f"{shape.rows:,} × {shape.cols:,}: at least one row and one column must stay."
            )
        made = Shape(shape.maps, rows, cols)
        arguments.fits(f"A padding of {self.rows} and {self.cols} cells", shape, made)
        return BoundPad(self, shape, made)


class BoundPad(Bound):
    """A padding bound to the shape of its input."""

    layer: Pad

    def __init__(self, layer: Pad, shape: Shape, made: Shape) -> None:
        self.layer, self.input, self.output = layer, shape, made
        self.rows, self.cols = Place(Fraction(-layer.rows[0])), Place(Fraction(-layer.cols[0]))

    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return the stretch from the first to the last cell that is read; see `Bound.needs`."""
        return Needs(maps, _stretch(self._down(rows)), _stretch(self._across(cols)))

    def fill(self, pull: Callable[[Needs], Block], maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Pull what lies inside and what each border repeats one by one, as they may be far apart; see `Bound.fill`."""
        for down in _parts(rows, self.layer.rows[0], self.input.rows):
            for across in _parts(cols, self.layer.cols[0], self.input.cols):
                some_rows, some_cols, target = rows[down], cols[across], out[:, down, across]
                if (self._down(some_rows) == OUTSIDE).all() or (self._across(some_cols) == OUTSIDE).all():
                    target[...] = self.layer.constant
                else:
                    super().fill(pull, maps, some_rows, some_cols, target)

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Copy the cells, and put the constant where there is none; see `Bound.compute`."""
        down, across = self._down(rows), self._across(cols)
        to_rows, to_cols = _run(down != OUTSIDE), _run(across != OUTSIDE)
        if (to_rows.stop - to_rows.start, to_cols.stop - to_cols.start) != out.shape[1:]:
            out[...] = self.layer.constant
        if to_rows.stop and to_cols.stop:
            x = block.part(self.needs(maps, rows, cols))
            from_rows, from_cols = _steps(down[to_rows]), _steps(across[to_cols])
            out[:, to_rows, to_cols] = x[:, from_rows][:, :, from_cols]

    def reads(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cell whose value it has; none where that is the constant; see `Bound.reads`."""
        down, across = self._down(range(row, row + 1)), self._across(range(col, col + 1))
        return down[down != OUTSIDE], across[across != OUTSIDE]

    def readers(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the cells that have its value, several where a border repeats it; see `Bound.readers`."""
        down, across = self._down(range(self.output.rows)), self._across(range(self.output.cols))
        return np.flatnonzero(down == row), np.flatnonzero(across == col)

    def readers_maps(self, map: int) -> Maps:
        """Return the map itself; see `Bound.readers_maps`."""
        return np.array([map])

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Return the cell whose value it has; see `Bound.explain`."""
        down, across = self.reads(row, col)
        if not down.size or not across.size:
            value = self.layer.constant
            return Explained("pad", map, row, col, value, (), f"outside = {number(value)}", code(value))
        r, c = int(down[0]), int(across[0])
        value = float(values(Needs(np.array([map]), range(r, r + 1), range(c, c + 1))).item())
        sentence = f"the value at row {r}, column {c} = {number(value)}"
        return Explained("pad", map, row, col, value, (Cell(map, r, c, value, value),), sentence, code(value))

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole output, cell by cell from where it has its value; see `Bound.reference`."""
        down, across = self._down(range(self.output.rows)), self._across(range(self.output.cols))
        outside = (down == OUTSIDE)[:, None] | (across == OUTSIDE)
        return np.where(outside, self.layer.constant, x[:, down][:, :, across])

    def _down(self, rows: range) -> NDArray[np.int64]:
        """Return which input row each output row has its values from, or `OUTSIDE`."""
        return border_index(np.asarray(rows, np.int64) - self.layer.rows[0], self.input.rows, self.layer.border)

    def _across(self, cols: range) -> NDArray[np.int64]:
        return border_index(np.asarray(cols, np.int64) - self.layer.cols[0], self.input.cols, self.layer.border)


def _stretch(cells: NDArray[np.int64]) -> range:
    """Return the stretch from the first to the last of some cells that are inside; cell 0 if none is."""
    inside = cells[cells != OUTSIDE]
    return range(int(inside.min()), int(inside.max()) + 1) if inside.size else range(1)


def _run(inside: NDArray[np.bool_]) -> slice:
    """Return where the cells inside are, which are one run."""
    found = np.flatnonzero(inside)
    return slice(int(found[0]), int(found[-1]) + 1) if found.size else slice(0, 0)


def _steps(cells: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """Return cells from the first of them on: as a slice, which copies nothing, where they follow each other."""
    step = int(cells[1] - cells[0]) if len(cells) > 1 else 1
    if step > 0 and (np.diff(cells) == step).all():
        return slice(0, int(cells[-1] - cells[0]) + 1, step)
    return cells - cells.min()


def _parts(cells: range, before: int, n: int) -> list[slice]:
    """Cut output cells where the input begins and ends."""
    cuts = [0, *(min(max(-((cells.start - at) // cells.step), 0), len(cells)) for at in (before, before + n)), len(cells)]
    return [slice(first, last) for first, last in pairwise(cuts) if first < last]


def _cells(value: Any) -> Pair:
    most = arguments.LARGEST_COUNT
    try:
        before, after = value
        return arguments.whole("padding", before, -most), arguments.whole("padding", after, -most)
    except (TypeError, ValueError):
        raise ValueError(
            f"Expected a padding of two whole numbers from {-most:,} to {most:,}, received {arguments.short(value)}."
        ) from None
