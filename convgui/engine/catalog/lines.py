"""Lines: thin bright lines of one direction. Weights sum to 0, so that flat areas and slopes vanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.catalog.edges import second_derivative
from convgui.engine.catalog.entry import Entry, Parameter, along, angle, fixed, plane, sigma, size, without_mean

if TYPE_CHECKING:
    from numpy.typing import NDArray


def ridge(size: int, sigma: float, angle: float) -> NDArray[np.float64]:
    """The negative second derivative of a Gaussian across the line, magnitudes summing to 2."""
    weights = -second_derivative(size, sigma, angle + 90)
    return weights * (2 / np.abs(weights).sum())


def bar(size: int, width: float, angle: float) -> NDArray[np.float64]:
    """A bright bar on a dark ground through the whole kernel; the mean is taken away, magnitudes sum to 2."""
    across = np.abs(along(*plane(size, size), angle + 90))
    weights = without_mean(np.clip((width + 1) / 2 - across, 0, 1))
    total = np.abs(weights).sum()
    return weights * (2 / total) if total > 1e-9 else weights


ENTRIES = (
    Entry(
        *("line-horizontal", "Line horizontal", "lines"),
        "A row of 2 between rows of -1: strongest on a horizontal line one cell high, silent on flat areas and slopes.",
        fixed([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]),
        tags="0 degrees thin",
    ),
    Entry(
        *("line-vertical", "Line vertical", "lines"),
        "A column of 2 between columns of -1: strongest on a vertical line one cell wide.",
        fixed([[-1, 2, -1]] * 3),
        tags="90 degrees thin",
    ),
    Entry(
        *("line-45", "Line 45°", "lines"),
        "Strongest on a thin line that rises from the lower left to the upper right.",
        fixed([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]),
        tags="diagonal thin",
    ),
    Entry(
        *("line-135", "Line 135°", "lines"),
        "Strongest on a thin line that falls from the upper left to the lower right.",
        fixed([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
        tags="diagonal thin",
    ),
    Entry(
        *("ridge", "Ridge", "lines"),
        "A soft line detector for any direction and width: bright lines along the angle give positive answers, their two "
        "sides negative ones.",
        ridge,
        (size(9, 3), sigma(), angle(0.0, 180.0)),
        tags="curvature vessel hair line any",
    ),
    Entry(
        *("bar", "Bar", "lines"),
        "A straight bar of a chosen width and direction with a dark ground around it, for lines with hard rims.",
        bar,
        (size(9, 3), Parameter("width", "Width", 2.0, 0.5, 20.0, 0.1, unit=" px", note="Of the bar."), angle(0.0, 180.0)),
        tags="line wide any",
    ),
)
