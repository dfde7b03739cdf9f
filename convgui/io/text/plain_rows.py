"""Kernels as plain rows of numbers, with a factor or divisor around them."""

from __future__ import annotations

import re

from convgui.io.text.dialect import MISSING, decide
from convgui.io.text.factors import DECIMAL, decimal, factor_beside, factors_of
from convgui.io.text.headings import short, split_headings
from convgui.io.text.values import Fraction, Rows, check_size

_CELL = re.compile(rf"({DECIMAL})(?://?({DECIMAL}))?[fF]?", re.ASCII)
_HEADER = re.compile(
    r"\s*(?:\[,\d+\]\s*)+|\s*\d+[x×]\d+ [\w{}<>, ]*:|\s*ans\s*=|\s*[^\W\d][\w ().^-]*[:=]|\s*[-=─━┄┬┴┼+]{3,}", re.UNICODE
)
_R_LABEL = re.compile(r"^[ \t]*\[\d+,\]", re.MULTILINE)
_BRACKET_ART = str.maketrans(dict.fromkeys("⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠┌└┐┘├┤⎧⎨⎩⎫⎬⎭╭╮╰╯│┃║∣❘‖", "|"))
_AROUND = re.compile(
    r"(?P<before>[^\[\](){}|]*)(?P<open>[\[({|])(?P<row>[^\[\](){}]*)(?P<close>[\])}|])(?P<behind>[^\[\](){}|]*)"
)

_BRACKETS = re.compile(r"[\[\](){}|]")


def enclosed_rows(text: str) -> str | None:
    r"""Return the text of rows that stand each in brackets or bars, with the factor beside them in front; else None.

    >>> enclosed_rows("      | 1 2 |\n1/4 * | 3 4 |")
    '1/4 *\n 1 2 \n 3 4 '
    """
    text = text.translate(_BRACKET_ART)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    over = under = ""
    if len(lines) > 2 and not _BRACKETS.search(lines[0]):
        over, lines = lines[0] + "\n", lines[1:]
    if len(lines) > 2 and not _BRACKETS.search(lines[-1]):
        under, lines = "\n" + lines[-1], lines[:-1]
    found = [_AROUND.fullmatch(line) for line in lines]
    if len(lines) < 2 or any(match is None for match in found):
        return None
    matches = [match for match in found if match is not None]
    if any({"[": "]", "(": ")", "{": "}", "|": "|"}[m["open"]] != m["close"] for m in matches):
        return None
    before = [m["before"].strip() for m in matches if m["before"].strip()]
    behind = [m["behind"].strip(" ,;") for m in matches if m["behind"].strip(" ,;")]
    if len(before) > 1 or len(behind) > 1:
        return None
    head = before[0].rpartition("=")[2] if before else ""
    rows = "\n".join(m["row"] for m in matches if m["row"].strip() and not _is_rule(m["row"]))
    return over + (f"{head}\n" if head else "") + rows + (f"\n{behind[0]}" if behind else "") + under


def is_plain(text: str) -> bool:
    """Whether a text has no brackets but those of R's labels."""
    return not re.search(
        r"[\[{]|\w[ \t]*\(|\(\s*[-+.\d]+\s*[,;\s]\s*[-+.\d]", _R_LABEL.sub("", re.sub(r"\[,\d+\]", "", text))
    )


