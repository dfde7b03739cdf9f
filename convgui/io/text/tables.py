"""Rows of numbers as text, of any length: what spreadsheets, loggers and other programs write."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

import numpy as np

from convgui.io.text.characters import plain
from convgui.io.text.dialect import MISSING, NUMBER, Dialect, chunks, decide
from convgui.io.text.headings import short, split_headings
from convgui.io.text.kernels import read_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MISSING_CELL = re.compile(rf"(?<![^\s,;|])(?:{MISSING.pattern})(?![^\s,;|])", re.IGNORECASE)
SHORT = 200_000
"""Characters up to which a text that is no table may be a literal or have fractions."""

_LETTERS = re.compile(r"[A-DF-Za-df-z#]")
"""What numbers have not, but for an exponent."""


def parse_numbers(text: str) -> tuple[NDArray[np.float32], list[str]]:
    r"""Read rows of numbers.

    Parameters
    ----------
    text : str
        One row per line, separated by tabs, semicolons, bars, commas or spaces, with or without quotation marks. What
        separates, and whether the comma is decimal, is decided by all rows. Lines that begin with `#` and empty ones are
        passed over, and so is a first line of headings. NA is read as NaN. A short text may be in any notation that
        `parse_kernel` reads.

    Returns
    -------
    array : ndarray of float32, shape (rows, cols)
    notes : list of str
        What was passed over.

    Raises
    ------
    ValueError
        Without a full stop, naming the line: a row of another length, a word that is no number, or a comma that may be
        decimal or between thousands.

    Examples
    --------
    >>> parse_numbers("0,5; 1\n2; 3")[0].tolist()
    [[0.5, 1.0], [2.0, 3.0]]
    """
    text = plain(text)
    try:
        return _parsed(text)
    except ValueError:
        if len(text) <= SHORT and any(mark in text for mark in "[{(/"):
            with contextlib.suppress(ValueError):
                return read_kernel(text).weights.astype(np.float32), []
        raise


def _parsed(text: str) -> tuple[NDArray[np.float32], list[str]]:
    head, rows, first = split_headings(text)
    if not rows:
        raise ValueError("holds no numbers, expected rows of them")
    notes = ["The first line was passed over as headings."] if head else []
    del text
    rows, dialect = decide(rows, head)
    letters = bool(_LETTERS.search(rows))
    array: NDArray[np.float32] | None = None
    filled = missing = vanished = 0
    for line, chunk in chunks(rows):
        chunk = dialect.standard(chunk)
        if letters:
            chunk, count = _MISSING_CELL.subn("nan", chunk)
            missing += count
        part = _numbers(chunk, dialect, first + line, array.shape[1] if array is not None else 0)
        if array is None:
            _check_columns(head, dialect, part.shape[1])
            array = np.empty((rows.count("\n") + 1, part.shape[1]), np.float32)
        stored = array[filled : filled + len(part)]
        with np.errstate(over="ignore", under="ignore"):
            stored[:] = part
        if (lost := np.isinf(stored) & np.isfinite(part)).any():
            raise ValueError(f"holds {part[lost][0]:g}, expected at most 3.4e38, the largest of float32")
        vanished += int(np.count_nonzero((stored == 0) & (part != 0)))
        filled += len(part)
    if array is None or not filled:
        raise ValueError("holds no numbers, expected rows of them")
    if missing:
        notes.append(f"{missing:,} cell{'s' * (missing > 1)} without a value became NaN.")
    if vanished:
        notes.append(f"{vanished:,} number{'s' * (vanished > 1)} smaller than float32 can hold became 0.")
    return array[:filled], notes


def format_numbers(values: NDArray[np.float32]) -> str:
    r"""Return rows of numbers as text that `parse_numbers` reads back to exactly the same ones.

    >>> format_numbers(np.array([[1, 0.1], [0, -2]], np.float32))
    '1\t0.1\n0\t-2'
    """
    return "\n".join("\t".join(str(value).removesuffix(".0") for value in row) for row in values.astype(np.float32))


def _check_columns(heading: str, dialect: Dialect, cols: int) -> None:
    """Refuse rows of twice as many cells as there are headings: their commas separate and are decimal as well."""
    headings = heading.count(",") + 1
    if dialect.separator == "," and heading and cols == 2 * headings:
        raise ValueError(
            f"the headings name {headings} columns, the rows have {cols} cells: the comma separates and is decimal"
        )


def _numbers(chunk: str, dialect: Dialect, first: int, cols: int) -> NDArray[np.float64]:
    """Return the numbers of some rows; `first` is the number of their first line in the text."""
    lines = [(i, line) for i, line in enumerate(chunk.split("\n"), first) if line.strip()]
    if not lines:
        return np.empty((0, cols))
    try:
        array = np.loadtxt([line for _, line in lines], np.float64, delimiter=dialect.separator, ndmin=2, comments=None)
    except ValueError as error:
        raise ValueError(_first_fault(lines, dialect, cols) or str(error)) from error
    if cols and array.shape[1] != cols:
        raise ValueError(_first_fault(lines, dialect, cols))
    return array


def _first_fault(lines: list[tuple[int, str]], dialect: Dialect, cols: int) -> str:
    """Return what is wrong in the first line that NumPy could not read, in the words of the user's file."""
    expected = cols or len(dialect.cells(lines[0][1]))
    for number, line in lines:
        cells = dialect.cells(line)
        for column, cell in enumerate(cells, 1):
            if not cell:
                return f"line {number}, column {column} is empty, expected a number"
            if not NUMBER.fullmatch(cell):
                return f"line {number}: {short(cell)!r} is not a number"
        if len(cells) != expected:
            return f"line {number} has {len(cells)} number{'s' * (len(cells) != 1)}, expected {expected}"
    return ""
