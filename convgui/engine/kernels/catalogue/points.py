"""Points: spots, rings and corners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.catalogue.entry import Entry, Parameter, balanced, bell, fixed, plane, sigma, size, without_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

COARSEST = 0.5
"""The smallest sigma at which a sampled Laplacian of a Gaussian still has its valley in the middle at even sizes."""


def log(size: int, sigma: float) -> NDArray[np.float64]:
    """Return the Laplacian of a Gaussian (Marr and Hildreth 1980), sampled, its mean taken away.

    It is what MATLAB's fspecial('log') gives.
    """
    x, y = plane(size, size)
    square = (x**2 + y**2) / sigma**2
    return without_mean((square - 2) * bell(size, size, sigma) / sigma**2)


def blob(size: int, sigma: float) -> NDArray[np.float64]:
    """Return the negative LoG times sigma squared, so that scales can be compared (Lindeberg 1998)."""
    weights: NDArray[np.float64] = -log(size, sigma) * sigma**2
    return weights


def dog(size: int, sigma: float, ratio: float) -> NDArray[np.float64]:
    """Return a narrow Gaussian minus a wide one (Marr and Hildreth 1980, who propose the ratio 1.6)."""
    return bell(size, size, sigma) - bell(size, size, sigma * ratio)


def ring(size: int, radius: float, width: float) -> NDArray[np.float64]:
    """Return a bright ring with a Gaussian profile as a matched filter (Turin 1960), magnitudes summing to 2.

    A ring that lies outside the kernel gives zeros.
    """
    x, y = plane(size, size)
    return balanced(np.exp(-((np.hypot(x, y) - radius) ** 2) / (2 * width**2)))


def corner(size: int, direction: int) -> NDArray[np.float64]:
    """Return the mean of one quadrant minus the mean of the rest, after the box features of Viola and Jones 2001.

    Direction 0 is the lower right quadrant, on clockwise. An odd size gives its middle row and column to the quadrant.
    """
    quadrant = np.zeros((size, size), bool)
    quadrant[size // 2 :, size // 2 :] = True
    weights: NDArray[np.float64] = np.where(quadrant, 1 / quadrant.sum(), -1 / (~quadrant).sum())
    return np.rot90(weights, -direction).copy()


_SIZE = "Rows and columns, even too."
_OUTER = "Of the outer sigma to the inner one; 1.6 is nearly a LoG."
_RATIO = Parameter("ratio", "Ratio", 1.6, low=1.1, high=5.0, step=0.05, note=_OUTER)
_RADIUS = Parameter("radius", "Radius", 5.0, low=0.5, high=30.0, step=0.1, unit=" px", note="Keep it below half the size.")
_WIDTH = Parameter("width", "Width", 1.0, low=0.3, high=10.0, step=0.1, unit=" px", note="Of the ring.")
_QUADRANT = "Which quadrant: 0 is the lower right, on clockwise."
_DIRECTION = Parameter("direction", "Direction", 0, low=0, high=3, integer=True, note=_QUADRANT)

ENTRIES = (
    Entry(
        id="log",
        label="LoG",
        family="points",
        text="Laplacian of a Gaussian: blurs and takes the curvature in one step. Negative on bright spots of about its "
        "size, with a change of sign on edges.",
        make=log,
        parameters=(size(9, 3, note=_SIZE), sigma(low=COARSEST)),
        tags="laplacian gaussian marr hildreth spot",
        same_as="SciPy gaussian_laplace, MATLAB fspecial('log')",
    ),
    Entry(
        id="dog",
        label="DoG",
        family="points",
        text="A narrow blur minus a wide one: lets through detail of one size and drops finer and coarser. The retina does "
        "much the same.",
        make=dog,
        parameters=(size(13, 3, note=_SIZE), sigma(), _RATIO),
        tags="difference gaussians band retina sift",
        same_as="scikit-image difference_of_gaussians",
    ),
    Entry(
        id="blob",
        label="Blob",
        family="points",
        text="The Mexican hat, largest in the middle of bright spots whose radius is about 1.4 sigma. Dark spots answer "
        "negatively.",
        make=blob,
        parameters=(size(13, 3, note=_SIZE), sigma(2.0, COARSEST)),
        tags="spot mexican hat ricker",
    ),
    Entry(
        id="ring",
        label="Ring",
        family="points",
        text="Answers in the middle of bright rings of the chosen radius. For pupils, washers and bubbles.",
        make=ring,
        parameters=(size(15, 3, note=_SIZE), _RADIUS, _WIDTH),
        tags="circle annulus bubble",
    ),
    Entry(
        id="dot",
        label="Dot",
        family="points",
        text="A cell against the mean of its eight neighbours. It finds single bright pixels, such as stars or dead sensor "
        "cells.",
        make=fixed(np.where(np.arange(9).reshape(3, 3) == 4, 1.0, -1 / 8)),
        tags="star point pixel",
    ),
    Entry(
        id="corner",
        label="Corner",
        family="points",
        text="The mean of one quadrant minus the mean of the three others. Strongest where a bright right angle fills just "
        "that quadrant.",
        make=corner,
        parameters=(size(6, 2, note=_SIZE), _DIRECTION),
        tags="quadrant angle",
    ),
    Entry(
        id="corner-cross",
        label="Corner, crossed",
        family="points",
        text="The mixed second derivative. It answers at corners and where light and dark meet like squares of a "
        "chessboard, and not along upright or level edges.",
        make=fixed(np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]]) / 4),
        tags="saddle xy mixed derivative chessboard",
    ),
)
