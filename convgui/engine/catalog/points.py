"""Points: spots, rings and corners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.catalog.entry import Entry, Parameter, bell, fixed, plane, sigma, size, without_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATIO = Parameter("ratio", "Ratio", 1.6, 1.1, 5.0, 0.05, note="Of the outer sigma to the inner one; 1.6 is nearly a LoG.")


def log(size: int, sigma: float) -> NDArray[np.float64]:
    """Laplacian of a Gaussian (Marr and Hildreth 1980), sampled, its mean taken away."""
    x, y = plane(size, size)
    square = (x**2 + y**2) / sigma**2
    return without_mean((square - 2) * bell(size, size, sigma) / sigma**2)


def blob(size: int, sigma: float) -> NDArray[np.float64]:
    """The negative Laplacian of a Gaussian times sigma squared, so that scales can be compared (Lindeberg 1998)."""
    return -log(size, sigma) * sigma**2


def dog(size: int, sigma: float, ratio: float) -> NDArray[np.float64]:
    """A narrow Gaussian minus a wide one."""
    return bell(size, size, sigma) - bell(size, size, sigma * ratio)


def ring(size: int, radius: float, width: float) -> NDArray[np.float64]:
    """A bright ring on a dark ground, the mean taken away, magnitudes summing to 2."""
    x, y = plane(size, size)
    weights = without_mean(np.exp(-((np.hypot(x, y) - radius) ** 2) / (2 * width**2)))
    total = np.abs(weights).sum()
    return weights * (2 / total) if total > 1e-9 else weights


def corner(size: int, direction: int) -> NDArray[np.float64]:
    """A bright quadrant against the three others; direction 0 is the lower right one, on clockwise."""
    weights = np.full((size, size), -1.0)
    half = size // 2
    weights[half:, half:] = 0
    weights[weights < 0] /= (weights < 0).sum()
    weights[half:, half:] = 1 / weights[half:, half:].size
    return np.rot90(weights, -direction).copy()


ENTRIES = (
    Entry(
        *("log", "LoG", "points"),
        "Laplacian of a Gaussian: blurs and takes the curvature in one step. Negative on bright spots of about its size, "
        "with a change of sign on edges.",
        log,
        (size(9, 3), sigma()),
        tags="laplacian gaussian marr hildreth spot",
        same_as="SciPy gaussian_laplace",
    ),
    Entry(
        *("dog", "DoG", "points"),
        "A narrow blur minus a wide one: lets through detail of one size and drops finer and coarser. What the retina "
        "does.",
        dog,
        (size(13, 3), sigma(), RATIO),
        tags="difference gaussians band retina sift",
        same_as="scikit-image difference_of_gaussians",
    ),
    Entry(
        *("blob", "Blob", "points"),
        "The Mexican hat: largest in the middle of bright spots whose radius is about 1.4 sigma, negative on dark ones.",
        blob,
        (size(13, 3), sigma(2.0)),
        tags="spot mexican hat ricker",
    ),
    Entry(
        *("ring", "Ring", "points"),
        "Answers in the middle of bright rings of the chosen radius: pupils, washers, bubbles.",
        ring,
        (
            size(15, 3),
            Parameter("radius", "Radius", 5.0, 0.5, 30.0, 0.1, unit=" px"),
            Parameter("width", "Width", 1.0, 0.3, 10.0, 0.1, unit=" px", note="Of the ring."),
        ),
        tags="circle annulus bubble",
    ),
    Entry(
        *("dot", "Dot", "points"),
        "A cell against the mean of its eight neighbours: finds single bright pixels, such as stars or dead sensor cells.",
        fixed(np.where(np.arange(9).reshape(3, 3) == 4, 1.0, -1 / 8)),
        tags="star point pixel",
    ),
    Entry(
        *("corner", "Corner", "points"),
        "A bright quadrant against the three others: strongest where a bright right angle points into it.",
        corner,
        (size(6, 2), Parameter("direction", "Direction", 0, 0, 3, 1, True, "", "Which quadrant; 0 is the lower right.")),
        tags="quadrant angle",
    ),
    Entry(
        *("corner-cross", "Corner, crossed", "points"),
        "The mixed second derivative: answers at corners and saddles, where light and dark meet like squares of a "
        "chessboard, and not along straight edges.",
        fixed(np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]]) / 4),
        tags="saddle xy mixed derivative chessboard",
    ),
)
