"""Samples of a map: each output is one dot product of its patch, as it lies in memory, with weights laid out likewise.

Where outputs lie far apart nothing is gathered: most of what a gather brings together would be read but once. A patch row of
all channels is one stretch of numbers, converted and multiplied a vector at a time; the channels' shares are in the weights.
A few outputs are made together, so that a weight that is loaded serves each of them. Written as instructions for LLVM
because compilers make no vectors of a sum of floats, whose order matters to them.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from convgui.engine.strategies.compiled.blocks import CHAIN, FLOAT, FUSED
from convgui.engine.strategies.compiled.emit import constant, counted, everywhere, own
from convgui.engine.strategies.compiled.kinds import Kind, f32, u8, u16
from convgui.engine.strategies.compiled.language import Written
from convgui.engine.strategies.compiled.processor import LANES

TOGETHER = 4
"""Outputs that are made at once: as many sums as keep a multiplier busy."""

BYTES = {u8: 1, u16: 2, f32: 4}

VECTOR, WHOLE = ir.VectorType(FLOAT, LANES), ir.VectorType(ir.IntType(32), LANES)


class _Dots:
    """Writes the instructions for `together` outputs side by side, of a source of some kind of number."""

    def __init__(self, builder: Any, kind: Kind, together: int) -> None:
        self.builder, self.kind = builder, kind
        self.size = BYTES[kind]
        self.sums, self.totals = ([own(builder, VECTOR) for _ in range(together)] for _ in range(2))

    def write(self, args: tuple[Any, ...]) -> None:
        """Write the loop over the outputs."""
        b = self.builder
        x, x_row, across, kh, vectors, rest, w, out, count = args
        exact = self.kind == f32  # what lies behind a patch row may be NaN, and is not to be read
        whole = b.sub(vectors, constant(1)) if exact else vectors
        inside = _first(b, rest) if exact else None
        few = b.sdiv(b.add(vectors, constant(CHAIN)), vectors)  # rows of a chain, whose sums are added up
        with counted(b, count) as block:
            start = b.add(x, b.mul(block, b.mul(across, constant(len(self.sums)))))
            self._clear(self.totals)
            with counted(b, b.sdiv(b.add(kh, b.sub(few, constant(1))), few)) as some:
                self._clear(self.sums)
                first = b.mul(some, few)
                after = b.add(first, few)
                with counted(b, b.select(b.icmp_signed("<", after, kh), after, kh), first) as row:
                    at, weights = b.add(start, b.mul(row, x_row)), b.add(w, b.mul(b.mul(row, vectors), constant(4 * LANES)))
                    self._add_row(at, across, weights, whole, inside)
                for total, chain in zip(self.totals, self.sums, strict=True):
                    b.store(b.fadd(b.load(total), b.load(chain)), total)
            place = b.add(out, b.mul(block, constant(4 * len(self.sums))))
            for k, total in enumerate(self.totals):
                to = b.inttoptr(b.add(place, constant(4 * k)), FLOAT.as_pointer())
                b.store(self._added_up(b.load(total)), to)

    def _add_row(self, at: Any, across: Any, weights: Any, whole: Any, inside: Any) -> None:
        """Add the products of a row of weights: of so many whole vectors, and of one of which some lanes are `inside`."""
        b = self.builder
        with counted(b, whole) as v:
            self._add(b.add(at, b.mul(v, constant(self.size * LANES))), across, self._weights(weights, v))
        if inside is not None:
            last = b.add(at, b.mul(whole, constant(self.size * LANES)))
            self._add(last, across, self._weights(weights, whole), inside)

    def _clear(self, sums: list[Any]) -> None:
        for total in sums:
            self.builder.store(ir.Constant(VECTOR, None), total)

    def _weights(self, weights: Any, v: Any) -> Any:
        b = self.builder
        place = b.add(weights, b.mul(v, constant(4 * LANES)))
        return b.load(b.inttoptr(place, VECTOR.as_pointer()), align=4)

    def _add(self, at: Any, across: Any, weights: Any, inside: Any = None) -> None:
        """Add the products of a vector of weights with that of each output."""
        b = self.builder
        for k, total in enumerate(self.sums):
            x = self._values(b.add(at, b.mul(across, constant(k))), inside)
            b.store(b.fadd(b.load(total), b.fmul(x, weights, flags=FUSED), flags=FUSED), total)

    def _values(self, at: Any, inside: Any) -> Any:
        """Return the numbers at an address as a vector of float32; those that are not `inside` are 0."""
        b = self.builder
        if inside is not None:
            place, align = b.inttoptr(at, ir.PointerType()), ir.Constant(ir.IntType(32), 4)
            return b.call(_masked(b.module), [place, align, inside, ir.Constant(VECTOR, None)])
        stored = ir.VectorType(self.kind.llvm, LANES)
        numbers = b.load(b.inttoptr(at, stored.as_pointer()), align=self.size)
        return numbers if self.kind == f32 else b.sitofp(b.zext(numbers, WHOLE), VECTOR)

    def _added_up(self, vector: Any) -> Any:
        """Return the sum of a vector: of its halves, of their halves, and so on."""
        b, half = self.builder, LANES // 2
        while half:
            places = [(i + half) % LANES for i in range(LANES)]
            other = b.shuffle_vector(vector, ir.Constant(VECTOR, ir.Undefined), ir.Constant(WHOLE, places))
            vector = b.fadd(vector, other)
            half //= 2
        return b.extract_element(vector, ir.Constant(ir.IntType(32), 0))


def _first(builder: Any, count: Any) -> Any:
    """Return which lanes are among the first so many."""
    many = everywhere(builder, builder.trunc(count, ir.IntType(32)), WHOLE)
    return builder.icmp_signed("<", ir.Constant(WHOLE, list(range(LANES))), many)


def _masked(module: Any) -> Any:
    """Return LLVM's function that loads some lanes of a vector, and reads nothing for the others."""
    name = f"llvm.masked.load.v{LANES}f32.p0"
    lanes = ir.VectorType(ir.IntType(1), LANES)
    kind = ir.FunctionType(VECTOR, [ir.PointerType(), ir.IntType(32), lanes, VECTOR])
    return module.globals.get(name) or ir.Function(module, kind, name)


