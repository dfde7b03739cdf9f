"""Records that are handed to the compiled loops: addresses, distances and counts, prepared once and used for each tile."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import from_dtype, types
from numba.extending import intrinsic


def _record(*names: str, constant: bool = False) -> np.dtype:
    fields: list[tuple[str, type]] = [(name, np.int64) for name in names]
    return np.dtype([*fields, ("constant", np.float32)] if constant else fields, align=True)


READING = _record("kind", "pitch", "channels", "planes", "singles", "mixes", constant=True)
"""How planes are read from a source.

`kind` is the place of its dtype in `KINDS`, `pitch` how many numbers a row has. For each of the planes `singles` tells the
one channel it reads, or -1 for all of them, and `mixes` holds a coefficient for each channel (addresses of int64 and
float32). `constant` lies outside.
"""

KINDS = (np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.float32))

STRETCH = _record("at", "count", "first", "last", "start")
"""Cells of a buffer row that lie side by side, `jump` apart in the source: `count` of them from `at` on.

Those from `first` to before `last` lie inside; there the source begins with column `start`.
"""

PART = _record(
    *("in_place", "first", "rows", "cells", "stretches", "count", "jump", "pitch", "plane"),
    *("apart", "down", "columns", "top", "left", "height", "width"),
)
"""A part of a tile, whose values are gathered into a buffer, or read in place from the float at `first` of the source on.

`cells` are the source columns of a buffer row (address of int64), of which `count` `stretches` (address) make it up;
`rows` is the address of the source rows: as many as a `plane` (bytes) has rows of `pitch` floats. Output rows begin
`apart` buffer rows apart, kernel rows lie `down` apart, and `columns` (address of int64) is the distance in floats at which
each kernel column finds its values. The part's `height` x `width` outputs begin at (`top`, `left`) of the tile.
"""

KERNELS = _record("maps", "taps", "kh", "kw", "weights", "reads", "grouped", "groups", "bias")
"""Kernels (maps, taps, kh, kw) at the address `weights`, the planes they read, and the bias of the maps, 0 if there is none.

At `grouped` the weights of `groups` groups of maps lie side by side: (group, tap, kh, kw, map).
"""

TERM = _record("map", "plane", "column", "line", "add")
"""One product of a column and a row (addresses of float32), of a map and the plane it reads; the first does not `add`."""

TRANSFORM = _record(
    *("n", "hop", "half", "folded", "twiddles", "planes", "maps", "taps", "reads"),
    *("spectra", "columns", "apart", "shares", "anchors", "largest", "bias"),
)
"""How a block of 2 `half` columns of `hop` outputs is computed by transforms of `n` steps down the columns.

Each plane has pairs of columns, one of either half, as real and imaginary parts. For each of the `maps` and its `taps`
there are, at each frequency, `columns` weights in `spectra` (address of float64 pairs), `apart` columns from each other.
`folded` is a sequence, laid into columns `hop` steps apart. By `shares` (address of float64: a number for each map) the
largest input is multiplied to tell how far from zero a value must be so that rounding is nothing to it; `anchors` and
`largest` are place (plane, row, column) and magnitude of the largest weight of each map.
"""

readings, stretches, parts = from_dtype(READING), from_dtype(STRETCH), from_dtype(PART)
kernels, terms, transforms = from_dtype(KERNELS), from_dtype(TERM), from_dtype(TRANSFORM)


def _pointer_to(dtype: Any) -> Any:
    @intrinsic
    def pointer(typing, address):  # type: ignore[no-untyped-def]
        """Return an address as a pointer."""

        def write(context, builder, signature, args):  # type: ignore[no-untyped-def]
            return builder.inttoptr(args[0], context.get_value_type(types.CPointer(dtype)))

        return types.CPointer(dtype)(types.int64), write

    return pointer


bytes_at, words_at, floats_at = _pointer_to(types.uint8), _pointer_to(types.uint16), _pointer_to(types.float32)
numbers_at, ints_at, doubles_at = _pointer_to(types.int64), _pointer_to(types.int32), _pointer_to(types.float64)
stretches_at = _pointer_to(stretches)
