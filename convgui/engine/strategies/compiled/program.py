"""A module of LLVM that holds functions of the language, and whatever they call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llvmlite import ir

from convgui.engine.strategies.compiled.language import Written
from convgui.engine.strategies.compiled.statements import Body

if TYPE_CHECKING:
    from convgui.engine.strategies.compiled.kinds import Kind
    from convgui.engine.strategies.compiled.language import Function


class Program:
    """A module of LLVM, to which functions are added as they are called.

    Examples
    --------
    >>> from convgui.engine.strategies.compiled.screen import keep_strongest
    >>> program = Program()
    >>> program.add(keep_strongest).name
    'keep_strongest'
    """

    def __init__(self) -> None:
        self.module = ir.Module("convgui")
        self._found: dict[Any, ir.Function] = {}

    def add(self, wanted: Function | Written, exported: bool = True) -> ir.Function:
        """Return a function of the module, written if it has not been yet."""
        if wanted not in self._found:
            result = ir.VoidType() if wanted.result is None else wanted.result.llvm
            kind = ir.FunctionType(result, [kind.llvm for _, kind in wanted.parameters])
            made = self._found[wanted] = ir.Function(self.module, kind, wanted.name)
            made.linkage = "external" if exported else "internal"
            made.attributes.add("nounwind")
            if not wanted.inlined:
                made.attributes.add("noinline")
            if isinstance(wanted, Written):
                wanted.write(made)
            else:
                Body(self, wanted, made).write()
        return self._found[wanted]

    def intrinsic(self, name: str, kind: Kind) -> Any:
        """Return one of LLVM's own functions of a number."""
        return self.module.declare_intrinsic(name, [kind.llvm])
