"""One block of outputs by Fourier transforms: down the columns to frequencies, products along the rows there, and back."""

from convgui.engine.strategies.compiled import fourier_blocks
from convgui.engine.strategies.compiled.atoms import take
from convgui.engine.strategies.compiled.correlate import correlate
from convgui.engine.strategies.compiled.fourier_blocks import COLUMNS
from convgui.engine.strategies.compiled.gather import gather
from convgui.engine.strategies.compiled.kinds import Pointer, bytes_, f32, f64, floats, i32, i64, ints, numbers, u8
from convgui.engine.strategies.compiled.language import function, local
from convgui.engine.strategies.compiled.processor import MANY
from convgui.engine.strategies.compiled.records import KERNELS, OWN, PART, READING, TRANSFORM, WORK

ELEMENT = 16 * COLUMNS
"""Bytes of a vector of complex numbers."""

MAGNITUDE = 0x7FFFFFFF
"""The bits of a float32 that are not its sign."""

INFINITE = 0x7F800000
"""The bits of infinity; those of NaN are larger."""

BAND = 32
"""Rows of a block of which what is in doubt is computed at once."""


@function
def _between(n: i64, twiddles: i64, scratch: i64, state: numbers):
    """Do all passes but the first and the last; `state` gets where the result is, and what the last pass needs to know."""
    here, there = scratch, scratch + n * ELEMENT
    left, apart = n // 4, 4
    twiddles += 48 * left
    while left > 4:
        to, groups = there + 8 * COLUMNS, left // 4
        fourier_blocks.middle_pass(here, here + 8 * COLUMNS, ELEMENT, there, to, ELEMENT, groups, apart, twiddles)
        left = groups
        apart *= 4
        twiddles += 48 * left
        here, there = there, here
    state[0] = here
    state[1] = left
    state[2] = apart
    state[3] = twiddles


