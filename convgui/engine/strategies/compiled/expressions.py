"""Translates the expressions of the language: numbers, elements, fields, comparisons, calls and conversions."""

from __future__ import annotations

import ast
import operator
from typing import Any, NamedTuple, Protocol

from llvmlite import ir

from convgui.engine.strategies.compiled.emit import own
from convgui.engine.strategies.compiled.kinds import Kind, Pointer, Record, boolean, f64, i64
from convgui.engine.strategies.compiled.language import Fault, Function, Written, bits, local


class Functions(Protocol):
    """Where functions that are called are found: a `Program`, which imports this module."""

    def add(self, wanted: Function | Written, exported: bool = True) -> ir.Function:
        """Return a function, written if it has not been yet."""

    def intrinsic(self, name: str, kind: Kind) -> Any:
        """Return one of LLVM's own functions of a number."""


class Value(NamedTuple):
    """Something that is known when the loop runs."""

    kind: Kind | Pointer
    llvm: Any


_ARITHMETIC = {
    ast.Add: ("add", "fadd", operator.add),
    ast.Sub: ("sub", "fsub", operator.sub),
    ast.Mult: ("mul", "fmul", operator.mul),
    ast.FloorDiv: ("sdiv", None, operator.floordiv),
    ast.Mod: ("srem", None, operator.mod),
    ast.Div: (None, "fdiv", operator.truediv),
    ast.BitAnd: ("and_", None, operator.and_),
    ast.BitOr: ("or_", None, operator.or_),
    ast.LShift: ("shl", None, operator.lshift),
    ast.RShift: ("ashr", None, operator.rshift),
}

_COMPARED = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}


