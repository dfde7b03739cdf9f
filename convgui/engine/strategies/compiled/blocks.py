"""The innermost block: a few rows x a few vectors of outputs, kept in registers while all products are added to them.

Compilers keep sums in memory when the number of kernel cells is not known to them, and then loads and stores take most of
the time. So the block is written out here as instructions for LLVM: each load of the input serves every output row of the
block that it meets, each weight every vector of the row. Where many maps read the same planes, a block holds one row of
several maps instead, and a load serves them all. Where channels and maps lie last in memory, it holds vectors across the
maps of a few outputs, so that nothing has to be laid out in planes. An output is a chain of multiply-adds, plane by plane,
kernel rows downwards and each from left to right, whatever the block, so that tiles and threads do not change a bit of it.
Of many products there are several chains, whose sums are added up: see `chain`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from convgui.engine.strategies.compiled.emit import constant, counted, everywhere, own
from convgui.engine.strategies.compiled.language import Written
from convgui.engine.strategies.compiled.processor import ALONG, DEEP, LANES, MAPS, ROWS, SIDE, VECTORS

FLOAT = ir.FloatType()
FUSED = ("contract", "nsz")

CHAIN = 256
"""Products of a chain, about: rounding of some thousand additions, all to the same side, would exceed the bound."""

LONG = 8
"""Vectors of a block of one row: so many sums are needed to keep both multipliers busy."""


NEAR = 3
"""Outputs that are found from one address: with an address for each of them there are more than the registers hold."""

SHORT = SIDE * 2 // 3
"""Outputs of a block across the maps for what is left of a row: one or two of them leave at most one output over."""


class _Writer:
    """What both kinds of block need: sums in registers, addresses, and a weight in every lane."""

    def __init__(self, builder: Any, rows: int, vectors: int) -> None:
        self.builder, self.rows, self.vectors = builder, rows, vectors
        self.vector = ir.VectorType(FLOAT, LANES)
        self.sums = [[own(builder, self.vector) for _ in range(vectors)] for _ in range(rows)]

    def _pointer(self, base: Any, index: Any, kind: Any) -> Any:
        """Return a pointer to the float at `index` of the address `base`."""
        address = self.builder.add(base, self.builder.mul(index, constant(4)))
        return self.builder.inttoptr(address, kind.as_pointer())

    def _number(self, address: Any, index: Any) -> Any:
        """Return the integer at `index` of the list at `address`."""
        b = self.builder
        return b.load(b.inttoptr(b.add(address, b.mul(index, constant(8))), ir.IntType(64).as_pointer()))

    def _places(self, out: Any, out_row: Any) -> list[list[Any]]:
        """Return pointers to the block's outputs, whose rows lie `out_row` floats apart."""
        b = self.builder
        starts = [b.mul(out_row, constant(i)) for i in range(self.rows)]
        columns = range(self.vectors)
        return [[self._pointer(out, b.add(s, constant(c * LANES)), self.vector) for c in columns] for s in starts]

    def _each(self, places: list[list[Any]], do: Any) -> None:
        for totals, row in zip(self.sums, places, strict=True):
            for total, place in zip(totals, row, strict=True):
                do(total, place)

    def _clear(self, places: list[list[Any]]) -> None:
        self._each(places, lambda total, place: self.builder.store(ir.Constant(self.vector, None), total))

    def _end(self, places: list[list[Any]], add: Any) -> None:
        """Write the sums, or add them to what is there."""
        b = self.builder
        with b.if_then(b.icmp_signed("!=", add, constant(0))):
            self._each(places, lambda total, place: b.store(b.fadd(b.load(total), b.load(place, align=4)), total))
        self._each(places, lambda total, place: b.store(b.load(total), place, align=4))

    def _loads(self, base: Any, at: Any) -> list[Any]:
        """Return the vectors that begin `at` floats behind the address `base`."""
        b = self.builder
        places = (self._pointer(base, b.add(at, constant(c * LANES)), self.vector) for c in range(self.vectors))
        return [b.load(place, align=4) for place in places]

    def _add_products(self, row: int, weight: Any, xs: list[Any]) -> None:
        """Add the products of the number at a pointer, a weight, with all vectors to the sums of a row."""
        b = self.builder
        weights = everywhere(b, b.load(weight), self.vector)
        for total, x in zip(self.sums[row], xs, strict=True):
            product = b.fmul(x, weights, flags=FUSED)
            b.store(b.fadd(b.load(total), product, flags=FUSED), total)


