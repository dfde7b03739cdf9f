"""Correlation of planes in a buffer: lays the register blocks of `blocks.py` over the outputs."""

from __future__ import annotations

import numpy as np
from numba import carray, njit

from convgui.engine.compiled import blocks
from convgui.engine.compiled.blocks import LANES, MAPS, ROWS, VECTORS
from convgui.engine.compiled.records import floats_at, numbers_at

WIDE, LONG = LANES * VECTORS, LANES * blocks.LONG
SLACK = WIDE
"""Floats that must be there behind a buffer: the last vector of a row may read, and drop, that many."""

_BLOCK = "void(" + ", ".join(["int64"] * 13) + ")"


@njit(_BLOCK, nogil=True, cache=True)
def _wide_rows(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.wide_rows(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count)


@njit(_BLOCK, nogil=True, cache=True)
def _middle_rows(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.middle_rows(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count)


@njit(_BLOCK, nogil=True, cache=True)
def _narrow_rows(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.narrow_rows(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count)


@njit(_BLOCK, nogil=True, cache=True)
def _wide_row(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.wide_row(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count)


@njit(_BLOCK, nogil=True, cache=True)
def _narrow_row(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count):  # type: ignore[no-untyped-def]
    blocks.narrow_row(x, x_row, x_plane, reads, taps, w, kh, kw, columns, out, out_row, add, count)


_TILE = "void(" + ", ".join(["int64"] * 16) + ")"


@njit(_TILE, nogil=True, cache=True)
def _last_columns(  # type: ignore[no-untyped-def]
    x, x_row, x_plane, apart, down, reads, taps, w, kh, kw, columns, out, out_row, rows, cols, add
):
    """Do the columns that fill no vector: in a vector of their own, of which only they are copied."""
    own = np.zeros((ROWS, LANES), np.float32)
    at = own.ctypes.data
    shared = apart == 1 and down == 1
    i = 0
    while i < rows:
        together = ROWS if shared and i + ROWS <= rows else 1
        there = carray(floats_at(out + 4 * i * out_row), (together, out_row))
        if add:
            for r in range(together):
                for c in range(cols):
                    own[r, c] = there[r, c]
        x_at = x + 4 * i * apart * x_row
        if together == ROWS:
            _narrow_rows(x_at, x_row, x_plane, reads, taps, w, kh, kw, columns, at, LANES, add, 1)
        else:
            _narrow_row(x_at, x_row * down, x_plane, reads, taps, w, kh, kw, columns, at, LANES, add, 1)
        for r in range(together):
            for c in range(cols):
                there[r, c] = own[r, c]
        i += together


@njit(_TILE, nogil=True, cache=True)
def correlate(  # type: ignore[no-untyped-def]
    x, x_row, x_plane, apart, down, reads, taps, w, kh, kw, columns, out, out_row, rows, cols, add
):
    """Write to `out` (rows x cols), or add to it, the sum over planes of their correlations with kernels of kh x kw.

    `x`, `w` and `out` are addresses of float32, whose rows lie `x_row` and `out_row` floats apart, and the planes of `x`
    `x_plane` bytes. Output rows begin `apart` rows of `x` apart, kernel rows lie `down` of them apart, and `columns` tells
    where kernel columns find their values. `reads` is the address of the numbers of the `taps` planes. `x` may be read up
    to `SLACK` floats beyond what is needed.
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
                    _wide_row(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
                else:
                    _narrow_row(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
            elif width == WIDE:
                _wide_rows(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
            elif width == 2 * LANES:
                _middle_rows(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
            else:
                _narrow_rows(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
            j += count * width
        i += together
    if whole < cols and (add or cols < LANES):
        x_at, out_at, rest = x + 4 * whole, out + 4 * whole, cols - whole
        _last_columns(x_at, x_row, x_plane, apart, down, reads, taps, w, kh, kw, columns, out_at, out_row, rows, rest, add)


_GROUP = "void(" + ", ".join(["int64"] * 7) + ")"


@njit(_GROUP, nogil=True, cache=True)
def _wide_maps(x, offsets, cells, w, out, out_map, count):  # type: ignore[no-untyped-def]
    blocks.wide_maps(x, offsets, cells, w, out, out_map, count)


@njit(_GROUP, nogil=True, cache=True)
def _narrow_maps(x, offsets, cells, w, out, out_map, count):  # type: ignore[no-untyped-def]
    blocks.narrow_maps(x, offsets, cells, w, out, out_map, count)


@njit("void(int64, int64, int64, int64, int64, int64, int64)", nogil=True, cache=True)
def _row_of_maps(x, offsets, cells, w, out, out_map, cols):  # type: ignore[no-untyped-def]
    """Compute one row of a group of maps; `out_map` is their distance in floats."""
    if cols < LANES:
        own = np.empty((MAPS, LANES), np.float32)
        _narrow_maps(x, offsets, cells, w, own.ctypes.data, LANES, 1)
        for f in range(MAPS):
            there = carray(floats_at(out + 4 * f * out_map), (cols,))
            for c in range(cols):
                there[c] = own[f, c]
        return
    j = 0
    while j < cols:
        width = 2 * LANES if cols >= 2 * LANES and cols - j > LANES else LANES
        count = max((cols - j) // width, 1)
        j = min(j, cols - width)
        if width == LANES:
            _narrow_maps(x + 4 * j, offsets, cells, w, out + 4 * j, out_map, count)
        else:
            _wide_maps(x + 4 * j, offsets, cells, w, out + 4 * j, out_map, count)
        j += count * width


@njit(nogil=True)
def _groups(x, part, k, out, out_row, out_map, height):  # type: ignore[no-untyped-def]
    """Compute all maps that are grouped; those of a group read the same planes."""
    cells = k.taps * k.kh * k.kw
    offsets = np.empty(cells, np.int64)
    columns, reads = carray(numbers_at(part.columns), (k.kw,)), carray(numbers_at(k.reads), (k.maps, k.taps))
    for g in range(k.groups):
        at = 0
        for tap in range(k.taps):
            for u in range(k.kh):
                row = reads[g * MAPS, tap] * (part.plane // 4) + u * part.down * part.pitch
                for v in range(k.kw):
                    offsets[at] = row + columns[v]
                    at += 1
        w, to = k.grouped + 4 * g * MAPS * cells, out + g * MAPS * out_map
        for i in range(height):
            x_at, out_at = x + 4 * i * part.apart * part.pitch, to + 4 * i * out_row
            _row_of_maps(x_at, offsets.ctypes.data, cells, w, out_at, out_map // 4, part.width)
    offsets[0] = 0  # read through its address alone, it would be given back before the last call


@njit(nogil=True)
def correlate_all(x, part, k, out, out_row, out_map, height):  # type: ignore[no-untyped-def]
    """Correlate the planes at the address `x`, as a part has them, with the kernels of all maps; see `KERNELS`.

    Of the part's output rows the first `height` are computed. `out_row` is the distance of output rows in floats,
    `out_map` that of maps in bytes.
    """
    if k.groups > 0:
        _groups(x, part, k, out, out_row, out_map, height)
    for f in range(k.groups * MAPS, k.maps):
        weights, reads, to = k.weights + 4 * f * k.taps * k.kh * k.kw, k.reads + 8 * f * k.taps, out + f * out_map
        correlate(
            *(x, part.pitch, part.plane, part.apart, part.down, reads, k.taps, weights, k.kh, k.kw, part.columns),
            *(to, out_row, height, part.width, 0),
        )
