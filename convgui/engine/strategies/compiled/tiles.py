"""A whole tile in one call: gather, correlate, bias. So the interpreter is left, and comes back, once for each tile."""

from convgui.engine.strategies.compiled.atoms import take
from convgui.engine.strategies.compiled.correlate import correlate, correlate_all
from convgui.engine.strategies.compiled.gather import gather
from convgui.engine.strategies.compiled.kinds import Pointer, floats, i64, numbers
from convgui.engine.strategies.compiled.language import function, local
from convgui.engine.strategies.compiled.processor import ROWS
from convgui.engine.strategies.compiled.records import KERNELS, OWN, PART, READING, WORK

NEAR = 1 << 18
"""Bytes of a buffer that stay in the first caches until they are used."""

FINISHED = 1 << 16
"""Outputs to which the bias is added while they are in the first caches."""

LARGEST = 3.4028235e38
"""The largest finite float32."""

SHARED = 8
"""As many rows as a strip shares with the next, so many times its own rows it must have: they are gathered twice."""

STRIP = -(-16 // ROWS) * ROWS
"""Rows of what lies between two passes that are made before they are used: they stay in the first caches."""


@function
def strip_of(part: Pointer(PART), planes: i64, kh: i64) -> i64:
    """Return how many output rows are gathered and computed at once: few, unless they share most of their input rows."""
    shared = (kh - 1) * part.down + 1 - part.apart
    fitting = NEAR // (4 * part.pitch * planes) - shared
    return max(fitting // part.apart, SHARED * shared // part.apart, ROWS) // ROWS * ROWS


@function
def _finish(k: Pointer(KERNELS), out: floats, out_row: i64, out_map: i64, height: i64, width: i64):
    """Add to each map its bias, and rectify it, while it is in the cache."""
    if i64(k.bias):
        for f in range(k.maps):
            bias = k.bias[f]
            for i in range(height):
                row = out + (f * out_map + i * out_row)
                for j in range(width):
                    row[j] += bias
    if k.rectified:
        for f in range(k.maps):
            for i in range(height):
                row = out + (f * out_map + i * out_row)
                for j in range(width):
                    row[j] = max(row[j], 0.0) + 0.0  # NaN stays, and no zero has a sign: NumPy's bits


@function(inlined=False)
def _mend(x: floats, part: Pointer(PART), k: Pointer(KERNELS), f: i64, spare: floats, out: floats, out_row: i64, rows: i64):
    """Compute anew what is NaN because terms of both signs met an infinity, where the whole kernel has but one."""
    lost, infinite, cells = 0, 0, k.taps * k.kh * k.kw
    for i in range(rows):
        row = out + i * out_row
        for j in range(part.width):
            if row[j] != row[j]:
                lost += 1
    if lost == 0:
        return
    for tap in range(k.taps):
        plane = x + k.listed[f * k.taps + tap] * (part.plane // 4)
        for j in range(((rows - 1) * part.apart + (k.kh - 1) * part.down + 1) * part.pitch):
            if abs(plane[j]) > LARGEST:
                infinite += 1
    if infinite == 0:
        return
    listed, w, pitch = k.listed + f * k.taps, k.weights + f * cells, part.pitch
    apart, down, wide = part.apart, part.down, part.width
    correlate(x, pitch, part.plane, apart, down, listed, k.taps, w, k.kh, k.kw, part.columns, spare, pitch, rows, wide, 0)
    for i in range(rows):
        row = out + i * out_row
        for j in range(wide):
            if row[j] != row[j]:
                row[j] = spare[i * pitch + j]


@function
def _two_passes(
    x: floats, part: Pointer(PART), k: Pointer(KERNELS), between: floats, out: floats, out_row: i64, out_map: i64, rows: i64
):
    """Compute a few rows of all maps from the gathered values at `x`, each of their terms in two passes."""
    reads, pitch, n = k.reads, part.pitch, 0
    for f in range(k.maps):
        to, first = out + f * out_map, n
        while n < k.count and k.terms[n].map == f:
            term = k.terms + n
            start = x + term.plane * (part.plane // 4)
            down, lines = part.down, part.apart
            correlate(start, pitch, 0, lines, down, reads, 1, term.column, k.kh, 1, reads, between, pitch, rows, pitch, 0)
            columns, add, wide = part.columns, term.add, part.width
            correlate(between, pitch, 0, 1, 1, reads, 1, term.line, 1, k.kw, columns, to, out_row, rows, wide, add)
            n += 1
        if n - first > k.taps:
            _mend(x, part, k, f, between, to, out_row, rows)


@function
def _correlate_few(
    x: floats,
    part: Pointer(PART),
    k: Pointer(KERNELS),
    scratch: floats,
    between: floats,
    out: floats,
    out_row: i64,
    out_map: i64,
    rows: i64,
):
    """Compute some rows of all maps from values that are in the cache, bias included."""
    if i64(k.terms) == 0:
        correlate_all(x, part, k, numbers(scratch), out, out_row, out_map, rows)
        _finish(k, out, out_row, out_map, rows, part.width)
        return
    for top in range(0, rows, STRIP):
        at, to, few = x + top * part.apart * part.pitch, out + top * out_row, min(STRIP, rows - top)
        _two_passes(at, part, k, between, to, out_row, out_map, few)
        _finish(k, to, out_row, out_map, few, part.width)


@function
def tile(
    source: floats,
    reading: Pointer(READING),
    parts: Pointer(PART),
    count: i64,
    k: Pointer(KERNELS),
    buffer: floats,
    scratch: floats,
    between: floats,
    out: floats,
    out_row: i64,
    out_map: i64,
):
    """Compute the outputs of `count` parts, all maps of them, by the products of all cells or in two passes.

    `out_row` and `out_map` are the distances of output rows and of maps in floats. `scratch` is memory for a row of the
    source (float32), or for the cells of a map (int64); `between` for `STRIP` rows of a part, where there are two passes.
    """
    for n in range(count):
        part = parts + n
        to = out + (part.top * out_row + part.left)
        if part.in_place:
            few = max(FINISHED // (part.width * k.maps) // ROWS * ROWS, STRIP)
            for i in range(0, part.height, few):
                x, at = source + (part.first + i * part.apart * part.pitch), to + i * out_row
                _correlate_few(x, part, k, scratch, between, at, out_row, out_map, min(few, part.height - i))
            continue
        strip = strip_of(part, reading.planes, k.kh)
        if i64(k.terms):
            strip = (strip + STRIP - 1) // STRIP * STRIP
        for i in range(0, part.height, strip):
            rows = min(strip, part.height - i)
            read = (rows - 1) * part.apart + (k.kh - 1) * part.down + 1
            gather(source, reading, part, buffer, scratch, i * part.apart, read)
            _correlate_few(buffer, part, k, scratch, between, to + i * out_row, out_row, out_map, rows)


@function
def shared_tiles(source: floats, out: floats, work: Pointer(WORK), own: Pointer(OWN)):
    """Do what `tile` does, for the parts of a work that no other thread takes."""
    taken, reading, k, out_row = local(i64, 1), work.reading, work.kernels, work.out_row
    for _ in range(work.most):
        take(work.turn, taken)
        if taken[0] >= work.count:
            return
        part = work.parts + taken[0]
        tile(source, reading, part, 1, k, own.cells, own.scratch, own.between, out, out_row, work.apart)
