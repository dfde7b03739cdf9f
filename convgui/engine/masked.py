"""What is no plain array of real numbers: a masked cell has no number, and a complex one two, so that no sum is right."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def unmasked(values: ArrayLike, what: str, dtype: Any = None) -> NDArray[Any]:
    """Return values as an array; ValueError if any of them is masked, or if they are complex.

    `np.asarray` would uncover what lies under the mask without a word, and leave out the imaginary parts.

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
    array = np.asarray(values)
    if array.dtype.kind in "cmMSUV":
        raise ValueError(f"Expected {what} of real numbers, received dtype {array.dtype}.")
    return array if dtype is None else array.astype(dtype, copy=False)
