"""Thumbnails of the layers: what each makes of the whole input, its strongest map, at every so manyth cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.looking.colours import display_range, picture
from convgui.engine.looking.statistics import statistics_of
from convgui.engine.network import evaluate
from convgui.engine.strategies.tiles import Window
from convgui.model.colouring import look_for
from convgui.model.levels import coarsest
from convgui.model.requests import channels_of
from convgui.model.state import Display

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.network import Chain
    from convgui.model.requests import Token

SIDE = 96
"""Pixels of a thumbnail's longer side: twice what it measures on the screen."""

GLANCE = 12
"""Cells of the longer side by which the strongest of many maps is found."""


@dataclass(frozen=True, eq=False)
class LayerThumbnailsRequest:
    """Pictures of what comes out of some layers; each is delivered, as (number, colours), as soon as it is there.

    Attributes
    ----------
    chain : Chain
    numbers : tuple of int
        How many layers each picture is made of; 0 is the input as it is.
    dark : bool
        Whether the colours are those of the dark theme.
    """

    chain: Chain
    numbers: tuple[int, ...]
    dark: bool = False

    def __call__(self, token: Token) -> int:
        """Compute them, and return how many there are; of a picture that is larger than memory, on its smallest copy."""
        if self.chain.source.in_parts:
            return replace(self, chain=self.chain.over(coarsest(self.chain.source)))._all(token)
        return self._all(token)

    def _all(self, token: Token) -> int:
        for done, number in enumerate(self.numbers, 1):
            token.deliver((number, self._input() if number == 0 else self._layer(number, token)))
            token.progress(done / len(self.numbers))
        return len(self.numbers)

    def _input(self) -> NDArray[np.uint8]:
        source = self.chain.source
        whole = Window(0, 0, source.rows, source.cols)
        step, ends = _step(source.rows, source.cols, SIDE), display_range(source)
        parts = channels_of(source) if source.sequence else [source]
        return np.concatenate([picture(part, whole, step, *ends) for part in parts])

    def _layer(self, number: int, token: Token) -> NDArray[np.uint8]:
        maps, rows, cols = self.chain.shape(number)
        shown = 0
        if maps > 1:
            some = evaluate(self.chain, None, _step(rows, cols, GLANCE), upto=number, cancelled=token.cancelled)
            shown = strongest_map(some)
        step = _step(rows, cols, SIDE)
        values = evaluate(self.chain, None, step, upto=number, maps=shown, cancelled=token.cancelled)[0]
        look = look_for(self.chain.upto(number), Display(), self.dark)
        return look.apply(values, statistics_of(values))[0]


def _step(rows: int, cols: int, side: int) -> int:
    return max(-(-max(rows, cols) // side), 1)


def strongest_map(values: NDArray[np.float32]) -> int:
    """Return which of several maps has most to show: the largest deviation from its mean.

    >>> strongest_map(np.array([[[5, 5]], [[-1, 1]], [[np.nan, 9]]], np.float32))
    1
    """
    finite = np.where(np.isfinite(values), values, 0).astype(np.float64)
    finite[~np.isfinite(values).all(axis=(1, 2))] = 0
    return int(finite.std(axis=(1, 2)).argmax())
