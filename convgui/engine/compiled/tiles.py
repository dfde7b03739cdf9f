"""A whole tile in one call: gather, correlate, bias. So the interpreter is left, and comes back, once for each tile."""

from __future__ import annotations

import numpy as np
from numba import carray, njit, types

from convgui.engine.compiled import records
from convgui.engine.compiled.correlate import correlate, correlate_all
from convgui.engine.compiled.gather import gather
from convgui.engine.compiled.records import floats_at

_ADDRESS = types.int64

NEAR = 1 << 18
"""Bytes of a buffer that stay in the first caches until they are used."""

SHARED = 8
"""As many rows as a strip shares with the next, so many times its own rows it must have: they are gathered twice."""

STRIP = 16
"""Rows of what lies between two passes that are made before they are used: they stay in the first caches."""


@njit(nogil=True)
def _strip(part, planes, kh):  # type: ignore[no-untyped-def]
    """Return how many output rows are gathered and computed at once: few, unless they share most of their input rows."""
    shared = (kh - 1) * part.down + 1 - part.apart
    fitting = NEAR // (4 * part.pitch * planes) - shared
    return max(fitting // part.apart, SHARED * shared // part.apart, 4) // 4 * 4


@njit(nogil=True)
def _add_bias(k, out, out_row, out_map, height, width):  # type: ignore[no-untyped-def]
    """Add to each map its bias."""
    bias = carray(floats_at(k.bias), (k.maps,))
    for f in range(k.maps):
        for i in range(height):
            row = carray(floats_at(out + f * out_map + 4 * i * out_row), (width,))
            for j in range(width):
                row[j] += bias[f]


@njit(
    types.void(
        *(_ADDRESS, records.readings[::1], records.parts[::1], records.kernels[::1]),
        *(_ADDRESS, _ADDRESS, types.int64, types.int64, types.int64, types.int64),
    ),
    nogil=True,
    cache=True,
)
def direct_tile(source, readings, parts, kernels, buffer, out, out_row, out_map, height, width):  # type: ignore[no-untyped-def]
    """Compute height x width outputs of all maps, by the products of all their cells.

    `out_row` is the distance of output rows in floats, `out_map` that of maps in bytes.
    """
    k = kernels[0]
    for n in range(len(parts)):
        part = parts[n]
        to = out + 4 * (part.top * out_row + part.left)
        if part.in_place:
            correlate_all(source + 4 * part.first, part, k, to, out_row, out_map, part.height)
            continue
        strip = _strip(part, readings[0].planes, k.kh)
        for i in range(0, part.height, strip):
            rows = min(strip, part.height - i)
            gather(source, readings[0], part, buffer, i * part.apart, (rows - 1) * part.apart + (k.kh - 1) * part.down + 1)
            correlate_all(buffer, part, k, to + 4 * i * out_row, out_row, out_map, rows)
    if k.bias != 0:
        _add_bias(k, out, out_row, out_map, height, width)


@njit(nogil=True)
def _two_passes(x, part, k, terms, between, out, out_row, out_map, rows, width):  # type: ignore[no-untyped-def]
    """Compute a few rows of all maps from the gathered values at `x`."""
    done = np.zeros(k.maps, np.bool_)
    for n in range(len(terms)):
        term = terms[n]
        to = out + term.map * out_map
        correlate(
            *(x + term.plane * part.plane, part.pitch, 0, part.apart, part.down, k.reads, 1),
            *(term.column, k.kh, 1, k.reads, between, part.pitch, rows, part.pitch, 0),
        )
        correlate(
            *(between, part.pitch, 0, 1, 1, k.reads, 1, term.line, 1, k.kw, part.columns),
            *(to, out_row, rows, width, term.add),
        )
        done[term.map] = True
    for f in range(k.maps):
        if not done[f]:  # a kernel of zeros has no terms
            for i in range(rows):
                carray(floats_at(out + f * out_map + 4 * i * out_row), (width,))[:] = 0


@njit(
    types.void(
        *(_ADDRESS, records.readings[::1], records.parts[::1], records.kernels[::1], records.terms[::1]),
        *(_ADDRESS, _ADDRESS, _ADDRESS, types.int64, types.int64, types.int64, types.int64),
    ),
    nogil=True,
    cache=True,
)
def separable_tile(  # type: ignore[no-untyped-def]
    source, readings, parts, kernels, terms, buffer, between, out, out_row, out_map, height, width
):
    """Compute height x width outputs of all maps, each of their terms in two passes: down the columns, along the rows.

    What lies between them is one plane with one kernel, and `reads` names it: a list of one 0.
    """
    k, part = kernels[0], parts[0]
    strip = (_strip(part, readings[0].planes, k.kh) + STRIP - 1) // STRIP * STRIP
    for i in range(0, height, strip):
        rows = min(strip, height - i)
        gather(source, readings[0], part, buffer, i * part.apart, (rows - 1) * part.apart + (k.kh - 1) * part.down + 1)
        for top in range(0, rows, STRIP):
            x, to = buffer + 4 * top * part.apart * part.pitch, out + 4 * (i + top) * out_row
            _two_passes(x, part, k, terms, between, to, out_row, out_map, min(STRIP, rows - top), width)
    if k.bias != 0:
        _add_bias(k, out, out_row, out_map, height, width)