class _Rows(_Writer):
    """Writes the instructions of a block of `rows` x `vectors` of one map."""

    def __init__(self, builder: Any, args: tuple[Any, ...], rows: int, vectors: int) -> None:
        super().__init__(builder, rows, vectors)
        self.row_x, self.x_row, self.x_plane, self.reads, self.taps, *rest = args
        self.first_w, self.kh, self.kw, self.columns, self.row_out, self.out_row, self.add, self.count = rest

    def write(self) -> None:
        """Write the loop over the blocks, side by side."""
        b = self.builder
        with counted(b, self.count) as block:
            along = b.mul(block, constant(4 * LANES * self.vectors))
            self.first_x, out = b.add(self.row_x, along), b.add(self.row_out, along)
            places = self._places(out, self.out_row)
            self._clear(places)
            with counted(b, self.taps) as tap:
                self._plane(tap)
            self._end(places, self.add)

    def _plane(self, tap: Any) -> None:
        """Write what one plane contributes: from which address its values and its kernel are read, and the products."""
        b = self.builder
        self.x = b.add(self.first_x, b.mul(self._number(self.reads, tap), self.x_plane))
        self.w = b.add(self.first_w, b.mul(b.mul(tap, constant(4)), b.mul(self.kh, self.kw)))
        if self.rows == 1:
            self._met(constant(0), self.kh, [0])
        else:
            self._by_height()

    def _by_height(self) -> None:
        """Write a version for each small height of the kernel, and one for all others."""
        b = self.builder
        end = b.append_basic_block("done")
        for height in range(1, self.rows):
            met, other = b.append_basic_block(f"height_{height}"), b.append_basic_block("other")
            b.cbranch(b.icmp_signed("==", self.kh, constant(height)), met, other)
            b.position_at_end(met)
            for r in range(height + self.rows - 1):
                active = [i for i in range(self.rows) if 0 <= r - i < height]
                self._met(constant(r), constant(r + 1), active)
            b.branch(end)
            b.position_at_end(other)
        every = list(range(self.rows))
        for r in range(self.rows - 1):
            self._met(constant(r), constant(r + 1), every[: r + 1])
        self._met(constant(self.rows - 1), self.kh, every)
        for r in range(self.rows - 1):
            self._met(b.add(self.kh, constant(r)), b.add(self.kh, constant(r + 1)), every[r + 1 :])
        b.branch(end)
        b.position_at_end(end)

    def _met(self, first: Any, last: Any, active: list[int]) -> None:
        """Write the loop over input rows, which the `active` output rows read."""
        b = self.builder
        with counted(b, last, first) as r:
            x_start = b.mul(r, self.x_row)
            w_starts = [b.mul(b.sub(r, constant(i)), self.kw) for i in active]
            with counted(b, self.kw) as v:
                xs = self._loads(self.x, b.add(x_start, self._number(self.columns, v)))
                for i, start in zip(active, w_starts, strict=True):
                    self._add_products(i, self._pointer(self.w, b.add(start, v), FLOAT), xs)


class _Maps(_Writer):
    """Writes the instructions of a block of one row of so many maps, `vectors` wide."""

    def write(self, args: tuple[Any, ...]) -> None:
        """Write the loop over the blocks, side by side."""
        b = self.builder
        row_x, offsets, cells, w, row_out, out_map, add, count = args
        with counted(b, count) as block:
            along = b.mul(block, constant(4 * LANES * self.vectors))
            x, places = b.add(row_x, along), self._places(b.add(row_out, along), out_map)
            self._clear(places)
            with counted(b, cells) as cell:
                xs = self._loads(x, self._number(offsets, cell))
                first = b.mul(cell, constant(self.rows))
                for i in range(self.rows):
                    self._add_products(i, self._pointer(w, b.add(first, constant(i)), FLOAT), xs)
            self._end(places, add)


