"""Factors and divisors that stand around plain rows of numbers: in front, behind, beside, on a line of their own."""

from __future__ import annotations

import re

from convgui.io.text.values import ONE, Fraction

DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eEdD][+-]?\d+)?"
_QUOTIENT = rf"({DECIMAL})(?: ?/ ?({DECIMAL}))?"
_TIMES = r"[*×·⋅∗]"
_IN_FRONT = re.compile(rf"\s*+\(?\s*+{_QUOTIENT}\s*+\)?\s*+\.?{_TIMES}", re.ASCII)
_LINE_IN_FRONT = re.compile(
    rf"\(?\s*({DECIMAL}) ?/ ?({DECIMAL})\s*\)?(?:\s*{_TIMES})?|\(\s*({DECIMAL})\s*\)\s*{_TIMES}?", re.ASCII
)
_SLASH = re.compile(rf"\s*\.?[/÷]\s*\(?\s*({DECIMAL})\s*\)?", re.ASCII)
_STAR = re.compile(rf"\s*\.?{_TIMES}\s*\(?\s*{_QUOTIENT}\s*\)?", re.ASCII)
_SLASH_AT_END = re.compile(rf"(?: +\.?/ +|\s*÷\s*|\s+\.?/ ?(?=\())\(?\s*({DECIMAL})\s*\)?\s*$", re.ASCII)
_STAR_AT_END = re.compile(rf"\s*{_TIMES}\s*\(?\s*{_QUOTIENT}\s*\)?\s*$", re.ASCII)
_WORD_LINE = re.compile(
    r"(?:the\s+)?(divisor|divided by|divide by|div|factor|multiplier|multiplied by|times|scale|norm\w*|bias|offset)"
    rf"\s*[:=]?\s*{_QUOTIENT}",
    re.I | re.A,
)
MOST_FACTORS = 4
"""Lines above the rows, and below them, that may be factors."""


def factors_of(lines: list[str]) -> tuple[Fraction, float, list[str]]:
    """Take factors and divisors away that stand in front, behind, or on a line of their own."""
    factor, bias = ONE, 0.0
    for at in (0, -1):
        for _ in range(MOST_FACTORS):
            if not lines or (len(lines) == 1 and not _WORD_LINE.fullmatch(lines[0].strip())):
                break
            line = lines[at].strip()
            found = _WORD_LINE.fullmatch(line.strip("()").rstrip(".,;"))
            if found:
                factor, bias = _said(found, factor, bias)
            elif at == 0 and (found := _LINE_IN_FRONT.fullmatch(line)):
                over, under, alone = found.groups()
                factor = factor * (Fraction(decimal(over)) / Fraction(decimal(under)) if over else Fraction(decimal(alone)))
            elif at == 0 and (found := _IN_FRONT.fullmatch(line)):
                factor = factor * _quotient(found)
            elif at == -1 and (found := _SLASH.fullmatch(line)):
                factor = factor / Fraction(decimal(found[1]))
            elif at == -1 and (
                found := _STAR.fullmatch(line) or re.fullmatch(rf"\(?\s*({DECIMAL}) ?/ ?({DECIMAL})\s*\)?", line)
            ):
                factor = factor * _quotient(found)
            else:
                break
            lines = lines[1:] if at == 0 else lines[:-1]
    return _in_line(factor, bias, lines)


def _in_line(factor: Fraction, bias: float, lines: list[str]) -> tuple[Fraction, float, list[str]]:
    """Take away a factor before the first number, and one behind the last."""
    text = "\n".join(lines)
    if found := _IN_FRONT.match(text):
        factor, text = factor * _quotient(found), text[found.end() :]
    elif (found := re.match(rf"\s*+\(\s*+({DECIMAL}) ?/ ?({DECIMAL})\s*\)(?=[ \t]+[-+.\d|])", text)) and "(" not in text[
        found.end() :
    ]:
        factor, text = factor * _quotient(found), text[found.end() :]
    text = text.rstrip()
    end = max(len(text) - 80, 0)  # a search through all of the text would be slow
    if found := _STAR_AT_END.search(text, end):
        factor, text = factor * _quotient(found), text[: found.start()]
    elif (found := _SLASH_AT_END.search(text, end)) and not re.search(r" / |÷", text[: found.start()]):
        if "/" in text[: found.start()]:
            raise ValueError(
                f"the last row ends in {found[0].strip()!r} and other weights are fractions: write 1/{found[1]} * in front"
            )
        factor, text = factor / Fraction(decimal(found[1])), text[: found.start()]
    return factor, bias, [line for line in text.split("\n") if line.strip()]


def said_around(text: str) -> tuple[Fraction, float, str]:
    """Take lines such as ``divisor: 16`` away that stand over or under a literal; return factor, bias and the rest."""
    factor, bias, lines = ONE, 0.0, text.strip().split("\n")
    for at in (0, -1):
        for _ in range(MOST_FACTORS):
            found = _WORD_LINE.fullmatch(lines[at].strip().rstrip(".,;")) if len(lines) > 1 else None
            if found is None:
                break
            factor, bias = _said(found, factor, bias)
            lines = lines[1:] if at == 0 else lines[:-1]
    return factor, bias, "\n".join(lines)


def _said(found: re.Match[str], factor: Fraction, bias: float) -> tuple[Fraction, float]:
    """Apply a line such as ``divisor: 16``."""
    word, number = found[1].lower(), decimal(found[2])
    amount = Fraction(number) / Fraction(decimal(found[3])) if found[3] else Fraction(number)
    if word in ("bias", "offset"):
        return factor, amount.value
    if word.startswith("div"):
        return factor / amount, bias
    if word in ("factor", "multiplier", "multiplied by", "times"):
        return factor * amount, bias
    if amount.value != 1:
        raise ValueError(f"{found[0]!r} may divide or multiply: write 'divisor {found[2]}' or 'factor {found[2]}'")
    return factor, bias


def _quotient(found: re.Match[str]) -> Fraction:
    return Fraction(decimal(found[1])) / Fraction(decimal(found[2])) if found[2] else Fraction(decimal(found[1]))


def decimal(text: str) -> float:
    """Return a decimal number, also one with the exponent of Fortran."""
    return float(re.sub("[dD]", "e", text))


def factor_beside(factor: Fraction, cells: list[list[str]]) -> tuple[Fraction, list[list[str]]]:
    """Take away a fraction that stands beside one of the rows, which is the only one with a number too many."""
    lengths = sorted(map(len, cells))
    if len(cells) < 2 or lengths[0] < 2 or lengths[-1] != lengths[0] + 1 or lengths[-2] != lengths[0]:
        return factor, cells
    place = max(range(len(cells)), key=lambda i: len(cells[i]))
    for at, rest in ((0, cells[place][1:]), (-1, cells[place][:-1])):
        found = re.fullmatch(rf"\(?({DECIMAL})/({DECIMAL})\)?", cells[place][at], re.ASCII)
        if found is not None and not any("/" in cell for row in [*cells[:place], rest, *cells[place + 1 :]] for cell in row):
            return factor * _quotient(found), [*cells[:place], rest, *cells[place + 1 :]]
    return factor, cells
