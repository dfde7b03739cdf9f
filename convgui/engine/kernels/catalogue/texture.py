"""Texture: patterns that repeat, and weights that a network might begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.catalogue.entry import Entry, Parameter, along, angle, balanced, odd, plane, sigma, size

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAWS = (
    ("level", (1, 4, 6, 4, 1)),
    ("edge", (-1, -2, 0, 2, 1)),
    ("spot", (-1, 0, 2, 0, -1)),
    ("ripple", (1, -4, 6, -4, 1)),
)


def _sine(turns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sine of whole turns: exactly 0 where it crosses zero, as pi is rounded and these are not."""
    half = np.round(2 * turns)
    result: NDArray[np.float64] = np.where(half % 2, -1, 1) * np.sin(2 * np.pi * (turns - half / 2))
    return result


def _gabor(side: int, wavelength: float, degrees: float, width: float, aspect: float, turn: float) -> NDArray[np.float64]:
    """Return a wave under a Gaussian (Daugman 1985, in the form of Petkov 1995), balanced.

    In their letters: lambda is the wavelength, theta the angle across the stripes (counter-clockwise), psi the phase,
    sigma the width, gamma the aspect: exp(-(u**2 + gamma**2 v**2) / (2 sigma**2)) * cos(2 pi u / lambda + psi). Here the
    phase is that of a sine, in turns.
    """
    x, y = plane(side, side)
    u, v = along(x, y, degrees), along(x, y, degrees + 90)
    wave = _sine(u / wavelength + turn)
    return balanced(np.exp(-(u**2 + (aspect * v) ** 2) / (2 * width**2)) * wave)


def gabor(size: int, wavelength: float, angle: float, sigma: float, aspect: float) -> NDArray[np.float64]:
    """Return the even Gabor kernel (Petkov 1995, phase 0) with mean 0: a bright stripe in the middle."""
    return _gabor(size, wavelength, angle, sigma, aspect, 0.25)


def gabor_odd(size: int, wavelength: float, angle: float, sigma: float, aspect: float) -> NDArray[np.float64]:
    """Return the odd Gabor kernel (Petkov 1995, phase -90 degrees): an edge that rises in the direction of the angle."""
    return odd(_gabor(size, wavelength, angle, sigma, aspect, 0.0))


def checker(size: int) -> NDArray[np.float64]:
    """Return signs in turn, the highest frequency of a grid in both directions, magnitudes summing to 2, mean 0."""
    i, j = np.mgrid[:size, :size]
    return balanced(np.where((i + j) % 2 == 0, 1.0, -1.0))


def laws(rows: int, columns: int) -> NDArray[np.float64]:
    """Return the outer product of two of four rows of five (Laws 1980)."""
    return np.outer(LAWS[rows][1], LAWS[columns][1]).astype(np.float64)


def random(size: int, seed: int) -> NDArray[np.float64]:
    """Return Glorot uniform weights (Glorot and Bengio 2010) for one channel in and one out."""
    limit = np.sqrt(6 / (2 * size * size))
    return np.random.default_rng(seed).uniform(-limit, limit, (size, size))


_NYQUIST = "From one bright stripe to the next. At 2 a wave may miss the cells, which gives zeros."
_WAVELENGTH = Parameter("wavelength", "Wavelength", 6.0, low=2.0, high=40.0, step=0.1, unit=" px", note=_NYQUIST)
_ASPECT = Parameter(
    "aspect", "Aspect", 0.7, low=0.2, high=2.0, step=0.05, note="Width across the stripes to length along them."
)
_SIZE = size(15, 3, note="Rows and columns, even too.")
_WAVE = (_SIZE, _WAVELENGTH, angle(0.0, 180.0), sigma(3.0), _ASPECT)
_CHOICE = "0 level, 1 edge, 2 spot, 3 ripple."
_ROWS = Parameter("rows", "Rows", 1, low=0, high=3, integer=True, note=_CHOICE)
_COLUMNS = Parameter("columns", "Columns", 2, low=0, high=3, integer=True, note=_CHOICE)
_SEED = Parameter("seed", "Seed", 1, low=0, high=9999, integer=True, note="The same seed gives the same weights.")

ENTRIES = (
    Entry(
        id="gabor",
        label="Gabor",
        family="texture",
        text="A wave under a Gaussian. It answers to stripes of one wavelength and direction, as cells of the visual cortex "
        "do and first layers of networks learn to.",
        make=gabor,
        parameters=_WAVE,
        tags="wave stripes frequency orientation even cortex",
        same_as="OpenCV getGaborKernel with theta = -angle, zero mean",
    ),
    Entry(
        id="gabor-odd",
        label="Gabor odd",
        family="texture",
        text="The Gabor wave shifted by a quarter: it answers to the edges of stripes. Squared and added to the even one, "
        "it gives the energy of a texture.",
        make=gabor_odd,
        parameters=_WAVE,
        tags="wave stripes frequency orientation quadrature",
    ),
    Entry(
        id="checker",
        label="Checkerboard",
        family="texture",
        text="Plus and minus in turn. It answers to the finest chequered pattern, such as the traces of upsampling in a "
        "network's pictures.",
        make=checker,
        parameters=(size(4, 2),),
        tags="chess aliasing nyquist artefact",
    ),
    Entry(
        id="laws",
        label="Laws",
        family="texture",
        text="Laws' texture energy: one of level, edge, spot and ripple down the rows, one across the columns. Their "
        "squared answers tell textures apart.",
        make=laws,
        parameters=(_ROWS, _COLUMNS),
        tags="energy level edge spot ripple",
    ),
    Entry(
        id="random",
        label="Random",
        family="texture",
        text="Weights as a network begins with, before it has learned anything: Glorot uniform. Change the seed and see how "
        "much structure chance alone finds.",
        make=random,
        parameters=(size(3), _SEED),
        tags="glorot xavier noise untrained network initial",
        same_as="Keras GlorotUniform, other random numbers",
    ),
)
