"""Lines: thin bright lines of one direction. Weights sum to 0, so that flat areas and slopes vanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.catalogue.edges import second_derivative
from convgui.engine.kernels.catalogue.entry import Entry, Parameter, along, angle, balanced, fixed, plane, sigma, size

if TYPE_CHECKING:
    from numpy.typing import NDArray


def ridge(size: int, sigma: float, angle: float) -> NDArray[np.float64]:
    """Return the negative second derivative of a Gaussian across the line (Lindeberg 1998), magnitudes summing to 2."""
    return balanced(-second_derivative(size, sigma, angle + 90))


def bar(size: int, width: float, angle: float) -> NDArray[np.float64]:
    """Return a bright bar through the whole kernel as a matched filter (Turin 1960), magnitudes summing to 2.

    A bar that covers the whole kernel has no ground left to differ from, and gives zeros.
    """
    across = np.abs(along(*plane(size, size), angle + 90))
    return balanced(np.clip((width + 1) / 2 - across, 0, 1))


_SIZE = size(9, 3, note="Rows and columns, even too.")
_WIDTH = Parameter(
    "width", "Width", 2.0, low=0.5, high=20.0, step=0.1, unit=" px", note="Of the bar; keep it below the size."
)

ENTRIES = (
    Entry(
        id="line-horizontal",
        label="Line horizontal",
        family="lines",
        text="A row of 2 between rows of -1. Strongest on a horizontal line one cell high, silent on flat areas and slopes.",
        make=fixed([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]),
        tags="0 degrees thin",
    ),
    Entry(
        id="line-vertical",
        label="Line vertical",
        family="lines",
        text="A column of 2 between columns of -1. Strongest on a vertical line one cell wide, silent on flat areas and "
        "slopes.",
        make=fixed([[-1, 2, -1]] * 3),
        tags="90 degrees thin",
    ),
    Entry(
        id="line-45",
        label="Line 45°",
        family="lines",
        text="Strongest on a thin line that rises from the lower left to the upper right. Sum 0, so flat areas vanish.",
        make=fixed([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]),
        tags="diagonal thin",
    ),
    Entry(
        id="line-135",
        label="Line 135°",
        family="lines",
        text="Strongest on a thin line that falls from the upper left to the lower right. Sum 0, so flat areas vanish.",
        make=fixed([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
        tags="diagonal thin",
    ),
    Entry(
        id="ridge",
        label="Ridge",
        family="lines",
        text="A soft line detector for any direction and width. Bright lines along the angle answer positively, the ground "
        "at their two sides negatively.",
        make=ridge,
        parameters=(_SIZE, sigma(), angle(0.0, 180.0)),
        tags="curvature vessel hair line any",
    ),
    Entry(
        id="bar",
        label="Bar",
        family="lines",
        text="A straight bar of a chosen width and direction on a dark ground. For lines with hard rims, which it matches.",
        make=bar,
        parameters=(_SIZE, _WIDTH, angle(0.0, 180.0)),
        tags="line wide any matched",
    ),
)
