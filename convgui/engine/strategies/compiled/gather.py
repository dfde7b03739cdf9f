"""Reads the cells that a tile needs into a buffer of float32: mixed from channels, with the border, split into phases.

Written in the language of `language.py`, once for each type of number that a source may hold.
"""

from functools import cache

from convgui.engine.strategies.compiled.kinds import Kind, Pointer, bytes_, f32, floats, i64, u8, u16, words
from convgui.engine.strategies.compiled.language import Function, function
from convgui.engine.strategies.compiled.records import PART, READING


@cache
def _value_of(kind: Kind) -> Function:
    source = Pointer(kind)

    @function(name=f"value_{kind.name}")
    def value(row: source, col: i64, channels: i64, single: i64, mix: floats, constant: f32) -> f32:
        """Return the value of one cell, mixed from its channels."""
        if col < 0:
            return constant
        if single >= 0:
            return f32(row[col * channels + single]) * mix[single]
        total = f32(row[col * channels]) * mix[0]
        for c in range(1, channels):
            total += f32(row[col * channels + c]) * mix[c]
        return total

    return value


def _line_of(kind: Kind) -> Function:
    source, value = Pointer(kind), _value_of(kind)

    @function(name=f"line_{kind.name}", inlined=False)
    def line(x: source, jump: i64, channels: i64, single: i64, mix: floats, out: floats, n: i64):
        """Fill `out` with `n` cells that lie `jump` apart in `x`; a mix has the same bits as `source.mix_plane`.

        The usual distances are written out: where the distance is not known no vectors are made of it, three times slower.
        """
        apart = jump * channels
        if single >= 0:
            scale = mix[single]
            x = x + single
            if apart == 1:
                for j in range(n):
                    out[j] = f32(x[j]) * scale
            elif apart == 2:
                for j in range(n):
                    out[j] = f32(x[j * 2]) * scale
            elif apart == 3:
                for j in range(n):
                    out[j] = f32(x[j * 3]) * scale
            else:
                for j in range(n):
                    out[j] = f32(x[j * apart]) * scale
        elif apart == 3:
            r, g, b = mix[0], mix[1], mix[2]
            for j in range(n):
                out[j] = (f32(x[j * 3]) * r + f32(x[j * 3 + 1]) * g) + f32(x[j * 3 + 2]) * b
        elif channels == 3:
            r, g, b = mix[0], mix[1], mix[2]
            for j in range(n):
                out[j] = (f32(x[j * apart]) * r + f32(x[j * apart + 1]) * g) + f32(x[j * apart + 2]) * b
        else:
            for j in range(n):
                out[j] = value(x, j * jump, channels, single, mix, f32(0))

    return line


def _fill_of(kind: Kind) -> Function:
    source_kind, value, line = Pointer(kind), _value_of(kind), _line_of(kind)
    whole = kind == f32

    @function(name=f"fill_{kind.name}", inlined=False)
    def fill(
        source: source_kind,
        reading: Pointer(READING),
        part: Pointer(PART),
        buffer: floats,
        mixed: floats,
        top: i64,
        count: i64,
    ):
        """Fill a buffer with `count` rows of a part from `top` on; `mixed` is memory for a source row."""
        channels, constant, jump, stretches = reading.channels, reading.constant, part.jump, part.stretches
        cells, runs = part.cells, part.count
        last = stretches + (runs - 1)
        length = last.at + last.count
        begin, end = 0, 0  # the first and one past the last source column that is read inside
        for s in range(runs):
            inside = stretches[s].last - stretches[s].first
            if inside > 0:
                start = stretches[s].start
                begin = start if end == 0 else min(begin, start)
                end = max(end, start + (inside - 1) * jump + 1)
        # where many phases are read a row is mixed as it lies, many cells at once, before it is split up
        split = 1 < jump and jump < 3 * runs and (channels > 1 or (not whole and jump > 2))
        for p in range(reading.planes):
            single, mix, offset = reading.singles[p], reading.mixes + p * channels, reading.offsets[p]
            for i in range(count):
                out = buffer + (p * (part.plane // 4) + i * part.pitch)
                at = part.rows[top + i]
                if at < 0:
                    for j in range(length):
                        out[j] = constant
                    continue
                row = source + (p * reading.apart + at * reading.pitch)
                if split:
                    line(row + begin * channels, 1, channels, single, mix, mixed, end - begin)
                for s in range(runs):
                    stretch = stretches + s
                    inner, outer, final = stretch.at + stretch.first, stretch.at + stretch.last, stretch.at + stretch.count
                    for j in range(stretch.at, inner):
                        out[j] = value(row, cells[j], channels, single, mix, constant)
                    if inner < outer:
                        start, to, many = stretch.start, out + inner, outer - inner
                        if split:
                            x = mixed + (start - begin)
                            for j in range(many):
                                to[j] = x[j * jump]
                        else:
                            line(row + start * channels, jump, channels, single, mix, to, many)
                    for j in range(outer, final):
                        out[j] = value(row, cells[j], channels, single, mix, constant)
                if offset != 0.0:
                    for j in range(length):
                        if cells[j] >= 0:
                            out[j] += offset

    return fill


_fill_bytes, _fill_words, _fill_floats = _fill_of(u8), _fill_of(u16), _fill_of(f32)


@function
def gather(
    source: floats, reading: Pointer(READING), part: Pointer(PART), buffer: floats, mixed: floats, top: i64, count: i64
):
    """Fill the buffer of a part, all planes of it, from a source; see `READING` and `PART`.

    Of its rows only `count` are read, from `top` on. `mixed` is memory for as many floats as a source row has columns.
    """
    if reading.kind == 0:
        _fill_bytes(bytes_(source), reading, part, buffer, mixed, top, count)
    elif reading.kind == 1:
        _fill_words(words(source), reading, part, buffer, mixed, top, count)
    else:
        _fill_floats(source, reading, part, buffer, mixed, top, count)
