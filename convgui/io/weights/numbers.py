"""Numbers as files of weights store them: bytes of a dtype become an array of float32 or float64, exactly."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_AXES = 32
"""Axes that a tensor may have."""

_PLAIN = {
    "float16": "<f2",
    "float32": "<f4",
    "float64": "<f8",
    "bool": "|u1",
    **{f"{kind}int{bits}": f"<{kind or 'i'}{bits // 8}" for kind in ("", "u") for bits in (8, 16, 32, 64)},
}

BITS: dict[str, int] = {name: 8 * np.dtype(plain).itemsize for name, plain in _PLAIN.items()} | {
    "bfloat16": 16,
    "uint4": 4,
    "int4": 4,
}
"""Bits of one number of each dtype that is read."""


def count_of(shape: Sequence[int]) -> int:
    """Return how many numbers a shape has, however many that are.

    >>> count_of((2**40, 2**40)) == 2**80
    True
    """
    return math.prod(int(n) for n in shape)


def bytes_of(shape: Sequence[int], dtype: str) -> int:
    """Return how many bytes an array takes; two numbers of four bits share one.

    Raises
    ------
    ValueError
        If the dtype is none that is read.
    """
    if dtype not in BITS:
        raise ValueError(f"holds {dtype} numbers, expected float, bfloat16, whole numbers or bool: save it as float32")
    return -(-count_of(shape) * BITS[dtype] // 8)


def decoded(data: bytes, dtype: str, shape: Sequence[int], *, whole: bool = False) -> NDArray[Any]:
    """Return the numbers that little-endian bytes hold.

    Parameters
    ----------
    data : bytes
    dtype : str
        A name in `BITS`.
    shape : tuple of int
    whole : bool
        Whether whole numbers stay such, as sizes need it.

    Returns
    -------
    ndarray of float32, or of float64 for float64 and whole numbers of 32 and 64 bits

    Raises
    ------
    ValueError
        If the dtype is unknown, or there are not exactly as many bytes as the shape needs.

    Examples
    --------
    >>> decoded(bytes([0x80, 0x3F, 0x00, 0xC0]), "bfloat16", (2,)).tolist()
    [1.0, -2.0]
    """
    if len(data) != bytes_of(shape, dtype):
        raise ValueError(f"has {len(data):,} bytes, expected {bytes_of(shape, dtype):,} for the shape {tuple(shape)}")
    if dtype == "bfloat16":  # the upper half of a float32
        return (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32).reshape(shape)
    if dtype in ("uint4", "int4"):
        return _halves(data, dtype)[: count_of(shape)].reshape(shape)
    stored = np.frombuffer(data, _PLAIN[dtype]).reshape(shape)
    return stored.copy() if whole and "int" in dtype else exact(stored)


def exact(array: NDArray[Any]) -> NDArray[Any]:
    """Return numbers as float32 where it holds each of their dtype, else as float64.

    >>> exact(np.array([1, 2**30 + 1])).tolist(), exact(np.float16([0.1])).dtype
    ([1.0, 1073741825.0], dtype('float32'))
    """
    if array.dtype.kind not in "buif":
        raise ValueError(f"holds {array.dtype} entries, expected real numbers: save it as float32")
    whole = array.dtype.kind in "iu" and array.dtype.itemsize > 2
    wide = whole or (array.dtype.kind == "f" and array.dtype.itemsize > 4)
    with np.errstate(all="ignore"):  # NaN of whatever kind stays NaN, and a longer float than float64 may be too large
        return np.array(array, np.float64 if wide else np.float32, order="C")


def _halves(data: bytes, dtype: str) -> NDArray[np.float32]:
    """Return numbers of four bits, the lower half of each byte first."""
    stored = np.frombuffer(data, np.uint8)
    pairs = np.stack([stored & 15, stored >> 4], axis=-1).ravel().astype(np.float32)
    return np.where(pairs > 7, pairs - 16, pairs) if dtype == "int4" else pairs


def dtype_name(dtype: np.dtype) -> str:
    """Return how a dtype of NumPy is called here, whatever the order of its bytes."""
    return dtype.newbyteorder("=").name if dtype.kind in "buif" else str(dtype)
