"""Fourier transforms and products of spectra as instructions for LLVM, in float64.

A vector holds the same step of as many columns as it has lanes, so that a transform is plain arithmetic on vectors, without
a shuffle. Transforms are Stockham's: each pass reads one place and writes another, in an order that leaves the last result
sorted; a pass takes four elements at a time (the last one two, where the length is not a power of four). Whether it goes
from steps to frequencies or back is a matter of exchanging real and imaginary parts on both sides.

Why not a library's, NumPy's or SciPy's pocketfft: those transform what is laid out for them, and lay out what they return,
of all of a picture; here a block goes from its gather to its outputs within the second cache, columns as they lie, and is
two to four times as quick (`tests/benchmarks/worth.py`). Why not the language of `language.py`: it has no vectors of its
own, and LLVM makes none of loops over twiddle factors.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from convgui.engine.strategies.compiled.blocks import FLOAT, FUSED
from convgui.engine.strategies.compiled.emit import constant, counted, everywhere, own
from convgui.engine.strategies.compiled.language import Written
from convgui.engine.strategies.compiled.processor import LANES, MANY

DOUBLE = ir.DoubleType()
COLUMNS = LANES // 2
"""Columns of a vector."""

VECTOR, FLOATS = ir.VectorType(DOUBLE, COLUMNS), ir.VectorType(FLOAT, COLUMNS)
Complex = tuple[Any, Any]


class _Writer:
    """Arithmetic on vectors of complex numbers, and addresses."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder

    def at(self, base: Any, index: Any, size: Any, kind: Any) -> Any:
        """Return a pointer to what lies `index` times `size` bytes behind an address."""
        b = self.builder
        size = constant(size) if isinstance(size, int) else size
        return b.inttoptr(b.add(base, b.mul(index, size)), kind.as_pointer())

    def everywhere(self, base: Any, index: Any) -> Any:
        """Return a vector with the number at an index of the list at an address in every lane."""
        return everywhere(self.builder, self.builder.load(self.at(base, index, 8, DOUBLE)), VECTOR)

    def sum(self, a: Complex, b: Complex) -> Complex:
        return self.builder.fadd(a[0], b[0], flags=FUSED), self.builder.fadd(a[1], b[1], flags=FUSED)

    def difference(self, a: Complex, b: Complex) -> Complex:
        return self.builder.fsub(a[0], b[0], flags=FUSED), self.builder.fsub(a[1], b[1], flags=FUSED)

    def turned(self, a: Complex) -> Complex:
        """Return i times a number."""
        return self.builder.fneg(a[1]), a[0]

    def product(self, a: Complex, b: Complex) -> Complex:
        w = self.builder
        real = w.fsub(w.fmul(a[0], b[0], flags=FUSED), w.fmul(a[1], b[1], flags=FUSED), flags=FUSED)
        return real, w.fadd(w.fmul(a[0], b[1], flags=FUSED), w.fmul(a[1], b[0], flags=FUSED), flags=FUSED)


class _Pass(_Writer):
    """Writes one pass of a transform, from and to vectors of float64 or of float32."""

    def __init__(self, builder: Any, args: tuple[Any, ...], load: Any, store: Any) -> None:
        super().__init__(builder)
        self.source, self.target, (self.groups, self.apart, self.twiddles) = args[:3], args[3:6], args[6:]
        self.load_as, self.store_as = load, store

    def load(self, index: Any) -> Complex:
        real, imaginary, distance = self.source
        found = (self.builder.load(self.at(base, index, distance, self.load_as), align=4) for base in (real, imaginary))
        a, b = (self.builder.fpext(x, VECTOR) if self.load_as is FLOATS else x for x in found)
        return a, b

    def store(self, index: Any, value: Complex) -> None:
        real, imaginary, distance = self.target
        for base, part in zip((real, imaginary), value, strict=True):
            kept = self.builder.fptrunc(part, FLOATS) if self.store_as is FLOATS else part
            self.builder.store(kept, self.at(base, index, distance, self.store_as), align=4)

    def by_four(self) -> None:
        """Write the loops over butterflies of four."""
        b = self.builder
        quarter = b.mul(self.groups, self.apart)
        with counted(b, self.groups) as group:
            p = group
            six = b.mul(p, constant(6))
            first, second, third = (
                (
                    self.everywhere(self.twiddles, b.add(six, constant(2 * k))),
                    self.everywhere(self.twiddles, b.add(six, constant(2 * k + 1))),
                )
                for k in range(3)
            )
            with counted(b, self.apart) as one:
                at, to = b.add(one, b.mul(self.apart, p)), b.add(one, b.mul(self.apart, b.mul(p, constant(4))))
                w, x, y, z = (self.load(b.add(at, b.mul(quarter, constant(k)))) for k in range(4))
                even, odd = self.sum(w, y), self.difference(w, y)
                other, turned = self.sum(x, z), self.turned(self.difference(x, z))
                results = (
                    self.sum(even, other),
                    self.product(first, self.difference(odd, turned)),
                    self.product(second, self.difference(even, other)),
                    self.product(third, self.sum(odd, turned)),
                )
                for k, value in enumerate(results):
                    self.store(b.add(to, b.mul(self.apart, constant(k))), value)

    def by_two(self) -> None:
        """Write the loop over butterflies of two: the last pass."""
        b = self.builder
        with counted(b, self.apart) as one:
            x, y = self.load(one), self.load(b.add(one, self.apart))
            self.store(one, self.sum(x, y))
            self.store(b.add(one, self.apart), self.difference(x, y))


