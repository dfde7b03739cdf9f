"""The types of the small language in which the inner loops are written: numbers, addresses of them, and records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir


@dataclass(frozen=True)
class Kind:
    """A type of number: its name, what LLVM and NumPy call it, and whether it has a sign or is a fraction."""

    name: str
    llvm: ir.Type
    dtype: type | None
    signed: bool = True
    fraction: bool = False


i64 = Kind("i64", ir.IntType(64), np.int64)
i32 = Kind("i32", ir.IntType(32), np.int32)
u16 = Kind("u16", ir.IntType(16), np.uint16, signed=False)
u8 = Kind("u8", ir.IntType(8), np.uint8, signed=False)
f32 = Kind("f32", ir.FloatType(), np.float32, fraction=True)
f64 = Kind("f64", ir.DoubleType(), np.float64, fraction=True)
boolean = Kind("boolean", ir.IntType(1), None, signed=False)


@dataclass(frozen=True)
class Pointer:
    """The address of numbers or records that lie one behind the other."""

    to: Kind | Record

    @property
    def llvm(self) -> ir.Type:
        """LLVM's type."""
        return ir.PointerType()

    @property
    def dtype(self) -> type:
        """What NumPy keeps it as in a record."""
        return np.int64


@dataclass(frozen=True)
class Record:
    """Named numbers and addresses side by side, filled by NumPy and read by the loops.

    Examples
    --------
    >>> pair = Record.of(count=i64, values=Pointer(f32))
    >>> pair.dtype.names
    ('count', 'values')
    """

    fields: tuple[tuple[str, Kind | Pointer], ...]

    @classmethod
    def of(cls, **fields: Kind | Pointer) -> Record:
        """Return the record of these fields, in this order."""
        return cls(tuple(fields.items()))

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy's type of the same layout."""
        return np.dtype([(name, kind.dtype) for name, kind in self.fields], align=True)

    @property
    def llvm(self) -> ir.Type:
        """LLVM's type."""
        return ir.LiteralStructType([kind.llvm for _, kind in self.fields])

    def place(self, name: str) -> tuple[int, Kind | Pointer]:
        """Return at which place a field stands, and its type; KeyError if there is none of this name."""
        for n, (field, kind) in enumerate(self.fields):
            if field == name:
                return n, kind
        raise KeyError(name)


bytes_, words, floats, doubles, numbers, ints = (Pointer(kind) for kind in (u8, u16, f32, f64, i64, i32))
