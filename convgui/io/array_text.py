"""Rows of numbers as text, of any length: what spreadsheets, loggers and other programs write."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NUMBER = re.compile(r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?)", re.IGNORECASE | re.ASCII)

LOOKED_AT = 20
"""Lines by which the separator is told."""


def parse_numbers(text: str) -> tuple[NDArray[np.float32], list[str]]:
    r"""Read rows of numbers.

    Parameters
    ----------
    text : str
        One row per line, separated by tabs, semicolons, commas or spaces, with or without quotation marks. With tabs and
        semicolons the decimal comma is understood. Lines that begin with `#` and empty ones are passed over, and a first
        line of headings is.

    Returns
    -------
    array : ndarray of float32, shape (rows, cols)
    notes : list of str
        What was passed over.

    Raises
    ------
    ValueError
        Without a full stop, naming the line: a row of another length, or a word that is no number.

    Examples
    --------
    >>> parse_numbers("0,5; 1\n2; 3")[0].tolist()
    [[0.5, 1.0], [2.0, 3.0]]
    """
    lines = [
        (i, line) for i, line in enumerate(text.replace('"', "").splitlines(), 1) if line.strip() and line.strip()[0] != "#"
    ]
    if not lines:
        raise ValueError("holds no numbers, expected rows of them")
    separator, decimal_comma = _separator([line for _, line in islice(lines, LOOKED_AT)])
    notes = []
    if len(lines) > 1 and not any(NUMBER.fullmatch(cell) for cell in _cells(lines[0][1], separator, decimal_comma)):
        notes = ["The first line was passed over as headings."]
        lines = lines[1:]
    rows = [line.replace(",", ".") if decimal_comma else line for _, line in lines]
    try:
        array = np.loadtxt(rows, dtype=np.float64, delimiter=separator, ndmin=2, comments=None)
    except ValueError as error:
        raise ValueError(_first_fault(lines, separator, decimal_comma) or str(error)) from error
    with np.errstate(over="ignore"):
        return array.astype(np.float32), notes


def format_numbers(values: NDArray[np.float32]) -> str:
    r"""Return rows of numbers as text that `parse_numbers` reads back to exactly the same ones.

    >>> format_numbers(np.array([[1, 0.1], [0, -2]], np.float32))
    '1\t0.1\n0\t-2'
    """
    return "\n".join("\t".join(str(value).removesuffix(".0") for value in row) for row in values.astype(np.float32))


def _separator(lines: list[str]) -> tuple[str | None, bool]:
    """Return what separates numbers (None: spaces) and whether the comma is decimal."""
    sample = "\n".join(lines)
    for mark in ("\t", ";"):
        if mark in sample:
            return mark, "," in sample and "." not in sample
    return ("," if "," in sample else None), False


def _cells(line: str, separator: str | None, decimal_comma: bool) -> list[str]:
    cells = [cell.strip() for cell in line.split(separator)]
    return [cell.replace(",", ".") for cell in cells] if decimal_comma else cells


def _first_fault(lines: list[tuple[int, str]], separator: str | None, decimal_comma: bool) -> str:
    """Return what is wrong in the first line that NumPy could not read, in the words of the user's file."""
    expected = len(_cells(lines[0][1], separator, decimal_comma))
    for number, line in lines:
        cells = _cells(line, separator, decimal_comma)
        for column, cell in enumerate(cells, 1):
            if not cell:
                return f"line {number}, column {column} is empty, expected a number"
            if not NUMBER.fullmatch(cell):
                return f"line {number}: {_short(cell)!r} is not a number"
        if len(cells) != expected:
            return f"line {number} has {len(cells)} number{'s' * (len(cells) != 1)}, expected {expected}"
    return ""


def _short(cell: str) -> str:
    return cell if len(cell) <= 20 else cell[:19] + "…"
