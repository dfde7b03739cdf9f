"""Some outputs of all maps, far apart: lays the dot products of `dots.py` over them."""

from convgui.engine.strategies.compiled import dots
from convgui.engine.strategies.compiled.dots import TOGETHER
from convgui.engine.strategies.compiled.kinds import Pointer, floats, i64
from convgui.engine.strategies.compiled.language import Function, Written, function
from convgui.engine.strategies.compiled.processor import LANES
from convgui.engine.strategies.compiled.records import SAMPLE

STREAMS = 13
"""Rows of a patch from which on a processor does not follow them by itself."""

APART = 256
"""Bytes from patch to patch up to which whole rows of the source are brought nearer: else most of it is not read."""


def _side_by_side(name: str, of_bytes: Written, of_words: Written, of_floats: Written) -> Function:
    """Return the function that makes outputs side by side by these, one for each kind of number."""

    @function(name=name)
    def make(x: i64, s: Pointer(SAMPLE), size: i64, w: floats, out: floats, count: i64):
        row, across = s.pitch * size, s.across * size
        if s.kind == 0:
            of_bytes(x, row, across, s.kh, s.vectors, s.rest, w, out, count)
        elif s.kind == 1:
            of_words(x, row, across, s.kh, s.vectors, s.rest, w, out, count)
        else:
            of_floats(x, row, across, s.kh, s.vectors, s.rest, w, out, count)

    return make


_some = _side_by_side("some_outputs", dots.some_bytes, dots.some_words, dots.some_floats)
_single = _side_by_side("single_outputs", dots.one_byte, dots.one_word, dots.one_float)


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