class _Products(_Writer):
    """Writes the products of the columns of one frequency with a kernel's rows there, `many` vectors at once."""

    def __init__(self, builder: Any, many: int) -> None:
        super().__init__(builder)
        self.many = many

    def write(self, args: tuple[Any, ...]) -> None:
        """Write the loop over blocks of columns."""
        b = self.builder
        real, imaginary, kernel, taps, apart, to_real, to_imaginary, add, count = args
        self.sums = [(own(b, VECTOR), own(b, VECTOR)) for _ in range(self.many)]
        with counted(b, count) as block:
            start = b.mul(block, constant(self.many * COLUMNS))
            places = self._places(to_real, to_imaginary, start)
            with b.if_else(b.icmp_signed("==", add, constant(0))) as (then, otherwise):
                with then:
                    self._each(places, lambda total, place: b.store(ir.Constant(VECTOR, None), total))
                with otherwise:
                    self._each(places, lambda total, place: b.store(b.load(place, align=8), total))
            with counted(b, taps) as tap:
                twice = b.mul(tap, constant(2))
                weight = self.everywhere(kernel, twice), self.everywhere(kernel, b.add(twice, constant(1)))
                self._add(weight, self._places(real, imaginary, b.add(start, b.mul(tap, apart))))
            self._each(places, lambda total, place: b.store(b.load(total), place, align=8))

    def _places(self, real: Any, imaginary: Any, start: Any) -> list[tuple[Any, Any]]:
        """Return pointers to the parts of as many vectors as are done at once, from column `start` on."""
        b = self.builder
        starts = [b.add(start, constant(k * COLUMNS)) for k in range(self.many)]
        return [(self.at(real, at, 8, VECTOR), self.at(imaginary, at, 8, VECTOR)) for at in starts]

    def _each(self, places: list[tuple[Any, Any]], do: Any) -> None:
        for totals, pair in zip(self.sums, places, strict=True):
            for total, place in zip(totals, pair, strict=True):
                do(total, place)

    def _add(self, weight: Complex, places: list[tuple[Any, Any]]) -> None:
        """Add the products of a weight with the vectors at these places."""
        b = self.builder
        for (left, right), pair in zip(self.sums, places, strict=True):
            x, y = (b.load(place, align=8) for place in pair)
            b.store(b.fadd(b.load(left), b.fmul(weight[0], x, flags=FUSED), flags=FUSED), left)
            b.store(b.fsub(b.load(left), b.fmul(weight[1], y, flags=FUSED), flags=FUSED), left)
            b.store(b.fadd(b.load(right), b.fmul(weight[0], y, flags=FUSED), flags=FUSED), right)
            b.store(b.fadd(b.load(right), b.fmul(weight[1], x, flags=FUSED), flags=FUSED), right)


def _pass(name: str, load: Any, store: Any, by: str = "four") -> Written:
    """Return the function `step(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles)`.

    The addresses are those of the parts of element 0 on both sides, the distances those of elements in bytes. The pass
    works on `groups` groups of elements that lie `apart` elements apart; there are three twiddle factors for each group.
    """

    def write(builder: ir.IRBuilder, args: tuple[Any, ...]) -> None:
        writer = _Pass(builder, args, load, store)
        writer.by_four() if by == "four" else writer.by_two()

    return Written(name, 9, write)


first_pass, middle_pass = _pass("first_pass", FLOATS, VECTOR), _pass("middle_pass", VECTOR, VECTOR)
last_pass, last_pass_by_two = _pass("last_pass", VECTOR, FLOATS), _pass("last_pass_by_two", VECTOR, FLOATS, "two")
middle_pass_by_two = _pass("middle_pass_by_two", VECTOR, VECTOR, "two")

products = Written("products", 9, lambda builder, args: _Products(builder, MANY).write(args))
products_of_one = Written("products_of_one", 9, lambda builder, args: _Products(builder, 1).write(args))
"""Correlate the columns of one frequency with `taps` weights, which lie `apart` columns apart, or add that.

``products(real, imaginary, kernel, taps, apart, to_real, to_imaginary, add, count)``: all but `taps`, `apart`, `add` and
`count` are addresses of float64; the weights are pairs of real and imaginary part. `count` blocks of `MANY` vectors, or
of one, are done, side by side.
"""
