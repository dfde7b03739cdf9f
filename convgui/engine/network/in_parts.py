"""Cuts a window of a chain over a picture that is not in memory into pieces whose cells of the source can be held."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convgui.engine.strategies.tiles import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from convgui.engine.large import Large

    Reads = Callable[[range, range], tuple[range, range]]

MOST = 100_000_000
"""Bytes of the source that are held for one piece."""


class Piece(NamedTuple):
    """A part of the outputs, and the cells of the source that are read for it."""

    window: Window
    rows: range
    cols: range


def pieces(source: Large, reads: Reads, window: Window, step: int, every: int) -> Iterator[Piece]:
    """Cut a window into pieces that begin at multiples of a step from its first cell.

    Parameters
    ----------
    source : Large
    reads : callable
        Returns the rows and columns of the source that are read for some outputs.
    window : Window
    step : int
        Pieces begin at multiples of it.
    every : int
        Every so many-th row and column is computed.

    Raises
    ------
    ValueError
        If a few outputs alone read more than can be held.
    """
    rows = range(window.top, window.top + window.rows, every)
    cols = range(window.left, window.left + window.cols, every)
    down, across = reads(rows, cols)
    if source.bytes_of(down, across) <= MOST:
        yield Piece(window, down, across)
        return
    halves = _halves(window, step)
    if halves is None:
        needed = len(down) * len(across)
        raise ValueError(
            f"One part of this map reads {needed:,} cells of {source.name}, more than is held of a picture that is larger "
            "than memory: take away the layer, or the border wrap, that brings together what lies far apart."
        )
    for half in halves:
        yield from pieces(source, reads, half, step, every)


def _halves(window: Window, step: int) -> tuple[Window, Window] | None:
    """Cut a window across its longer side; None if it is too small."""
    top, left, rows, cols = window
    if max(rows, cols) <= step:
        return None
    half = max(max(rows, cols) // 2 // step, 1) * step
    if rows >= cols:
        return Window(top, left, half, cols), Window(top + half, left, rows - half, cols)
    return Window(top, left, rows, half), Window(top, left + half, rows, cols - half)
