"""What the screen needs of a map: the strongest value under each pixel, colours, and the statistics for its limits."""

from convgui.engine.strategies.compiled.kinds import f64, floats, i32, i64, ints, numbers
from convgui.engine.strategies.compiled.language import bits, function, local

MANY = 1024
"""Values of which the places are found together, before anything is done there: the processor does several at a time."""


@function
def keep_strongest(
    values: floats, maps: i64, rows: i64, cols: i64, out: floats, out_row: i64, out_map: i64, height: i64, width: i64
):
    """Write to `out` the value of largest magnitude in each block of `height` x `width` of `values` (maps, rows, cols).

    The last blocks of a map may be smaller. The sign is kept, NaN counts as strongest.
    """
    for f in range(maps):
        for i in range(0, rows, height):
            to = out + (f * out_map + i // height * out_row)
            for j in range(0, cols, width):
                best = values[(f * rows + i) * cols + j]
                for u in range(i, min(i + height, rows)):
                    row = values + (f * rows + u) * cols
                    for v in range(j, min(j + width, cols)):
                        value = row[v]
                        if value != value or abs(value) > abs(best):
                            best = value
                    if best != best:
                        break
                to[j // width] = best


@function
def colour_values(values: floats, count: i64, low: f64, high: f64, table: ints, colours: i64, out: ints):
    """Write to `out` the three bytes of each value's colour: `table` from `low` to `high`, its row `colours` for NaN.

    A row is red + 256 green + 65,536 blue. First the places of many values in the table are found, several at a time, then
    their colours, which are written four at a time as three whole words: `out` has room for such fours.
    """
    factor = f64(colours) / (high - low)
    most = f64(colours) - 1.0
    places = local(i32, MANY)
    for first in range(0, count, MANY):
        many = min(MANY, count - first)
        some = values + first
        for i in range(many):
            value = f64(some[i])
            k = i32(colours)
            if value == value:
                k = i32(min(max((value - low) * factor, 0.0), most))
            places[i] = k
        for i in range(many, (many + 3) // 4 * 4):
            places[i] = i32(0)
        to = out + 3 * (first // 4)
        for i in range(0, many, 4):
            a, b = table[i64(places[i])], table[i64(places[i + 1])]
            c, d = table[i64(places[i + 2])], table[i64(places[i + 3])]
            to[0] = a | b << 24
            to[1] = b >> 8 | c << 16
            to[2] = c >> 16 | d << 8
            to += 3


@function
def survey_values(values: floats, count: i64, low: f64, high: f64, counts: numbers, bins: i64) -> i64:
    """Add values to a histogram from `low` to `high`, and return how many are finite; others are not counted."""
    factor, most = f64(bins) / (high - low), f64(bins) - 1.0
    places = local(i32, MANY)
    finite = 0
    for first in range(0, count, MANY):
        many = min(MANY, count - first)
        some = values + first
        for i in range(many):
            value = f64(some[i])
            k = i32(-1)
            if value - value == 0.0:
                k = i32(min(max((value - low) * factor, 0.0), most))
            places[i] = k
        for i in range(many):
            k = places[i]
            if k >= 0:
                counts[i64(k)] += 1
                finite += 1
    return finite


@function
def count_magnitudes(values: floats, count: i64, shift: i64, counts: numbers):
    """Add each value to the bin of its magnitude: its bits without the sign, shifted so that some of the mantissa stay."""
    for i in range(count):
        magnitude = i64(bits(values[i], i32) & 0x7FFFFFFF)
        counts[magnitude >> shift] += 1
