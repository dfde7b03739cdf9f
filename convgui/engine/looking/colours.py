"""Colour: a value becomes a row of a colour table, and a stored pixel what the input pane shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.address import address
from convgui.engine.large import Large
from convgui.engine.strategies import jit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.source import Source
    from convgui.engine.strategies.tiles import Window

NAN_COLOUR = (214, 224, 36)
"""A yellow green that no colour map has."""


def colour_table(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a colour map of n colours as a table of n + 1, the last one for NaN."""
    return np.ascontiguousarray(np.vstack([colours, [NAN_COLOUR]]).astype(np.uint8))


def zero_centred(table: NDArray[np.uint8], low: float, high: float) -> NDArray[np.uint8]:
    """Return the part of a diverging table that stands for `low` to `high` when its middle stands for zero.

    Both sides keep the same scale, so that equal magnitudes have equal strength. A range without zero in it, or with zero
    in its middle, takes the table as it is.

    >>> grey = colour_table(np.repeat(np.arange(256)[:, None], 3, axis=1))
    >>> zero_centred(grey, -1, 3)[0, 0], zero_centred(grey, -1, 3)[255, 0]
    (np.uint8(85), np.uint8(255))
    """
    if not low < 0 < high or abs(low + high) <= 1e-6 * (high - low):
        return table
    colours = len(table) - 1
    values = low + (np.arange(colours) + 0.5) / colours * (high - low)
    place = (0.5 + 0.5 * values / max(-low, high)) * colours
    return np.vstack([table[np.clip(place, 0, colours - 1).astype(np.intp)], table[-1:]])


def colourise(values: NDArray[np.float32], low: float, high: float, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the colour of each value.

    Parameters
    ----------
    values : ndarray of float32, shape (rows, cols)
    low, high : float
        The limits, low < high; values beyond them take the colour at the end.
    table : ndarray of uint8, shape (n + 1, 3)
        From `colour_table`.

    Returns
    -------
    ndarray of uint8, shape (rows, cols, 3)

    Examples
    --------
    >>> grey = colour_table(np.repeat(np.arange(256)[:, None], 3, axis=1))
    >>> colourise(np.array([[0.0, 1.0]], np.float32), 0, 1, grey)[0, :, 0].tolist()
    [0, 255]
    """
    values = np.ascontiguousarray(values, np.float32)
    if (compiled := jit.ready()) is not None:
        out = np.empty(-(-values.size // 4) * 3, np.int32)  # three words for each four colours
        packed = table.astype(np.int32) @ np.array([1, 1 << 8, 1 << 16], np.int32)
        given = address(values), values.size, float(low), float(high), address(packed), len(table) - 1, address(out)
        compiled.colour_values(*given)
        return out.view(np.uint8)[: 3 * values.size].reshape(*values.shape, 3)
    colours = len(table) - 1
    with np.errstate(invalid="ignore", over="ignore"):
        place = np.clip((values.astype(np.float64) - low) * (colours / (high - low)), 0, colours - 1)
    index = np.where(np.isnan(place), colours, place).astype(np.intp)
    return table[index]


def display_range(source: Source) -> tuple[float, float]:
    """Return which stored numbers the input pane shows as black and white.

    Whole numbers are shown from 0 to white, which the source's scale makes 1; floating-point ones over 0..1 if they lie
    within, else from their least to their largest finite value. A toy grid is shown from its least to its largest.
    """
    if source.dtype.kind == "u" and not source.toy:
        white = float(np.iinfo(source.dtype.name).max)
        return 0.0, min(float(round(1 / source.scale)), white) if 0 < source.scale < 1 else white
    array = _all_of(source)
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if 0 <= low and high <= 1:
        return 0.0, 1.0
    spread = max(0.5, abs(low) / 2)  # so wide that it is not lost in rounding
    return (low, high) if low < high else (low - spread, high + spread)


def _all_of(source: Source) -> NDArray[np.generic]:
    """Return all numbers of a source; of one that is larger than memory those of its smallest copy."""
    if isinstance(source, Large):
        source = source.coarser[-1].source if source.coarser else source
        return source.part(range(source.rows), range(source.cols))
    return source.array


def picture(source: Source, window: Window, step: int, low: float, high: float) -> NDArray[np.uint8]:
    """Return what the input pane shows of a window of the source: the mean of each block of step x step pixels.

    Parameters
    ----------
    source : Source
    window : Window
        In input cells; it must lie inside.
    step : int
        Side of a block; the last blocks may be smaller.
    low, high : float
        From `display_range`.

    Returns
    -------
    ndarray of uint8, shape (ceil(rows / step), ceil(cols / step), 3)
    """
    part = source.part(range(window.top, window.top + window.rows), range(window.left, window.left + window.cols))
    if part.shape[2] == 2 or part.shape[2] > 3:
        part = part[:, :, :1]
    part = block_means(part, step) if step > 1 else part
    unknown = np.isnan(part).any(axis=2) if part.dtype.kind == "f" else None
    if part.dtype != np.uint8 or (low, high) != (0.0, 255.0):
        with np.errstate(invalid="ignore", over="ignore"):
            scaled = (part.astype(np.float64) - low) * (255 / (high - low)) + 0.5
            part = np.clip(np.nan_to_num(scaled, nan=0.0, posinf=255.0, neginf=0.0), 0, 255).astype(np.uint8)
    colours = np.ascontiguousarray(np.broadcast_to(part, (*part.shape[:2], 3)))
    colours = colours if colours.flags.writeable else colours.copy()
    if unknown is not None and unknown.any():
        colours[unknown] = NAN_COLOUR  # as in a map
    return colours


STRIP = 4_000_000
"""Pixels that are averaged at a time."""


def _reduced(part: NDArray[np.generic], step: int) -> NDArray[np.generic]:
    """Return the means of blocks of bytes."""
    from PIL import Image

    plain = np.ascontiguousarray(part[:, :, 0] if part.shape[2] == 1 else part)
    reduced = np.asarray(Image.fromarray(plain).reduce(step))
    return reduced.reshape(*reduced.shape[:2], part.shape[2])


def block_means(part: NDArray[np.generic], step: int) -> NDArray[np.generic]:
    """Return the means of blocks; bytes are averaged by Pillow, which is quickest at it."""
    if part.dtype == np.uint8:
        strip = max(STRIP // max(part.shape[1], 1) // step, 1) * step  # Pillow copies what it is given
        return np.concatenate([_reduced(part[top : top + strip], step) for top in range(0, part.shape[0], strip)])
    rows, cols = np.arange(0, part.shape[0], step), np.arange(0, part.shape[1], step)
    with np.errstate(invalid="ignore", over="ignore"):
        sums = np.add.reduceat(np.add.reduceat(part, rows, axis=0, dtype=np.float64), cols, axis=1)
        heights = np.diff(np.append(rows, part.shape[0]))[:, None, None]
        return sums / (heights * np.diff(np.append(cols, part.shape[1]))[None, :, None])
