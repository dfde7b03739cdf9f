"""What the arithmetic panel is given to show: the sum of an output cell, or the shares of an input cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Sum(NamedTuple):
    """One output cell as it is explained; patch, weights and products of shape (rows, cols)."""

    patch: NDArray[np.float64]
    weights: NDArray[np.float64]
    products: NDArray[np.float64]
    outside: NDArray[np.bool_]
    total: float
    bias: float
    activation: str
    value: float
    channels: tuple[tuple[str, float], ...] = ()


class Shares(NamedTuple):
    """One input cell as it is explained: its value, the weights of its outputs, what it brings; shape (rows, cols)."""

    value: float
    weights: NDArray[np.float64]
    shares: NDArray[np.float64]


class Largest(NamedTuple):
    """A term of a large kernel: where it lies, row and column, or channel and step; and its three numbers."""

    row: int
    col: int
    value: float
    weight: float
    product: float
