"""Reads the cells that a tile needs into a buffer of float32: mixed from channels, with the border, split into phases."""

from __future__ import annotations

import numpy as np
from numba import carray, njit

from convgui.engine.compiled.records import bytes_at, floats_at, numbers_at, stretches_at, words_at

FLOATS = 2
"""The place of float32 in `KINDS`: nothing is to be converted."""


@njit(nogil=True)
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


@njit(nogil=True)
def _line(x, jump, channels, single, mix, out):  # type: ignore[no-untyped-def]
    """Fill `out` with cells that lie `jump` apart in `x`. No fast-math: a mix has the same bits as `source.mix_plane`.

    The usual distances are written out: a function that is given them is not made into vectors, and three times slower.
    """
    n = len(out)
    apart = np.uint64(jump * channels)
    if single >= 0:
        scale = mix[single]
        x = x[single:]
        if apart == 1:
            for j in range(n):
                out[j] = np.float32(x[j]) * scale
        elif apart == 2:
            for j in range(n):
                out[j] = np.float32(x[np.uint64(j) * np.uint64(2)]) * scale
        elif apart == 3:
            for j in range(n):
                out[j] = np.float32(x[np.uint64(j) * np.uint64(3)]) * scale
        else:
            for j in range(n):
                out[j] = np.float32(x[np.uint64(j) * apart]) * scale
    elif apart == 3:
        r, g, b = mix[0], mix[1], mix[2]
        for j in range(n):
            at = np.uint64(j) * np.uint64(3)
            red, green, blue = np.float32(x[at]), np.float32(x[at + np.uint64(1)]), np.float32(x[at + np.uint64(2)])
            out[j] = (red * r + green * g) + blue * b
    elif channels == 3:
        r, g, b = mix[0], mix[1], mix[2]
        for j in range(n):
            at = np.uint64(j) * apart
            red, green, blue = np.float32(x[at]), np.float32(x[at + np.uint64(1)]), np.float32(x[at + np.uint64(2)])
            out[j] = (red * r + green * g) + blue * b
    else:
        for j in range(n):
            out[j] = _value(x, j * jump, channels, single, mix, np.float32(0))


@njit(nogil=True)
def _extent(stretches, jump):  # type: ignore[no-untyped-def]
    """Return the first and one past the last source column that stretches read inside; both 0 if there is none."""
    begin, end = np.int64(0), np.int64(0)
    for s in range(len(stretches)):
        count = stretches[s].last - stretches[s].first
        if count > 0:
            begin = stretches[s].start if end == 0 else min(begin, stretches[s].start)
            end = max(end, stretches[s].start + (count - 1) * jump + 1)
    return begin, end


@njit(nogil=True)
def _fill(source, reading, part, buffer, top, count):  # type: ignore[no-untyped-def]
    """Fill a buffer from a source that is one array of all its numbers."""
    channels, constant = reading.channels, reading.constant
    rows, cells = carray(numbers_at(part.rows + 8 * top), (count,)), carray(numbers_at(part.cells), (part.pitch,))
    stretches = carray(stretches_at(part.stretches), (part.count,))
    singles = carray(numbers_at(reading.singles), (reading.planes,))
    mixes = carray(floats_at(reading.mixes), (reading.planes, channels))
    length = stretches[part.count - 1].at + stretches[part.count - 1].count
    begin, end = _extent(stretches, part.jump)
    # where many phases are read a row is mixed as it lies, many cells at once, before it is split up
    split = 1 < part.jump < 3 * part.count and (channels > 1 or (reading.kind != FLOATS and part.jump > 2))
    line = np.empty(end - begin if split else 0, np.float32)
    for p in range(reading.planes):
        single, mix = singles[p], mixes[p]
        for i in range(count):
            out = carray(floats_at(buffer + p * part.plane + 4 * i * part.pitch), (length,))
            if rows[i] < 0:
                out[:] = constant
                continue
            row = source[rows[i] * reading.pitch :]
            if split:
                _line(row[begin * channels :], 1, channels, single, mix, line)
            for s in range(part.count):
                stretch = stretches[s]
                first, last = stretch.at + stretch.first, stretch.at + stretch.last
                for j in range(stretch.at, first):
                    out[j] = _value(row, cells[j], channels, single, mix, constant)
                if first < last and split:
                    x, jump, to = line[stretch.start - begin :], np.uint64(part.jump), out[first:last]
                    for j in range(len(to)):
                        to[j] = x[np.uint64(j) * jump]
                elif first < last:
                    _line(row[stretch.start * channels :], part.jump, channels, single, mix, out[first:last])
                for j in range(last, stretch.at + stretch.count):
                    out[j] = _value(row, cells[j], channels, single, mix, constant)


@njit(nogil=True)
def gather(address, reading, part, buffer, top, count):  # type: ignore[no-untyped-def]
    """Fill the buffer of a part, all planes of it, from the source at an address; see `READING` and `PART`.

    Of its rows only `count` are read, from `top` on.
    """
    size = np.int64(1) << np.int64(62)  # rows and columns are inside: nobody reads so far
    if reading.kind == 0:
        _fill(carray(bytes_at(address), (size,)), reading, part, buffer, top, count)
    elif reading.kind == 1:
        _fill(carray(words_at(address), (size >> 1,)), reading, part, buffer, top, count)
    else:
        _fill(carray(floats_at(address), (size >> 2,)), reading, part, buffer, top, count)
