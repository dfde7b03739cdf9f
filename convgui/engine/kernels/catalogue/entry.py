"""An entry of the catalogue: what it is called, what it does, and how its weights are made from its parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

NOTHING_LEFT = 1e-9
"""Magnitudes that sum to less than this are rounding, not a kernel."""


@dataclass(frozen=True)
class Parameter:
    """A number that a kernel depends on.

    `label`, `step`, `unit` and `note` are for the window; `low` and `high` are both allowed.

    Examples
    --------
    >>> Parameter("size", "Size", 3, 1, 63, integer=True).checked(5.0)
    5
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    step: float = 1.0
    integer: bool = False
    unit: str = ""
    note: str = ""

    def checked(self, value: float) -> float:
        """Return the value if it may be used, as an int if the parameter is one.

        Raises
        ------
        ValueError
            If it is no number, out of range, or has to be whole and is not.
        """
        between = f"from {self.low:g} to {self.high:g}"
        if isinstance(value, bool | np.bool) or not isinstance(value, int | float | np.integer | np.floating):
            raise ValueError(f"Expected a number for {self.name}, received {value!r}. It may be {between}.")
        if not self.low <= value <= self.high:
            raise ValueError(f"Expected {self.name} {between}, received {value}.")
        if self.integer and value != int(value):
            raise ValueError(f"Expected a whole number for {self.name}, received {value}. It may be {between}.")
        return int(value) if self.integer else float(value)


@dataclass(frozen=True)
class Entry:
    """A kernel of the catalogue.

    `make` takes the parameters by name and returns weights of shape (rows, cols). `text` is one plain paragraph on what
    it does and why; `tags` are further words to find it by; `same_as` says which function of a library means the same.
    """

    id: str
    label: str
    family: str
    text: str
    make: Callable[..., NDArray[np.float64]] = field(repr=False)
    parameters: tuple[Parameter, ...] = ()
    tags: str = ""
    same_as: str = ""


def fixed(weights: ArrayLike) -> Callable[..., NDArray[np.float64]]:
    """Return a function that makes these weights.

    >>> fixed([-1, 1])().tolist()
    [[-1.0, 1.0]]
    """
    array = np.atleast_2d(np.asarray(weights, np.float64))

    def make(**_: Any) -> NDArray[np.float64]:
        return array.copy()

    return make


def size(default: int = 5, low: int = 1, high: int = 63, note: str = "Rows and columns; even sizes too.") -> Parameter:
    """Return the parameter for the number of rows and columns."""
    return Parameter("size", "Size", default, low, high, 1, True, "", note)


def sigma(default: float = 1.5, low: float = 0.3) -> Parameter:
    """Return the parameter for the width of a Gaussian."""
    return Parameter("sigma", "Sigma", default, low, 10.0, 0.05, unit=" px", note="Standard deviation of the Gaussian.")


def angle(default: float = 0.0, high: float = 360.0) -> Parameter:
    """Return the parameter for a direction."""
    note = "Counter-clockwise; 0 points to the right."
    return Parameter("angle", "Angle", default, 0.0, high, 1.0, unit="°", note=note)


def plane(rows: int, cols: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x to the right and y downwards of each cell, 0 in the middle, shape (rows, cols)."""
    y, x = np.mgrid[:rows, :cols].astype(np.float64)
    return x - (cols - 1) / 2, y - (rows - 1) / 2


def along(x: NDArray[np.float64], y: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    """Return the distance in a direction: `degrees` counter-clockwise from the right, where rows go down.

    >>> float(along(np.array(0.0), np.array(-2.0), 90).round(6))
    2.0
    """
    turn = np.deg2rad(degrees)
    across, down = np.cos(turn), np.sin(turn)
    if degrees % 45 == 0:  # 0, 1 or the root of a half, which radians miss by a rounding
        length = np.sqrt(0.5) if degrees % 90 else 1.0
        across, down = length * np.sign(across.round(9)), length * np.sign(down.round(9))
    distance: NDArray[np.float64] = x * across - y * down
    return distance


def odd(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the part of the weights that changes its sign when they are turned by 180 degrees: its sum is 0 exactly."""
    result: NDArray[np.float64] = (weights - weights[::-1, ::-1]) / 2
    return result


def bell(rows: int, cols: int, width: float) -> NDArray[np.float64]:
    """Return a sampled Gaussian with sum 1, as OpenCV's getGaussianKernel and MATLAB's fspecial define it."""
    x, y = plane(rows, cols)
    values = np.exp(-(x**2 + y**2) / (2 * width**2))
    result: NDArray[np.float64] = values / values.sum()
    return result


def without_mean(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights with their mean taken away, so that flat areas vanish."""
    result: NDArray[np.float64] = weights - weights.mean()
    return result


def balanced(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights with their mean taken away and magnitudes that sum to 2: 1 above zero, 1 below.

    A pattern of which nothing is left gives zeros.

    >>> balanced(np.array([[3.0, 1.0]])).tolist(), balanced(np.array([[5.0, 5.0]])).tolist()
    ([[1.0, -1.0]], [[0.0, 0.0]])
    """
    level = without_mean(weights)
    total = np.abs(level).sum()
    result: NDArray[np.float64] = level * (2 / total) if total > NOTHING_LEFT else np.zeros_like(level)
    return result


def ring_turned(weights: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """Return a 3 × 3 kernel with its outer cells moved `steps` places counter-clockwise: steps of 45 degrees."""
    places = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    result = weights.copy()
    for k, place in enumerate(places):
        result[places[(k + steps) % 8]] = weights[place]
    return result
