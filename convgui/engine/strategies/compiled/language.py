"""The language of the inner loops: Python's syntax, the machine's types, translated to LLVM as it is written.

A function that is marked with `function` is never run by Python. Its parameters are annotated with the types of `kinds.py`;
a variable has the type of what is first assigned to it. Types are never mixed: what is to be converted is called by its
type, as in ``f32(x[i])``; only numbers that are written out take the type of what they meet. There are no checks at run
time: an index lies inside, a divisor is not 0, and operands of ``//`` and ``%`` are not negative. Numbers that Python
knows (module constants, arguments of an enclosing function) are constants; an ``if`` on one of them is decided at once.

Files in the language do without ``from __future__ import annotations``: the types are read from the annotations.

Why not Numba: its own work on these loops (types, checks, memory, and each callee optimised again for each caller) took
fifteen times as long as LLVM needs for them, a minute on an ordinary machine, and half a second at each start.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import TYPE_CHECKING, Any

from llvmlite import ir

from convgui.engine.strategies.compiled.kinds import i64

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.engine.strategies.compiled.kinds import Kind, Pointer


class Fault(Exception):
    """What is written is not of the language."""


class Function:
    """A function of the language."""

    def __init__(self, python: Callable[..., Any], name: str, inlined: bool) -> None:
        self.name, self.inlined = name, inlined
        self._python = python
        self.result: Kind | None = python.__annotations__.get("return")
        self.parameters: list[tuple[str, Kind | Pointer]] = [
            (name, kind) for name, kind in python.__annotations__.items() if name != "return"
        ]

    def known(self) -> dict[str, Any]:
        """Return what the names stand for that the function does not assign itself."""
        cells = self._python.__closure__ or ()
        inner = {n: c.cell_contents for n, c in zip(self._python.__code__.co_freevars, cells, strict=True)}
        return {**BUILTINS, **self._python.__globals__, **inner}

    def tree(self) -> tuple[list[ast.stmt], int]:
        """Return its statements, and the line before its first one."""
        lines, first = inspect.getsourcelines(self._python)
        (definition,) = ast.parse(textwrap.dedent("".join(lines))).body
        assert isinstance(definition, ast.FunctionDef)
        return definition.body, first - 1


class Written:
    """A function whose instructions are written one by one: `write(builder, arguments)`; all parameters are integers."""

    result, inlined = None, False

    def __init__(self, name: str, count: int, write: Callable[[ir.IRBuilder, tuple[Any, ...]], None]) -> None:
        self.name, self._write = name, write
        self.parameters: list[tuple[str, Kind | Pointer]] = [(f"p{n}", i64) for n in range(count)]

    def write(self, into: ir.Function) -> None:
        """Write its instructions."""
        builder = ir.IRBuilder(into.append_basic_block("entry"))
        self._write(builder, into.args)
        builder.ret_void()


def function(python: Callable[..., Any] | None = None, *, name: str = "", inlined: bool = True) -> Any:
    """Mark a function of the language.

    `name` tells apart those that one Python function makes several of. What is not to be `inlined` is compiled once,
    however often it is called.
    """
    if python is None:
        return lambda python: Function(python, name or python.__name__, inlined)
    return Function(python, name or python.__name__, inlined)


def local(kind: Kind, count: int) -> None:
    """Stand for memory for so many numbers, which a function has until it returns."""
    raise NotImplementedError


def bits(value: Any, kind: Kind) -> None:
    """Stand for the bits of a number, read as one of another type that has as many."""
    raise NotImplementedError


BUILTINS = {"min": min, "max": max, "abs": abs, "range": range, "True": True, "False": False}