class Expressions:
    """Translates the expressions of one function: to a `Value`, or to a number or object that is known now."""

    def __init__(self, program: Functions, source: Function, into: ir.Function) -> None:
        self.program, self.source, self.into = program, source, into
        self.known = source.known()
        self.builder = ir.IRBuilder(into.append_basic_block("entry"))
        self.variables: dict[str, tuple[Kind | Pointer, Any]] = {}

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                if name in self.variables:
                    kind, place = self.variables[name]
                    return Value(kind, self.builder.load(place, typ=kind.llvm))
                if name in self.known:
                    return self.known[name]
                raise Fault(f"{name} has no value yet")
            case ast.Attribute(value=base, attr=name):
                return self._attribute(self._value(base), name)
            case ast.Subscript(value=base, slice=index):
                return self._element(base, index)
            case ast.BinOp(left=left, op=op, right=right):
                return self._arithmetic(type(op), self._value(left), self._value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negative(self._value(operand))
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                truth = self._truth(node)
                return truth if isinstance(truth, bool) else Value(boolean, truth)
            case ast.IfExp():
                return self._either(node)
            case ast.Call():
                return self._call(node)
        raise Fault(f"a {type(node).__name__} is not of the language")

    def _attribute(self, base: Any, name: str) -> Any:
        if not isinstance(base, Value):
            return getattr(base, name)
        if not isinstance(base.kind, Pointer) or not isinstance(base.kind.to, Record):
            raise Fault(f"there is no field {name} in a {base.kind}")
        n, kind = base.kind.to.place(name)
        at = [ir.Constant(ir.IntType(32), k) for k in (0, n)]
        place = self.builder.gep(base.llvm, at, inbounds=True, source_etype=base.kind.to.llvm)
        return Value(kind, self.builder.load(place, typ=kind.llvm))

    def _place(self, base: ast.expr, index: ast.expr) -> tuple[Any, Any]:
        """Return the address of an element, and what stands there."""
        found, n = self._value(base), self._as(self._value(index), i64)
        if not isinstance(found, Value) or not isinstance(found.kind, Pointer):
            raise Fault("expected an address before the brackets")
        to = found.kind.to
        return self.builder.gep(found.llvm, [n.llvm], inbounds=True, source_etype=to.llvm), to

    def _element(self, base: ast.expr, index: ast.expr) -> Any:
        place, to = self._place(base, index)
        return Value(Pointer(to), place) if isinstance(to, Record) else Value(to, self.builder.load(place, typ=to.llvm))

    def _arithmetic(self, op: type[ast.operator], a: Any, b: Any) -> Any:
        whole, fraction, python = _ARITHMETIC[op]
        if not isinstance(a, Value) and not isinstance(b, Value):
            return python(a, b)
        if isinstance(a, Value) and isinstance(a.kind, Pointer) and op is ast.Add:
            n = self._as(b, i64).llvm
            return Value(a.kind, self.builder.gep(a.llvm, [n], inbounds=True, source_etype=a.kind.to.llvm))
        a, b = self._alike(a, b)
        name = fraction if a.kind.fraction else whole
        if name is None:
            raise Fault(f"{op.__name__} is not for {a.kind.name}")
        flags = ("nsw",) if a.kind == i64 and name in ("add", "sub", "mul") else ()
        return Value(a.kind, getattr(self.builder, name)(a.llvm, b.llvm, flags=flags))

    def _negative(self, value: Any) -> Any:
        if not isinstance(value, Value):
            return -value
        if isinstance(value.kind, Pointer) or not value.kind.fraction:
            return self._arithmetic(ast.Sub, 0, value)
        return Value(value.kind, self.builder.fneg(value.llvm))

    def _truth(self, node: ast.expr) -> Any:
        """Return whether a condition holds: an LLVM bit, or a bool if that is known now."""
        match node:
            case ast.Compare(left=left, ops=ops, comparators=rights):
                parts, before = [], self._value(left)
                for op, right in zip(ops, rights, strict=True):
                    after = self._value(right)
                    parts.append(self._compared(type(op), before, after))
                    before = after
                return parts[0] if len(parts) == 1 else self._all(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                truth = self._truth(operand)
                return not truth if isinstance(truth, bool) else self.builder.not_(truth)
            case ast.BoolOp(op=op, values=values):
                return self._until(values, isinstance(op, ast.Or))
        value = self._value(node)
        if not isinstance(value, Value):
            return bool(value)
        return value.llvm if value.kind == boolean else self._compared(ast.NotEq, value, 0)

    def _compared(self, op: type[ast.cmpop], a: Any, b: Any) -> Any:
        sign, python = _COMPARED[op]
        if not isinstance(a, Value) and not isinstance(b, Value):
            return bool(python(a, b))
        a, b = self._alike(a, b)
        if a.kind.fraction:
            ordered = self.builder.fcmp_unordered if sign == "!=" else self.builder.fcmp_ordered
            return ordered(sign, a.llvm, b.llvm)
        compare = self.builder.icmp_signed if a.kind.signed else self.builder.icmp_unsigned
        return compare(sign, a.llvm, b.llvm)

    def _all(self, parts: list[Any]) -> Any:
        """Return whether all of a chain of comparisons hold."""
        if any(part is False for part in parts):
            return False
        found: Any = True
        for part in parts:
            if part is not True:
                found = part if found is True else self.builder.and_(found, part)
        return found

    def _until(self, conditions: list[ast.expr], value: bool) -> Any:
        """Return `value` at the first condition that has it; those behind it are not looked at."""
        b, bit = self.builder, ir.IntType(1)
        place, end = own(b, bit), b.append_basic_block("decided")
        for condition in conditions:
            truth = self._truth(condition)
            b.store(ir.Constant(bit, truth) if isinstance(truth, bool) else truth, place)
            after = b.append_basic_block("next")
            b.cbranch(b.load(place, typ=bit), *((end, after) if value else (after, end)))
            b.position_at_end(after)
        b.branch(end)
        b.position_at_end(end)
        return b.load(place, typ=bit)

    def _either(self, node: ast.IfExp) -> Any:
        truth = self._truth(node.test)
        if isinstance(truth, bool):
            return self._value(node.body if truth else node.orelse)
        b = self.builder
        then, otherwise, end = (b.append_basic_block(n) for n in ("then", "else", "endif"))
        b.cbranch(truth, then, otherwise)
        ends, found = [], []
        for block, side in ((then, node.body), (otherwise, node.orelse)):
            b.position_at_end(block)
            found.append(self._value(side))
            ends.append(b.block)
        first, second = self._alike(*found)
        place = own(b, first.kind.llvm)
        for block, value in zip(ends, (first, second), strict=True):
            b.position_at_end(block)
            b.store(value.llvm, place)
            b.branch(end)
        b.position_at_end(end)
        return Value(first.kind, b.load(place, typ=first.kind.llvm))

    # calls and conversions

    def _call(self, node: ast.Call) -> Any:
        called = self._value(node.func)
        given = [self._value(a) for a in node.args]
        if isinstance(called, (Kind, Pointer)):
            return self._converted(given[0], called)
        if called is local:
            return Value(Pointer(given[0]), own(self.builder, given[0].llvm, given[1]))
        if called is bits:
            return Value(given[1], self.builder.bitcast(given[0].llvm, given[1].llvm))
        if called in (min, max):
            return self._chosen(ast.Lt if called is min else ast.Gt, given)
        if called is abs:
            value = given[0]
            return Value(value.kind, self.builder.call(self.program.intrinsic("llvm.fabs", value.kind), [value.llvm]))
        if not isinstance(called, (Function, Written)):
            raise Fault(f"{ast.unparse(node.func)} cannot be called")
        if len(given) != len(called.parameters):
            raise Fault(f"{called.name} takes {len(called.parameters)} arguments, received {len(given)}")
        plain = isinstance(called, Written)  # which takes addresses as integers
        values = [
            self._converted(v, kind) if plain else self._as(v, kind)
            for v, (_, kind) in zip(given, called.parameters, strict=True)
        ]
        result = self.builder.call(self.program.add(called, exported=False), [v.llvm for v in values])
        return None if called.result is None else Value(called.result, result)

    def _chosen(self, op: type[ast.cmpop], given: list[Any]) -> Any:
        """Return the least or largest: the first unless another is less or larger."""
        found = given[0]
        for other in given[1:]:
            a, b = self._alike(found, other)
            found = Value(a.kind, self.builder.select(self._compared(op, b, a), b.llvm, a.llvm))
        return found

    def _alike(self, a: Any, b: Any) -> tuple[Value, Value]:
        """Return two values of one type; a number that is written out takes that of the other."""
        if not isinstance(a, Value) and not isinstance(b, Value):
            kind = f64 if float in (type(a), type(b)) else i64
            return self._as(a, kind), self._as(b, kind)
        if not isinstance(a, Value):
            return self._as(a, b.kind), b
        return a, self._as(b, a.kind)

    def _as(self, value: Any, kind: Kind | Pointer) -> Value:
        """Return a value that must be of a type, or a number that is written out as one of it."""
        if isinstance(value, Value):
            if value.kind != kind:
                raise Fault(f"expected {kind}, received {value.kind}")
            return value
        if isinstance(kind, Pointer) or not isinstance(value, (int, float)):
            raise Fault(f"expected {kind}, received {value!r}")
        if isinstance(value, float) and not kind.fraction:
            raise Fault(f"expected {kind.name}, received {value!r}")
        return Value(kind, ir.Constant(kind.llvm, float(value) if kind.fraction else int(value)))

    def _converted(self, value: Any, kind: Kind | Pointer) -> Value:
        if not isinstance(value, Value):
            return self._as(float(value) if isinstance(kind, Kind) and kind.fraction else value, kind)
        b, x = self.builder, value.llvm
        if value.kind == kind:
            return value
        if isinstance(kind, Pointer):
            return Value(kind, x if isinstance(value.kind, Pointer) else b.inttoptr(x, kind.llvm))
        if isinstance(value.kind, Pointer):
            return Value(kind, b.ptrtoint(x, kind.llvm))
        if value.kind.fraction and kind.fraction:
            return Value(kind, b.fpext(x, kind.llvm) if kind == f64 else b.fptrunc(x, kind.llvm))
        if value.kind.fraction:
            return Value(kind, b.fptosi(x, kind.llvm))
        if kind.fraction:
            return Value(kind, b.sitofp(x, kind.llvm) if value.kind.signed else b.uitofp(x, kind.llvm))
        wider = kind.llvm.width > value.kind.llvm.width
        widened = b.sext if value.kind.signed else b.zext
        return Value(kind, widened(x, kind.llvm) if wider else b.trunc(x, kind.llvm))
