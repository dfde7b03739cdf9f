"""Numbers in a recipe's file: rows as people read them, and many of them packed, so that a bank is written at once."""

from __future__ import annotations

import base64
import binascii
from math import prod
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta

from convgui.engine.layers.arguments import LARGEST_COUNT, LARGEST_NUMBER
from convgui.io.strict_json import fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

Number = Annotated[float, Meta(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
Row = Annotated[list[Number], Meta(min_length=1)]
Matrix = Annotated[list[Row], Meta(min_length=1)]
Cube = Annotated[list[Matrix], Meta(min_length=1)]
Bank = Annotated[list[Cube], Meta(min_length=1)]

MOST_LISTED = 5000
"""Numbers up to which they are written as lists: more than the largest kernel has."""


class Packed(msgspec.Struct, forbid_unknown_fields=True):
    """Numbers one after the other, the last axis fastest, least significant byte first."""

    dtype: Literal["float32", "float64"]
    shape: Annotated[list[Annotated[int, Meta(ge=1, le=LARGEST_COUNT)]], Meta(min_length=1, max_length=4)]
    base64: str


def array_to(array: NDArray[Any]) -> Any:
    """Return an array as it is stored: lists, or packed where it has many numbers; float32 where that loses nothing."""
    if array.size <= MOST_LISTED:
        return array.tolist()
    with np.errstate(over="ignore"):
        short = array.astype("<f4")
    dtype, numbers = ("float32", short) if np.array_equal(short, array) else ("float64", array.astype("<f8"))
    text = base64.b64encode(np.ascontiguousarray(numbers).data).decode("ascii")
    return {"dtype": dtype, "shape": list(array.shape), "base64": text}


def weights_from(stored: Any, place: str) -> NDArray[np.float64]:
    """Return rows of weights, or a bank, each level with lists of one length; ValueError with the place of the fault."""
    if isinstance(stored, dict):
        array = unpacked(stored, place)
        if array.ndim not in (2, 4):
            raise ValueError(f"{place}.shape: expected rows and columns, or those of a bank, received {array.ndim} axes.")
        return array
    first = stored[0] if isinstance(stored, list) and stored else None
    second = first[0] if isinstance(first, list) and first else None
    return array_from(stored, Bank if isinstance(second, list) else Matrix, place)


def array_from(stored: Any, levels: Any, place: str) -> NDArray[np.float64]:
    """Return an array that is packed, or lists of lists of numbers as `levels` has them.

    Raises
    ------
    ValueError
        One sentence with the place of what is wrong: also where two lists of one level have not the same length.
    """
    if isinstance(stored, dict):
        return unpacked(stored, place)
    lists = fit(stored, levels, place)
    shape, part = [], lists
    while isinstance(part, list):
        shape.append(len(part))
        part = part[0]
    _check_shape(lists, shape, place)
    return np.array(lists, np.float64)


def unpacked(stored: Any, place: str) -> NDArray[np.float64]:
    """Return an array that is packed; ValueError with the place of what is wrong."""
    packed = fit(stored, Packed, place)
    try:
        data = base64.b64decode(packed.base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"{place}.base64: expected bytes as base64 writes them, received other text.") from error
    dtype = np.dtype({"float32": "<f4", "float64": "<f8"}[packed.dtype])
    expected = prod(packed.shape) * dtype.itemsize
    if len(data) != expected:
        shape = " × ".join(str(n) for n in packed.shape)
        raise ValueError(f"{place}.base64: expected {expected:,} bytes for {shape} {packed.dtype}, received {len(data):,}.")
    array = np.frombuffer(data, dtype).reshape(packed.shape).astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(f"{place}: expected finite numbers, received NaN or infinity among them.")
    return array


def _check_shape(lists: list[Any], shape: list[int], place: str) -> None:
    """Refuse lists of different lengths, with the place of the first one that differs."""
    if len(lists) != shape[0]:
        raise ValueError(f"{place}: expected {shape[0]} entries as in the first list, received {len(lists)}.")
    for k, part in enumerate(lists if len(shape) > 1 else []):
        _check_shape(part, shape[1:], f"{place}[{k}]")
