"""The largest value or the mean of each patch: rows are folded into a buffer, then its columns, each in their order."""

from convgui.engine.strategies.compiled.kinds import f32, floats, i64
from convgui.engine.strategies.compiled.language import function


@function
def _larger(a: f32, b: f32) -> f32:
    """Return the larger of two values, the second of equal ones; NaN wins."""
    larger = a if a > b else b
    return a if a != a else larger


@function
def _folded(a: f32, b: f32, mean: i64) -> f32:
    """Return the sum of two values, or the larger of them."""
    if mean:
        return a + b
    return _larger(a, b)


def _apart(step):
    """Return the loops over columns whose patches are `step` cells apart: the first two cells, and one more."""

    @function(name=f"pool_first_columns_{step}")
    def first(row: floats, apart: i64, to: floats, count: i64, mean: i64):
        other = row + apart
        if mean:
            for j in range(count):
                to[j] = row[step * j] + other[step * j]
        else:
            for j in range(count):
                to[j] = _larger(row[step * j], other[step * j])

    @function(name=f"pool_next_columns_{step}")
    def following(row: floats, to: floats, count: i64, mean: i64):
        if mean:
            for j in range(count):
                to[j] += row[step * j]
        else:
            for j in range(count):
                to[j] = _larger(to[j], row[step * j])

    return first, following


@function
def _fold_rows(a: floats, b: floats, to: floats, count: i64, mean: i64):
    """Fold two rows into a third one."""
    if mean:
        for c in range(count):
            to[c] = a[c] + b[c]
    else:
        for c in range(count):
            to[c] = _larger(a[c], b[c])


BY_ONE, NEXT_BY_ONE = _apart(1)
BY_TWO, NEXT_BY_TWO = _apart(2)


@function
def _whole_patches(row: floats, to: floats, count: i64, step: i64, taps: i64, apart: i64, mean: i64):
    """Fold the columns of patches that lie inside: cell j is made of ``row[j * step + v * apart]``."""
    if taps > 1 and step == 1:
        BY_ONE(row, apart, to, count, mean)
        for v in range(2, taps):
            NEXT_BY_ONE(row + v * apart, to, count, mean)
        return
    if taps > 1 and step == 2:
        BY_TWO(row, apart, to, count, mean)
        for v in range(2, taps):
            NEXT_BY_TWO(row + v * apart, to, count, mean)
        return
    for j in range(count):
        to[j] = row[j * step]
    for v in range(1, taps):
        tap = row + v * apart
        for j in range(count):
            to[j] = _folded(to[j], tap[j * step], mean)


@function
def _first(at: i64, apart: i64) -> i64:
    """Return the first cell of a patch that is not before cell 0; `at` is where its first one lies."""
    return (apart - 1 - at) // apart if at < 0 else 0


@function
def _end(at: i64, apart: i64, taps: i64, size: i64) -> i64:
    """Return how many cells of a patch lie before the end of an axis of `size` cells."""
    return min(taps, (size - at + apart - 1) // apart) if at < size else 0


@function
def _one_patch(row: floats, at: i64, width: i64, taps: i64, apart: i64, mean: i64) -> f32:
    """Fold the columns of a patch that is partly outside; 0 if nothing of it is inside."""
    found, begun = f32(0.0), 0
    for v in range(_first(at, apart), _end(at, apart, taps, width)):
        value = row[at + v * apart]
        found = _folded(found, value, mean) if begun else value
        begun = 1
    return found


@function
def pool_tile(
    values: floats,
    in_row: i64,
    in_map: i64,
    height: i64,
    width: i64,
    maps: i64,
    out: floats,
    out_row: i64,
    out_map: i64,
    rows: i64,
    cols: i64,
    row_at: i64,
    row_step: i64,
    row_taps: i64,
    row_apart: i64,
    col_at: i64,
    col_step: i64,
    col_taps: i64,
    col_apart: i64,
    first: i64,
    end: i64,
    down: floats,
    across: floats,
    buffer: floats,
    mean: i64,
):
    """Fold the patches of rows x cols outputs of some maps of height x width values.

    The first cell of output cell 0 is (`row_at`, `col_at`), which may lie outside; patches lie `step` cells apart and have
    `taps` cells that lie `apart` from each other. Columns from `first` to before `end` lie inside. A mean is divided by
    ``down[i] * across[j]``; with a `mean` of 2 padding is counted, so that a sum is never -0. `buffer` has room for `width`
    floats.
    """
    zero = f32(-0.0)
    if mean == 2:
        zero = f32(0.0)
    for f in range(maps):
        for i in range(rows):
            begun, at = 0, row_at + i * row_step
            row = buffer
            for u in range(_first(at, row_apart), _end(at, row_apart, row_taps, height)):
                read = values + (f * in_map + (at + u * row_apart) * in_row)
                if begun == 0:
                    row = read
                elif begun == 1:
                    _fold_rows(row, read, buffer, width, mean)
                    row = buffer
                else:
                    NEXT_BY_ONE(read, buffer, width, mean)
                begun += 1
            if begun == 0:
                for c in range(width):
                    buffer[c] = 0.0
            to = out + (f * out_map + i * out_row)
            for j in range(first):
                to[j] = _one_patch(row, col_at + j * col_step, width, col_taps, col_apart, mean)
            if first < end:
                _whole_patches(
                    row + (col_at + first * col_step), to + first, end - first, col_step, col_taps, col_apart, mean
                )
            for j in range(end, cols):
                to[j] = _one_patch(row, col_at + j * col_step, width, col_taps, col_apart, mean)
            if mean:
                by = down[i]
                for j in range(cols):
                    to[j] = (to[j] + zero) / (by * across[j])
