"""What a job makes of a picture: the maps of a layer, or all of them as one picture; a part is asked for at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Shape
from convgui.engine.looking.many import ALL, TOPK, Many
from convgui.engine.looking.together import together
from convgui.engine.looking.totals import bands, totals
from convgui.engine.network import evaluate
from convgui.engine.strategies.tiles import Window, never
from convgui.model.derive import map_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.looking.together import Basis
    from convgui.engine.network import Chain

COMPONENTS = ("component 1", "component 2", "component 3")
"""What the three numbers of a cell are called whose colours are principal components."""


@dataclass(frozen=True, eq=False)
class Made:
    """The maps of the last layer of a chain, or one picture of them.

    Parameters
    ----------
    chain : Chain
    way : str
        One of `TOGETHER`, or `TOPK`; empty if the maps themselves are wanted.
    basis : Basis, optional
        Of the way ``pca``: one for all pictures, so that colours mean the same.
    topk : int
        Of the way `TOPK`: how many maps are kept, `ALL` for all, sorted by their sums.
    """

    chain: Chain
    way: str = ""
    basis: Basis | None = None
    topk: int = ALL

    @property
    def shape(self) -> Shape:
        """Maps, rows and columns of what is made."""
        maps, rows, cols = self._whole
        kept = maps if self.topk == ALL else min(self.topk, maps)
        return Shape({"": maps, TOPK: kept, "pca": 3}.get(self.way, 1), rows, cols)

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each map of it, empty for a single one."""
        if not self.way:
            return self._names
        if self.way == TOPK:
            return tuple(self._names[map] for map in self._strongest)
        return COMPONENTS if self.way == "pca" else ("",)

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the pictures that it becomes as colours: principal components are one."""
        return self.names if self.way in ("", TOPK) else ("",)

    def values(
        self, window: Window | None = None, maps: Sequence[int] | None = None, cancelled: Callable[[], bool] = never
    ) -> NDArray[np.float32]:
        """Return values of a window, by default of all; those of all maps of it, or of some."""
        if self.way == TOPK:
            kept = self._strongest
            return self._maps(window, kept if maps is None else [kept[map] for map in maps], cancelled)
        if not self.way:
            return self._maps(window, maps, cancelled)
        count, rows, cols = self.shape
        window = window or Window(0, 0, rows, cols)
        made = np.empty((count, window.rows, window.cols), np.float32)
        for part in bands(self._whole.maps, window):
            top = part.top - window.top
            made[:, top : top + part.rows] = self._joined(part, cancelled)
        return made if maps is None else made[list(maps)]

    def _joined(self, window: Window, cancelled: Callable[[], bool]) -> NDArray[np.float32]:
        if self.way == "select_max":
            return self._maps(window, self._strongest[:1], cancelled)
        maps = self._maps(window, None, cancelled)
        if self.way != "pca":
            return together(maps, self.way)[None]
        if self.basis is None:
            raise ValueError("Expected a basis for the principal components, received none: no picture gave one.")
        if len(self.basis.mean) != len(maps):
            raise ValueError(f"Expected {len(self.basis.mean)} maps for the principal components, received {len(maps)}.")
        return self.basis.along(maps)

    @cached_property
    def _strongest(self) -> list[int]:
        """The maps with the largest sums over the whole picture, the largest first: as many as are kept."""
        sums = totals(self._whole, lambda window: self._maps(window, None, never))
        return Many(order="total", topk=self.topk).shown(None, sums, sums)

    # where the maps come from

    @property
    def _whole(self) -> Shape:
        """All maps of the layer, rows and columns."""
        return self.chain.shape(len(self.chain.layers))

    @property
    def _names(self) -> tuple[str, ...]:
        return map_names(self.chain)

    def _maps(self, window: Window | None, maps: Sequence[int] | None, cancelled: Callable[[], bool]) -> NDArray[np.float32]:
        return evaluate(self.chain, window, maps=None if maps is None else list(maps), cancelled=cancelled)
