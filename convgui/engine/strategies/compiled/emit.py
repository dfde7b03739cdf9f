"""What every writer of LLVM instructions needs: counted loops, and memory of a function's own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from llvmlite import ir

if TYPE_CHECKING:
    from collections.abc import Iterator

INT = ir.IntType(64)


def constant(value: int) -> ir.Constant:
    """Return a 64-bit integer."""
    return ir.Constant(INT, value)


def own(builder: ir.IRBuilder, kind: ir.Type, count: int = 1) -> Any:
    """Return the address of memory for so many values, which the function has until it returns."""
    with builder.goto_entry_block():
        return builder.alloca(kind, constant(count) if count > 1 else None)


def everywhere(builder: ir.IRBuilder, value: Any, kind: ir.VectorType) -> Any:
    """Return a vector with a value in every lane."""
    empty, first = ir.Constant(kind, ir.Undefined), ir.Constant(ir.IntType(32), 0)
    places = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    return builder.shuffle_vector(builder.insert_element(empty, value, first), empty, places)


@contextmanager
def counted(builder: ir.IRBuilder, stop: Any, start: Any = None) -> Iterator[Any]:
    """Write a loop from `start` (0 by default) to before `stop`; what is written within is its body, given the index."""
    start = constant(0) if start is None else start
    place = own(builder, INT)
    builder.store(start, place)
    head, body, end = (builder.append_basic_block(name) for name in ("head", "body", "end"))
    builder.branch(head)
    builder.position_at_end(head)
    index = builder.load(place, typ=INT)
    builder.cbranch(builder.icmp_signed("<", index, stop), body, end)
    builder.position_at_end(body)
    yield index
    builder.store(builder.add(index, constant(1), flags=("nsw",)), place)
    builder.branch(head)
    builder.position_at_end(end)