def _dots(kind: Kind, together: int) -> Written:
    """Return the function `dots(x, x_row, across, kh, vectors, rest, w, out, count)`.

    `x`, `w` and `out` are addresses, `x_row` and `across` the distances in bytes of the kernel's rows and of the outputs in
    the source. A kernel row has `vectors` vectors of weights, 0 where there is none; of floats only `rest` are read for the
    last one. `count` times so many outputs as the function makes at once are done, side by side.
    """
    name = f"dots_{kind.name}_{together}"
    return Written(name, 9, lambda builder, args: _Dots(builder, kind, together).write(args))


def _fetch(builder: Any, args: tuple[Any, ...]) -> None:
    """Write the loop that asks for each cache line of a stretch of memory."""
    first, count = args
    pointer, flag = ir.PointerType(), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [pointer, flag, flag, flag])
    ask = builder.module.globals.get(PREFETCH) or ir.Function(builder.module, kind, PREFETCH)
    reading = [ir.Constant(flag, value) for value in (0, 2, 1)]  # to read, for the second cache, data
    with counted(builder, builder.sdiv(builder.add(count, constant(LINE - 1)), constant(LINE))) as line:
        at = builder.inttoptr(builder.add(first, builder.mul(line, constant(LINE))), pointer)
        builder.call(ask, [at, *reading])


LINE, PREFETCH = 64, "llvm.prefetch.p0"

fetch = Written("fetch", 2, _fetch)
"""``fetch(first, count)`` brings so many bytes from an address on nearer: more streams at once than a processor follows."""

some_bytes, some_words, some_floats = (_dots(kind, TOGETHER) for kind in (u8, u16, f32))
one_byte, one_word, one_float = (_dots(kind, 1) for kind in (u8, u16, f32))
