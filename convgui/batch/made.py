"""What a job makes of a picture: the maps of a layer, or all of them as one picture; a part is asked for at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Shape
from convgui.engine.looking.together import together
from convgui.engine.network import evaluate
from convgui.engine.strategies.tiles import Window, never
from convgui.model.derive import map_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from convgui.engine.looking.together import Basis
    from convgui.engine.network import Chain

HELD = 256_000_000
"""Bytes of maps that are held at a time to make one picture of them."""

COMPONENTS = ("component 1", "component 2", "component 3")
"""What the three numbers of a cell are called whose colours are principal components."""


@dataclass(frozen=True, eq=False)
class Made:
    """The maps of the last layer of a chain, or one picture of them.

    Parameters
    ----------
    chain : Chain
    way : str
        One of `TOGETHER`; empty if the maps themselves are wanted.
    basis : Basis, optional
        Of the way ``pca``: one for all pictures, so that colours mean the same.
    """

    chain: Chain
    way: str = ""
    basis: Basis | None = None

    @property
    def shape(self) -> Shape:
        """Maps, rows and columns of what is made."""
        maps, rows, cols = self._whole
        return Shape({"": maps, "pca": 3}.get(self.way, 1), rows, cols)

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each map of it, empty for a single one."""
        if not self.way:
            return self._names
        return COMPONENTS if self.way == "pca" else ("",)

    @property
    def pictures(self) -> tuple[str, ...]:
        """Names of the pictures that it becomes as colours: principal components are one."""
        return ("",) if self.way else self.names

    def values(
        self, window: Window | None = None, maps: Sequence[int] | None = None, cancelled: Callable[[], bool] = never
    ) -> NDArray[np.float32]:
        """Return values of a window, by default of all; those of all maps of it, or of some."""
        if not self.way:
            return self._maps(window, maps, cancelled)
        count, rows, cols = self.shape
        window = window or Window(0, 0, rows, cols)
        made = np.empty((count, window.rows, window.cols), np.float32)
        for part in self._bands(window):
            top = part.top - window.top
            made[:, top : top + part.rows] = self._joined(part, cancelled)
        return made if maps is None else made[list(maps)]

    def _joined(self, window: Window, cancelled: Callable[[], bool]) -> NDArray[np.float32]:
        if self.way == "select_max":
            return self._maps(window, [self._selected], cancelled)
        maps = self._maps(window, None, cancelled)
        if self.way != "pca":
            return together(maps, self.way)[None]
        if self.basis is None:
            raise ValueError("Expected a basis for the principal components, received none: no picture gave one.")
        if len(self.basis.mean) != len(maps):
            raise ValueError(f"Expected {len(self.basis.mean)} maps for the principal components, received {len(maps)}.")
        return self.basis.along(maps)

    @cached_property
    def _selected(self) -> int:
        """The map whose sum is largest, of the whole picture."""
        maps, rows, cols = self._whole
        sums = np.zeros(maps)
        with np.errstate(invalid="ignore", over="ignore"):
            for part in self._bands(Window(0, 0, rows, cols)):
                sums += self._maps(part, None, never).sum(axis=(1, 2), dtype=np.float64)
        return int(np.nan_to_num(sums, nan=-np.inf).argmax())

    def _bands(self, window: Window) -> Iterator[Window]:
        """Return bands of a window, the maps of each of which can be held."""
        high = max(HELD // max(4 * self._whole.maps * window.cols, 1), 1)
        for top in range(0, window.rows, high):
            yield Window(window.top + top, window.left, min(high, window.rows - top), window.cols)

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
