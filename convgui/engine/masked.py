"""Masked arrays: a cell that is masked has no number, so that no sum over it is right."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def unmasked(values: ArrayLike, what: str, dtype: Any = None) -> NDArray[Any]:
    """Return values as an array; ValueError if any of them is masked.

    `np.asarray` would uncover what lies under the mask without a word.

    >>> unmasked(np.ma.array([1, 999], mask=[False, True]), "x")
    Traceback (most recent call last):
    ValueError: Expected x without masked cells, received 1 of 2 masked; fill them first, such as x.filled(0).
    """
    known = "numpy.ma" in sys.modules  # where nobody has imported it nothing is masked, and it takes long
    count = int(np.ma.getmaskarray(values).sum()) if known and np.ma.isMaskedArray(values) else 0
    if count:
        how = f"such as {what}.filled(0)" if what.isidentifier() else "with filled(0)"
        raise ValueError(
            f"Expected {what} without masked cells, received {count:,} of {np.size(values):,} masked; "
            f"fill them first, {how}."
        )
    return np.asarray(values, dtype)
