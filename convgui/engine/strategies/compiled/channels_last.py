"""A tile of a bank where channels and maps lie last in memory: rows of cells are copied, and vectors lie across the maps."""

from convgui.engine.strategies.compiled import blocks
from convgui.engine.strategies.compiled.atoms import take
from convgui.engine.strategies.compiled.blocks import SHORT
from convgui.engine.strategies.compiled.correlate import chain, list_cells
from convgui.engine.strategies.compiled.kinds import Kind, Pointer, bytes_, f32, floats, i64, numbers, u8, u16, words
from convgui.engine.strategies.compiled.language import Function, function, local
from convgui.engine.strategies.compiled.processor import DEEP, LANES, SIDE
from convgui.engine.strategies.compiled.records import KERNELS, OWN, PART, READING, WORK
from convgui.engine.strategies.compiled.tiles import strip_of

ACROSS = LANES * DEEP
"""Maps of a block."""


def _bring_of(kind: Kind) -> Function:
    source_kind = Pointer(kind)

    @function(name=f"bring_{kind.name}", inlined=False)
    def bring(source: source_kind, reading: Pointer(READING), part: Pointer(PART), buffer: floats, top: i64, count: i64):
        """Fill a buffer with `count` rows of a part from `top` on, all channels of a cell side by side."""
        channels, stretch = reading.channels, part.stretches
        for i in range(count):
            out, at = buffer + i * part.pitch, part.rows[top + i]
            row = source + max(at, 0) * reading.pitch
            j = 0
            while j < stretch.count:
                to, cell, together = out + j * channels, part.cells[j], 1
                if at < 0 or cell < 0:
                    for c in range(channels):
                        to[c] = reading.constant
                else:
                    if j == stretch.first:
                        together = stretch.last - stretch.first
                    x = row + cell * channels
                    for c in range(together * channels):
                        to[c] = f32(x[c])
                j += together

    return bring


_bring_bytes, _bring_words, _bring_floats = _bring_of(u8), _bring_of(u16), _bring_of(f32)


@function
def _bring_cells(source: floats, reading: Pointer(READING), part: Pointer(PART), buffer: floats, top: i64, count: i64):
    if reading.kind == 0:
        _bring_bytes(bytes_(source), reading, part, buffer, top, count)
    elif reading.kind == 1:
        _bring_words(words(source), reading, part, buffer, top, count)
    else:
        _bring_floats(source, reading, part, buffer, top, count)


@function
def _finish_across(k: Pointer(KERNELS), out: floats, out_cell: i64, width: i64):
    """Add to the outputs of a row the bias of each map."""
    if i64(k.bias):
        for j in range(width):
            cell = out + j * out_cell
            for f in range(k.maps):
                cell[f] += k.bias[f]


@function
def _shorts(width: i64) -> i64:
    """Return with how many short blocks the fewest outputs of a row are left over."""
    best, least = 0, width % SIDE
    for n in range(1, 3):
        if width >= n * SHORT and (width - n * SHORT) % SIDE < least:
            best, least = n, (width - n * SHORT) % SIDE
    return best


@function
def _row(x: floats, x_cell: i64, offsets: numbers, cells: i64, w: floats, out: floats, out_cell: i64, width: i64, add: i64):
    """Compute a row of outputs of a group of maps, or add what some more of its cells bring."""
    shorts = _shorts(width)
    wides, at = (width - shorts * SHORT) // SIDE, shorts * SHORT
    end = at + wides * SIDE
    blocks.short_across(x, x_cell, offsets, cells, w, out, out_cell, add, shorts)
    blocks.wide_across(x + at * x_cell, x_cell, offsets, cells, w, out + at * out_cell, out_cell, add, wides)
    blocks.one_across(x + end * x_cell, x_cell, offsets, cells, w, out + end * out_cell, out_cell, add, width - end)


@function(inlined=False)
def _tile(
    source: floats,
    reading: Pointer(READING),
    part: Pointer(PART),
    k: Pointer(KERNELS),
    buffer: floats,
    offsets: numbers,
    out: floats,
    out_row: i64,
    out_cell: i64,
):
    """Compute the outputs of a part; the last group of maps may overlap the one before, and makes the same values again."""
    cells, strip, width, listed = k.taps * k.kh * k.kw, strip_of(part, 1, k.kh), part.width, -1
    for i in range(0, part.height, strip):
        rows = min(strip, part.height - i)
        read = (rows - 1) * part.apart + (k.kh - 1) * part.down + 1
        _bring_cells(source, reading, part, buffer, i * part.apart, read)
        for g in range(k.groups):
            first = min(g * ACROSS, k.maps - ACROSS)
            reads, w = k.reads + first * k.taps, k.grouped + g * ACROSS * cells
            if reads[0] != listed:
                list_cells(part, k, reads, offsets)
                listed = reads[0]
            at = 0
            while at < cells:
                some = chain(at, cells, k.kh, k.kw)
                for r in range(rows):
                    x, to = buffer + r * part.apart * part.pitch, out + (i + r) * out_row + first
                    _row(x, part.jump, offsets + at, some, w + at * ACROSS, to, out_cell, width, at)
                at += some
        for r in range(rows):
            _finish_across(k, out + (i + r) * out_row, out_cell, width)


@function
def channels_last_tiles(source: floats, out: floats, work: Pointer(WORK), own: Pointer(OWN)):
    """Compute outputs, all maps of each side by side, for the parts of a work that no other thread takes."""
    taken, offsets, out_row, out_cell = local(i64, 1), numbers(own.scratch), work.out_row, work.apart
    for _ in range(work.most):
        take(work.turn, taken)
        if taken[0] >= work.count:
            return
        part = work.parts + taken[0]
        to = out + (part.top * out_row + part.left * out_cell)
        _tile(source, work.reading, part, work.kernels, own.cells, offsets, to, out_row, out_cell)
