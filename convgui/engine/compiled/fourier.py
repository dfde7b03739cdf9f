"""One block of outputs by Fourier transforms: down the columns to frequencies, products along the rows there, and back."""

from __future__ import annotations

import numpy as np
from numba import carray, njit, types

from convgui.engine.compiled import fourier_blocks, records
from convgui.engine.compiled.fourier_blocks import COLUMNS, MANY
from convgui.engine.compiled.gather import gather
from convgui.engine.compiled.records import bytes_at, doubles_at, floats_at, ints_at, numbers_at

GROUP = MANY * COLUMNS
"""Columns of half a block are a multiple of this."""

ELEMENT = 16 * COLUMNS
"""Bytes of a vector of complex numbers."""

MAGNITUDE = np.int32(0x7FFFFFFF)
"""The bits of a float32 that are not its sign."""

_PASS = "void(" + ", ".join(["int64"] * 9) + ")"


@njit(_PASS, nogil=True, cache=True)
def _first(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles):  # type: ignore[no-untyped-def]
    fourier_blocks.first_pass(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles)


@njit(_PASS, nogil=True, cache=True)
def _middle(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles):  # type: ignore[no-untyped-def]
    fourier_blocks.middle_pass(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles)


@njit(_PASS, nogil=True, cache=True)
def _middle_by_two(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles):  # type: ignore[no-untyped-def]
    fourier_blocks.middle_pass_by_two(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles)


@njit(_PASS, nogil=True, cache=True)
def _last(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles):  # type: ignore[no-untyped-def]
    fourier_blocks.last_pass(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles)


@njit(_PASS, nogil=True, cache=True)
def _last_by_two(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles):  # type: ignore[no-untyped-def]
    fourier_blocks.last_pass_by_two(real, imaginary, distance, to_real, to_imaginary, to_distance, groups, apart, twiddles)


@njit(_PASS, nogil=True, cache=True)
def _products(real, imaginary, kernel, taps, apart, to_real, to_imaginary, add, count):  # type: ignore[no-untyped-def]
    fourier_blocks.products(real, imaginary, kernel, taps, apart, to_real, to_imaginary, add, count)


