"""What an output cell is made of, whatever the kind of layer: its value, the cells below, the sum in words and as code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Cell(NamedTuple):
    """A cell of the layer below, its value, and what it contributes (a product, a share of a mean, the winner's value)."""

    map: int
    row: int
    col: int
    value: float
    share: float


@dataclass(frozen=True, eq=False)
class Explained:
    """The origin of one output cell.

    Attributes
    ----------
    kind : str
        The kind of the layer.
    map, row, col : int
        The output cell.
    value : float
        Its value, by the definition in float64.
    cells : tuple of Cell
        The cells of the layer below from which it is made, in their order.
    sentence : str
        How it is made, in one line with its numbers: ``max(0.2, 0.7, 0.1, 0.4) = 0.7``.
    numpy : str
        An expression that evaluates to the value, given ``import numpy as np``.
    winner : int
        Which of the cells gave a maximum its value; -1 where all take part.
    numbers : mapping of str to float
        The other numbers of its arithmetic: `count`, how many cells a pool has, padding included where it counts, and the
        `total` of a mean; `scale` and `offset`; the `largest` value of a softmax and the `total` of its exponentials.
    weights : tuple of float
        With what weights the cells are mixed, where they are.
    """

    kind: str
    map: int
    row: int
    col: int
    value: float
    cells: tuple[Cell, ...]
    sentence: str
    numpy: str
    winner: int = -1
    numbers: Mapping[str, float] = field(default_factory=dict)
    weights: tuple[float, ...] = ()
