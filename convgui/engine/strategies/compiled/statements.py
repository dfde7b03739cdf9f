"""Translates the statements of the language: assignments, conditions and loops."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from llvmlite import ir

from convgui.engine.strategies.compiled.emit import own
from convgui.engine.strategies.compiled.expressions import Expressions, Functions, Value
from convgui.engine.strategies.compiled.kinds import f64, i64
from convgui.engine.strategies.compiled.language import Fault

if TYPE_CHECKING:
    from convgui.engine.strategies.compiled.language import Function


class Body(Expressions):
    """Translates all of one function."""

    def __init__(self, program: Functions, source: Function, into: ir.Function) -> None:
        super().__init__(program, source, into)
        self.line = 0
        self.loops: list[tuple[Any, Any]] = []

    def write(self) -> None:
        """Write the whole function."""
        for (name, kind), argument in zip(self.source.parameters, self.into.args, strict=True):
            self._assign(name, Value(kind, argument))
        statements, before = self.source.tree()
        try:
            self._statements(statements)
        except Fault as fault:
            raise Fault(f"{self.source.name}, line {before + self.line}: {fault}") from fault
        if not self.builder.block.is_terminated:
            self.builder.ret_void() if self.source.result is None else self.builder.unreachable()

    def _statements(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if self.builder.block.is_terminated:
                return
            self.line = statement.lineno
            self._one(statement)

    def _one(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                found = [self._value(value) for value in values]
                for target, value in zip(targets, found, strict=True):
                    self._store(target, value)
            case ast.Assign(targets=targets, value=value):
                found = self._value(value)
                for target in targets:
                    self._store(target, found)
            case ast.AugAssign(target=target, op=op, value=value):
                read = ast.copy_location(ast.BinOp(_read(target), op, value), statement)
                self._store(target, self._value(read))
            case ast.If():
                self._if(statement)
            case ast.While():
                self._while(statement)
            case ast.For():
                self._for(statement)
            case ast.Return(value=value):
                self._return(value)
            case ast.Break() | ast.Continue():
                self.builder.branch(self.loops[-1][isinstance(statement, ast.Break)])
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                pass
            case ast.Expr(value=ast.Call() as call):
                self._call(call)
            case _:
                raise Fault(f"a {type(statement).__name__} is not of the language")

    def _store(self, target: ast.expr, value: Any) -> None:
        match target:
            case ast.Name(id=name):
                self._assign(name, value)
            case ast.Subscript(value=base, slice=index):
                place, kind = self._place(base, index)
                self.builder.store(self._as(value, kind).llvm, place)
            case _:
                raise Fault("expected a name or an element to assign to")

    def _assign(self, name: str, value: Any) -> None:
        if name not in self.variables:
            value = value if isinstance(value, Value) else self._as(value, f64 if isinstance(value, float) else i64)
            self.variables[name] = value.kind, own(self.builder, value.kind.llvm)
        kind, place = self.variables[name]
        self.builder.store(self._as(value, kind).llvm, place)

    def _if(self, statement: ast.If) -> None:
        truth = self._truth(statement.test)
        if isinstance(truth, bool):
            self._statements(statement.body if truth else statement.orelse)
            return
        then, otherwise, end = (self.builder.append_basic_block(n) for n in ("then", "else", "endif"))
        self.builder.cbranch(truth, then, otherwise)
        reached = False
        for block, body in ((then, statement.body), (otherwise, statement.orelse)):
            self.builder.position_at_end(block)
            self._statements(body)
            if not self.builder.block.is_terminated:
                self.builder.branch(end)
                reached = True
        self.builder.position_at_end(end)
        if not reached:
            self.builder.unreachable()

    def _while(self, statement: ast.While) -> None:
        head, body, end = (self.builder.append_basic_block(n) for n in ("head", "body", "end"))
        self.builder.branch(head)
        self.builder.position_at_end(head)
        truth = self._truth(statement.test)
        self.builder.cbranch(ir.Constant(ir.IntType(1), truth) if isinstance(truth, bool) else truth, body, end)
        self._loop_body(statement.body, body, head, end)

    def _for(self, statement: ast.For) -> None:
        match statement:
            case ast.For(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=arguments)):
                given = [self._as(self._value(a), i64) for a in arguments]
            case _:
                raise Fault("expected a loop such as: for i in range(n)")
        start = given[0] if len(given) > 1 else self._as(0, i64)
        stop, step = given[min(len(given) - 1, 1)], given[2] if len(given) > 2 else self._as(1, i64)
        self._assign(name, start)
        b, (kind, place) = self.builder, self.variables[name]
        head, body, after, end = (b.append_basic_block(n) for n in ("head", "body", "next", "end"))
        b.branch(head)
        b.position_at_end(head)
        b.cbranch(b.icmp_signed("<", b.load(place, typ=kind.llvm), stop.llvm), body, end)
        b.position_at_end(after)
        b.store(b.add(b.load(place, typ=kind.llvm), step.llvm, flags=("nsw",)), place)
        b.branch(head)
        self._loop_body(statement.body, body, after, end)

    def _loop_body(self, statements: list[ast.stmt], body: Any, again: Any, end: Any) -> None:
        self.builder.position_at_end(body)
        self.loops.append((again, end))
        self._statements(statements)
        self.loops.pop()
        if not self.builder.block.is_terminated:
            self.builder.branch(again)
        self.builder.position_at_end(end)

    def _return(self, value: ast.expr | None) -> None:
        if value is None or self.source.result is None:
            self.builder.ret_void()
        else:
            self.builder.ret(self._as(self._value(value), self.source.result).llvm)


def _read(target: ast.expr) -> ast.expr:
    """Return what is assigned to as something that is read."""
    found = ast.parse(ast.unparse(target), mode="eval").body
    return ast.copy_location(found, target)
