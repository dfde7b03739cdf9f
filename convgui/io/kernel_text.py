"""Kernels as text: from a paper, a spreadsheet, ImageJ or a programming language, and back again."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernel import MAX_SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_TEXT = 200_000
"""Characters that are looked at: 63 x 63 weights of 50 characters each."""

_SAME_AS = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u200b\u2060\ufeff", ""),
        **dict.fromkeys("\u00d7\u00b7\u22c5\u2217", "*"),
        **dict.fromkeys("\u2044\u2215", "/"),
        "{": "[",
        "}": "]",
    }
)

_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅙": "1/6", "⅛": "1/8", "⅑": "1/9"}

# No two neighbouring parts of these patterns can match the same character, so that no text makes them slow.
_DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:/({_DECIMAL}))?[fF]?", re.ASCII)
_FACTOR = re.compile(rf"\s*(?:\(\s*)?({_DECIMAL}(?:/{_DECIMAL})?)\s*(?:\)\s*)?\*", re.ASCII)
_NAME = re.compile(r"\s*(?:[A-Za-z_][\w.\s]*(?:(?:\[\d*\])+\s*)?=)?", re.ASCII)
_CALL = re.compile(r"\s*(?:[A-Za-z_][\w.]*\s*\(\s*)*", re.ASCII)
_TAIL = re.compile(rf"(?:,(?:dtype=)?[A-Za-z_][\w.]*)?,?(?:/({_DECIMAL}))?", re.ASCII)
_COMMENT = re.compile(r"(?:#|%|//).*")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?|[+-]?\d+(?:[eE][+-]?\d+)?", re.ASCII)


def parse_matrix(text: str) -> NDArray[np.float64]:
    """Read a kernel from text.

    Parameters
    ----------
    text : str
        Rows on lines, or a literal with brackets: ``[[1, 2], [3, 4]]`` (Python, NumPy, C with braces), ``[1 2; 3 4]``
        (MATLAB). Numbers may be fractions (``1/9``), with a typographic minus; a factor may stand in front
        (``1/16 * ...``). Lines may be separated by tabs, semicolons, commas or spaces. The comma is decimal where
        tabs or semicolons separate, or where spaces do and each comma stands between two digits; never if there is a
        point in the text as well.

    Returns
    -------
    ndarray of float64, shape (rows, cols)

    Raises
    ------
    ValueError
        Without a full stop, naming the row: ragged rows, words, NaN, nothing at all, or more than 63 x 63.

    Examples
    --------
    >>> parse_matrix("1/4 * [1 2; 3 4]").tolist()
    [[0.25, 0.5], [0.75, 1.0]]
    """
    if len(text) > MAX_TEXT:
        raise ValueError(f"the text has {len(text):,} characters, expected at most {MAX_TEXT:,}")
    plain = _plain(text)
    factor, rows = _bracketed(plain) if "[" in plain else _lines(plain)
    if not rows or not rows[0]:
        raise ValueError("no numbers yet, expected rows of them")
    if len(rows) > MAX_SIDE or max(map(len, rows)) > MAX_SIDE:
        longest = max(map(len, rows))
        raise ValueError(f"the text has {len(rows)} x {longest} numbers, a kernel at most {MAX_SIDE} x {MAX_SIDE}")
    values = [[_number(cell, i) for cell in row] for i, row in enumerate(rows, 1)]
    for i, row in enumerate(values, 1):
        if len(row) != len(values[0]):
            raise ValueError(f"row {i} has {len(row)} number{'s' * (len(row) != 1)}, expected {len(values[0])}")
    return _scaled(np.array(values, dtype=np.float64), factor)


def describe_matrix(text: str) -> tuple[bool, str]:
    r"""Return whether text is a kernel, and what to tell while it is typed: its size, or what is wrong.

    >>> describe_matrix("1 2 1")
    (True, '1 x 3 kernel')
    >>> describe_matrix("1 2 3\n4 5")
    (False, 'row 2 has 2 numbers, expected 3')
    """
    try:
        rows, cols = parse_matrix(text).shape
    except ValueError as error:
        return False, str(error)
    return True, f"{rows} x {cols} kernel"


def format_matrix(weights: NDArray[np.float64], separator: str = "\t") -> str:
    r"""Return a kernel as text that `parse_matrix` reads back to exactly the same numbers.

    >>> format_matrix(np.array([[1, 0.5], [0, -1]]))
    '1\t0.5\n0\t-1'
    """
    if weights.ndim != 2:
        raise ValueError(f"only a kernel of rows and columns can be text, received shape {weights.shape}")
    return "\n".join(separator.join(map(_text, row)) for row in weights.tolist())


def _text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _scaled(values: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    with np.errstate(over="ignore"):
        scaled = values * factor if factor != 1 else values
    if not np.isfinite(scaled).all():
        raise ValueError("the factor makes numbers too large")
    return scaled


def _plain(text: str) -> str:
    """Return the text with one way of writing a minus, a space, a fraction; without comments."""
    text = re.sub(r"(?<!\d)[½⅓⅔¼¾⅙⅛⅑]", lambda found: _VULGAR[found[0]], text).translate(_SAME_AS)
    text = "\n".join(_COMMENT.sub("", line) for line in text.splitlines())
    return re.sub(r"(?<=[\d)]) ?/ ?(?=[\d.(])", "/", text)


def _lines(text: str) -> tuple[float, list[list[str]]]:
    """Split text without brackets."""
    found = _FACTOR.match(text)
    factor, text = (_number(found[1], 1), text[found.end() :]) if found else (1.0, text)
    lines = [line.strip(" ") for line in text.splitlines() if line.strip()]
    if lines and all(line.count(";") == line.endswith(";") for line in lines):
        lines = [line.rstrip("; ") for line in lines]  # rows that end as statements do
    if len(lines) == 1 and all(len(part.split()) > 1 for part in lines[0].split(";")):
        lines = lines[0].split(";")  # 1 2; 3 4
    separator = next((mark for mark in ("\t", ";") if any(mark in line for line in lines)), "")
    if "." not in text and (separator or _commas_are_decimal(lines)):
        lines = [line.replace(",", ".") for line in lines]
    return factor, [[cell.strip() for cell in line.split(separator)] if separator else _split(line) for line in lines]


def _commas_are_decimal(lines: list[str]) -> bool:
    """Whether spaces separate and each comma stands alone between digits, as in ``0,5 1 0,5``."""
    cells = [line.split() for line in lines]
    return all(len(row) > 1 and all(_DECIMAL_COMMA.fullmatch(cell) for cell in row) for row in cells)


def _split(row: str) -> list[str]:
    """Split at commas or spaces; a comma at the end is let pass."""
    row = row.strip().removesuffix(",").strip()
    if not row:
        return []
    return [cell for part in row.split(",") for cell in (part.split() or [""])]


def _bracketed(text: str) -> tuple[float, list[list[str]]]:
    """Split a literal with brackets; around it may stand a name, a call and a factor."""
    if text.count("[") != text.count("]"):
        raise ValueError("a bracket is not closed" if text.count("[") > text.count("]") else "a bracket is not opened")
    start = _NAME.match(text).end()  # type: ignore[union-attr]
    found = _FACTOR.match(text, start)
    factor, start = (_number(found[1], 1), found.end()) if found else (1.0, start)
    first, last = text.find("[", start), text.rindex("]")
    tail = _TAIL.fullmatch(re.sub(r"[\s);]+", "", text[last + 1 :]))
    if not start <= first < last or not _CALL.fullmatch(text[start:first]) or tail is None:
        raise ValueError("there is something else around the brackets, expected the matrix alone")
    if tail[1]:
        factor *= _number(f"1/{tail[1]}", 1)
    return factor, _bracket_rows(text[first + 1 : last])


def _bracket_rows(inner: str) -> list[list[str]]:
    """Split what stands between the outer brackets."""
    if "[" not in inner:
        joined = re.sub(r",\s*\n", ", ", inner)  # a long list goes on in the next line
        return [_split(row) for row in re.split(r"[;\n]", joined) if row.strip()]
    if re.sub(r"\[[^\[\]]*\]", "", inner).strip(" \t\n,;"):
        raise ValueError("the brackets are nested otherwise than rows in a matrix, as in [[1, 2], [3, 4]]")
    return [_split(row) for row in re.findall(r"\[([^\[\]]*)\]", inner)]


def _number(cell: str, row: int) -> float:
    """Return one number or fraction."""
    found = _NUMBER.fullmatch(cell)
    if cell == "":
        raise ValueError(f"row {row} has an empty cell, expected a number")
    if found is None:
        if re.fullmatch(r"[+-]?(nan|inf|infinity)", cell, re.IGNORECASE):
            raise ValueError(f"row {row}: {cell!r} is not allowed, weights must be finite")
        raise ValueError(f"row {row}: {cell if len(cell) <= 20 else cell[:19] + '…'!r} is not a number")
    over = float(found[2]) if found[2] else 1.0
    if over == 0:
        raise ValueError(f"row {row}: {cell!r} divides by zero")
    value = float(found[1]) / over
    if not math.isfinite(value):
        raise ValueError(f"row {row}: {cell!r} is too large")
    return value
