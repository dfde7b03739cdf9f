"""Blur: means over a patch. The weights sum to 1, so that brightness is kept."""

from __future__ import annotations

from math import ceil, comb
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.catalogue.entry import Entry, Parameter, along, angle, bell, fixed, plane, sigma, size

if TYPE_CHECKING:
    from numpy.typing import NDArray

FINE = 9
"""Samples along each side of a cell by which its share of a disk is counted."""


def _separable(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the outer product of a row with itself, with sum 1."""
    weights: NDArray[np.float64] = np.outer(row, row) / row.sum() ** 2
    return weights


def box(size: int) -> NDArray[np.float64]:
    """Return equal weights with sum 1: the two-dimensional moving average (as SciPy's uniform_filter)."""
    return np.full((size, size), 1 / size**2)


def gaussian(size: int, sigma: float) -> NDArray[np.float64]:
    """Return a sampled Gaussian, normalised to sum 1 (as OpenCV's getGaussianKernel, in both directions)."""
    return bell(size, size, sigma)


def binomial(size: int) -> NDArray[np.float64]:
    """Return Pascal's triangle in both directions; size 5 is the kernel of Burt and Adelson 1983."""
    return _separable(np.array([comb(size - 1, k) for k in range(size)], float))


def tent(size: int) -> NDArray[np.float64]:
    """Return weights that fall linearly from the middle, in both directions (Bartlett 1950)."""
    return _separable((size + 1) / 2 - np.abs(np.arange(size) - (size - 1) / 2))


def disk(radius: float) -> NDArray[np.float64]:
    """Return each cell's share of a disk, by 9 × 9 samples in it (the pillbox, MATLAB's fspecial('disk'))."""
    side = 2 * ceil(radius - 0.5) + 1
    fine = (np.arange(side * FINE) + 0.5) / FINE - side / 2
    inside = fine[:, None] ** 2 + fine[None, :] ** 2 <= radius**2
    share: NDArray[np.float64] = inside.reshape(side, FINE, side, FINE).sum(axis=(1, 3)).astype(np.float64)
    share /= share.sum()
    return share


def motion(length: int, angle: float) -> NDArray[np.float64]:
    """Return a line of one cell's width through the middle; a cell's weight falls with its distance from the line.

    The idea is that of MATLAB's fspecial('motion'). The side is the length, or one more if that is even.
    """
    side = length if length % 2 else length + 1
    x, y = plane(side, side)
    beyond = np.maximum(np.abs(along(x, y, angle)) - (length - 1) / 2, 0)
    across = np.abs(along(x, y, angle + 90))
    weights: NDArray[np.float64] = np.clip(1 - across, 0, None) * np.clip(1 - beyond, 0, None)
    weights /= weights.sum()
    return weights


_RADIUS = Parameter(
    "radius", "Radius", 2.5, low=0.5, high=31.0, step=0.1, unit=" px", note="Cells on the rim count by their share."
)
_LENGTH = Parameter("length", "Length", 9, low=1, high=63, integer=True, unit=" px", note="Cells along the line.")

ENTRIES = (
    Entry(
        id="box",
        label="Box",
        family="blur",
        text="The mean of a square of cells. The quickest blur; its hard rim leaves faint squares around bright points.",
        make=box,
        parameters=(size(3),),
        tags="mean average smooth",
        same_as="OpenCV blur, SciPy uniform_filter",
    ),
    Entry(
        id="gaussian",
        label="Gaussian",
        family="blur",
        text="A mean that trusts near cells more than far ones, alike in every direction. Sigma says how far it looks; "
        "about six sigma of size holds all of it.",
        make=gaussian,
        parameters=(size(9), sigma()),
        tags="smooth bell denoise",
        same_as="OpenCV GaussianBlur, SciPy gaussian_filter",
    ),
    Entry(
        id="binomial",
        label="Binomial",
        family="blur",
        text="Pascal's triangle as a blur: whole numbers that come close to a Gaussian. Size 3 gives 1 2 1, size 5 gives "
        "1 4 6 4 1.",
        make=binomial,
        parameters=(size(5),),
        tags="smooth pascal pyramid",
        same_as="OpenCV pyrDown at size 5",
    ),
    Entry(
        id="disk",
        label="Disk",
        family="blur",
        text="The mean over a round patch. It is what a lens out of focus does to each point of light.",
        make=disk,
        parameters=(_RADIUS,),
        tags="lens bokeh pillbox defocus mean",
    ),
    Entry(
        id="motion-blur",
        label="Motion blur",
        family="blur",
        text="The mean along a short line: what a camera that moves does to a picture. Edges along the line stay sharp.",
        make=motion,
        parameters=(_LENGTH, angle(20.0, 180.0)),
        tags="camera shake streak",
    ),
    Entry(
        id="tent",
        label="Tent",
        family="blur",
        text="Weights that fall in a straight line from the middle to the rim. An odd size is a box run twice, and a "
        "picture is enlarged with it by linear interpolation.",
        make=tent,
        parameters=(size(5),),
        tags="triangle bilinear bartlett smooth",
    ),
    Entry(
        id="cross-mean",
        label="Cross mean",
        family="blur",
        text="The mean of a cell and its four neighbours. A gentle blur: even a lone bright pixel keeps a fifth of its "
        "light.",
        make=fixed(np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5),
        tags="plus mean smooth",
    ),
)
