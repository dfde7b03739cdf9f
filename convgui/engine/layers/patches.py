"""What the cell of a pool is made of: the cells of its patch, also of one that is as large as a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.base import Needs
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.layers.sentences import MOST_LISTED, code, codes, largest, mean
from convgui.engine.shown import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

MOST_CELLS = 4096
"""Cells of a patch up to which all of them are named; of a larger one those of largest magnitude."""

NAMED = 64
"""How many are named of a patch with more cells."""

STRIP = 1 << 20
"""Cells that are looked at together."""


def explained(
    values: Callable[[Needs], NDArray[np.float64]],
    reduce: str,
    count: int,
    at: tuple[int, int, int],
    reads: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Explained:
    """Return what a cell of a pool is made of.

    Parameters
    ----------
    values : callable
        Gives cells of the input.
    reduce : {'max', 'mean'}
    count : int
        By what the sum is divided.
    at : (int, int, int)
        The map, row and column of the output.
    reads : pair of ndarray
        The rows and columns of the patch.
    """
    rows, cols = reads
    if len(rows) * len(cols) > MOST_CELLS:
        return _of_many(values, reduce, count, at, rows, cols)
    x = np.concatenate([np.zeros(0), *(part for _, _, part in _strips(values, at[0], rows, cols))])
    places = [(row, col) for row in rows.tolist() for col in cols.tolist()]
    listed = x.tolist()
    winner = int(np.argmax(x)) if reduce == "max" else -1
    with np.errstate(all="ignore"):
        total = float(x.sum() + 0.0)
        value = listed[winner] if reduce == "max" else float(np.float64(total) / count)
        shares = [v if i == winner else 0.0 for i, v in enumerate(listed)] if reduce == "max" else (x / count).tolist()
    cells = tuple(Cell(at[0], r, c, v, s) for (r, c), v, s in zip(places, listed, shares, strict=True))
    text = f"np.max({codes(listed)})" if reduce == "max" else f"np.sum({codes(listed)}) / {count}"
    sentence = _sentence(reduce, listed, count, winner, value, cells)
    numbers = {"count": float(len(listed))} if reduce == "max" else {"count": float(count), "total": total}
    return Explained("pool", *at, value, cells, sentence, text, winner, numbers)


def _sentence(reduce: str, listed: list[float], count: int, winner: int, value: float, cells: tuple[Cell, ...]) -> str:
    if reduce == "max":
        if len(listed) <= MOST_LISTED:
            return largest(listed, winner)
        return f"max of {len(listed):,} cells = {number(value)}, at row {cells[winner].row}, column {cells[winner].col}"
    if not listed:
        return f"mean of {count:,} cells of padding = 0"
    padding = f", of which {count - len(listed):,} are padding" if count != len(listed) else ""
    if len(listed) <= MOST_LISTED:
        return mean(listed, count, value) + (f" ({count:,} cells{padding})" if padding else "")
    return f"mean of {count:,} cells{padding} = {number(value)}"


def _of_many(
    values: Callable[[Needs], NDArray[np.float64]],
    reduce: str,
    count: int,
    at: tuple[int, int, int],
    rows: NDArray[np.int64],
    cols: NDArray[np.int64],
) -> Explained:
    """Look at a patch strip by strip, and keep the winner, or the sum and the cells of largest magnitude."""
    total, found = -0.0, list[tuple[float, int, int, int, float]]()
    with np.errstate(all="ignore"):
        for index, some, x in _strips(values, at[0], rows, cols):
            total += float(x.sum())
            weight = np.where(np.isnan(x), np.inf, x if reduce == "max" else np.abs(x))
            best = [int(np.argmax(weight))] if reduce == "max" else _first(weight, NAMED)
            places = [(int(some[i // len(cols)]), int(cols[i % len(cols)])) for i in best]
            found += [(-float(weight[i]), index + i, *place, float(x[i])) for i, place in zip(best, places, strict=True)]
            found = sorted(found, key=lambda one: one[:2])[: 1 if reduce == "max" else NAMED]
        if reduce == "max":
            _, _, row, col, value = found[0]
            sentence = f"max of {len(rows) * len(cols):,} cells = {number(value)}, at row {row}, column {col}"
            only = (Cell(at[0], row, col, value, value),)
            numbers = {"count": float(len(rows) * len(cols))}
            return Explained("pool", *at, value, only, sentence, code(value), 0, numbers)
        found.sort(key=lambda one: one[1])
        cells = tuple(Cell(at[0], row, col, value, value / count) for _, _, row, col, value in found)
        padding = count - len(rows) * len(cols)
        outside = f", of which {padding:,} are padding" if padding else ""
        value = total / count
    sentence = f"{number(total)} / {count:,} = {number(value)}, the mean of {count:,} cells{outside}"
    numbers = {"count": float(count), "total": total}
    return Explained("pool", *at, value, cells, sentence, f"{code(total)} / {count}", numbers=numbers)


def _first(weight: NDArray[np.float64], count: int) -> list[int]:
    """Return where the largest of some numbers are; of those that are alike the first ones."""
    if len(weight) <= count:
        return list(range(len(weight)))
    least = np.partition(weight, -count)[-count]
    above = np.flatnonzero(weight > least).tolist()
    return [*above, *np.flatnonzero(weight == least)[: count - len(above)].tolist()]


def _strips(
    values: Callable[[Needs], NDArray[np.float64]], map: int, rows: NDArray[np.int64], cols: NDArray[np.int64]
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.float64]]]:
    """Yield the cells of a patch strip by strip: how many came before, the rows of these, their values one after another."""
    if not rows.size or not cols.size:
        return
    across = range(int(cols[0]), int(cols[-1]) + 1)
    height = max(STRIP // len(across), 1)
    done = 0
    for start in range(int(rows[0]), int(rows[-1]) + 1, height):
        some = rows[(rows >= start) & (rows < start + height)]
        if not some.size:
            continue
        down = range(int(some[0]), int(some[-1]) + 1)
        x = values(Needs(np.array([map]), down, across))[0][np.ix_(some - down.start, cols - across.start)].ravel()
        yield done, some, x
        done += x.size
