"""Records that are handed to the compiled loops: addresses, distances and counts, prepared once and used for each tile."""

from __future__ import annotations

import numpy as np

from convgui.engine.strategies.compiled.kinds import Kind, Pointer, Record, doubles, f32, floats, i64, numbers


def _counts(*names: str) -> dict[str, Kind | Pointer]:
    return dict.fromkeys(names, i64)


READING = Record.of(
    **_counts("kind", "pitch", "channels", "planes"),
    singles=numbers,
    mixes=floats,
    offsets=floats,
    constant=f32,
    apart=i64,
)
"""How planes are read from a source.

`kind` is the place of its dtype in `KINDS`, `pitch` how many numbers a row has. For each of the planes `singles` tells the
one channel it reads, or -1 for all of them, and `mixes` holds a coefficient for each channel; then the plane's number of
`offsets` is added. `constant` lies outside. Planes that lie one behind the other are `apart` numbers from each other.
"""

KINDS = (np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.float32))

STRETCH = Record.of(**_counts("at", "count", "first", "last", "start"))
"""Cells of a buffer row that lie side by side, `jump` apart in the source: `count` of them from `at` on.

Those from `first` to before `last` lie inside; there the source begins with column `start`.
"""

PART = Record.of(
    **_counts("in_place", "first"),
    rows=numbers,
    cells=numbers,
    stretches=Pointer(STRETCH),
    **_counts("count", "jump", "pitch", "plane", "apart", "down"),
    columns=numbers,
    **_counts("top", "left", "height", "width"),
)
"""A part of a tile, whose values are gathered into a buffer, or read in place from the float at `first` of the source on.

`cells` are the source columns of a buffer row, of which `count` `stretches` make it up; `rows` are the source rows: as many
as a `plane` (bytes) has rows of `pitch` floats. Output rows begin `apart` buffer rows apart, kernel rows lie `down` apart,
and `columns` is the distance in floats at which each kernel column finds its values. The part's `height` x `width` outputs
begin at (`top`, `left`) of the tile.
"""

TERM = Record.of(**_counts("map", "plane"), column=floats, line=floats, add=i64)
"""One product of a column and a row, of a map and the plane it reads; the first does not `add`. Maps are in order."""

KERNELS = Record.of(
    **_counts("maps", "taps", "kh", "kw"),
    weights=floats,
    reads=numbers,
    grouped=floats,
    groups=i64,
    bias=floats,
    rectified=i64,
    terms=Pointer(TERM),
    count=i64,
    listed=numbers,
)
"""Kernels (maps, taps, kh, kw) at `weights`, the planes they read, and the bias of the maps, 0 if there is none.

If they are `rectified`, what is below zero becomes zero.

At `grouped` the weights of `groups` groups of maps lie side by side: (group, tap, kh, kw, map).

Where there are two passes the kernels are the sums of `count` `terms`, whose address is 0 where there is one. `reads` is a
list of one 0 then, for the one plane that lies between the passes, and `listed` the planes that the kernels read.
"""

SAMPLE = Record.of(
    **_counts("kind", "pitch", "down", "across", "kh", "vectors", "rest", "maps", "rectified"),
    weights=floats,
    bias=floats,
)
"""How outputs that lie apart are made of patches where they lie.

`kind` is the place of the source's dtype in `KINDS`; its rows lie `pitch` numbers apart, the patches of outputs `down` and
`across` numbers. For each of the `maps` there are `kh` rows of `vectors` vectors of weights, the last with `rest` of them.
"""

TRANSFORM = Record.of(
    **_counts("n", "hop", "half", "folded"),
    twiddles=doubles,
    **_counts("planes", "maps", "taps"),
    reads=numbers,
    spectra=doubles,
    **_counts("columns", "apart"),
    shares=doubles,
    anchors=numbers,
    largest=doubles,
    bias=floats,
    direct=Pointer(KERNELS),
)
"""How a block of 2 `half` columns of `hop` outputs is computed by transforms of `n` steps down the columns.

Each plane has pairs of columns, one of either half, as real and imaginary parts. For each of the `maps` and its `taps`
there are, at each frequency, `columns` weights in `spectra` (pairs), `apart` columns from each other. `folded` is a
sequence, laid into columns `hop` steps apart. By `shares` (a number for each map) the largest input is multiplied to tell
how far from zero a value must be so that rounding is nothing to it; `anchors` and `largest` are place (plane, row, column)
and magnitude of the largest weight of each map. By `direct` a value is computed that is closer.
"""

OWN = Record.of(cells=floats, scratch=floats, between=floats)
"""Memory of one thread: for the cells of a part, for a row of the source or the places of weights, and for what lies between
two passes or transforms."""

WORK = Record.of(
    reading=Pointer(READING),
    parts=Pointer(PART),
    count=i64,
    turn=numbers,
    kernels=Pointer(KERNELS),
    transform=Pointer(TRANSFORM),
    **_counts("out_row", "apart", "most"),
)
"""A work that threads share: whoever is done with one of its `count` parts takes the next, by counting up the `turn`.

It is done by `kernels`, or by the `transform`. `out_row` is the distance of output rows in floats, `apart` that of maps, or
of outputs where maps lie last. After `most` parts a thread comes back to the interpreter.
"""
