"""The numbers of tensors of an ONNX file: in the file itself, or in another one beside it."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.io.errors import FileError
from convgui.io.limits import check_memory
from convgui.io.weights.numbers import bytes_of, count_of, decoded
from convgui.io.weights.protobuf import LENGTH, Damaged, Reader
from convgui.io.weights.spans import Stored

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from convgui.io.weights.onnx.model import Value

_FLOATS = {4: "<f4", 10: "<f8"}
_FEW_BITS = ("float16", "bfloat16")
"""What is stored as the bits of each number, in a field of whole numbers."""


@dataclass(frozen=True, eq=False)
class Values:
    """Reads tensors of a model's file, and of the files with its external data, as they were when it was opened."""

    stored: Stored
    beside: dict[str, Stored] = field(default_factory=dict)

    def read(self, value: Value, *, whole: bool = False) -> NDArray[Any]:
        """Return the numbers of a tensor as float32 or float64; whole numbers as such if that is asked for.

        Raises
        ------
        FileError
            If they are not there, or not as many as the shape needs.
        """
        file, name = self.stored.path.name, value.name
        if value.external is not None:
            stored, start, stop = self._outside(value)
            return stored.array(name, start, stop, value.dtype, value.shape, whole=whole)
        if value.raw is not None:
            return self.stored.array(name, *value.raw, value.dtype, value.shape, whole=whole)
        try:
            bytes_of(value.shape, value.dtype)
            if sum(span.stop - span.start for _, _, span in value.typed) < count_of(value.shape):
                raise ValueError(f"is cut off: it has fewer numbers than its shape {value.shape}")
            check_memory(file, 16 * count_of(value.shape))
            return self._typed(value, whole)
        except ValueError as error:
            raise FileError(f"{file}: the tensor {name} {error}.") from error

    def unchanged(self) -> bool:
        """Whether the files are still those that were opened, as far as they were read."""
        try:
            return all(Stored.of(stored.path) == stored for stored in (self.stored, *self.beside.values()))
        except FileError:
            return False

    def digest(self, values: Collection[Value]) -> str:
        """Return the SHA-256 of the model's file and of the files with external data of some tensors, as they are now."""
        names = sorted({(value.external or {}).get("location", "") for value in values if value.external is not None})
        found = hashlib.sha256(self.stored.bytes(0, self.stored.size))
        for value in values:
            if value.external is not None:
                self._outside(value)  # which refuses what is not to be read
        for name in names:
            found.update(self.beside[name].bytes(0, self.beside[name].size))
        return found.hexdigest()

    def fault(self, value: Value) -> str:
        """Return why the external data of a tensor cannot be read, as a sentence; empty if they can."""
        try:
            if value.external is not None:
                self._outside(value)
        except FileError as error:
            return str(error)
        return ""

    def _typed(self, value: Value, whole: bool) -> NDArray[Any]:
        """Return numbers that stand in fields of their own kind, which are read all at once."""
        first = min((span.start for _, _, span in value.typed), default=0)
        data = self.stored.bytes(first, max((span.stop for _, _, span in value.typed), default=0))
        pieces = ((number, wire, data[span.start - first : span.stop - first]) for number, wire, span in value.typed)
        parts = [_numbers(*piece) for piece in pieces]
        numbers = np.concatenate(parts) if parts else np.zeros(0)
        if len(numbers) != count_of(value.shape):
            raise ValueError(f"has {len(numbers):,} numbers, expected as many as the shape {value.shape} has")
        if value.dtype in _FEW_BITS:
            return decoded(numbers.astype("<u2").tobytes(), value.dtype, value.shape)
        if whole and "int" in value.dtype:
            return numbers.reshape(value.shape)
        narrow = value.dtype in ("float32", "int8", "uint8", "int16", "uint16", "bool")
        return numbers.astype(np.float32 if narrow else np.float64).reshape(value.shape)

    def _outside(self, value: Value) -> tuple[Stored, int, int]:
        """Return where in which file external data lie: a bare name beside the model, no link, all of it there."""
        said, file = value.external or {}, self.stored.path.name
        name = said.get("location", "")
        if not _bare(name):
            raise FileError(
                f"{file}: the weights of {value.name} are said to lie in {name!r}, expected the name of a file beside it."
            )
        if name not in self.beside:
            self.beside[name] = self._regular(name)
        stored = self.beside[name]
        try:
            start = int(said.get("offset") or 0)
            needed = bytes_of(value.shape, value.dtype)
            length = int(said.get("length") or needed)
        except ValueError as error:
            raise FileError(
                f"{file}: the tensor {value.name} has external data that are not described ({error})."
            ) from error
        if start < 0 or length != needed or start + length > stored.size:
            raise FileError(
                f"{file}: the tensor {value.name} needs {needed:,} bytes of {name}; {length:,} bytes from {start:,} on are "
                f"declared, and the file has {stored.size:,}."
            )
        return stored, start, start + length

    def _regular(self, name: str) -> Stored:
        path = self.stored.path.with_name(name)
        try:
            regular = stat.S_ISREG(os.lstat(path).st_mode)
        except (OSError, ValueError):
            raise FileError(
                f"{self.stored.path.name}: its weights lie in a second file, {name}, which is not beside it; put both into "
                "one folder."
            ) from None
        if not regular:
            raise FileError(
                f"{self.stored.path.name}: {name} beside it is a link or no file, expected a file with its weights."
            )
        return Stored.of(path)


def _bare(name: str) -> bool:
    """Whether a name is one of a file in the same folder, on any system."""
    return (
        name not in ("", ".", "..") and "\0" not in name and PurePosixPath(name).name == PureWindowsPath(name).name == name
    )


def _numbers(number: int, wire: int, data: bytes) -> NDArray[Any]:
    """Return the numbers of one field: floats of four or eight bytes, or whole numbers of seven bits a byte."""
    if number in _FLOATS:
        dtype = np.dtype(_FLOATS[number])
        if len(data) % dtype.itemsize:
            raise Damaged(f"has {len(data)} bytes of numbers of {dtype.itemsize} bytes each")
        return np.frombuffer(data, dtype)
    if wire == LENGTH:
        return varints(data, unsigned=number == 11)
    value, _ = Reader(data).varint(0, len(data))
    return np.array([value], np.uint64).view(np.uint64 if number == 11 else np.int64)


def varints(data: bytes, *, unsigned: bool = False) -> NDArray[Any]:
    """Return packed whole numbers, seven bits a byte, the lowest first.

    >>> varints(bytes([0x96, 0x01, 0x05])).tolist()
    [150, 5]
    """
    stored = np.frombuffer(data, np.uint8)
    last = np.flatnonzero(stored < 128)
    if len(stored) and (not len(last) or last[-1] != len(stored) - 1):
        raise Damaged("is cut off in the middle of a number")
    first = np.concatenate([[0], last[:-1] + 1]) if len(last) else last
    lengths = last - first + 1
    if lengths.max(initial=0) > 10:
        raise Damaged("has a number of more than ten bytes")
    shifts = (np.arange(len(stored)) - np.repeat(first, lengths)).astype(np.uint64) * np.uint64(7)
    with np.errstate(over="ignore"):
        shifted = (stored & 127).astype(np.uint64) << shifts
        found = np.bitwise_or.reduceat(shifted, first) if len(first) else np.zeros(0, np.uint64)
    return found if unsigned else found.view(np.int64)
