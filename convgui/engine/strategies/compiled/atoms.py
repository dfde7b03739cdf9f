"""What threads need to agree on numbers in memory that both see, and a call of a function by its address."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from convgui.engine.strategies.compiled import processor
from convgui.engine.strategies.compiled.emit import INT, constant
from convgui.engine.strategies.compiled.language import Written

WAIT = {"x86": ("llvm.x86.sse2.pause", ()), "i": ("llvm.x86.sse2.pause", ()), "a": ("llvm.aarch64.hint", (1,))}
"""LLVM's name of the instruction by which a loop says that it waits, by how that of a processor's family begins."""


def _place(builder: Any, address: Any) -> Any:
    return builder.inttoptr(address, INT.as_pointer())


def _take(builder: Any, args: tuple[Any, ...]) -> None:
    turn, found = (_place(builder, address) for address in args)
    builder.store(builder.atomic_rmw("add", turn, constant(1), "monotonic"), found)


def _swap(builder: Any, args: tuple[Any, ...]) -> None:
    at, expected, new, found = args
    made = builder.cmpxchg(_place(builder, at), expected, new, "seq_cst", "seq_cst")
    builder.store(builder.extract_value(made, 0), _place(builder, found))


def _look(builder: Any, args: tuple[Any, ...]) -> None:
    at, found = (_place(builder, address) for address in args)
    builder.store(builder.load_atomic(at, "acquire", 8), found)


def _put(builder: Any, args: tuple[Any, ...]) -> None:
    at, value = args
    builder.store_atomic(value, _place(builder, at), "release", 8)


def _wait(builder: Any, args: tuple[Any, ...]) -> None:
    family = processor.triple().partition("-")[0]
    name, numbers = next((said for begins, said in WAIT.items() if family.startswith(begins)), ("", ()))
    if name:
        given = [ir.Constant(ir.IntType(32), number) for number in numbers]
        kind = ir.FunctionType(ir.VoidType(), [number.type for number in given])
        builder.call(builder.module.globals.get(name) or ir.Function(builder.module, kind, name), given)


def _call(builder: Any, args: tuple[Any, ...]) -> None:
    function, *given = args
    kind = ir.FunctionType(ir.VoidType(), [INT] * len(given))
    builder.call(builder.inttoptr(function, kind.as_pointer()), given)


take = Written("take", 2, _take)
"""``take(turn, found)`` stores the number at the address `turn` at `found`, and counts it up for whoever takes the next."""

swap = Written("swap", 4, _swap)
"""``swap(at, expected, new, found)`` stores what is at an address at `found`, and `new` there if it is what was expected."""

look, put = Written("look", 2, _look), Written("put", 2, _put)
"""``look(at, found)`` and ``put(at, value)``: what was written before a `put` is seen by who has looked at what it put."""

wait = Written("wait", 0, _wait)
"""``wait()`` leaves the core to others for some ten cycles."""

call = Written("call", 5, _call)
"""``call(function, source, out, work, own)`` calls the function at an address that does a `WORK`."""
