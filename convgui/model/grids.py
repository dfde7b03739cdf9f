"""Edits of a toy grid or a sequence: pure functions from its array of shape (rows, cols) to a new one.

The rows of a sequence are its channels, and its columns the steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Grid = NDArray[np.float32]

MAX_SIDE = 64
"""Largest number of rows and columns: more could not be read on the screen."""

LEVELS = 5
"""Whole numbers from 0 on that a random grid is made of."""


def set_value(grid: Grid, row: int, col: int, value: float) -> Grid:
    """Set one cell; nothing changes if the grid has become too small to have it.

    >>> set_value(np.zeros((1, 3), np.float32), 0, 1, 4.5).tolist()
    [[0.0, 4.5, 0.0]]
    """
    changed = grid.copy()
    if row < grid.shape[0] and col < grid.shape[1]:
        changed[row, col] = value
    return changed


def grow(grid: Grid, axis: int) -> Grid:
    """Add a row (axis 0) or a column of zeros at the end.

    Raises
    ------
    ValueError
        If there are as many as a grid may have.
    """
    if grid.shape[axis] >= MAX_SIDE:
        raise ValueError(f"It cannot grow: {MAX_SIDE} cells to a side are as many as can be read.")
    return np.pad(grid, ((0, axis == 0), (0, axis == 1)))


def shrink(grid: Grid, axis: int) -> Grid:
    """Take the last row (axis 0) or column away.

    Raises
    ------
    ValueError
        If it is the only one.
    """
    if grid.shape[axis] == 1:
        raise ValueError("It cannot shrink: one cell to a side has to stay.")
    return grid[: grid.shape[0] - (axis == 0), : grid.shape[1] - (axis == 1)].copy()


def paste(grid: Grid, row: int, col: int, block: Grid) -> Grid:
    """Write a block of numbers over it, from a cell on; it grows where the block does not fit.

    >>> paste(np.zeros((1, 3), np.float32), 0, 2, np.ones((2, 1), np.float32)).tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]

    Raises
    ------
    ValueError
        If it would have more cells to a side than can be read.
    """
    rows, cols = row + block.shape[0], col + block.shape[1]
    if max(rows, cols) > MAX_SIDE:
        raise ValueError(
            f"{block.shape[0]} × {block.shape[1]} numbers do not fit from row {row}, column {col} on: a grid has at most "
            f"{MAX_SIDE} cells to a side."
        )
    changed = np.pad(grid, ((0, max(rows - grid.shape[0], 0)), (0, max(cols - grid.shape[1], 0))))
    changed[row:rows, col:cols] = block
    return changed


def randomise(grid: Grid, random: np.random.Generator) -> Grid:
    """Fill it with small whole numbers."""
    return random.integers(0, LEVELS, grid.shape).astype(np.float32)


def impulse(grid: Grid) -> Grid:
    """Fill it with zeros and a one in the middle.

    >>> impulse(np.ones((1, 5), np.float32)).tolist()
    [[0.0, 0.0, 1.0, 0.0, 0.0]]
    """
    filled = np.zeros_like(grid)
    filled[grid.shape[0] // 2, grid.shape[1] // 2] = 1
    return filled


def step(grid: Grid) -> Grid:
    """Fill its left half with zeros, its right half with ones."""
    filled = np.zeros_like(grid)
    filled[:, grid.shape[1] // 2 :] = 1
    return filled


def ramp(grid: Grid) -> Grid:
    """Fill it with 0, 1, 2 and so on from left to right."""
    return np.broadcast_to(np.arange(grid.shape[1], dtype=np.float32), grid.shape).copy()


def checker(grid: Grid) -> Grid:
    """Fill it with zeros and ones in turn."""
    rows, cols = np.indices(grid.shape)
    odd: Grid = np.asarray((rows + cols) % 2, np.float32)
    return odd


def rings(grid: Grid) -> Grid:
    """Fill it with zeros and ones in turn from the middle outwards."""
    rows, cols = (np.abs(2 * i - (n - 1)) // 2 for i, n in zip(np.indices(grid.shape), grid.shape, strict=True))
    odd: Grid = np.asarray(np.maximum(rows, cols) % 2, np.float32)
    return odd


def noise(grid: Grid, random: np.random.Generator) -> Grid:
    """Fill it with normal noise, to two decimals."""
    return np.round(random.standard_normal(grid.shape), 2).astype(np.float32)


def zone_plate(grid: Grid) -> Grid:
    """Fill it with a wave that is the finer the farther from the middle, from 0 to 1, to two decimals."""
    rows, cols = ((2 * i - (n - 1)) / 2 for i, n in zip(np.indices(grid.shape), grid.shape, strict=True))
    wave: Grid = np.asarray(np.round(0.5 + 0.5 * np.cos(np.pi * (rows**2 + cols**2) / max(grid.shape)), 2), np.float32)
    return wave


def clear(grid: Grid) -> Grid:
    """Fill it with zeros."""
    return np.zeros_like(grid)
