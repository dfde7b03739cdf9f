"""What the screen needs of a map: the strongest value under each pixel, colours, and the survey for limits and histogram."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit("void(float32[:,:,::1], float32[:,:,::1], int64, int64, int64, int64)", nogil=True, cache=True)
def keep_strongest(values, out, top, left, height, width):  # type: ignore[no-untyped-def]
    """Write to each cell of `out` from (top, left) on the value of largest magnitude in its block of `values`.

    A block is `height` x `width`; the last ones may be smaller. The sign is kept, NaN counts as strongest.
    """
    maps, rows, cols = values.shape
    for f in range(maps):
        for i in range(0, rows, height):
            for j in range(0, cols, width):
                best = values[f, i, j]
                for u in range(i, min(i + height, rows)):
                    for v in range(j, min(j + width, cols)):
                        value = values[f, u, v]
                        if value != value or abs(value) > abs(best):
                            best = value
                    if best != best:
                        break
                out[f, top + i // height, left + j // width] = best


@njit("void(float32[:,::1], float64, float64, uint8[:,::1], uint8[:,:,::1])", nogil=True, cache=True)
def colour_values(values, low, high, table, out):  # type: ignore[no-untyped-def]
    """Write to `out` (rows, cols, 3) the colour of each value: `table` from `low` to `high`, its last row for NaN."""
    rows, cols = values.shape
    colours = len(table) - 1
    factor = colours / (high - low)
    for i in range(rows):
        for j in range(cols):
            value = values[i, j]
            if value != value:
                k = colours
            else:
                k = int(min(max((value - low) * factor, 0.0), colours - 1.0))
            out[i, j, 0] = table[k, 0]
            out[i, j, 1] = table[k, 1]
            out[i, j, 2] = table[k, 2]


@njit("void(float32[:,::1], float64, float64, int64[::1], float64[::1])", nogil=True, cache=True)
def survey_values(values, low, high, counts, extremes):  # type: ignore[no-untyped-def]
    """Add values to a histogram from `low` to `high`, and to `extremes`: least, largest, how many finite, how many not."""
    bins = len(counts)
    factor = bins / (high - low)
    for i in range(values.shape[0]):
        for value in values[i]:
            if not np.isfinite(value):
                extremes[3] += 1
                continue
            extremes[0] = min(extremes[0], value)
            extremes[1] = max(extremes[1], value)
            extremes[2] += 1
            counts[int(min(max((value - low) * factor, 0.0), bins - 1.0))] += 1
