"""Edges: where brightness changes, and in which direction. Positive where it rises in the direction of the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.catalogue.entry import (
    Entry,
    Parameter,
    along,
    angle,
    bell,
    fixed,
    odd,
    plane,
    ring_turned,
    sigma,
    size,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)
"""Sobel and Feldman 1968."""

PREWITT = np.array([[-1, 0, 1]] * 3, float)
"""Prewitt 1970."""

SCHARR = np.array([[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]], float)
"""Scharr 2000, in the whole numbers that OpenCV uses."""

ROBERTS = np.array([[-1, 0], [0, 1]], float)
"""Roberts 1963."""

KIRSCH = np.array([[-3, -3, 5], [-3, 0, 5], [-3, -3, 5]], float)
"""Kirsch 1971."""

_STEPS = "Steps of 45 degrees counter-clockwise; 0 is to the right, 2 upwards."
DIRECTION = Parameter("direction", "Direction", 0, low=0, high=7, integer=True, note=_STEPS)


def kirsch(direction: int) -> NDArray[np.float64]:
    """Return three cells of 5 against five of -3, turned (Kirsch 1971)."""
    return ring_turned(KIRSCH, direction)


def robinson(direction: int) -> NDArray[np.float64]:
    """Return Sobel's kernel turned in steps of 45 degrees (Robinson 1977)."""
    return ring_turned(SOBEL, direction)


def first_derivative(size: int, sigma: float, angle: float) -> NDArray[np.float64]:
    """Return the first derivative of a Gaussian (Canny 1986), scaled so that a slope of 1 per pixel gives 1."""
    distance = along(*plane(size, size), angle)
    weights = odd(distance * bell(size, size, sigma))
    weights /= (weights * distance).sum()
    return weights


def second_derivative(size: int, sigma: float, angle: float) -> NDArray[np.float64]:
    """Return the second derivative of a Gaussian (Freeman and Adelson 1991), scaled so that x * x / 2 gives 1.

    What is taken from the squared distance is its mean under the sampled Gaussian, which is sigma squared when the grid
    is fine and large enough. So the sum is 0 at every size, and a small sigma tends to the second difference 1, -2, 1.
    """
    square = along(*plane(size, size), angle) ** 2
    weight = bell(size, size, sigma)
    weights: NDArray[np.float64] = (square - (square * weight).sum()) * weight
    weights *= 2 / (weights * square).sum()
    return weights


_SIZE = size(9, 3, note="Rows and columns, even too; about six sigma holds all of it.")

