"""Some outputs of all maps, far apart: lays the dot products of `dots.py` over them."""

from convgui.engine.strategies.compiled import dots
from convgui.engine.strategies.compiled.dots import TOGETHER
from convgui.engine.strategies.compiled.kinds import Pointer, floats, i64
from convgui.engine.strategies.compiled.language import function
from convgui.engine.strategies.compiled.processor import LANES
from convgui.engine.strategies.compiled.records import SAMPLE

STREAMS = 13
"""Rows of a patch from which on a processor does not follow them by itself."""

APART = 256
"""Bytes from patch to patch up to which whole rows of the source are brought nearer: else most of it is not read."""


@function
def _some(x: i64, s: Pointer(SAMPLE), size: i64, w: floats, out: floats, count: i64):
    """Make `count` times `TOGETHER` outputs side by side."""
    if s.kind == 0:
        dots.some_bytes(x, s.pitch, s.across, s.kh, s.vectors, s.rest, w, out, count)
    elif s.kind == 1:
        dots.some_words(x, s.pitch * size, s.across * size, s.kh, s.vectors, s.rest, w, out, count)
    else:
        dots.some_floats(x, s.pitch * size, s.across * size, s.kh, s.vectors, s.rest, w, out, count)


@function
def _single(x: i64, s: Pointer(SAMPLE), size: i64, w: floats, out: floats, count: i64):
    """Make `count` outputs side by side."""
    if s.kind == 0:
        dots.one_byte(x, s.pitch, s.across, s.kh, s.vectors, s.rest, w, out, count)
    elif s.kind == 1:
        dots.one_word(x, s.pitch * size, s.across * size, s.kh, s.vectors, s.rest, w, out, count)
    else:
        dots.one_float(x, s.pitch * size, s.across * size, s.kh, s.vectors, s.rest, w, out, count)


@function
def sample_tile(
    source: floats, s: Pointer(SAMPLE), first: i64, out: floats, out_row: i64, out_map: i64, height: i64, width: i64
):
    """Compute height x width outputs of all maps, the patch of the first of which begins at the number `first` of a source.

    `out_row` and `out_map` are the distances of output rows and of maps in floats.
    """
    size = 4 if s.kind == 2 else s.kind + 1
    many, wide = width // TOGETHER, (width - 1) * s.across * size + s.vectors * LANES * size
    rows = s.down // s.pitch  # of the source, from one row of outputs to the next
    for f in range(s.maps):
        w, bias = s.weights + f * s.kh * s.vectors * LANES, s.bias[f]
        for i in range(height):
            x, to = i64(source) + (first + i * s.down) * size, out + (f * out_map + i * out_row)
            if s.kh >= STREAMS and s.across * size <= APART:
                for u in range(0 if i == 0 else max(s.kh - rows, 0), s.kh):
                    dots.fetch(x + u * s.pitch * size, wide)
            _some(x, s, size, w, to, many)
            done = many * TOGETHER
            _single(x + done * s.across * size, s, size, w, to + done, width - done)
            for j in range(width):
                to[j] += bias
            if s.rectified:
                for j in range(width):
                    to[j] = max(to[j], 0.0) + 0.0  # NaN stays, and no zero has a sign: NumPy's bits