@njit(nogil=True)
def _between(n, twiddles, scratch):  # type: ignore[no-untyped-def]
    """Do all passes but the first and the last; return where the result is, and what the last pass needs to know."""
    here, there = scratch, scratch + n * ELEMENT
    left, apart = n // 4, 4
    twiddles += 48 * left
    while left > 4:
        _middle(here, here + 8 * COLUMNS, ELEMENT, there, there + 8 * COLUMNS, ELEMENT, left // 4, apart, twiddles)
        left //= 4
        apart *= 4
        twiddles += 48 * left
        here, there = there, here
    return here, left, apart, twiddles


@njit(nogil=True)
def _forward(n, twiddles, x, other, distance, scratch, real, imaginary, to_distance):  # type: ignore[no-untyped-def]
    """Transform a vector of columns, real parts at `x` and imaginary ones at `other`: float32 to float64."""
    _first(x, other, distance, scratch, scratch + 8 * COLUMNS, ELEMENT, n // 4, 1, twiddles)
    here, left, apart, twiddles = _between(n, twiddles, scratch)
    if left == 4:
        _middle(here, here + 8 * COLUMNS, ELEMENT, real, imaginary, to_distance, 1, apart, twiddles)
    else:
        _middle_by_two(here, here + 8 * COLUMNS, ELEMENT, real, imaginary, to_distance, 1, apart, twiddles)


@njit(nogil=True)
def _backward(n, twiddles, real, imaginary, distance, scratch, x, other, to_distance):  # type: ignore[no-untyped-def]
    """Transform back, without dividing by `n`: real parts to `x` and imaginary ones to `other`, float64 to float32."""
    _middle(imaginary, real, distance, scratch, scratch + 8 * COLUMNS, ELEMENT, n // 4, 1, twiddles)
    here, left, apart, twiddles = _between(n, twiddles, scratch)
    if left == 4:
        _last(here, here + 8 * COLUMNS, ELEMENT, other, x, to_distance, 1, apart, twiddles)
    else:
        _last_by_two(here, here + 8 * COLUMNS, ELEMENT, other, x, to_distance, 1, apart, twiddles)


@njit(nogil=True)
def _fold(row, n, hop, count, matrix):  # type: ignore[no-untyped-def]
    """Lay a sequence into the columns of a matrix, each of `n` steps and `hop` steps after the one before."""
    for top in range(0, n, 16):
        for b in range(count):
            x = row[b * hop + top :]
            for i in range(top, min(top + 16, n)):
                matrix[i, b] = x[i - top]


@njit(nogil=True)
def _unfold(matrix, hop, start, out):  # type: ignore[no-untyped-def]
    """Fill `out` with the sequence that the first `hop` rows of a matrix hold, column after column, from `start` on."""
    end = start + len(out)
    for top in range(0, hop, 16):
        for b in range(start // hop, (end - 1) // hop + 1):
            first, last = max(b * hop + top, start), min(b * hop + min(top + 16, hop), end)
            if first < last:
                to = out[first - start : last - start]
                for i in range(len(to)):
                    to[i] = matrix[first - b * hop + i, b]


@njit(nogil=True)
def _largest(x, length, pitch, rows):  # type: ignore[no-untyped-def]
    """Return the largest magnitude as the integer that has its bits; they are ordered alike, NaN last."""
    largest = np.int32(0)
    for i in range(rows):
        row = carray(ints_at(x + 4 * i * pitch), (length,))
        for j in range(length):
            largest = max(largest, row[j] & MAGNITUDE)
    return largest


@njit(nogil=True)
def _spectra(t, f, z, z_pitch, y, y_pitch):  # type: ignore[no-untyped-def]
    """Correlate, frequency by frequency, the planes that map `f` reads with its weights."""
    reads = carray(numbers_at(t.reads), (t.maps, t.taps))
    count = t.half // GROUP
    for tap in range(t.taps):
        plane = z + reads[f, tap] * 16 * t.n * z_pitch
        weights = t.spectra + (f * t.taps + tap) * 16 * t.n * t.columns
        for k in range(t.n):
            at, to = plane + 16 * k * z_pitch, y + 16 * k * y_pitch
            _products(
                *(at, at + 8 * z_pitch, weights + 16 * k * t.columns, t.columns, t.apart),
                *(to, to + 8 * y_pitch, tap, count),
            )


@njit(nogil=True)
def _is_small(x, pitch, plane, t, f, row, col, least):  # type: ignore[no-untyped-def]
    """Say whether also the product with the largest weight is too small to vouch for the size of what was summed."""
    anchor = carray(numbers_at(t.anchors), (t.maps, 3))[f]
    at = x + anchor[0] * plane + 4 * ((row + anchor[1]) * pitch + col + anchor[2])
    return abs(np.float64(carray(floats_at(at), (1,))[0])) * carray(doubles_at(t.largest), (t.maps,))[f] < least


@njit(nogil=True)
def _deliver(t, f, values, x, pitch, plane, least, marks, out, out_row, top, left):  # type: ignore[no-untyped-def]
    """Write what the transform made of map `f` to rows of `out`; mark and count what is too small to be trusted.

    All that is not larger than `least` is looked at, unless that is 0: then the input is, and so are the values.
    """
    doubtful, limit = 0, np.float32(least)
    height, across = marks.shape
    for i in range(height):
        to = carray(floats_at(out + 4 * i * out_row), (across,))
        if t.folded:
            _unfold(values, t.hop, left, to)
        else:
            to[:] = values[top + i, left : left + across]
        small = 0
        for j in range(across):
            small += abs(to[j]) <= limit
        if small == 0 or least == 0:
            continue
        for j in range(across):
            row, col = top + i, left + j
            if t.folded:
                row, col = col % t.hop, col // t.hop
            if abs(to[j]) <= limit and _is_small(x, pitch, plane, t, f, row, col, least):
                marks[i, j] = 1
                doubtful += 1
    return doubtful


@njit(
    types.int64(
        *(types.int64, records.readings[::1], records.parts[::1], records.transforms[::1], types.int64, types.int64),
        *(types.int64, types.int64, types.int64, types.int64, types.int64, types.int64, types.int64, types.int64),
    ),
    nogil=True,
    cache=True,
)
def fourier_tile(  # type: ignore[no-untyped-def]
    source, readings, parts, transforms, cells, work, mask, out, out_row, out_map, top, bottom, left, right
):
    """Compute rows top to bottom and columns left to right of a block, bias included; return how many are in doubt.

    Those are values so small beside the largest input of the block that the rounding of the transform may show; they are
    marked in `mask`, one byte for each map, row and column.
    """
    t, part = transforms[0], parts[0]
    gather(source, readings[0], part, cells, 0, part.plane // (4 * part.pitch))
    x, pitch, plane, width = cells, part.pitch, part.plane, 2 * t.half + (t.columns - 1) * t.apart
    if t.folded:
        pitch, plane, width = 2 * t.half, 8 * t.half * t.n, 2 * t.half
        x = work
        work += t.planes * plane
        for p in range(t.planes):
            row = carray(floats_at(cells + p * part.plane), (part.pitch,))
            _fold(row, t.n, t.hop, width, carray(floats_at(x + p * plane), (t.n, pitch)))
    bits = np.zeros(1, np.int32)
    for p in range(t.planes):
        bits[0] = max(bits[0], _largest(x + p * plane, width, pitch, t.n))
    largest = np.float64(bits.view(np.float32)[0])
    height, across = bottom - top, right - left
    marks = carray(bytes_at(mask), (t.maps, height, across))
    if not np.isfinite(largest):
        marks[:] = 1
        return t.maps * height * across
    marks[:] = 0
    z_pitch = (width - t.half + COLUMNS - 1) // COLUMNS * COLUMNS + COLUMNS
    y, y_pitch = work, t.half + COLUMNS  # as many as `half` would displace each other in the cache
    z = y + 16 * t.n * y_pitch
    scratch = z + t.planes * 16 * t.n * z_pitch
    for p in range(t.planes):
        for j in range(0, width - t.half, COLUMNS):
            at, to = x + p * plane + 4 * j, z + p * 16 * t.n * z_pitch + 8 * j
            _forward(t.n, t.twiddles, at, at + 4 * t.half, 4 * pitch, scratch, to, to + 8 * z_pitch, 16 * z_pitch)
    result = scratch + 2 * t.n * ELEMENT
    result_pitch = 2 * t.half + 2 * COLUMNS
    values = carray(floats_at(result), (t.n, result_pitch))
    shares, bias = carray(doubles_at(t.shares), (t.maps,)), carray(floats_at(t.bias), (t.maps,))
    doubtful = 0
    for f in range(t.maps):
        _spectra(t, f, z, z_pitch, y, y_pitch)
        for j in range(0, t.half, COLUMNS):
            at, to = y + 8 * j, result + 4 * j
            _backward(t.n, t.twiddles, at, at + 8 * y_pitch, 16 * y_pitch, scratch, to, to + 4 * t.half, 4 * result_pitch)
        to = out + f * out_map
        doubtful += _deliver(t, f, values, x, pitch, plane, shares[f] * largest, marks[f], to, out_row, top, left)
        for i in range(height):
            row = carray(floats_at(to + 4 * i * out_row), (across,))
            for j in range(across):
                row[j] += bias[f]
    return doubtful
