"""The innermost block: a few rows x a few vectors of outputs, kept in registers while all products are added to them.

Compilers keep sums in memory when the number of kernel cells is not known to them, and then loads and stores take most of
the time. So the block is written out here as instructions for LLVM: each load of the input serves every output row of the
block that it meets, each weight every vector of the row. An output is one chain of multiply-adds, kernel rows downwards
and each from left to right, whatever the block's size, so that tiles and threads do not change a bit of it.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

ROWS = 4
FLOAT = ir.FloatType()
FUSED = ("contract", "nsz")


def _widths() -> tuple[int, int]:
    """Return lanes of a vector and vectors of a block, so that sums, inputs and a weight fit into the registers."""
    try:
        features = llvm.get_host_cpu_features()
    except RuntimeError:
        features = {}
    if features.get("avx512f"):
        return 16, 4
    return (8, 2) if features.get("avx2") else (4, 2)


LANES, VECTORS = _widths()
LONG = 8
"""Vectors of a block of one row: so many sums are needed to keep both multipliers busy."""


class _Block:
    """Writes the instructions of one block of `rows` x `vectors`."""

    def __init__(self, builder: Any, args: tuple[Any, ...], rows: int, vectors: int) -> None:
        self.builder, self.rows, self.vectors = builder, rows, vectors
        self.row_x, self.x_row, self.x_plane, self.reads, self.taps, *rest = args
        self.first_w, self.kh, self.kw, self.across, self.row_out, self.out_row, self.add, self.count = rest
        self.vector = ir.VectorType(FLOAT, LANES)
        self.sums = [[cgutils.alloca_once(builder, self.vector) for _ in range(vectors)] for _ in range(rows)]

    def _int(self, value: int) -> Any:
        return ir.Constant(ir.IntType(64), value)

    def _pointer(self, base: Any, index: Any, kind: Any) -> Any:
        """Return a pointer to the float at `index` of the address `base`."""
        address = self.builder.add(base, self.builder.mul(index, self._int(4)))
        return self.builder.inttoptr(address, kind.as_pointer())

    def _places(self) -> list[list[Any]]:
        """Return pointers to the block's outputs."""
        b = self.builder
        starts = [b.mul(self.out_row, self._int(i)) for i in range(self.rows)]
        columns = range(self.vectors)
        return [[self._pointer(self.out, b.add(s, self._int(c * LANES)), self.vector) for c in columns] for s in starts]

    def write(self) -> None:
        """Write the loop over the blocks, side by side."""
        b = self.builder
        with cgutils.for_range(b, self.count) as block:
            along = b.mul(block.index, self._int(4 * LANES * self.vectors))
            self.first_x, self.out = b.add(self.row_x, along), b.add(self.row_out, along)
            self._block()

    def _block(self) -> None:
        """Write one block."""
        places = self._places()
        fresh = self.builder.icmp_signed("==", self.add, self._int(0))
        with self.builder.if_else(fresh) as (then, otherwise):
            with then:
                self._each(places, lambda total, place: self.builder.store(ir.Constant(self.vector, None), total))
            with otherwise:
                self._each(places, lambda total, place: self.builder.store(self.builder.load(place, align=4), total))
        with cgutils.for_range(self.builder, self.taps) as tap:
            self._plane(tap.index)
        self._each(places, lambda total, place: self.builder.store(self.builder.load(total), place, align=4))

    def _plane(self, tap: Any) -> None:
        """Write what one plane contributes: from which address its values and its kernel are read, and the products."""
        b = self.builder
        place = b.inttoptr(b.add(self.reads, b.mul(tap, self._int(8))), ir.IntType(64).as_pointer())
        self.x = b.add(self.first_x, b.mul(b.load(place), self.x_plane))
        self.w = b.add(self.first_w, b.mul(b.mul(tap, self._int(4)), b.mul(self.kh, self.kw)))
        if self.rows == 1:
            self._rows(self._int(0), self.kh, [0])
        else:
            self._by_height()

    def _each(self, places: list[list[Any]], do: Any) -> None:
        for totals, row in zip(self.sums, places, strict=True):
            for total, place in zip(totals, row, strict=True):
                do(total, place)

    def _by_height(self) -> None:
        """Write a version for each small height of the kernel, and one for all others."""
        b = self.builder
        end = b.append_basic_block("done")
        for height in range(1, self.rows):
            met, other = b.append_basic_block(f"height_{height}"), b.append_basic_block("other")
            b.cbranch(b.icmp_signed("==", self.kh, self._int(height)), met, other)
            b.position_at_end(met)
            for r in range(height + self.rows - 1):
                active = [i for i in range(self.rows) if 0 <= r - i < height]
                self._rows(self._int(r), self._int(r + 1), active)
            b.branch(end)
            b.position_at_end(other)
        every = list(range(self.rows))
        for r in range(self.rows - 1):
            self._rows(self._int(r), self._int(r + 1), every[: r + 1])
        self._rows(self._int(self.rows - 1), self.kh, every)
        for r in range(self.rows - 1):
            self._rows(b.add(self.kh, self._int(r)), b.add(self.kh, self._int(r + 1)), every[r + 1 :])
        b.branch(end)
        b.position_at_end(end)

    def _rows(self, first: Any, last: Any, active: list[int]) -> None:
        """Write the loop over input rows, which the `active` output rows read."""
        b = self.builder
        with cgutils.for_range_slice(b, first, last, self._int(1), ir.IntType(64)) as (r, _):
            x_start = b.mul(r, self.x_row)
            w_starts = [b.mul(b.sub(r, self._int(i)), self.kw) for i in active]
            with cgutils.for_range(b, self.kw) as column:
                v = column.index
                at = b.add(x_start, b.mul(v, self.across))
                xs = [
                    b.load(self._pointer(self.x, b.add(at, self._int(c * LANES)), self.vector), align=4)
                    for c in range(self.vectors)
                ]
                for i, start in zip(active, w_starts, strict=True):
                    weight = self._everywhere(b.load(self._pointer(self.w, b.add(start, v), FLOAT)))
                    for total, x in zip(self.sums[i], xs, strict=True):
                        product = b.fmul(x, weight, flags=FUSED)
                        b.store(b.fadd(b.load(total), product, flags=FUSED), total)

    def _everywhere(self, weight: Any) -> Any:
        """Return a vector with the weight in every lane."""
        empty = ir.Constant(self.vector, ir.Undefined)
        one = self.builder.insert_element(empty, weight, ir.Constant(ir.IntType(32), 0))
        return self.builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


def _make(rows: int, vectors: int) -> Any:
    """Return the function `block(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count)`.

    `x`, `w` and `out` are addresses of float32, `x_row` and `out_row` the distances of their rows in floats, `x_plane` that
    of planes in bytes, `across` that of kernel cells. `reads` is the address of `taps` numbers of planes, for each of
    which `w` has a kernel. With `add` the products are added to what `out` holds. `count` blocks are done, side by side.
    """

    @intrinsic
    def block(typing, x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count):  # type: ignore[no-untyped-def]
        def write(context, builder, signature, args):  # type: ignore[no-untyped-def]
            _Block(builder, args, rows, vectors).write()
            return context.get_dummy_value()

        return types.none(*(types.int64,) * 13), write

    return block


wide_rows, middle_rows, narrow_rows = _make(ROWS, VECTORS), _make(ROWS, 2), _make(ROWS, 1)
wide_row, narrow_row = _make(1, LONG), _make(1, 1)