ENTRIES = (
    Entry(
        id="sobel-x",
        label="Sobel x",
        family="edges",
        text="Answers where brightness changes from left to right: positive where it rises, negative where it falls. "
        "Sum 0, so flat areas vanish.",
        make=fixed(SOBEL),
        tags="gradient derivative horizontal vertical edge",
        same_as="OpenCV Sobel(dx=1, ksize=3)",
    ),
    Entry(
        id="sobel-y",
        label="Sobel y",
        family="edges",
        text="Answers where brightness changes from top to bottom: positive where it rises downwards. "
        "It finds the horizontal edges that Sobel x misses.",
        make=fixed(SOBEL.T),
        tags="gradient derivative vertical horizontal edge",
        same_as="OpenCV Sobel(dy=1, ksize=3)",
    ),
    Entry(
        id="scharr-x",
        label="Scharr x",
        family="edges",
        text="Like Sobel x with weights 3, 10, 3. They are chosen so that, together with Scharr y, an edge's strength "
        "hardly depends on its direction.",
        make=fixed(SCHARR),
        tags="gradient derivative rotation",
        same_as="OpenCV Scharr(dx=1)",
    ),
    Entry(
        id="scharr-y",
        label="Scharr y",
        family="edges",
        text="The vertical twin of Scharr x, weighed 3, 10, 3 across. Positive where brightness rises downwards.",
        make=fixed(SCHARR.T),
        tags="gradient derivative rotation",
        same_as="OpenCV Scharr(dy=1)",
    ),
    Entry(
        id="prewitt-x",
        label="Prewitt x",
        family="edges",
        text="The column at the right minus the column at the left, added over three rows. "
        "The simplest edge detector that is calm in noise.",
        make=fixed(PREWITT),
        tags="gradient derivative",
        same_as="scikit-image prewitt_v times 3",
    ),
    Entry(
        id="prewitt-y",
        label="Prewitt y",
        family="edges",
        text="The row below minus the row above, added over three columns. Positive where brightness rises downwards.",
        make=fixed(PREWITT.T),
        tags="gradient derivative",
        same_as="scikit-image prewitt_h times 3",
    ),
    Entry(
        id="roberts-x",
        label="Roberts x",
        family="edges",
        text="The smallest edge detector: a cell minus its neighbour across the diagonal, rising from the upper left to the "
        "lower right. Sharp, and quick to answer to noise.",
        make=fixed(ROBERTS),
        tags="cross gradient diagonal even 2x2",
    ),
    Entry(
        id="roberts-y",
        label="Roberts y",
        family="edges",
        text="The other diagonal difference of 2 × 2 cells, rising from the upper right to the lower left. With Roberts x "
        "it spans every direction.",
        make=fixed(ROBERTS[:, ::-1]),
        tags="cross gradient diagonal even 2x2",
    ),
    Entry(
        id="laplacian-4",
        label="Laplacian 4",
        family="edges",
        text="A cell's four neighbours minus four times itself: how much brightness curves. Zero on even slopes, with a "
        "change of sign right on each edge.",
        make=fixed([[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        tags="second derivative curvature",
        same_as="OpenCV Laplacian(ksize=1)",
    ),
    Entry(
        id="laplacian-8",
        label="Laplacian 8",
        family="edges",
        text="The Laplacian with all eight neighbours. Diagonal edges answer as strongly as straight ones, and so does "
        "noise.",
        make=fixed([[1, 1, 1], [1, -8, 1], [1, 1, 1]]),
        tags="second derivative curvature",
    ),
    Entry(
        id="gaussian-derivative",
        label="Gaussian 1st derivative",
        family="edges",
        text="Blurs and takes the slope in one step, in any direction. Sigma chooses how coarse an edge has to be; a slope "
        "of 1 per pixel gives 1.",
        make=first_derivative,
        parameters=(_SIZE, sigma(), angle()),
        tags="gradient steerable canny scale",
        same_as="SciPy gaussian_filter(order=1)",
    ),
    Entry(
        id="gaussian-second",
        label="Gaussian 2nd derivative",
        family="edges",
        text="Blurs and takes the curvature in one direction. Negative on bright lines across that direction, positive on "
        "dark ones.",
        make=second_derivative,
        parameters=(_SIZE, sigma(), angle(high=180.0)),
        tags="curvature ridge steerable hessian",
        same_as="SciPy gaussian_filter(order=2)",
    ),
    Entry(
        id="kirsch",
        label="Kirsch",
        family="edges",
        text="One of eight compass kernels: three cells of 5 pull towards the chosen direction against five of -3. Run all "
        "eight, and the strongest tells the edge's direction.",
        make=kirsch,
        parameters=(DIRECTION,),
        tags="compass direction",
    ),
    Entry(
        id="robinson",
        label="Robinson",
        family="edges",
        text="Sobel's kernel as a compass, turned in steps of 45 degrees. The strongest of its eight answers names the "
        "direction of an edge.",
        make=robinson,
        parameters=(DIRECTION,),
        tags="compass direction",
    ),
    Entry(
        id="sobel-45",
        label="Sobel 45°",
        family="edges",
        text="Sobel on the diagonal: positive where brightness rises towards the upper right. Sum 0, so flat areas vanish.",
        make=fixed(ring_turned(SOBEL, 1)),
        tags="gradient diagonal",
    ),
    Entry(
        id="sobel-135",
        label="Sobel 135°",
        family="edges",
        text="Sobel on the other diagonal: positive where brightness rises towards the upper left. Sum 0, so flat areas "
        "vanish.",
        make=fixed(ring_turned(SOBEL, 3)),
        tags="gradient diagonal",
    ),
    Entry(
        id="sobel-5-x",
        label="Sobel 5 x",
        family="edges",
        text="Sobel x on 5 × 5 cells. A smoother slope, which fine noise disturbs less and which thin lines blur.",
        make=fixed(np.outer([1, 4, 6, 4, 1], [-1, -2, 0, 2, 1])),
        tags="gradient derivative large",
        same_as="OpenCV Sobel(dx=1, ksize=5)",
    ),
)
