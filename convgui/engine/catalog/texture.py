"""Texture: patterns that repeat, and weights that a network might begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.catalog.entry import Entry, Parameter, along, angle, plane, sigma, size, without_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

WAVELENGTH = Parameter("wavelength", "Wavelength", 6.0, 2.0, 40.0, 0.1, unit=" px", note="From one bright stripe to the next.")
ASPECT = Parameter("aspect", "Aspect", 0.7, 0.2, 2.0, 0.05, note="Width across the stripes to length along them.")
LAWS = (
    ("level", (1, 4, 6, 4, 1)),
    ("edge", (-1, -2, 0, 2, 1)),
    ("spot", (-1, 0, 2, 0, -1)),
    ("ripple", (1, -4, 6, -4, 1)),
)


def _gabor(side: int, wavelength: float, degrees: float, width: float, aspect: float, phase: float) -> NDArray[np.float64]:
    """A wave under a Gaussian (Daugman 1985, in the form of Petkov 1995), magnitudes summing to 2."""
    x, y = plane(side, side)
    u, v = along(x, y, degrees), along(x, y, degrees + 90)
    weights = np.exp(-(u**2 + (aspect * v) ** 2) / (2 * width**2)) * np.cos(2 * np.pi * u / wavelength + phase)
    weights = without_mean(weights)
    total = np.abs(weights).sum()
    return weights * (2 / total) if total > 1e-9 else weights


def gabor(size: int, wavelength: float, angle: float, sigma: float, aspect: float) -> NDArray[np.float64]:
    """The even one: a bright stripe in the middle."""
    return _gabor(size, wavelength, angle, sigma, aspect, 0.0)


def gabor_odd(size: int, wavelength: float, angle: float, sigma: float, aspect: float) -> NDArray[np.float64]:
    """The odd one: an edge in the middle, rising in the direction of the angle."""
    return _gabor(size, wavelength, angle, sigma, aspect, -np.pi / 2)


def checker(size: int) -> NDArray[np.float64]:
    """Signs in turn, magnitudes summing to 2, the mean taken away."""
    i, j = np.mgrid[:size, :size]
    weights = without_mean(np.where((i + j) % 2 == 0, 1.0, -1.0))
    return weights * (2 / np.abs(weights).sum())


def laws(rows: int, columns: int) -> NDArray[np.float64]:
    """Laws 1980: the outer product of two of four rows of five."""
    return np.outer(LAWS[rows][1], LAWS[columns][1]).astype(float)


def random(size: int, seed: int) -> NDArray[np.float64]:
    """Glorot uniform (Glorot and Bengio 2010) for one channel in and one out."""
    limit = np.sqrt(6 / (2 * size * size))
    return np.random.default_rng(seed).uniform(-limit, limit, (size, size))


_WAVE = (size(15, 3), WAVELENGTH, angle(0.0, 180.0), sigma(3.0), ASPECT)
_CHOICE = "0 level, 1 edge, 2 spot, 3 ripple."

ENTRIES = (
    Entry(
        *("gabor", "Gabor", "texture"),
        "A wave under a Gaussian: answers to stripes of one wavelength and one direction, as cells of the visual cortex do "
        "and first layers of networks learn to.",
        gabor,
        _WAVE,
        tags="wave stripes frequency orientation even cortex",
        same_as="OpenCV getGaborKernel, zero mean",
    ),
    Entry(
        *("gabor-odd", "Gabor odd", "texture"),
        "The Gabor wave shifted by a quarter: it answers to the edges of stripes. With the even one it gives the energy of "
        "a texture.",
        gabor_odd,
        _WAVE,
        tags="wave stripes frequency orientation quadrature",
    ),
    Entry(
        *("checker", "Checkerboard", "texture"),
        "Plus and minus in turn: answers to the finest chequered pattern, such as the traces of upsampling in a network's "
        "pictures.",
        checker,
        (size(4, 2),),
        tags="chess aliasing nyquist artefact",
    ),
    Entry(
        *("laws", "Laws", "texture"),
        "Laws' texture energy: one of level, edge, spot and ripple down the rows, one across the columns. Their squared "
        "answers tell textures apart.",
        laws,
        (
            Parameter("rows", "Rows", 1, 0, 3, 1, True, "", _CHOICE),
            Parameter("columns", "Columns", 2, 0, 3, 1, True, "", _CHOICE),
        ),
        tags="energy level edge spot ripple",
    ),
    Entry(
        *("random", "Random", "texture"),
        "Weights as a network begins with, before it has learned anything: Glorot uniform. Change the seed and see how "
        "much structure chance alone finds.",
        random,
        (size(3), Parameter("seed", "Seed", 1, 0, 9999, 1, True, "", "The same seed gives the same weights.")),
        tags="glorot xavier noise untrained network initial",
        same_as="Keras GlorotUniform",
    ),
)
