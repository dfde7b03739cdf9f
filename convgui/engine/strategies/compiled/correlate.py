"""Correlation of planes in a buffer: lays the register blocks of `blocks.py` over the outputs."""

from convgui.engine.strategies.compiled import blocks
from convgui.engine.strategies.compiled.blocks import ALONG, CHAIN, LANES, MAPS, ROWS, VECTORS
from convgui.engine.strategies.compiled.kinds import Pointer, f32, floats, i64, numbers
from convgui.engine.strategies.compiled.language import function, local
from convgui.engine.strategies.compiled.records import KERNELS, PART

WIDE, LONG, ABREAST = LANES * VECTORS, LANES * blocks.LONG, LANES * ALONG
FEW = ROWS // 3
"""Rows that are done one by one sooner than in a block, most of which is there already."""

SLACK = WIDE
"""Floats that must be there behind a buffer: the last vector of a row may read, and drop, that many."""


@function
def chain(at: i64, cells: i64, kh: i64, kw: i64) -> i64:
    """Return how many products the chain has that begins with that of cell `at`: of whole planes, else rows, else cells."""
    plane = kh * kw
    if plane <= CHAIN:
        return min(CHAIN // plane * plane, cells - at)
    if kw <= CHAIN:
        return min(CHAIN // kw * kw, plane - at % plane)
    return min(CHAIN, kw - at % kw)


@function
def _last_columns(
    x: floats,
    x_row: i64,
    x_plane: i64,
    apart: i64,
    down: i64,
    reads: numbers,
    taps: i64,
    w: floats,
    kh: i64,
    kw: i64,
    columns: numbers,
    out: floats,
    out_row: i64,
    rows: i64,
    cols: i64,
    add: i64,
):
    """Do the columns that fill no vector: in a vector of their own, of which only they are copied."""
    own = local(f32, ROWS * LANES)
    for c in range(ROWS * LANES):
        own[c] = 0.0
    i = 0
    while i < rows:
        together = ROWS if apart == 1 and down == 1 and i + ROWS <= rows else 1
        there = out + i * out_row
        if add:
            for r in range(together):
                for c in range(cols):
                    own[r * LANES + c] = there[r * out_row + c]
        x_at = x + i * apart * x_row
        if together == ROWS:
            blocks.narrow_rows(x_at, x_row, x_plane, reads, taps, w, kh, kw, columns, own, LANES, add, 1)
        else:
            blocks.narrow_row(x_at, x_row * down, x_plane, reads, taps, w, kh, kw, columns, own, LANES, add, 1)
        for r in range(together):
            for c in range(cols):
                there[r * out_row + c] = own[r * LANES + c]
        i += together


@function(inlined=False)
def _correlate_chain(
    x: floats,
    x_row: i64,
    x_plane: i64,
    apart: i64,
    down: i64,
    reads: numbers,
    taps: i64,
    w: floats,
    kh: i64,
    kw: i64,
    columns: numbers,
    out: floats,
    out_row: i64,
    rows: i64,
    cols: i64,
    add: i64,
):
    """Do what `correlate` does for the products of one chain."""
    whole = cols // LANES * LANES
    i, together = 0, 0
    while i < rows:
        if together == ROWS and add == 0 and FEW < rows - i < ROWS:
            i = rows - ROWS  # the last block overlaps the one before, which makes the same values again
        together = ROWS if apart == 1 and down == 1 and i + ROWS <= rows else 1
        loaded = x_row if together == ROWS else x_row * down
        j = 0
        while j < cols and (j < whole or (add == 0 and cols >= LANES)):
            rest = cols - j
            # as wide a block as there is work for; the last may overlap the one before, which makes the same values again
            if together == 1:
                width = LONG if cols >= LONG and (rest >= LONG or (rest > LANES and add == 0)) else LANES
            elif cols >= WIDE and (rest >= WIDE or (rest > 2 * LANES and add == 0)):
                width = WIDE
            else:
                width = 2 * LANES if cols >= 2 * LANES and (rest >= 2 * LANES or (rest > LANES and add == 0)) else LANES
            count = max(rest // width, 1)
            j = min(j, cols - width)
            source, to = x + (i * apart * x_row + j), out + (i * out_row + j)
            if together == 1:
                if width == LONG:
                    blocks.wide_row(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
                else:
                    blocks.narrow_row(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
            elif width == WIDE:
                blocks.wide_rows(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
            elif width == 2 * LANES:
                blocks.middle_rows(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
            else:
                blocks.narrow_rows(source, loaded, x_plane, reads, taps, w, kh, kw, columns, to, out_row, add, count)
            j += count * width
        i += together
    if whole < cols and (add != 0 or cols < LANES):
        source, to, rest = x + whole, out + whole, cols - whole
        _last_columns(source, x_row, x_plane, apart, down, reads, taps, w, kh, kw, columns, to, out_row, rows, rest, add)


@function(inlined=False)
def correlate(
    x: floats,
    x_row: i64,
    x_plane: i64,
    apart: i64,
    down: i64,
    reads: numbers,
    taps: i64,
    w: floats,
    kh: i64,
    kw: i64,
    columns: numbers,
    out: floats,
    out_row: i64,
    rows: i64,
    cols: i64,
    add: i64,
):
    """Write to `out` (rows x cols), or add to it, the sum over planes of their correlations with kernels of kh x kw.

    Rows of `x` and `out` lie `x_row` and `out_row` floats apart, and the planes of `x` `x_plane` bytes. Output rows begin
    `apart` rows of `x` apart, kernel rows lie `down` of them apart, and `columns` tells where kernel columns find their
    values. `reads` has the numbers of the `taps` planes. `x` may be read up to `SLACK` floats beyond what is needed.
    """
    plane, cells, at = kh * kw, taps * kh * kw, 0
    while at < cells:
        some, tap, u, v = chain(at, cells, kh, kw), at // plane, at % plane // kw, at % kw
        wide = min(some, kw)
        high = min(some // wide, kh)
        _correlate_chain(
            x + u * down * x_row,
            x_row,
            x_plane,
            apart,
            down,
            reads + tap,
            some // (wide * high),
            w + at,
            high,
            wide,
            columns + v,
            out,
            out_row,
            rows,
            cols,
            1 if add != 0 or at > 0 else 0,
        )
        at += some


@function
def _rest_of_maps(x: floats, offsets: numbers, cells: i64, w: floats, out: floats, out_map: i64, cols: i64, add: i64):
    """Do the columns that fill no vector: in a vector of their own, of which only they are copied."""
    own = local(f32, MAPS * LANES)
    for c in range(MAPS * LANES):
        own[c] = 0.0
    if add:
        for f in range(MAPS):
            for c in range(cols):
                own[f * LANES + c] = out[f * out_map + c]
    blocks.narrow_maps(x, offsets, cells, w, own, LANES, add, 1)
    for f in range(MAPS):
        for c in range(cols):
            out[f * out_map + c] = own[f * LANES + c]


@function
def _row_of_maps(x: floats, offsets: numbers, cells: i64, w: floats, out: floats, out_map: i64, cols: i64, add: i64):
    """Compute one row of a group of maps, or add to it; `out_map` is their distance in floats."""
    whole = cols // LANES * LANES
    j = 0
    while j < cols and (j < whole or (add == 0 and cols >= LANES)):
        width = ABREAST if cols >= ABREAST and (cols - j >= ABREAST or (cols - j > LANES and add == 0)) else LANES
        count = max((cols - j) // width, 1)
        j = min(j, cols - width)
        if width == LANES:
            blocks.narrow_maps(x + j, offsets, cells, w, out + j, out_map, add, count)
        else:
            blocks.wide_maps(x + j, offsets, cells, w, out + j, out_map, add, count)
        j += count * width
    if whole < cols and (add != 0 or cols < LANES):
        _rest_of_maps(x + whole, offsets, cells, w, out + whole, out_map, cols - whole, add)


@function
def list_cells(part: Pointer(PART), k: Pointer(KERNELS), reads: numbers, offsets: numbers):
    """List where each weight of a map that `reads` some planes finds its values, in floats from those of the first."""
    at = 0
    for tap in range(k.taps):
        for u in range(k.kh):
            row = reads[tap] * (part.plane // 4) + u * part.down * part.pitch
            for v in range(k.kw):
                offsets[at] = row + part.columns[v]
                at += 1


@function
def _groups(
    x: floats,
    part: Pointer(PART),
    k: Pointer(KERNELS),
    offsets: numbers,
    out: floats,
    out_row: i64,
    out_map: i64,
    height: i64,
):
    """Compute all maps that are grouped; those of a group read the same planes. `offsets` is memory for their cells."""
    cells = k.taps * k.kh * k.kw
    for g in range(k.groups):
        list_cells(part, k, k.reads + g * MAPS * k.taps, offsets)
        w, to = k.grouped + g * MAPS * cells, out + g * MAPS * out_map
        for i in range(height):
            x_at, out_at, at = x + i * part.apart * part.pitch, to + i * out_row, 0
            while at < cells:
                some = chain(at, cells, k.kh, k.kw)
                _row_of_maps(x_at, offsets + at, some, w + at * MAPS, out_at, out_map, part.width, at)
                at += some


@function
def correlate_all(
    x: floats,
    part: Pointer(PART),
    k: Pointer(KERNELS),
    offsets: numbers,
    out: floats,
    out_row: i64,
    out_map: i64,
    height: i64,
):
    """Correlate the planes at `x`, as a part has them, with the kernels of all maps; see `KERNELS`.

    Of the part's output rows the first `height` are computed. `out_row` and `out_map` are the distances of output rows and
    of maps in floats; `offsets` is memory for as many numbers as a map has weights.
    """
    if k.groups > 0:
        _groups(x, part, k, offsets, out, out_row, out_map, height)
    cells = k.taps * k.kh * k.kw
    for f in range(k.groups * MAPS, k.maps):
        correlate(
            x,
            part.pitch,
            part.plane,
            part.apart,
            part.down,
            k.reads + f * k.taps,
            k.taps,
            k.weights + f * cells,
            k.kh,
            k.kw,
            part.columns,
            out + f * out_map,
            out_row,
            height,
            part.width,
            0,
        )
