"""What every kind of layer is: a frozen description, which becomes arithmetic once it is bound to the shape of its input.

A bound layer is asked three things: what comes out, which input cells do these outputs need, which outputs read this input
cell. It knows shapes, no pixels; values are handed to it in blocks, planar: one plane of rows and columns for each map.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.explained import Explained

    Maps = NDArray[np.int64]


class Shape(NamedTuple):
    """Maps, rows and columns of what a layer reads or makes."""

    maps: int
    rows: int
    cols: int


class Place(NamedTuple):
    """Where cells lie along one axis of what they are made from: cell 0 begins at `origin`, the next one `pitch` further.

    Both are exact; a cell lies over the middle of what it reads, so that an even kernel moves it by half a cell.

    Examples
    --------
    >>> half = Place(Fraction(1, 2), Fraction(2))  # a pool of 2 x 2 with one cell cut off by a kernel of 2 before
    >>> half.then(half)
    Place(origin=Fraction(3, 2), pitch=Fraction(4, 1))
    """

    origin: Fraction = Fraction(0)
    pitch: Fraction = Fraction(1)

    def then(self, later: Place) -> Place:
        """Return where the cells of a later layer lie, whose input are the cells of this one."""
        return Place(self.origin + later.origin * self.pitch, self.pitch * later.pitch)


class Needs(NamedTuple):
    """Input cells that some outputs need: maps (ascending), one stretch of rows and one of columns, inside it."""

    maps: Maps
    rows: range
    cols: range


@dataclass(frozen=True, eq=False)
class Block:
    """A part of what a layer reads.

    Attributes
    ----------
    values : ndarray of float32, shape (maps, rows, cols)
        Each row contiguous.
    maps : ndarray of int64
        Which of the input's maps these are, ascending.
    top, left : int
        The place of its first cell in the input.
    """

    values: NDArray[np.float32]
    maps: Maps
    top: int
    left: int

    def part(self, needs: Needs) -> NDArray[np.float32]:
        """Return some of its cells, without a copy where all of its maps are wanted."""
        chosen = self.values
        if len(needs.maps) != len(self.maps):
            chosen = chosen[np.searchsorted(self.maps, needs.maps)]
        rows = slice(needs.rows.start - self.top, needs.rows.stop - self.top)
        return chosen[:, rows, needs.cols.start - self.left : needs.cols.stop - self.left]


@dataclass(frozen=True, eq=False)
class Layer(ABC):
    """A description of one operation.

    Parameters
    ----------
    name : str
        What the user calls it; empty where its kind says enough.
    on : bool
        Whether it is applied; a layer that is switched off passes on what it reads.
    """

    kind: ClassVar[str]
    name: str = field(default="", kw_only=True)
    on: bool = field(default=True, kw_only=True)

    def __getstate__(self) -> dict[str, Any]:
        """Return the description alone, without what was found out about it, as it is sent elsewhere."""
        return _described(self)

    @abstractmethod
    def bind(self, shape: Shape) -> Bound:
        """Return the layer bound to an input of that shape.

        Raises
        ------
        ValueError
            If the layer does not fit it; the sentence says what was expected and what was received.
        """


FOUND_OUT = ("_bounds", "_ready", "_choices", "_other")
"""What is kept with a layer, or a bound one, without belonging to it."""


def _described(of: Layer | Bound) -> dict[str, Any]:
    return {name: value for name, value in vars(of).items() if name not in FOUND_OUT}


class Bound(ABC):
    """A layer bound to the shape of its input.

    Attributes
    ----------
    layer : Layer
    input, output : Shape
    rows, cols : Place
        Where the output cells lie on the input cells.
    pointwise : bool
        Whether each output cell reads the input cell at its own place in its own map alone, so that it can be computed in
        place while a tile of the layer below is in the cache.
    uniform : bool
        Whether a point-wise layer does the same to cells wherever they lie; one with slopes of its own for each does not.
    entire : bool
        Whether all of it is made at once, from all of its input.
    """

    layer: Layer
    input: Shape
    output: Shape
    rows: Place
    cols: Place
    pointwise: ClassVar[bool] = False
    entire: ClassVar[bool] = False
    uniform: bool = True

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is, without what was made ready of it, as it is sent elsewhere."""
        return _described(self)

    @abstractmethod
    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return the input cells that these outputs need; `rows` and `cols` may have a step."""

    @abstractmethod
    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Write outputs maps x rows x cols to `out`, from a block that holds at least what they need.

        The same cell gets the same bits whatever else is asked for. A point-wise layer may be given its input as `out`.
        """

    def fill(self, pull: Callable[[Needs], Block], maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Write outputs to `out`, pulling what they need; a layer whose cells read very much pulls it in parts."""
        self.compute(pull(self.needs(maps, rows, cols)), maps, rows, cols, out)

    @abstractmethod
    def reads(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the input rows and columns that an output cell reads, ascending: each of the rows with each column."""

    @abstractmethod
    def readers(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows and columns of outputs that read an input cell, ascending: each row with each column."""

    @abstractmethod
    def readers_maps(self, map: int) -> Maps:
        """Return which of the output's maps read a map of the input."""

    @abstractmethod
    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Return what an output cell is made of; `values` gives cells of the input."""

    @abstractmethod
    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole output of a whole input (maps, rows, cols), by the definition in float64."""
