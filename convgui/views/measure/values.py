"""What the arithmetic panel is given to show: how an output cell is made, or the shares of an input cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


class Sum(NamedTuple):
    """One output cell as it is explained; patch, weights and products of shape (rows, cols)."""

    patch: NDArray[np.float64]
    weights: NDArray[np.float64]
    products: NDArray[np.float64]
    outside: NDArray[np.bool_]
    total: float
    bias: float
    activation: str
    value: float
    channels: tuple[tuple[str, float], ...] = ()


class Shares(NamedTuple):
    """One input cell as it is explained: its value, the weights of its outputs, what it brings; shape (rows, cols)."""

    value: float
    weights: NDArray[np.float64]
    shares: NDArray[np.float64]


class Largest(NamedTuple):
    """A term of a large kernel: where it lies, row and column, or channel and step; its three numbers, and its map."""

    row: int
    col: int
    value: float
    weight: float
    product: float
    map: int | None = None


@dataclass(frozen=True, eq=False)
class Numbers:
    """Numbers as a grid of cells, with what they are above it and the sign that follows.

    Attributes
    ----------
    values : ndarray of float64, shape (rows, cols)
    texts : sequence of sequence of str
        The same as they are written.
    sign : str
        Such as × between two factors.
    signed : bool
        Whether they are coloured as weights are, and not grey as the input is.
    marked : (int, int), optional
        The cell that is outlined: the winner of a maximum.
    """

    title: str
    values: NDArray[np.float64]
    texts: Sequence[Sequence[str]]
    sign: str = ""
    signed: bool = False
    marked: tuple[int, int] | None = None


class Line(NamedTuple):
    """One of the numbers of a list: what it is of, the number in words, and its part of the largest for a bar."""

    name: str
    text: str
    part: float
    marked: bool = False


@dataclass(frozen=True, eq=False)
class Function:
    """An activation function as a curve, with the point at which it is taken."""

    name: str
    across: NDArray[np.float64]
    values: NDArray[np.float64]
    x: float
    value: float


@dataclass(frozen=True, eq=False)
class Made:
    """An output cell of a layer that is no convolution: what it is made of, from left to right, and the result.

    Attributes
    ----------
    value : float
    result : str
        The value as it is written.
    steps : tuple of str
        What leads to it, line by line.
    grids : tuple of Numbers
    title : str
        What the lines of the list are.
    lines : tuple of Line
        As many as there are; those that find room are drawn, the first ones first.
    function : Function, optional
    """

    value: float
    result: str
    steps: tuple[str, ...] = ()
    grids: tuple[Numbers, ...] = ()
    title: str = ""
    lines: tuple[Line, ...] = ()
    function: Function | None = None
