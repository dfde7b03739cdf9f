"""Numbers of other kinds than the engine reads: exactly as float32, with a note if they are rounded, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.io.errors import FileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 250_000
"""Numbers that are compared at a time."""

AS_STORED = (np.uint8, np.uint16, np.float32)


def as_read(array: NDArray[Any], name: str, *, say: bool = True) -> tuple[NDArray[Any], str]:
    """Bring numbers to a dtype that the engine reads.

    Parameters
    ----------
    array : ndarray
        Real numbers of any dtype and byte order.
    name : str
        The file's name, for the sentence.
    say : bool
        Whether a change of dtype that changes no number is worth a note.

    Returns
    -------
    array : ndarray of uint8, uint16 or float32
    note : str

    Raises
    ------
    FileError
        If a finite number is beyond what float32 can hold.

    Examples
    --------
    >>> as_read(np.array([[-5, 2**24 + 1]], np.int32), "a.tif")
    (array([[-5.0000000e+00,  1.6777216e+07]], dtype=float32), 'int32 numbers were rounded to float32.')
    """
    native = array.astype(array.dtype.newbyteorder("="), copy=False)
    if native.dtype in AS_STORED:
        return native, ""
    if native.dtype == np.bool_:
        return native.astype(np.uint8), ""
    with np.errstate(over="ignore"):
        read = native.astype(np.float32)
    same = True
    for given, found in _blocks(native, read):
        if native.dtype.kind == "f" and bool((np.isinf(found) & np.isfinite(given)).any()):
            largest = float(np.abs(given[np.isfinite(given)]).max())
            raise FileError(f"{name}: holds numbers up to {largest:.3g}, expected at most 3.4e38, the largest of float32.")
        same = same and _equal(given, found)
    if not same:
        return read, f"{native.dtype.name} numbers were rounded to float32."
    return read, f"{native.dtype.name} numbers were read as float32." if say else ""


def _blocks(native: NDArray[Any], read: NDArray[Any]):  # type: ignore[no-untyped-def]
    """Give both arrays in pieces, so that what is compared takes little memory."""
    given, found = native.reshape(-1), read.reshape(-1)
    for start in range(0, given.size, BLOCK):
        yield given[start : start + BLOCK], found[start : start + BLOCK]


def _equal(given: NDArray[Any], found: NDArray[Any]) -> bool:
    if given.dtype.kind in "iu" and given.dtype.itemsize == 8:  # float64 would hide what is lost of 64 bits
        return bool((np.abs(found) < 2.0**63).all()) and np.array_equal(given, found.astype(given.dtype))
    return np.array_equal(given, found, equal_nan=given.dtype.kind == "f")