def parse_rows(text: str) -> Rows:
    """Read rows of numbers; ValueError, naming the row, if they are none."""
    text = _R_LABEL.sub("", text.translate(_BRACKET_ART))
    text = re.sub(r"\.\.\.[ \t]*\n", " ", text)
    _refuse_groups(text)
    lines = [line.rstrip(" \t") for line in text.split("\n") if line.strip()]
    while lines and _HEADER.fullmatch(lines[0]):
        lines.pop(0)
    factor, bias, lines = factors_of(lines)
    lines = _unbarred(lines)
    if not lines:
        raise ValueError("no numbers yet, expected rows of them")
    if len(lines) > 1 and all(line.rstrip(",").count(";") == line.endswith(";") for line in lines):
        lines = [line.rstrip("; ") for line in lines]  # rows that end as statements do
    if len(lines) == 1 and ";" in lines[0]:
        lines = _rows_of_one_line(lines[0])
    if len(lines) == 1:
        _refuse_comma_rows(lines[0])
    heading, rows, _ = split_headings("\n".join(lines))
    apart = re.search(r"(?<=[\d)])(?: / ?| ?/ )(?=[\d.(])", rows)
    rows, dialect = decide(re.sub(r"(?<=[\d)]) ?/ ?(?=[\d.(])", "/", rows), heading)
    cells = []
    for row in dialect.standard(rows).split("\n"):
        if row.strip():
            parts = dialect.cells(row.strip(" ").removesuffix(",") if dialect.separator == "," else row)
            cells.append([cell for part in parts for cell in (part.split() or [""])] if dialect.separator == "," else parts)
    check_size(len(cells), max(map(len, cells), default=0))
    factor, cells = factor_beside(factor, cells)
    if apart and dialect.separator is None and any("/" not in cell for row in cells for cell in row):
        raise ValueError("'/' with spaces may divide one weight or end a row: write a fraction without spaces")
    numbers = tuple(tuple(_number(cell, i) for cell in row) for i, row in enumerate(cells, 1))
    return Rows(numbers, factor=factor, bias=bias, notes=("decimal commas",) if dialect.decimal == "," else ())


def _refuse_groups(text: str) -> None:
    """Refuse two blocks of rows with an empty line between them: they are two kernels."""
    sizes = [0]
    for line in text.split("\n"):
        if not line.strip():
            sizes.append(0)
        elif not line.lstrip()[:1].isalpha():
            sizes[-1] += 1
    blocks = [size for size in sizes if size > 1]
    if len(blocks) > 1:
        raise ValueError(f"there are {len(blocks)} blocks of rows with an empty line between them, expected one kernel")


def _refuse_comma_rows(line: str) -> None:
    """Refuse ``1 0,0 -1``, where a comma may end a row or be decimal."""
    groups = [group.split() for group in line.split(",")]
    if len(groups) > 1 and len(groups[0]) > 1 and len({len(group) for group in groups}) == 1:
        raise ValueError(f"{short(line)!r} may be rows or one row: write ; between rows, or points as decimal marks")


def _unbarred(lines: list[str]) -> list[str]:
    """Take away bars around rows; those between numbers separate."""
    stripped = [line.strip() for line in lines]
    if stripped and all(line.startswith("|") and line.endswith("|") and len(line) > 1 for line in stripped):
        return [line[1:-1] for line in stripped if line.strip("| ") and not _is_rule(line)]
    return lines


def _is_rule(line: str) -> bool:
    """Whether a line only draws the rule of a table."""
    return "---" in line and set(line) <= set("|:- ")


def _rows_of_one_line(line: str) -> list[str]:
    """Split ``1 2; 3 4`` and ``1,2,1;2,4,2`` at the semicolons; in ``1;2;3`` and ``0,5;1`` they separate numbers."""
    parts = line.strip().rstrip("; ").split(";")
    if all(len(re.split(r"[\s,]+(?=\S)", part.strip())) > 1 for part in parts):
        if all(re.fullmatch(r"\s*[+-]?\d*,\d+(?:[eE][+-]?\d+)?\s*", part) for part in parts) and len(parts) > 1:
            raise ValueError(
                f"{line.strip()[:20]!r} may be rows or decimal commas: write a space after each comma, or points"
            )
        return parts
    return [";".join(parts)]


def _number(cell: str, row: int) -> Fraction:
    """Return one number or fraction."""
    if cell == "":
        raise ValueError(f"row {row} has an empty cell, expected a number")
    found = _CELL.fullmatch(cell)
    if found is None:
        if re.fullmatch(r"[+-]?(nan|inf|infinity)", cell, re.IGNORECASE) or MISSING.fullmatch(cell):
            raise ValueError(f"row {row}: {cell!r} is not allowed, weights must be finite")
        raise ValueError(f"row {row}: {short(cell)!r} is not a number")
    over, under = decimal(found[1]), decimal(found[2]) if found[2] else 1.0
    if under == 0:
        raise ValueError(f"row {row}: {cell!r} divides by zero")
    if not abs(over / under) < float("inf"):
        raise ValueError(f"row {row}: {cell!r} is too large")
    return Fraction(over, under)
