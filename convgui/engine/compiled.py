"""The inner loops, compiled by Numba. Importing this module compiles them or loads them from the cache: seconds, once.

Three rules make them fast and give the same bits whatever the tiles are:

- Rows are sliced out first (`row = a[i, j:]`) and then indexed by the plain loop variable; anything else is not vectorised.
- Each output value is one chain of multiply-adds in a fixed order (kernel rows downwards, each from left to right), with
  no reassociation, so that where a tile begins does not change the result.
- A kernel row is taken four cells at a time, for four output rows at once: 16 multiply-adds on four loads.
"""

from __future__ import annotations

import numpy as np
from numba import njit, types

FAST = {"contract", "nsz"}


@njit(nogil=True, cache=True, fastmath=FAST)
def add_row(out, x, w, spread):  # type: ignore[no-untyped-def]
    """Add to one output row the products of one input row with one kernel row whose cells lie `spread` apart."""
    n = len(out)
    taps = len(w)
    v = 0
    while v + 4 <= taps:
        a, b, c, d = w[v], w[v + 1], w[v + 2], w[v + 3]
        x0, x1, x2, x3 = x[v * spread :], x[(v + 1) * spread :], x[(v + 2) * spread :], x[(v + 3) * spread :]
        for j in range(n):
            out[j] = (((out[j] + x0[j] * a) + x1[j] * b) + x2[j] * c) + x3[j] * d
        v += 4
    x0 = x[v * spread :]
    if taps - v == 1:
        a = w[v]
        for j in range(n):
            out[j] = out[j] + x0[j] * a
    elif taps - v == 2:
        a, b = w[v], w[v + 1]
        x1 = x[(v + 1) * spread :]
        for j in range(n):
            out[j] = (out[j] + x0[j] * a) + x1[j] * b
    elif taps - v == 3:
        a, b, c = w[v], w[v + 1], w[v + 2]
        x1, x2 = x[(v + 1) * spread :], x[(v + 2) * spread :]
        for j in range(n):
            out[j] = ((out[j] + x0[j] * a) + x1[j] * b) + x2[j] * c


@njit(nogil=True, cache=True, fastmath=FAST)
def add_four_rows(o0, o1, o2, o3, x, w0, w1, w2, w3, spread):  # type: ignore[no-untyped-def]
    """Add to four output rows the products of one input row with the kernel row that each of them lays on it."""
    n = len(o0)
    taps = len(w0)
    v = 0
    while v + 4 <= taps:
        a0, b0, c0, d0 = w0[v], w0[v + 1], w0[v + 2], w0[v + 3]
        a1, b1, c1, d1 = w1[v], w1[v + 1], w1[v + 2], w1[v + 3]
        a2, b2, c2, d2 = w2[v], w2[v + 1], w2[v + 2], w2[v + 3]
        a3, b3, c3, d3 = w3[v], w3[v + 1], w3[v + 2], w3[v + 3]
        xa, xb, xc, xd = x[v * spread :], x[(v + 1) * spread :], x[(v + 2) * spread :], x[(v + 3) * spread :]
        for j in range(n):
            p, q, r, s = xa[j], xb[j], xc[j], xd[j]
            o0[j] = (((o0[j] + p * a0) + q * b0) + r * c0) + s * d0
            o1[j] = (((o1[j] + p * a1) + q * b1) + r * c1) + s * d1
            o2[j] = (((o2[j] + p * a2) + q * b2) + r * c2) + s * d2
            o3[j] = (((o3[j] + p * a3) + q * b3) + r * c3) + s * d3
        v += 4
    while v < taps:
        a0, a1, a2, a3 = w0[v], w1[v], w2[v], w3[v]
        xa = x[v * spread :]
        for j in range(n):
            p = xa[j]
            o0[j] = o0[j] + p * a0
            o1[j] = o1[j] + p * a1
            o2[j] = o2[j] + p * a2
            o3[j] = o3[j] + p * a3
        v += 1


@njit(
    "void(float32[:,:,::1], int64, int64, int64, int64, int64, "
    "float32[:,:,::1], int64, int64, int64, float32[:,::1], int64, int64)",
    nogil=True,
    cache=True,
    fastmath=FAST,
)
def accumulate(out, f, top, bottom, left, right, x, plane, row, col, w, down, across):  # type: ignore[no-untyped-def]
    """Add to `out[f, top:bottom, left:right]` the correlation of `x[plane, row:, col:]` with the dense kernel `w`.

    The kernel's cells lie `down` and `across` apart.
    """
    kh = w.shape[0]
    reach = right - left + (w.shape[1] - 1) * across
    i = top
    while i + 4 <= bottom and kh >= 4 and down == 1:
        o0, o1 = out[f, i, left:right], out[f, i + 1, left:right]
        o2, o3 = out[f, i + 2, left:right], out[f, i + 3, left:right]
        for u in range(kh + 3):
            x_row = x[plane, row + i - top + u, col : col + reach]
            if 3 <= u < kh:
                add_four_rows(o0, o1, o2, o3, x_row, w[u], w[u - 1], w[u - 2], w[u - 3], across)
                continue
            if u < kh:
                add_row(o0, x_row, w[u], across)
            if 1 <= u <= kh:
                add_row(o1, x_row, w[u - 1], across)
            if 2 <= u <= kh + 1:
                add_row(o2, x_row, w[u - 2], across)
            if u >= 3:
                add_row(o3, x_row, w[u - 3], across)
        i += 4
    while i < bottom:
        for u in range(kh):
            x_row = x[plane, row + i - top + u * down, col : col + reach]
            add_row(out[f, i, left:right], x_row, w[u], across)
        i += 1


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
        *(types.int64, types.int64, types.int64, types.float32, types.float32[:, :, ::1], types.int64),
    ),
    nogil=True,
    cache=True,
)
def gather(source, channels, single, mix, rows, cols, first, last, step, constant, buffer, plane):  # type: ignore[no-untyped-def]
    """Fill `buffer[plane]` with the values at source positions rows x cols; -1 stands for the constant outside.

    `single` is the one channel that is read, or -1 for a mix of all of them. From `first` to `last` the positions in
    `cols` lie inside the source, `step` apart: that stretch is read without looking at `cols`. No fast-math here: a mix
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
        if single >= 0 and channels == 1 and step == 1:
            x = row[base:]
            for j in range(n):
                inside[j] = np.float32(x[j]) * scale
        elif single >= 0:
            x = row[base + single :]
            jump = np.uint64(step * channels)
            for j in range(n):
                inside[j] = np.float32(x[np.uint64(j) * jump]) * scale
        elif channels == 3:
            x = row[base:]
            jump = np.uint64(step * 3)
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
def pick(line, source_plane, buffer, plane, rows, cols, offset, distance):  # type: ignore[no-untyped-def]
    """Fill rows x cols of `buffer[plane]` with every distance-th cell of `line[source_plane]`, from `offset` on."""
    jump = np.uint64(distance)
    for i in range(rows):
        x = line[source_plane, i, offset:]
        out = buffer[plane, i, :cols]
        for j in range(cols):
            out[j] = x[np.uint64(j) * jump]


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
