"""What every bound layer promises, as checks that the tests of all kinds share."""

import numpy as np
from hypothesis import strategies as st

from convgui.engine.layers.base import Block, Shape


def puller(x):
    """Return a function that gives exactly the cells that are asked for."""

    def pull(needs):
        for cells, n in ((needs.rows, x.shape[1]), (needs.cols, x.shape[2])):
            assert cells.step == 1 and 0 <= cells.start < cells.stop <= n, needs
        assert (np.diff(needs.maps) > 0).all()
        values = x[needs.maps][:, needs.rows.start : needs.rows.stop, needs.cols.start : needs.cols.stop]
        return Block(np.ascontiguousarray(values), needs.maps, needs.rows.start, needs.cols.start)

    return pull


def filled(bound, x, maps=None, rows=None, cols=None):
    """Return outputs, pulled as a chain pulls them; all of them by default."""
    maps = np.arange(bound.output.maps) if maps is None else maps
    rows, cols = range(bound.output.rows) if rows is None else rows, range(bound.output.cols) if cols is None else cols
    out = np.full((len(maps), len(rows), len(cols)), 123.0, np.float32)
    bound.fill(puller(x), maps, rows, cols, out)
    return out


def planes(shape, seed=0, spread=1.0, special=0.0):
    """Return some planes, a part of them NaN, infinite or zero of either sign."""
    rng = np.random.default_rng(seed)
    x = (rng.standard_normal(shape) * spread).astype(np.float32)
    odd = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, 3e38], np.float32)
    return np.where(rng.random(shape) < special, rng.choice(odd, shape), x)


def same_bits(a, b):
    """Return whether values are equal to the bit; a NaN is a NaN, whatever its bits."""
    return a.shape == b.shape and bool(((a.view(np.uint32) == b.view(np.uint32)) | (np.isnan(a) & np.isnan(b))).all())


shapes = st.builds(Shape, st.integers(1, 4), st.integers(1, 13), st.integers(1, 13))


@st.composite
def stretches(draw, n):
    """Draw some of `n` cells, every so many of a stretch."""
    start = draw(st.integers(0, n - 1))
    return range(start, draw(st.integers(start + 1, n)), draw(st.integers(1, 4)))


def check_windows(bound, x, data):
    """Assert that any outputs, pulled by themselves or from a larger block, have the bits that all of them together have."""
    whole = filled(bound, x)
    maps = np.array(sorted(data.draw(st.sets(st.integers(0, bound.output.maps - 1), min_size=1))))
    rows, cols = data.draw(stretches(bound.output.rows)), data.draw(stretches(bound.output.cols))
    wanted = np.ascontiguousarray(whole[maps][:, list(rows)][:, :, list(cols)])
    assert same_bits(filled(bound, x, maps, rows, cols), wanted)
    framed = np.full((len(maps), len(rows) + 2, len(cols) + 3), 123.0, np.float32)
    block = Block(x, np.arange(len(x)), 0, 0)
    bound.compute(block, maps, rows, cols, framed[:, 1:-1, 2:-1])
    assert same_bits(framed[:, 1:-1, 2:-1].copy(), wanted)
    assert (framed[:, 0] == 123).all() and (framed[:, :, :2] == 123).all() and (framed[:, :, -1] == 123).all()


def check_reading(bound, x):
    """Assert that exactly the outputs that say so change with each input cell, of maps, rows and columns.

    A cell is made NaN: whatever reads it is NaN then.
    """
    assert bound.output.rows > 0 and bound.output.cols > 0
    plain = filled(bound, x)
    assert not np.isnan(plain).any()
    for m, row, col in np.ndindex(*x.shape):
        changed = x.copy()
        changed[m, row, col] = np.nan
        found = np.isnan(filled(bound, changed))
        rows, cols = bound.readers(row, col)
        wanted = np.zeros(found.shape, bool)
        wanted[np.ix_(bound.readers_maps(m), rows, cols)] = True
        assert (found == wanted).all(), (m, row, col)
    for row in range(bound.output.rows):
        for col in range(bound.output.cols):
            rows, cols = bound.reads(row, col)
            for r in range(x.shape[1]):
                for c in range(x.shape[2]):
                    back = bound.readers(r, c)
                    assert (r in rows and c in cols) == (row in back[0] and col in back[1])


def check_explained(bound, x, wanted_cells=None):
    """Assert that each output cell's explanation has its value, as code as well, and names the cells that it reads."""
    whole = bound.reference(x.astype(np.float64))
    pull = puller(x)
    for m, row, col in np.ndindex(*bound.output):
        found = bound.explain(lambda needs: pull(needs).values.astype(np.float64), m, row, col)
        assert (found.kind, found.map, found.row, found.col) == (bound.layer.kind, m, row, col)
        np.testing.assert_allclose(found.value, whole[m, row, col], rtol=1e-12, atol=1e-300)
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(eval(found.numpy, {"np": np}), found.value, rtol=1e-12, atol=1e-300)
        rows, cols = bound.reads(row, col)
        assert {(cell.row, cell.col) for cell in found.cells} == {(r, c) for r in rows.tolist() for c in cols.tolist()}
        for cell in found.cells:
            np.testing.assert_equal(cell.value, float(x[cell.map, cell.row, cell.col]))


def check_against(bound, x, expected, atol=1e-6):
    """Assert that both the values and the definition give what another program has computed."""
    np.testing.assert_allclose(bound.reference(x.astype(np.float64)), expected, rtol=1e-5, atol=atol)
    np.testing.assert_allclose(filled(bound, x), expected, rtol=1e-5, atol=atol)


def check_accuracy(bound, x, magnitude):
    """Assert that values lie within 1e-5 of the sum of magnitudes of the definition."""
    wanted = bound.reference(x.astype(np.float64))
    found = filled(bound, x)
    with np.errstate(over="ignore"):
        rounded = wanted.astype(np.float32)
    finite = np.isfinite(rounded)
    assert (found[~finite] == rounded[~finite]).all() or np.isnan(wanted).any()
    assert (np.isnan(found) == np.isnan(wanted)).all()
    least = np.finfo(np.float32).tiny  # below it float32 loses digits
    allowed = 1e-5 * np.broadcast_to(magnitude, wanted.shape)[finite] + least
    assert (np.abs(found[finite] - wanted[finite]) <= allowed).all()
