"""Edges: where brightness changes, and in which direction. Positive where it rises in the direction that the name says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.catalog.entry import (
    Entry,
    Parameter,
    along,
    angle,
    bell,
    fixed,
    plane,
    ring_turned,
    sigma,
    size,
    without_mean,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)
PREWITT = np.array([[-1, 0, 1]] * 3, float)
SCHARR = np.array([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]], float)
KIRSCH = np.array([[-3, -3, 5], [-3, 0, 5], [-3, -3, 5]], float)

DIRECTION = Parameter(
    "direction", "Direction", 0, 0, 7, 1, True, "", "Steps of 45 degrees counter-clockwise; 0 is to the right, 2 upwards."
)


def kirsch(direction: int) -> NDArray[np.float64]:
    """Kirsch 1971: three cells of 5 against five of -3."""
    return ring_turned(KIRSCH, direction)


def robinson(direction: int) -> NDArray[np.float64]:
    """Robinson 1977: Sobel's kernel turned in steps of 45 degrees."""
    return ring_turned(SOBEL, direction)


def first_derivative(size: int, sigma: float, angle: float) -> NDArray[np.float64]:
    """First derivative of a Gaussian (Canny 1986), scaled so that a slope of 1 per pixel gives 1."""
    distance = along(*plane(size, size), angle)
    weights = without_mean(distance * bell(size, size, sigma))
    return weights / (weights * distance).sum()


def second_derivative(size: int, sigma: float, angle: float) -> NDArray[np.float64]:
    """Second derivative of a Gaussian, scaled so that a parabola of curvature 1 gives 1."""
    distance = along(*plane(size, size), angle)
    weights = without_mean((distance**2 / sigma**2 - 1) * bell(size, size, sigma))
    return weights / ((weights * distance**2).sum() / 2)


_ODD_SIZE = size(9, 3, note="Rows and columns; about six sigma holds all of it.")

ENTRIES = (
    Entry(
        *("sobel-x", "Sobel x", "edges"),
        "Answers where brightness changes from left to right: positive where it rises, negative where it falls. "
        "Sum 0, so flat areas vanish.",
        fixed(SOBEL),
        tags="gradient derivative horizontal vertical edge",
        same_as="OpenCV Sobel(dx=1, ksize=3)",
    ),
    Entry(
        *("sobel-y", "Sobel y", "edges"),
        "Answers where brightness changes from top to bottom: positive where it rises downwards. "
        "It finds the horizontal edges that Sobel x misses.",
        fixed(SOBEL.T),
        tags="gradient derivative vertical horizontal edge",
        same_as="OpenCV Sobel(dy=1, ksize=3)",
    ),
    Entry(
        *("scharr-x", "Scharr x", "edges"),
        "Like Sobel x with weights 3, 10, 3: chosen so that an edge gets the same answer whatever its direction.",
        fixed(SCHARR),
        tags="gradient derivative rotation",
        same_as="OpenCV Scharr(dx=1)",
    ),
    Entry(
        *("scharr-y", "Scharr y", "edges"),
        "The vertical twin of Scharr x: brightness that rises downwards, weighed 3, 10, 3 across.",
        fixed(SCHARR.T),
        tags="gradient derivative rotation",
        same_as="OpenCV Scharr(dy=1)",
    ),
    Entry(
        *("prewitt-x", "Prewitt x", "edges"),
        "The plain difference between the column at the right and the column at the left, added over three rows. "
        "The simplest edge detector that is calm in noise.",
        fixed(PREWITT),
        tags="gradient derivative",
        same_as="scikit-image prewitt_v times 3",
    ),
    Entry(
        *("prewitt-y", "Prewitt y", "edges"),
        "The row below minus the row above, added over three columns: brightness that rises downwards.",
        fixed(PREWITT.T),
        tags="gradient derivative",
        same_as="scikit-image prewitt_h times 3",
    ),
    Entry(
        *("roberts-x", "Roberts x", "edges"),
        "The smallest edge detector: a cell minus its neighbour across the diagonal, from the upper left to the lower "
        "right. Sharp, and quick to answer to noise.",
        fixed([[-1, 0], [0, 1]]),
        tags="cross gradient diagonal even 2x2",
    ),
    Entry(
        *("roberts-y", "Roberts y", "edges"),
        "The other diagonal difference of 2 x 2 cells, from the upper right to the lower left. With Roberts x it spans "
        "every direction.",
        fixed([[0, -1], [1, 0]]),
        tags="cross gradient diagonal even 2x2",
    ),
    Entry(
        *("laplacian-4", "Laplacian 4", "edges"),
        "A cell's four neighbours minus four times itself: how much brightness curves. Zero on slopes, with a change of "
        "sign right on each edge.",
        fixed([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        tags="second derivative curvature",
        same_as="OpenCV Laplacian(ksize=1)",
    ),
    Entry(
        *("laplacian-8", "Laplacian 8", "edges"),
        "The Laplacian with all eight neighbours, so that diagonal edges answer as strongly as straight ones.",
        fixed([[1, 1, 1], [1, -8, 1], [1, 1, 1]]),
        tags="second derivative curvature",
    ),
    Entry(
        *("gaussian-derivative", "Gaussian 1st derivative", "edges"),
        "Blurs and takes the slope in one step, in any direction. Sigma chooses how coarse an edge has to be; a slope of 1 "
        "per pixel gives 1.",
        first_derivative,
        (_ODD_SIZE, sigma(), angle()),
        tags="gradient steerable canny scale",
        same_as="SciPy gaussian_filter(order=1)",
    ),
    Entry(
        *("gaussian-second", "Gaussian 2nd derivative", "edges"),
        "Blurs and takes the curvature in one direction: negative on bright lines across it, positive on dark ones.",
        second_derivative,
        (_ODD_SIZE, sigma(), angle(high=180.0)),
        tags="curvature ridge steerable hessian",
        same_as="SciPy gaussian_filter(order=2)",
    ),
    Entry(
        *("kirsch", "Kirsch", "edges"),
        "One of eight compass kernels: three cells of 5 pull towards the chosen direction against five of -3. Run all "
        "eight, and the strongest tells the edge's direction.",
        kirsch,
        (DIRECTION,),
        tags="compass direction",
    ),
    Entry(
        *("robinson", "Robinson", "edges"),
        "Sobel's kernel as a compass: turned in steps of 45 degrees, so that the strongest of eight answers names the "
        "direction of an edge.",
        robinson,
        (DIRECTION,),
        tags="compass direction",
    ),
    Entry(
        *("sobel-45", "Sobel 45°", "edges"),
        "Sobel on the diagonal: positive where brightness rises towards the upper right.",
        fixed(ring_turned(SOBEL, 1)),
        tags="gradient diagonal",
    ),
    Entry(
        *("sobel-135", "Sobel 135°", "edges"),
        "Sobel on the other diagonal: positive where brightness rises towards the upper left.",
        fixed(ring_turned(SOBEL, 3)),
        tags="gradient diagonal",
    ),
    Entry(
        *("sobel-5-x", "Sobel 5 x", "edges"),
        "Sobel x on 5 x 5 cells: a smoother slope that fine noise disturbs less.",
        fixed(np.outer([1, 4, 6, 4, 1], [-1, -2, 0, 2, 1])),
        tags="gradient derivative large",
        same_as="OpenCV Sobel(dx=1, ksize=5)",
    ),
)
