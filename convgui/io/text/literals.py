"""Kernels in the notation of a programming language: brackets, calls, and a factor around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convgui.io.text.calls import TYPES, call, method
from convgui.io.text.declarations import DEEPEST, OPEN, check_closed, declaration, sized
from convgui.io.text.tokens import Token, tokens, value
from convgui.io.text.values import Fraction, Named, Rows, Size, Word, combined, gathered, numbers

if TYPE_CHECKING:
    Value = Fraction | Rows | Word | Named | Size

END = Token("end", "", False)
_TEMPLATE = re.compile(r"(?<=\w)<[\w:,\s*&.]*>")


def parse_literal(text: str) -> Rows:
    """Read a literal such as ``1/9 * np.ones((3, 3))``, ``float k[2][2] = {{1, 2}, {3, 4}};`` or ``[1 2; 3 4]'``.

    Raises
    ------
    ValueError
        Without a full stop: what is not understood, or why it is no matrix.
    """
    for _ in range(DEEPEST):
        text, changed = _TEMPLATE.subn("", text)
        if not changed:
            break
    found = [token for token in tokens(text) if token.text not in ("$",)]
    check_closed(found)
    sizes, found = declaration(found)
    reader = _Reader(found)
    result = reader.whole()
    if not isinstance(result, Rows):
        raise ValueError(
            "no numbers yet, expected rows of them" if isinstance(result, Word) else "expected a matrix, not one number"
        )
    return sized(result, sizes)


class _Reader:
    """A reader of one expression, from the left."""

    def __init__(self, found: list[Token]) -> None:
        self.found, self.at, self.depth = found, 0, 0

    @property
    def next(self) -> Token:
        return self.found[self.at] if self.at < len(self.found) else END

    def take(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def skip_lines(self) -> None:
        while self.next.kind == "line":
            self.at += 1

    def whole(self) -> Value:
        """Return what the text means; rows that follow each other without brackets around them are a matrix."""
        parts = [self.product()]
        while True:
            while self.next.kind == "line" or self.next.text in (",", ";"):
                self.at += 1
            if self.next is END:
                break
            if not isinstance(parts[-1], Rows) or self.next.text not in OPEN:
                raise ValueError("there is something else around the brackets, expected the matrix alone")
            parts.append(self.product())
        if len(parts) == 1:
            return parts[0]
        if all(isinstance(part, Rows) and part.flat for part in parts):
            return gathered(parts)
        raise ValueError(f"there are {len(parts)} matrices, expected one")

    def product(self) -> Value:
        """Return a matrix or number with the factors around it."""
        self.skip_lines()
        result = self.signed()
        while True:
            before = self.at
            self.skip_lines()
            sign = self.next.text
            if sign in ("*", "/") and self.next.kind == "sign":
                self.take()
                self.skip_lines()
                result = combined(result, sign, self.signed())
            elif isinstance(result, Fraction) and (self.next.text in OPEN or self.next.kind == "word"):
                result = combined(result, "*", self.signed())
            elif isinstance(result, Rows) and self.next.kind == "number" and self._fraction_follows():
                over, _, under = self.take(), self.take(), self.take()
                result = combined(result, "*", Fraction(value(over.text), value(under.text)))
            elif sign in ("+", "-", "//") and self.next.kind == "sign":
                raise ValueError(f"{sign!r} is not understood between matrices, only factors are")
            else:
                self.at = before
                return result

    def _fraction_follows(self) -> bool:
        return [t.kind for t in self.found[self.at : self.at + 3]] == ["number", "sign", "number"] and self.found[
            self.at + 1
        ].text == "/"

    def signed(self) -> Value:
        """Return a number, matrix or word with its sign."""
        if self.next.kind == "sign" and self.next.text in "+-":
            sign, result = self.take().text, self.signed()
            if isinstance(result, Rows):
                return result.scaled(Fraction(-1.0)) if sign == "-" else result
            if not isinstance(result, Fraction):
                raise ValueError(f"{sign!r} is not understood before a word")
            return -result if sign == "-" else result
        return self.primary()

    def primary(self) -> Value:
        """Return a number, a word, what a call returns, or what stands between brackets."""
        token = self.take()
        if token.kind == "number":
            return Fraction(checked(value(token.text), token.text))
        if token.text == "&":
            return self.primary()
        if token.kind == "string":
            return Word(token.text.strip("'\""))
        if token.kind == "word":
            return self.postfixed(self.named(token))
        if token.text == "[" and self._is_type():
            return self.primary()
        if token.text in OPEN:
            return self.postfixed(self.collection(OPEN[token.text]))
        if token is END:
            raise ValueError("no numbers yet, expected rows of them")
        raise ValueError(f"{token.text.strip() or 'the end of the line'!r} is not understood here")

    def _is_type(self) -> bool:
        """Skip what begins a literal of Go, as in ``[3][3]float64{...}``."""
        at = self.at - 1
        while at + 1 < len(self.found) and self.found[at].text == "[":
            at += 1 + (self.found[at + 1].kind == "number")
            if at >= len(self.found) or self.found[at].text != "]":
                return False
            at += 1
        if at + 1 < len(self.found) and self.found[at].kind == "word" and self.found[at + 1].text == "{":
            self.at = at + 1
            return True
        return False

    def named(self, word: Token) -> Value:
        """Return what a name with brackets behind it means; a word if there are none."""
        name = word.text.rstrip("!")
        if name == "new":
            if self.next.kind == "word" and self.found[self.at + 1 : self.at + 2] and self.found[self.at + 1].text == "[":
                self.take()
            while self.next.text == "[":
                while self.take().text != "]":
                    if self.next is END:
                        raise ValueError("a bracket is not closed")
            return self.primary()
        start = self.at
        if self.next.text == "[" and name.lower() in TYPES:  # float[9](...) of GLSL, Float32[...] of Julia
            inside = self.found[self.at + 1 : self.at + 3]
            skip = 2 if inside and inside[0].text == "]" else 3 if len(inside) > 1 and inside[1].text == "]" else 0
            if skip and self.found[self.at + skip : self.at + skip + 1] and self.found[self.at + skip].text == "(":
                self.at += skip
        if self.next.text == "(":
            self.take()
            return call(name, self.arguments(), prefix=word.text)
        if self.next.text in ("[", "{") and (name.lower().split(".")[-1] in TYPES or word.text.endswith("!")):
            return self.primary()
        self.at = start
        return Word(name)

    def arguments(self) -> list[Value]:
        """Return the arguments of a call, up to its closing bracket."""
        found: list[Value] = []
        while True:
            self.skip_lines()
            if self.next.text == ")":
                self.take()
                return found
            if self.next.text == ",":
                self.take()
                continue
            if self.next.kind == "word" and self.at + 1 < len(self.found) and self.found[self.at + 1].text == "=":
                name = self.take().text
                self.take()
                found.append(Named(name, self.product()))
            else:
                found.append(self.product())

    def postfixed(self, result: Value) -> Value:
        """Apply what stands behind a matrix: ``.reshape(3, 3)``, ``[None, None]``, ``'``, ``<< 1, 2``."""
        while True:
            token = self.next
            if token.text == "'":
                self.take()
                if not isinstance(result, Rows) or not result.flat:  # of a matrix it may be a stray quotation mark as well
                    raise ValueError("there is something else around the brackets, expected the matrix alone")
                result = result.transposed
            elif token.kind == "method" and isinstance(result, Rows):
                self.take()
                arguments: list[Value] = []
                if self.next.text == "(":
                    self.take()
                    arguments = self.arguments()
                result = method(result, token.text[1:], arguments)
            elif token.text == "[" and not token.spaced and isinstance(result, Rows) and self._skip_axes():
                continue
            elif token.text == "<<" and isinstance(result, Size):
                self.take()
                result = gathered(self.listed()).shaped(result.rows, result.cols)
            else:
                return result

    def _skip_axes(self) -> bool:
        """Skip ``[None, None]`` and its like, which only add axes."""
        at = self.at + 1
        while at < len(self.found) and self.found[at].text in (
            "None",
            "np.newaxis",
            "newaxis",
            "numpy.newaxis",
            ",",
            ":",
            "...",
        ):
            at += 1
        if at > self.at + 1 and at < len(self.found) and self.found[at].text == "]":
            self.at = at + 1
            return True
        return False

    def listed(self) -> list[Value]:
        """Return numbers with commas between them."""
        found = [self.product()]
        while self.next.text == "," or self.next.kind == "line":
            if self.take().text == ",":
                found.append(self.product())
        return found

    def collection(self, close: str) -> Value:
        """Return what stands between brackets: rows, a list, or one number in parentheses."""
        self.depth += 1
        rows: list[list[Value]] = [[]]
        lines: list[int] = [0]
        soft = expecting = tight = bare = False
        commas = 0
        while True:
            token = self.next
            if token is END or (token.text in OPEN.values() and token.text != close):
                raise ValueError("a bracket is closed by another kind of bracket")
            if token.kind == "line":
                self.take()
                if expecting and lines[-1]:
                    lines.append(0)
                elif rows[-1] and not expecting:
                    rows.append([])
                    soft = True
                continue
            if token.text == "...":
                self.take()
                if self.next.kind != "line":
                    raise ValueError("'...' leaves numbers out, expected all of them")
                self.take()
                continue
            if token.text == close:
                self.take()
                break
            self.at += token.text in (",", ";")
            if token.text == ";":
                rows.append([])
                lines, expecting = [0], False
            elif token.text == ",":
                if expecting or not rows[-1]:
                    if soft and not rows[-1] and len(rows) > 1:  # a comma that begins a line
                        rows.pop()
                        expecting = True
                        continue
                    raise ValueError(f"row {len(rows)} has an empty cell, expected a number")
                expecting, commas = True, commas + 1
                tight |= (
                    not token.spaced
                    and self.next.kind in ("number", "sign")
                    and not self.next.spaced
                    and self.next.text not in OPEN
                )
            else:
                bare |= bool(rows[-1]) and not expecting
                rows[-1].append(self.item())
                lines[-1] += 1
                expecting = False
        if tight and bare:
            raise ValueError("numbers are separated by commas and by spaces, expected one of them")
        return self._made([row for row in rows if row], close, commas, [n for n in lines if n])

    def _made(self, rows: list[list[Value]], close: str, commas: int, lines: list[int]) -> Value:
        if not rows:
            raise ValueError("no numbers yet, expected rows of them")
        if close == ")" and len(rows) == 1 and len(rows[0]) == 1 and not commas:
            return rows[0][0]
        everything = [item for row in rows for item in row]
        if any(isinstance(item, Rows) for item in everything):
            return gathered(everything)
        if len(rows) > 1:
            return Rows(tuple(numbers(row) for row in rows))
        return Rows((numbers(rows[0]),), flat=True, lines=tuple(lines))

    def item(self) -> Value:
        """Return a cell: a number, a product of numbers, or a row in brackets."""
        result = self.signed()
        while True:
            token = self.next
            if token.text in ("*", "/") and token.kind == "sign":
                self.take()
                result = combined(result, token.text, self.signed())
            elif token.text == "//" and isinstance(result, Fraction):
                self.take()
                result = combined(result, "/", self.signed())
            elif token.text in ("+", "-") and token.kind == "sign":
                after = self.found[self.at + 1] if self.at + 1 < len(self.found) else END
                if token.spaced and not after.spaced and after.kind != "line":
                    return result
                raise ValueError(f"{token.text!r} between two numbers is not understood: is a space or a comma missing?")
            else:
                return result


def checked(number: float, text: str) -> float:
    """Return a number that is finite."""
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"row 1: {text!r} is too large")
    return number
