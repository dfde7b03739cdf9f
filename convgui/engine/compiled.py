"""The inner loops, compiled by Numba. Importing this module compiles them or loads them from the cache: seconds, once.

Rows are sliced out first (`row = a[i, j:]`) and then indexed by the plain loop variable; anything else is not vectorised.
The convolution itself is `correlate`, which lays the register blocks of `blocks.py` over its output.
"""

from __future__ import annotations

import numpy as np
from numba import carray, njit, types
from numba.extending import intrinsic

from convgui.engine import blocks
from convgui.engine.blocks import LANES, ROWS, VECTORS


@intrinsic
def _floats(typing, address):  # type: ignore[no-untyped-def]
    """Return an address as a pointer to float32."""

    def write(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.inttoptr(args[0], blocks.FLOAT.as_pointer())

    return types.CPointer(types.float32)(types.int64), write


WIDE, LONG = LANES * VECTORS, LANES * blocks.LONG
SLACK = WIDE
"""Floats that must be there behind a buffer: the last vector of a row may read, and drop, that many."""

_BLOCK = "void(" + ", ".join(["int64"] * 13) + ")"


@njit(_BLOCK, nogil=True, cache=True)
def _wide_rows(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.wide_rows(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count)


@njit(_BLOCK, nogil=True, cache=True)
def _middle_rows(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.middle_rows(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count)


@njit(_BLOCK, nogil=True, cache=True)
def _narrow_rows(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.narrow_rows(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count)


@njit(_BLOCK, nogil=True, cache=True)
def _wide_row(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.wide_row(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count)


@njit(_BLOCK, nogil=True, cache=True)
def _narrow_row(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.narrow_row(x, x_row, x_plane, reads, taps, w, kh, kw, across, out, out_row, add, count)


_TILE = "void(" + ", ".join(["int64"] * 16) + ")"


@njit(_TILE, nogil=True, cache=True)
def _last_columns(  # type: ignore[no-untyped-def]
    x, x_row, x_plane, apart, down, reads, taps, w, kh, kw, across, out, out_row, rows, cols, add
):
    """Do the columns that fill no vector: in a vector of their own, of which only they are copied."""
    own = np.zeros((ROWS, LANES), np.float32)
    at = own.ctypes.data
    shared = apart == 1 and down == 1
    i = 0
    while i < rows:
        together = ROWS if shared and i + ROWS <= rows else 1
        there = carray(_floats(out + 4 * i * out_row), (together, out_row))
        if add:
            for r in range(together):
                for c in range(cols):
                    own[r, c] = there[r, c]
        x_at = x + 4 * i * apart * x_row
        if together == ROWS:
            _narrow_rows(x_at, x_row, x_plane, reads, taps, w, kh, kw, across, at, LANES, add, 1)
        else:
            _narrow_row(x_at, x_row * down, x_plane, reads, taps, w, kh, kw, across, at, LANES, add, 1)
        for r in range(together):
            for c in range(cols):
                there[r, c] = own[r, c]
        i += together


@njit(_TILE, nogil=True, cache=True)
def correlate(  # type: ignore[no-untyped-def]
    x, x_row, x_plane, apart, down, reads, taps, w, kh, kw, across, out, out_row, rows, cols, add
):
    """Write to `out` (rows x cols), or add to it, the sum over planes of their correlations with kernels of kh x kw.

    `x`, `w` and `out` are addresses of float32, whose rows lie `x_row` and `out_row` floats apart, and the planes of `x`
    `x_plane` bytes. Output rows begin `apart` rows of `x` apart, kernel cells lie `down` rows and `across` columns apart.
    `reads` is the address of the numbers of the `taps` planes. `x` may be read up to `SLACK` floats beyond what is needed.
    """
    whole = cols // LANES * LANES
    shared = apart == 1 and down == 1
    i = 0
    while i < rows:
        together = ROWS if shared and i + ROWS <= rows else 1
        x_at, out_at, j = x + 4 * i * apart * x_row, out + 4 * i * out_row, 0
        while j < cols and (j < whole or (not add and cols >= LANES)):
            rest, loaded = cols - j, x_row if together == ROWS else x_row * down
            # as wide a block as there is work for; the last may overlap the one before, which makes the same values again
            if together == 1:
                width = LONG if cols >= LONG and (rest >= LONG or (rest > LANES and not add)) else LANES
            elif cols >= WIDE and (rest >= WIDE or (rest > 2 * LANES and not add)):
                width = WIDE
            else:
                width = 2 * LANES if cols >= 2 * LANES and (rest >= 2 * LANES or (rest > LANES and not add)) else LANES
            count = max(rest // width, 1)
            j = min(j, cols - width)
            source, to = x_at + 4 * j, out_at + 4 * j
            if together == 1:
                if width == LONG:
                    _wide_row(source, loaded, x_plane, reads, taps, w, kh, kw, across, to, out_row, add, count)
                else:
                    _narrow_row(source, loaded, x_plane, reads, taps, w, kh, kw, across, to, out_row, add, count)
            elif width == WIDE:
                _wide_rows(source, loaded, x_plane, reads, taps, w, kh, kw, across, to, out_row, add, count)
            elif width == 2 * LANES:
                _middle_rows(source, loaded, x_plane, reads, taps, w, kh, kw, across, to, out_row, add, count)
            else:
                _narrow_rows(source, loaded, x_plane, reads, taps, w, kh, kw, across, to, out_row, add, count)
            j += count * width
        i += together
    if whole < cols and (add or cols < LANES):
        x_at, out_at, rest = x + 4 * whole, out + 4 * whole, cols - whole
        _last_columns(x_at, x_row, x_plane, apart, down, reads, taps, w, kh, kw, across, out_at, out_row, rows, rest, add)


@njit(
    "void(int64, int64, int64, int64, int64, int64[:,::1], int64, int64, int64, int64, int64, int64, int64, int64, int64)",
    nogil=True,
    cache=True,
)
def correlate_all(  # type: ignore[no-untyped-def]
    x, x_row, x_plane, apart, down, reads, w, kh, kw, across, out, out_row, out_map, rows, cols
):
    """Correlate planes with the kernels of all maps: map f adds up the planes reads[f], each with its kernel of `w`.

    `out_map` is the distance of maps in bytes; for the rest see `correlate`.
    """
    maps, taps = reads.shape
    for f in range(maps):
        weights, planes, to = w + 4 * f * taps * kh * kw, reads[f].ctypes.data, out + f * out_map
        correlate(x, x_row, x_plane, apart, down, planes, taps, weights, kh, kw, across, to, out_row, rows, cols, 0)


def _for_sources(*rest):  # type: ignore[no-untyped-def]
    """Return one signature for each dtype in which a source may be stored: rows x (cols * channels), read-only."""
    stored = (types.Array(dtype, 2, "C", readonly=True) for dtype in (types.uint8, types.uint16, types.float32))
    return [types.void(source, *rest) for source in stored]


@njit(nogil=True, cache=True)
def _value(row, col, channels, single, mix, constant):  # type: ignore[no-untyped-def]
    """Return the value of one cell, mixed from its channels."""
    if col < 0:
        return constant
    if single >= 0:
        return np.float32(row[col * channels + single]) * mix[single]
    total = np.float32(row[col * channels]) * mix[0]
    for c in range(1, channels):
        total += np.float32(row[col * channels + c]) * mix[c]
    return total


@njit(
    _for_sources(
        *(types.int64, types.int64, types.float32[::1], types.int64[::1], types.int64[::1]),
        *(types.int64, types.int64, types.float32, types.float32[:, :, ::1], types.int64),
    ),
    nogil=True,
    cache=True,
)
def gather(source, channels, single, mix, rows, cols, first, last, constant, buffer, plane):  # type: ignore[no-untyped-def]
    """Fill `buffer[plane]` with the values at source positions rows x cols; -1 stands for the constant outside.

    `single` is the one channel that is read, or -1 for a mix of all of them. From `first` to `last` the positions in
    `cols` lie inside the source, side by side: that stretch is read without looking at `cols`. No fast-math here: a mix
    has the same bits as `source.mix_plane`.
    """
    n = last - first
    base = cols[first] * channels if n > 0 else 0
    scale = mix[max(single, 0)]
    for i in range(len(rows)):
        out = buffer[plane, i, :]
        if rows[i] < 0:
            for j in range(len(cols)):
                out[j] = constant
            continue
        row = source[rows[i]]
        for j in range(first):
            out[j] = _value(row, cols[j], channels, single, mix, constant)
        for j in range(last, len(cols)):
            out[j] = _value(row, cols[j], channels, single, mix, constant)
        inside = out[first:last]
        if single >= 0 and channels == 1:
            x = row[base:]
            for j in range(n):
                inside[j] = np.float32(x[j]) * scale
        elif single >= 0:
            x = row[base + single :]
            jump = np.uint64(channels)
            for j in range(n):
                inside[j] = np.float32(x[np.uint64(j) * jump]) * scale
        elif channels == 3:
            x = row[base:]
            jump = np.uint64(3)
            r, g, b = mix[0], mix[1], mix[2]
            for j in range(n):
                at = np.uint64(j) * jump
                inside[j] = (np.float32(x[at]) * r + np.float32(x[at + np.uint64(1)]) * g) + np.float32(
                    x[at + np.uint64(2)]
                ) * b
        else:
            for j in range(n):
                inside[j] = _value(row, cols[first + j], channels, single, mix, constant)


@njit("void(float32[:,:,::1], int64, float32[:,:,::1], int64, int64, int64, int64, int64)", nogil=True, cache=True)
def keep_every(full, f, out, top, left, rows, cols, distance):  # type: ignore[no-untyped-def]
    """Fill rows x cols of `out[f]` from (top, left) on with every distance-th cell of the rows of `full[f]`."""
    jump = np.uint64(distance)
    for i in range(rows):
        x = full[f, i, :]
        to = out[f, top + i, left : left + cols]
        for j in range(cols):
            to[j] = x[np.uint64(j) * jump]


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
