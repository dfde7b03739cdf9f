"""The grid of maps: what a layer makes of the whole input, of those maps that are seen, at every so manyth cell."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.looking.statistics import Statistics, statistics_of
from convgui.engine.network import evaluate
from convgui.model.levels import coarsest, step_of
from convgui.model.totals import totals_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.network import Chain
    from convgui.model.requests import Look, Token

GLANCE = 16
"""Cells of the longer side by which all maps are compared: how strong each is, and the limits that they share."""


@dataclass(frozen=True, eq=False)
class Glance:
    """What is known of all maps, from every so manyth cell of each.

    Attributes
    ----------
    strength : ndarray of float64, shape (maps,)
        The root of the mean square of each map; NaN where none of its values is finite.
    known : Statistics
        Of all of them together.
    """

    strength: NDArray[np.float64]
    known: Statistics


@dataclass(frozen=True, eq=False)
class GridImages:
    """Some maps as they are shown, and what is known of all.

    Attributes
    ----------
    request : GridRequest
    glance : Glance
    colours : dict of int to ndarray of uint8, shape (rows, cols, 3)
    limits : dict of int to (float, float)
    seconds : float
    """

    request: GridRequest
    glance: Glance
    colours: dict[int, NDArray[np.uint8]]
    limits: dict[int, tuple[float, float]]
    seconds: float


@dataclass(frozen=True, eq=False)
class GridRequest:
    """Some maps of the last layer of a chain, and a glance at all of them.

    Attributes
    ----------
    chain : Chain
    maps : tuple of int
        Those that are seen.
    side : int
        Pixels of the longer side of each.
    look : Look
    shared : bool
        Whether all have the same limits, or each its own.
    glance : Glance, optional
        What is known of the same maps from before.
    refine : bool
        Whether of each block of cells the strongest is kept, not the first.
    """

    chain: Chain
    maps: tuple[int, ...]
    side: int
    look: Look
    shared: bool = True
    glance: Glance | None = None
    refine: bool = False

    def __call__(self, token: Token) -> GridImages:
        """Compute them; of a picture that is larger than memory, on its smallest copy."""
        if self.chain.source.in_parts:
            return replace(self, chain=self.chain.over(coarsest(self.chain.source)))._computed(token)
        return self._computed(token)

    def _computed(self, token: Token) -> GridImages:
        begun = time.perf_counter()
        _, rows, cols = self.chain.shape(len(self.chain.layers))
        glance = self.glance or glance_at(self.chain, token)
        colours, limits = {}, {}
        if self.maps:
            step = step_of(rows, cols, self.side)
            values = evaluate(
                self.chain,
                None,
                step,
                maps=self.maps,
                strongest=self.refine and step > 1,
                wait=self.refine,
                cancelled=token.cancelled,
                progress=token.progress,
            )
            for map, part in zip(self.maps, values, strict=True):
                known = glance.known if self.shared else statistics_of(part)
                colours[map], limits[map] = self.look.apply(part, known)
        return GridImages(self, glance, colours, limits, time.perf_counter() - begun)


@dataclass(frozen=True, eq=False)
class TotalsRequest:
    """The sum of each map of the last layer of a chain."""

    chain: Chain

    def __call__(self, token: Token) -> NDArray[np.float64]:
        """Compute them."""
        return totals_of(self.chain, token.cancelled, token.progress)


def glance_at(chain: Chain, token: Token) -> Glance:
    """Return what is seen of all maps of the last layer at a glance."""
    _, rows, cols = chain.shape(len(chain.layers))
    values = evaluate(chain, None, step_of(rows, cols, GLANCE), wait=False, cancelled=token.cancelled)
    finite = np.isfinite(values)
    squares = np.where(finite, values, 0.0).astype(np.float64) ** 2
    count = finite.sum(axis=(1, 2))
    strength = np.where(count > 0, np.sqrt(squares.sum(axis=(1, 2)) / np.maximum(count, 1)), np.nan)
    return Glance(strength, statistics_of(values.reshape(len(values), -1)))


def kernel_picture(weights: NDArray[np.float64], rgb: bool) -> NDArray[np.float64]:
    """Return a filter as a small picture: in colour where it reads red, green and blue, else its strongest channel.

    Parameters
    ----------
    weights : ndarray of float64, shape (kh, kw, cin)
    rgb : bool

    Returns
    -------
    ndarray of float64, shape (kh, kw, 3), from 0 to 1 with weight 0 in the middle; or (kh, kw), signed, from -1 to 1
    """
    if not rgb:
        weights = weights[:, :, int(np.square(weights).sum(axis=(0, 1)).argmax())]
    largest = float(np.abs(weights).max(initial=0.0)) or 1.0
    return weights / largest / 2 + 0.5 if rgb else weights / largest
