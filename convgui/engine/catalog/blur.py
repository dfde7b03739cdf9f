"""Blur: means over a neighbourhood. The weights sum to 1, so that brightness is kept."""

from __future__ import annotations

from math import ceil, comb
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.catalog.entry import Entry, Parameter, along, angle, bell, fixed, plane, sigma, size

if TYPE_CHECKING:
    from numpy.typing import NDArray


def box(size: int) -> NDArray[np.float64]:
    """Equal weights."""
    return np.full((size, size), 1 / size**2)


def gaussian(size: int, sigma: float) -> NDArray[np.float64]:
    """A sampled Gaussian, normalised to sum 1."""
    return bell(size, size, sigma)


def binomial(size: int) -> NDArray[np.float64]:
    """Pascal's triangle in both directions."""
    row = np.array([comb(size - 1, k) for k in range(size)], float)
    return np.outer(row, row) / row.sum() ** 2


def tent(size: int) -> NDArray[np.float64]:
    """Weights that fall linearly from the middle, in both directions."""
    row = (size + 1) / 2 - np.abs(np.arange(size) - (size - 1) / 2)
    return np.outer(row, row) / row.sum() ** 2


def disk(radius: float) -> NDArray[np.float64]:
    """Each cell's share of a disk, by 9 x 9 samples in it."""
    half = ceil(radius - 0.5)
    fine = (np.arange((2 * half + 1) * 9) - (2 * half + 1) * 4.5 + 0.5) / 9
    inside = fine[:, None] ** 2 + fine[None, :] ** 2 <= radius**2
    share = inside.reshape(2 * half + 1, 9, 2 * half + 1, 9).sum(axis=(1, 3)).astype(float)
    return share / share.sum()


def motion(length: int, angle: float) -> NDArray[np.float64]:
    """A line of one cell's width through the middle; a cell's weight falls with its distance from it."""
    side = length if length % 2 else length + 1
    x, y = plane(side, side)
    beyond = np.maximum(np.abs(along(x, y, angle)) - (length - 1) / 2, 0)
    across = np.abs(along(x, y, angle + 90))
    weights = np.clip(1 - across, 0, None) * np.clip(1 - beyond, 0, None)
    return weights / weights.sum()


ENTRIES = (
    Entry(
        *("box", "Box", "blur"),
        "The mean of a square of cells. The quickest blur; its hard rim leaves faint squares around bright points.",
        box,
        (size(3),),
        tags="mean average smooth",
        same_as="OpenCV blur, SciPy uniform_filter",
    ),
    Entry(
        *("gaussian", "Gaussian", "blur"),
        "A mean that trusts near cells more than far ones, alike in every direction. Sigma says how far it looks; "
        "about six sigma of size holds all of it.",
        gaussian,
        (size(9), sigma()),
        tags="smooth bell denoise",
        same_as="OpenCV GaussianBlur, SciPy gaussian_filter",
    ),
    Entry(
        *("binomial", "Binomial", "blur"),
        "Pascal's triangle as a blur: whole numbers that come close to a Gaussian. Size 3 gives 1 2 1, size 5 gives "
        "1 4 6 4 1.",
        binomial,
        (size(5),),
        tags="smooth pascal pyramid",
        same_as="OpenCV pyrDown at size 5",
    ),
    Entry(
        *("disk", "Disk", "blur"),
        "The mean over a round patch: what a lens out of focus does to a point of light.",
        disk,
        (Parameter("radius", "Radius", 2.5, 0.5, 31.0, 0.1, unit=" px", note="Cells on the rim count by their share."),),
        tags="lens bokeh pillbox defocus mean",
    ),
    Entry(
        *("motion-blur", "Motion blur", "blur"),
        "The mean along a short line: what a camera that moves does to a picture.",
        motion,
        (Parameter("length", "Length", 9, 1, 63, 1, True, " px", "Cells along the line."), angle(20.0, 180.0)),
        tags="camera shake streak",
    ),
    Entry(
        *("tent", "Tent", "blur"),
        "Weights that fall in a straight line from the middle to the rim: a box run twice, and linear interpolation's own "
        "kernel.",
        tent,
        (size(5),),
        tags="triangle bilinear bartlett smooth",
    ),
    Entry(
        *("cross-mean", "Cross mean", "blur"),
        "The mean of a cell and its four neighbours: the gentlest blur that there is.",
        fixed(np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5),
        tags="plus mean smooth",
    ),
)
