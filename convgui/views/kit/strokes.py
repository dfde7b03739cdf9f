"""Strokes of the mouse over cells."""

from __future__ import annotations


def cells_between(start: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the cells after `start` up to `end`, so that a quick stroke leaves no holes.

    >>> cells_between((0, 0), (1, 2))
    [(0, 1), (1, 2)]
    """
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    return [
        (round(start[0] + (end[0] - start[0]) * k / steps), round(start[1] + (end[1] - start[1]) * k / steps))
        for k in range(1, steps + 1)
    ]
