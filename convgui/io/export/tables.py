"""A table of named columns, as CSV: the numbers behind a plot, with all their digits."""

from __future__ import annotations

import csv
import io
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from os import PathLike

    from numpy.typing import NDArray

ROWS = 4096
"""Lines between two looks whether the table is still wanted."""


def save_table(
    path: str | PathLike[str], columns: Mapping[str, NDArray[Any]], cancelled: Callable[[], bool] = never
) -> None:
    """Write columns of numbers as CSV, after a line with their names.

    Each number has as many digits as tell it from its neighbours, so that reading gives the same bits; what is no number
    reads nan, and infinity inf. A column that is shorter ends in empty fields.

    Raises
    ------
    FileError
        If the file cannot be written.
    Cancelled
        If it is no longer wanted; an existing file is untouched.
    """

    def write(stream: Any) -> None:
        for part in table_lines(columns):
            if cancelled():
                raise Cancelled
            stream.write(part.encode())

    write_atomically(Path(path), write, cancelled)


def table_lines(columns: Mapping[str, NDArray[Any]], delimiter: str = ",") -> Iterator[str]:
    r"""Yield the text of a table, some thousand lines at a time.

    >>> import numpy as np
    >>> "".join(table_lines({"step": np.arange(2), "value": np.array([0.1, 2], np.float32)}))
    'step,value\n0,0.1\n1,2.0\n'
    """
    yield _text([list(columns)], delimiter)
    for first in range(0, max((len(column) for column in columns.values()), default=0), ROWS):
        parts = [_numbers(column[first : first + ROWS]) for column in columns.values()]
        yield _text(zip_longest(*parts, fillvalue=""), delimiter)


def _numbers(column: NDArray[Any]) -> list[str]:
    if column.dtype.kind in "iu":
        return [str(value) for value in column.tolist()]
    return [str(value) for value in column]  # NumPy writes the fewest digits that give the same bits, for each of its types


def _text(rows: Any, delimiter: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()
