"""What the screen needs of a map: the strongest value under each pixel, colours, and the statistics for its limits."""

from convgui.engine.strategies.compiled.kinds import bytes_, doubles, f64, floats, i32, i64, numbers
from convgui.engine.strategies.compiled.language import bits, function


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
def colour_values(values: floats, count: i64, low: f64, high: f64, table: bytes_, colours: i64, out: bytes_):
    """Write to `out` (count, 3) the colour of each value: `table` from `low` to `high`, its row `colours` for NaN."""
    factor = f64(colours) / (high - low)
    most = f64(colours) - 1.0
    for i in range(count):
        value = f64(values[i])
        k = colours
        if value == value:
            k = i64(min(max((value - low) * factor, 0.0), most))
        out[3 * i] = table[3 * k]
        out[3 * i + 1] = table[3 * k + 1]
        out[3 * i + 2] = table[3 * k + 2]


@function
def survey_values(values: floats, count: i64, low: f64, high: f64, counts: numbers, bins: i64, extremes: doubles):
    """Add values to a histogram from `low` to `high`, and to `extremes`: least, largest, how many finite, how many not."""
    factor, most = f64(bins) / (high - low), f64(bins) - 1.0
    least, largest, finite, other = extremes[0], extremes[1], 0, 0
    for i in range(count):
        value = f64(values[i])
        if value - value != 0.0:
            other += 1
            continue
        least = min(least, value)
        largest = max(largest, value)
        finite += 1
        k = i64(min(max((value - low) * factor, 0.0), most))
        counts[k] += 1
    extremes[0] = least
    extremes[1] = largest
    extremes[2] += f64(finite)
    extremes[3] += f64(other)


@function
def count_magnitudes(values: floats, count: i64, shift: i64, counts: numbers):
    """Add each value to the bin of its magnitude: its bits without the sign, shifted so that some of the mantissa stay."""
    for i in range(count):
        magnitude = i64(bits(values[i], i32) & 0x7FFFFFFF)
        counts[magnitude >> shift] += 1
