"""An array that lies in a file as it is: cells are read where they are, and the system keeps what was read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.alpha import on_white

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Plain:
    """The cells of an array in a file.

    Attributes
    ----------
    path : str
    offset : int
        Bytes before the first number.
    stored : str
        The dtype of the numbers in the file, with its byte order.
    axes : (int, int, int)
        How many numbers lie along each axis of the array, the slowest first.
    order : (int, int, int)
        Which of these axes are rows, columns and channels.
    """

    path: str
    offset: int
    stored: str
    axes: tuple[int, int, int]
    order: tuple[int, int, int] = (0, 1, 2)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns and channels."""
        rows, cols, channels = (self.axes[axis] for axis in self.order)
        return rows, cols, channels

    @property
    def dtype(self) -> np.dtype:
        """Of the numbers as the engine reads them."""
        return read_dtype(np.dtype(self.stored))

    @cached_property
    def _array(self) -> NDArray[Any]:
        mapped = np.memmap(self.path, np.dtype(self.stored), "r", self.offset, self.axes)
        return mapped.transpose(self.order).view(np.ndarray)

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is, without the mapping: it is opened anew."""
        return {name: value for name, value in vars(self).items() if name != "_array"}

    def read(self, rows: range, cols: range, out: NDArray[np.generic], cancelled: object = None) -> None:
        """Write the stored numbers of rows x cols to `out`; the ranges may have a step."""
        part = self._array[rows.start : rows.stop : rows.step, cols.start : cols.stop : cols.step]
        with np.errstate(over="ignore"):
            np.copyto(out, part, casting="unsafe")


@dataclass(frozen=True)
class OnWhite:
    """A store of colours and alpha as colours on a white ground."""

    store: Plain

    @property
    def shape(self) -> tuple[int, int, int]:
        """Rows, columns and channels, alpha left out."""
        rows, cols, channels = self.store.shape
        return rows, cols, channels - 1

    @property
    def dtype(self) -> np.dtype:
        """Of the numbers as the engine reads them."""
        return self.store.dtype

    def read(self, rows: range, cols: range, out: NDArray[np.generic], cancelled: object = None) -> None:
        """Write the stored numbers of rows x cols to `out`; the ranges may have a step."""
        cells = np.empty((*out.shape[:2], self.store.shape[2]), self.dtype)
        self.store.read(rows, cols, cells)
        out[...] = on_white(cells, np.iinfo(self.dtype).max)[0].reshape(out.shape)


def read_dtype(dtype: np.dtype) -> np.dtype:
    """Return the dtype in which numbers are read: bytes, words and float32 as they are, others as float32."""
    native = dtype.newbyteorder("=")
    if native == np.bool_:
        return np.dtype(np.uint8)
    return native if native in (np.uint8, np.uint16, np.float32) else np.dtype(np.float32)


def said_of_numbers(dtype: np.dtype) -> str:
    """Return a sentence on numbers that float32 may not hold exactly; empty if it holds them."""
    if dtype.itemsize <= (4 if dtype.kind == "f" else 2):
        return ""
    return f"Its {dtype.newbyteorder('=').name} numbers are read as float32."