@function
def _forward(
    n: i64, twiddles: i64, x: i64, other: i64, distance: i64, scratch: i64, real: i64, imaginary: i64, to_distance: i64
):
    """Transform a vector of columns, real parts at `x` and imaginary ones at `other`: float32 to float64."""
    state = local(i64, 4)
    fourier_blocks.first_pass(x, other, distance, scratch, scratch + 8 * COLUMNS, ELEMENT, n // 4, 1, twiddles)
    _between(n, twiddles, scratch, state)
    here, apart, rest = state[0], state[2], state[3]
    if state[1] == 4:
        fourier_blocks.middle_pass(here, here + 8 * COLUMNS, ELEMENT, real, imaginary, to_distance, 1, apart, rest)
    else:
        fourier_blocks.middle_pass_by_two(here, here + 8 * COLUMNS, ELEMENT, real, imaginary, to_distance, 1, apart, rest)


@function
def _backward(
    n: i64, twiddles: i64, real: i64, imaginary: i64, distance: i64, scratch: i64, x: i64, other: i64, to_distance: i64
):
    """Transform back, without dividing by `n`: real parts to `x` and imaginary ones to `other`, float64 to float32."""
    state = local(i64, 4)
    fourier_blocks.middle_pass(imaginary, real, distance, scratch, scratch + 8 * COLUMNS, ELEMENT, n // 4, 1, twiddles)
    _between(n, twiddles, scratch, state)
    here, apart, rest = state[0], state[2], state[3]
    if state[1] == 4:
        fourier_blocks.last_pass(here, here + 8 * COLUMNS, ELEMENT, other, x, to_distance, 1, apart, rest)
    else:
        fourier_blocks.last_pass_by_two(here, here + 8 * COLUMNS, ELEMENT, other, x, to_distance, 1, apart, rest)


@function
def _fold(row: floats, n: i64, hop: i64, count: i64, matrix: floats, pitch: i64):
    """Lay a sequence into the columns of a matrix, each of `n` steps and `hop` steps after the one before."""
    for top in range(0, n, 16):
        for b in range(count):
            x = row + b * hop
            for i in range(top, min(top + 16, n)):
                matrix[i * pitch + b] = x[i]


@function
def _unfold(matrix: floats, pitch: i64, hop: i64, start: i64, out: floats, count: i64):
    """Fill `out` with the sequence that the first `hop` rows of a matrix hold, column after column, from `start` on."""
    end = start + count
    for top in range(0, hop, 16):
        for b in range(start // hop, (end - 1) // hop + 1):
            first, last = max(b * hop + top, start), min(b * hop + min(top + 16, hop), end)
            for i in range(first, last):
                out[i - start] = matrix[(i - b * hop) * pitch + b]


@function
def _largest(x: floats, length: i64, pitch: i64, rows: i64) -> i32:
    """Return the largest magnitude as the integer that has its bits; they are ordered alike, NaN last."""
    largest = i32(0)
    for i in range(rows):
        row = ints(x + i * pitch)
        for j in range(length):
            largest = max(largest, row[j] & MAGNITUDE)
    return largest


@function
def _spectra(t: Pointer(TRANSFORM), f: i64, z: i64, z_pitch: i64, y: i64, y_pitch: i64):
    """Correlate, frequency by frequency, the planes that map `f` reads with its weights."""
    vectors, n, columns, apart = t.half // COLUMNS, t.n, t.columns, t.apart
    whole = vectors // MANY
    for tap in range(t.taps):
        plane = z + t.reads[f * t.taps + tap] * 16 * n * z_pitch
        weights = i64(t.spectra) + (f * t.taps + tap) * 16 * n * columns
        for k in range(n):
            at, to, w = plane + 16 * k * z_pitch, y + 16 * k * y_pitch, weights + 16 * k * columns
            fourier_blocks.products(at, at + 8 * z_pitch, w, columns, apart, to, to + 8 * y_pitch, tap, whole)
            if whole * MANY < vectors:
                at += whole * MANY * COLUMNS * 8
                to += whole * MANY * COLUMNS * 8
                rest = vectors - whole * MANY
                fourier_blocks.products_of_one(at, at + 8 * z_pitch, w, columns, apart, to, to + 8 * y_pitch, tap, rest)


@function
def _is_small(x: floats, pitch: i64, plane: i64, t: Pointer(TRANSFORM), f: i64, row: i64, col: i64, least: f64) -> i64:
    """Say whether also the product with the largest weight is too small to vouch for the size of what was summed."""
    anchor = t.anchors + 3 * f
    at = x + (anchor[0] * plane + (row + anchor[1]) * pitch + col + anchor[2])
    return 1 if f64(abs(at[0])) * t.largest[f] < least else 0


@function
def _directly(
    cells: floats,
    part: Pointer(PART),
    k: Pointer(KERNELS),
    f: i64,
    row: i64,
    col: i64,
    out: floats,
    out_row: i64,
    height: i64,
    width: i64,
):
    """Compute some values of map `f` as the direct strategy does, from (row, col) of the block on."""
    x, w, reads = cells + (row * part.pitch + col), k.weights + f * k.taps * k.kh * k.kw, k.reads + f * k.taps
    pitch, plane, down, columns = part.pitch, part.plane, part.down, part.columns
    correlate(x, pitch, plane, 1, down, reads, k.taps, w, k.kh, k.kw, columns, out, out_row, height, width, 0)


@function
def _deliver(
    t: Pointer(TRANSFORM),
    f: i64,
    values: floats,
    values_pitch: i64,
    x: floats,
    pitch: i64,
    plane: i64,
    cells: floats,
    part: Pointer(PART),
    least: f64,
    spare: floats,
    height: i64,
    across: i64,
    out: floats,
    out_row: i64,
    top: i64,
    left: i64,
):
    """Write what the transform made of map `f` to rows of `out`; compute again what is too small to be trusted.

    All that is not larger than `least` is looked at, unless that is 0: then the input is, and so are the values.
    """
    limit, folded, hop, marks = f32(least), t.folded, t.hop, bytes_(spare + BAND * across)
    for band in range(0, height, BAND):
        rows = min(BAND, height - band)
        first, last, begin, end = rows, 0, across, 0  # the rectangle around all that is in doubt
        for i in range(band, band + rows):
            to = out + i * out_row
            if folded:
                _unfold(values, values_pitch, hop, left, to, across)
            else:
                row = values + ((top + i) * values_pitch + left)
                for j in range(across):
                    to[j] = row[j]
            small = 0
            for j in range(across):
                if abs(to[j]) <= limit:
                    small += 1
            if small == 0 or least == 0.0:
                continue
            for j in range(across):
                if abs(to[j]) <= limit:
                    down, along = top + i, left + j
                    if folded:
                        down, along = along % hop, along // hop
                    if _is_small(x, pitch, plane, t, f, down, along, least):
                        if last == 0:
                            for n in range(rows * across):
                                marks[n] = u8(0)
                        marks[(i - band) * across + j] = u8(1)
                        first, last, begin, end = min(first, i - band), i - band + 1, min(begin, j), max(end, j + 1)
        if last > 0:
            wide = end - begin
            _directly(cells, part, t.direct, f, top + band + first, left + begin, spare, wide, last - first, wide)
            for i in range(first, last):
                to, again = out + (band + i) * out_row, spare + ((i - first) * wide - begin)
                for j in range(begin, end):
                    if marks[i * across + j] > 0:
                        to[j] = again[j]


@function(inlined=False)
def fourier_tile(
    source: floats,
    reading: Pointer(READING),
    part: Pointer(PART),
    t: Pointer(TRANSFORM),
    cells: floats,
    scratch: floats,
    memory: floats,
    out: floats,
    out_row: i64,
    out_map: i64,
    top: i64,
    bottom: i64,
    left: i64,
    right: i64,
):
    """Compute rows top to bottom and columns left to right of a block, bias included.

    Values so small beside the largest input of the block that the rounding of the transform may show are computed directly,
    and so are all of a block with NaN or infinity. `out_row` and `out_map` are distances in floats.
    """
    gather(source, reading, part, cells, scratch, 0, part.plane // (4 * part.pitch))
    n, half, planes, maps = t.n, t.half, t.planes, t.maps
    x, pitch, plane, width, work = cells, part.pitch, part.plane // 4, 2 * half + (t.columns - 1) * t.apart, memory
    if t.folded:
        pitch, plane, width = 2 * half, 2 * half * n, 2 * half
        x = memory
        work = memory + planes * plane
        for p in range(planes):
            _fold(cells + p * (part.plane // 4), n, t.hop, width, x + p * plane, pitch)
    bits = local(i32, 1)
    bits[0] = 0
    for p in range(planes):
        bits[0] = max(bits[0], _largest(x + p * plane, width, pitch, n))
    height, across, largest = bottom - top, right - left, f64(floats(bits)[0])
    # one pitch more than needed, as many as `half` would displace each other in the cache
    z_pitch, y, y_pitch = (width - half + COLUMNS - 1) // COLUMNS * COLUMNS + COLUMNS, i64(work), half + COLUMNS
    z = y + 16 * n * y_pitch
    between = z + planes * 16 * n * z_pitch
    result = between + 2 * n * ELEMENT
    result_pitch, values, twiddles = 2 * half + 2 * COLUMNS, floats(result), i64(t.twiddles)
    spare = values + n * result_pitch
    if bits[0] < INFINITE:
        for p in range(planes):
            for j in range(0, width - half, COLUMNS):
                at, to = i64(x + (p * plane + j)), z + p * 16 * n * z_pitch + 8 * j
                _forward(n, twiddles, at, at + 4 * half, 4 * pitch, between, to, to + 8 * z_pitch, 16 * z_pitch)
    for f in range(maps):
        target = out + f * out_map
        if bits[0] < INFINITE:
            _spectra(t, f, z, z_pitch, y, y_pitch)
            for j in range(0, half, COLUMNS):
                at, real = y + 8 * j, result + 4 * j
                _backward(n, twiddles, at, at + 8 * y_pitch, 16 * y_pitch, between, real, real + 4 * half, 4 * result_pitch)
            least = t.shares[f] * largest
            _deliver(
                t,
                f,
                values,
                result_pitch,
                x,
                pitch,
                plane,
                cells,
                part,
                least,
                spare,
                height,
                across,
                target,
                out_row,
                top,
                left,
            )
        else:
            _directly(cells, part, t.direct, f, top, left, target, out_row, height, across)
        bias = t.bias[f]
        for i in range(height):
            row = target + i * out_row
            for j in range(across):
                row[j] += bias


@function
def shared_transforms(source: floats, out: floats, work: Pointer(WORK), own: Pointer(OWN)):
    """Compute the blocks of a work that no other thread takes."""
    taken, reading, t, out_row, out_map = local(i64, 1), work.reading, work.transform, work.out_row, work.apart
    for _ in range(work.most):
        take(work.turn, taken)
        if taken[0] >= work.count:
            return
        part = work.parts + taken[0]
        to, cells, scratch, memory = out + (part.top * out_row + part.left), own.cells, own.scratch, own.between
        fourier_tile(source, reading, part, t, cells, scratch, memory, to, out_row, out_map, 0, part.height, 0, part.width)
