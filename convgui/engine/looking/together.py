"""A layer as one picture: what all of its maps say together, at each place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Maps = NDArray[np.float32]


class Way(NamedTuple):
    """A way to make one picture of many maps: its name in the window, what it does, and the function (maps, rows, cols)."""

    name: str
    text: str
    make: Callable[[Maps], Maps] | None


def _mean(maps: Maps) -> Maps:
    return maps.mean(axis=0, dtype=np.float64).astype(np.float32)


def _largest(maps: Maps) -> Maps:
    return maps.max(axis=0)


def _magnitudes(maps: Maps) -> Maps:
    return np.abs(maps).sum(axis=0, dtype=np.float64).astype(np.float32)


def _norm(maps: Maps) -> Maps:
    return np.sqrt(np.square(maps, dtype=np.float64).sum(axis=0)).astype(np.float32)


def _strongest(maps: Maps) -> Maps:
    return np.abs(maps).argmax(axis=0).astype(np.float32)


def _selected(maps: Maps) -> Maps:
    """Return the map whose sum is largest."""
    with np.errstate(invalid="ignore"):
        sums = np.nan_to_num(maps.sum(axis=(1, 2), dtype=np.float64), nan=-np.inf)
    return maps[int(sums.argmax())]


TOGETHER = {
    "mean": Way("mean", "The mean of all maps. MMEngine: squeeze_mean.", _mean),
    "max": Way("maximum", "The largest value of all maps.", _largest),
    "abs": Way("sum of magnitudes", "The sum of the magnitudes of all maps.", _magnitudes),
    "l2": Way("L2 norm", "The root of the sum of squares of all maps.", _norm),
    "select_max": Way("strongest map", "The map whose sum is largest. MMEngine: select_max.", _selected),
    "argmax": Way("which is strongest", "The number of the map with the largest magnitude.", _strongest),
    "pca": Way("principal components", "The three directions in which the maps differ most, as red, green and blue.", None),
}
"""The ways, by the names that recipes and the command line have for them."""


def together(maps: Maps, way: str) -> Maps:
    """Return one picture of many maps, shape (rows, cols), by any way but ``pca``.

    Parameters
    ----------
    maps : ndarray of float32, shape (maps, rows, cols)
    way : str
        One of `TOGETHER`.

    >>> together(np.array([[[1, -5]], [[3, 2]]], np.float32), "argmax").tolist()
    [[1.0, 0.0]]
    """
    make = TOGETHER[way].make
    if make is None:
        raise ValueError(f"Expected a way that has values, received {way}: its colours are made by a basis.")
    with np.errstate(invalid="ignore", over="ignore"):
        return np.ascontiguousarray(make(maps))


@dataclass(frozen=True, eq=False)
class Basis:
    """The directions in which maps differ most, found once and kept over pictures, so that colours mean the same.

    Attributes
    ----------
    mean : ndarray of float64, shape (maps,)
    components : ndarray of float64, shape (maps, 3)
        Orthogonal; the sign of each is that of its largest weight.
    spread : ndarray of float64, shape (3,)
        Standard deviation along each; of 0 where there are fewer directions.
    """

    mean: NDArray[np.float64]
    components: NDArray[np.float64]
    spread: NDArray[np.float64]

    @classmethod
    def of(cls, maps: Maps) -> Basis:
        """Return the basis of some maps, shape (maps, rows, cols); places with a value that is not finite are left out.

        >>> x = np.linspace(-1, 1, 9, dtype=np.float32).reshape(1, 3, 3)
        >>> Basis.of(np.concatenate([x, 2 * x])).components[:, 0].round(3).tolist()
        [0.447, 0.894]
        """
        count = len(maps)
        flat = maps.reshape(count, -1).astype(np.float64)
        flat = flat[:, np.isfinite(flat).all(axis=0)]
        if not flat.shape[1]:
            return cls(np.zeros(count), np.zeros((count, 3)), np.zeros(3))
        mean = flat.mean(axis=1)
        centred = flat - mean[:, None]
        values, vectors = np.linalg.eigh(centred @ centred.T / flat.shape[1])
        some = min(3, count)
        chosen = vectors[:, ::-1][:, :some]
        signs = np.sign(chosen[np.abs(chosen).argmax(axis=0), np.arange(some)])
        components, spread = np.zeros((count, 3)), np.zeros(3)
        components[:, :some] = chosen * signs
        spread[:some] = np.sqrt(np.maximum(values[::-1][:some], 0))
        return cls(mean, components, spread)

    @property
    def text(self) -> str:
        """Return it as text, from which `read` makes the same one, to the last bit."""
        return json.dumps([self.mean.tolist(), self.components.tolist(), self.spread.tolist()])

    @classmethod
    def read(cls, text: str) -> Basis:
        """Return the basis that a text describes.

        >>> basis = Basis.of(np.arange(8, dtype=np.float32).reshape(2, 2, 2))
        >>> Basis.read(basis.text).components.tolist() == basis.components.tolist()
        True
        """
        mean, components, spread = (np.array(part, np.float64) for part in json.loads(text))
        if components.shape != (len(mean), 3) or spread.shape != (3,):
            raise ValueError(f"Expected three directions in a basis, received the shape {components.shape}.")
        return cls(mean, components, spread)

    def first(self, maps: Maps) -> Maps:
        """Return how far maps lie along the first of the directions, shape (rows, cols)."""
        with np.errstate(invalid="ignore", over="ignore"):
            along = self.components[:, 0] @ (maps.reshape(len(maps), -1) - self.mean[:, None])
            return along.astype(np.float32).reshape(maps.shape[1:])

    def along(self, maps: Maps) -> Maps:
        """Return how far maps lie along each of the directions, shape (3, rows, cols)."""
        flat = maps.reshape(len(maps), -1).astype(np.float64) - self.mean[:, None]
        with np.errstate(invalid="ignore", over="ignore"):
            return (self.components.T @ flat).astype(np.float32).reshape(3, *maps.shape[1:])

    def coloured(self, along: Maps) -> NDArray[np.uint8]:
        """Return what `along` returns as colours, shape (rows, cols, 3).

        The ends are 2.5 standard deviations to either side of the mean.
        """
        with np.errstate(invalid="ignore", over="ignore"):
            scaled = along / np.where(self.spread > 0, self.spread, 1.0)[:, None, None]
        levels = np.clip(np.nan_to_num(scaled, nan=0.0) * (127.5 / 2.5) + 127.5, 0, 255)
        return np.ascontiguousarray(np.moveaxis(levels.round().astype(np.uint8), 0, 2))

    def colours(self, maps: Maps) -> NDArray[np.uint8]:
        """Return maps as colours, shape (rows, cols, 3), see `coloured`."""
        return self.coloured(self.along(maps))