class _Across(_Writer):
    """Writes the instructions of a block of some outputs side by side, of `vectors` vectors across the maps of each."""

    def write(self, args: tuple[Any, ...]) -> None:
        """Write the loop over the blocks, side by side."""
        b = self.builder
        row_x, x_cell, offsets, cells, w, row_out, out_cell, add, count = args
        with counted(b, count) as block:
            first = b.mul(block, constant(4 * self.rows))
            x, out = b.add(row_x, b.mul(first, x_cell)), b.add(row_out, b.mul(first, out_cell))
            places = self._places(out, out_cell)
            starts = [self._pointer(x, b.mul(x_cell, constant(i)), FLOAT) for i in range(0, self.rows, NEAR)]
            away = [b.mul(x_cell, constant(k)) for k in range(NEAR)]
            self._clear(places)
            with counted(b, cells) as cell:
                ws = self._loads(w, b.mul(cell, constant(LANES * self.vectors)))
                offset = self._number(offsets, cell)
                for i, start in enumerate(starts):
                    at = b.gep(start, [offset], inbounds=True, source_etype=FLOAT)
                    for k in range(min(NEAR, self.rows - i * NEAR)):
                        self._add_products(i * NEAR + k, b.gep(at, [away[k]], inbounds=True, source_etype=FLOAT), ws)
            self._end(places, add)


def _rows(name: str, rows: int, vectors: int) -> Written:
    """Return the function `block(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count)`.

    `x`, `w` and `out` are addresses of float32, `x_row` and `out_row` the distances of their rows in floats, `x_plane` that
    of planes in bytes. `columns` is the address of kw distances in floats: where each kernel column finds its values.
    `reads` is the address of `taps` numbers of planes, for each of which `w` has a kernel. With `add` the sums are
    added to what `out` holds. `count` blocks are done, side by side.
    """
    return Written(name, 13, lambda builder, args: _Rows(builder, args, rows, vectors).write())


def _maps(name: str, vectors: int) -> Written:
    """Return the function `block(x, offsets, cells, w, out, out_map, add, count)`.

    `offsets` is the address of `cells` distances from `x` in floats: where each weight of a map, of all its planes, finds
    its values. `w` holds the weights of the maps cell by cell, and `out_map` is the distance of the maps' rows in floats.
    With `add` the sums are added to what `out` holds.
    """
    return Written(name, 8, lambda builder, args: _Maps(builder, MAPS, vectors).write(args))


def _across(name: str, outputs: int) -> Written:
    """Return the function `block(x, x_cell, offsets, cells, w, out, out_cell, add, count)`.

    `offsets` is the address of `cells` distances from `x` in floats: where each weight of a map, of all its channels, finds
    its values. The values of the next output lie `x_cell` floats further, and its maps `out_cell` floats. `w` holds the
    weights of the maps cell by cell. With `add` the sums are added to what `out` holds.
    """
    return Written(name, 9, lambda builder, args: _Across(builder, outputs, DEEP).write(args))


narrow_rows, middle_rows = _rows("narrow_rows", ROWS, 1), _rows("middle_rows", ROWS, 2)
wide_rows = middle_rows if VECTORS == 2 else _rows("wide_rows", ROWS, VECTORS)
wide_row, narrow_row = _rows("wide_row", 1, LONG), _rows("narrow_row", 1, 1)
wide_maps, narrow_maps = _maps("wide_maps", ALONG), _maps("narrow_maps", 1)
wide_across, short_across = _across("wide_across", SIDE), _across("short_across", SHORT)
one_across = _across("one_across", 1)
