"""Many maps: how those of a layer are looked at together, as a grid, as one picture, over the photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.bank import ORDERS, order_of
from convgui.engine.looking.together import TOGETHER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.kernels.bank import BankFacts

WAYS = ("one", "grid", "picture")
"""One of the maps, all of them in a grid, or all of them as one picture."""

RANKS = ("strength", "total", "norm")
"""The orders in which the first map is the strongest; among maps in another order the strongest are those by total."""

TOPK, ALL, USUAL_TOPK = "topk", -1, 4
"""What MMEngine calls it that only the strongest maps are kept; as many as there are; and as many as are kept at first."""

USUAL_STRENGTH = 0.5
"""How much of a map is seen over the photo, unless somebody says otherwise."""


@dataclass(frozen=True)
class Many:
    """How the maps of a layer are looked at where there are several.

    Parameters
    ----------
    way : str
        One of `WAYS`.
    order : str
        By what the grid is sorted: one of `ORDERS`.
    shared : bool
        Whether the limits of the grid are the same for all maps, or each map's own.
    together : str
        What one picture shows of all maps: one of `TOGETHER`.
    overlay : bool
        Whether what is shown lies over the photo.
    strength : float
        How much of it is seen there: 0 its strongest values alone, 1 all of it and nothing of the photo.
    topk : int
        How many of the maps the grid shows, the strongest ones; `ALL` (-1) for all, as MMEngine has it.

    Raises
    ------
    ValueError
        If one of them is unknown, or `topk` is no number of maps.

    >>> Many(way="grid", order="total", topk=2).ranked_by
    'total'
    """

    way: str = "one"
    order: str = "index"
    shared: bool = True
    together: str = "mean"
    overlay: bool = False
    strength: float = USUAL_STRENGTH
    topk: int = ALL

    def __post_init__(self) -> None:
        for what, value, known in (
            ("way to look at maps", self.way, WAYS),
            ("order of maps", self.order, ORDERS),
            ("picture of all maps", self.together, tuple(TOGETHER)),
        ):
            if value not in known:
                raise ValueError(f"Expected a {what} of {', '.join(known)}, received {value!r}.")
        if isinstance(self.strength, bool) or not isinstance(self.strength, int | float) or not 0 <= self.strength <= 1:
            raise ValueError(f"Expected a strength of the overlay from 0 to 1, received {self.strength!r}.")
        if isinstance(self.topk, bool) or not isinstance(self.topk, int) or (self.topk < 1 and self.topk != ALL):
            raise ValueError(f"Expected topk of at least 1, or {ALL} for all maps, received {self.topk!r}.")

    @property
    def ranked_by(self) -> str:
        """By what the strongest maps are found: one of `RANKS`."""
        return self.order if self.order in RANKS else "total"

    @property
    def needs_totals(self) -> bool:
        """Whether the sums of all maps are needed to know which maps are shown, and in which order."""
        return self.order == "total" or (self.topk != ALL and self.ranked_by == "total")

    def shown(self, facts: BankFacts | None, strength: NDArray[np.float64], total: NDArray[np.float64] | None) -> list[int]:
        """Return the maps that the grid shows, in their order; for the parameters see `order_of`.

        >>> Many(way="grid", topk=2).shown(None, np.zeros(4), np.array([1.0, 9.0, 3.0, 2.0]))
        [1, 2]
        """
        order = order_of(self.order, facts, strength, total)
        if self.topk == ALL:
            return [int(map) for map in order]
        strongest = order_of(self.ranked_by, facts, strength, total)[: self.topk]
        return [int(map) for map in order[np.isin(order, strongest)]]
