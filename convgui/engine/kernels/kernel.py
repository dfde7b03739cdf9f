"""A kernel: a small read-only matrix of weights, with a name and, if it has one, its place in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

MAX_SIDE = 63
"""Rows and columns that a hand-made kernel may have."""


def frozen_array(values: ArrayLike, dtype: type = np.float64) -> NDArray[np.float64]:
    """Return `values` as a read-only, contiguous array that nobody else can write to."""
    array: NDArray[np.float64] = np.array(values, dtype=dtype, order="C")
    array.flags.writeable = False
    return array


class Origin(NamedTuple):
    """The file that weights are from, which of its tensors they are, and how its axes are read."""

    path: str
    tensor: str
    layout: str


@dataclass(frozen=True, eq=False)
class Kernel:
    """A matrix of weights.

    Parameters
    ----------
    weights : array_like of float, shape (kh, kw) or (kh, kw, cin, cout)
        The weights; a one-dimensional kernel has shape (1, k). Kept as read-only float64.
    name : str
        What the window calls it.
    entry : str
        The identifier of the catalogue entry that made it; empty for a custom kernel.
    parameters : mapping of str to float
        The entry's parameters with which it was made.
    origin : Origin, optional
        The file that the weights are from, as they are.

    Raises
    ------
    ValueError
        If the weights are empty, not a 2-D or 4-D array of numbers, or not finite.

    Examples
    --------
    >>> Kernel([[1, 0], [0, -1]], name="mine").size
    (2, 2)
    """

    weights: NDArray[np.float64]
    name: str = "Custom"
    entry: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    origin: Origin | None = None

    def __post_init__(self) -> None:
        weights = frozen_array(self.weights)
        if weights.ndim not in (2, 4) or weights.size == 0:
            raise ValueError(f"A kernel needs rows and columns of weights, received shape {weights.shape}.")
        if not np.isfinite(weights).all():
            raise ValueError("A kernel's weights must be finite numbers, received NaN or infinity.")
        object.__setattr__(self, "weights", weights)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.weights.shape[0], self.weights.shape[1]

    @property
    def custom(self) -> bool:
        """Whether it was drawn or edited by hand."""
        return not self.entry

    def with_weights(self, weights: ArrayLike) -> Kernel:
        """Return a custom kernel of these weights; the catalogue entry it came from is left as it is."""
        name = self.name if self.custom else f"Custom, from {self.name}"
        return replace(self, weights=frozen_array(weights), name=name, entry="", parameters={}, origin=None)

    def same_weights(self, other: Kernel) -> bool:
        """Whether both have the same shape and the same weights."""
        return np.array_equal(self.weights, other.weights)
