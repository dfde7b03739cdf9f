"""Provenance: the rectangles that are marked are those of the definition."""

import numpy as np
import pytest
from documents import document
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.reference import read
from convgui.engine.looking.explain import explain
from convgui.engine.looking.uses import uses
from convgui.engine.network import Chain
from convgui.engine.source import Source
from convgui.model import provenance
from convgui.model.pointed import explain_cell


def state_of(array, kernel, **layer):
    return document(Source(np.asarray(array, np.float32)), kernel, **layer)


@settings(max_examples=80)
@given(
    size=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    shape=st.tuples(st.integers(1, 7), st.integers(1, 7)),
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    dilation=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    padding=st.sampled_from(["same", "full", "valid", "causal", ((3, 0), (0, 4))]),
)
def test_the_marked_outputs_are_those_that_read_beyond_the_edge(size, shape, stride, dilation, padding):
    layer = Conv(Kernel(np.ones(size)), stride=stride, dilation=dilation, padding=padding)
    rows, cols = layer.axes(*shape)
    assume(rows.outputs and cols.outputs)
    source = Source(np.zeros(shape, np.float32))
    covered = np.zeros((rows.outputs, cols.outputs), int)
    for left, top, width, height in provenance.outputs_of_border(rows, cols):
        down, across = round((top - rows.origin) / rows.stride), round((left - cols.origin) / cols.stride)
        covered[down : down + round(height / rows.stride), across : across + round(width / cols.stride)] += 1
    reach = explain_all(Chain(source, layers=(layer,)), covered.shape)
    assert np.array_equal(covered, reach)


def explain_all(chain, shape):
    """Return for each output whether its patch leaves the input, gaps of a dilated patch counted in."""
    found, source = np.zeros(shape, int), chain.source
    for i, j in np.ndindex(shape):
        e = explain(chain, 1, 0, i, j)
        inside = e.rows[0] >= 0 and e.cols[0] >= 0 and e.rows[-1] < source.rows and e.cols[-1] < source.cols
        found[i, j] = not inside
    return found


@pytest.mark.parametrize("border", BORDERS)
def test_what_lies_beyond_has_the_values_that_the_convolution_reads(border):
    state = state_of(np.random.default_rng(0).random((5, 6)), np.ones((5, 3)), border=border, padding="full", constant=0.25)
    found = provenance.beyond(state, (-100, -100, 300, 300), 0.0, 1.0)
    left, top, width, height = (int(n) for n in found.rect)
    assert (left, top, width, height) == (-2, -4, 10, 13)
    chain = state.chain
    expected = read(
        chain.planes.cells, chain.bounds[0].around, 0, np.arange(top, top + height), np.arange(left, left + width)
    )
    assert np.allclose(found.values, expected, atol=1e-7)
    grey = np.clip(np.floor(expected * 255 + 0.5), 0, 255)
    assert np.abs(found.colours[..., 0].astype(int) - grey).max() <= 1


def test_where_only_the_input_is_seen_nothing_lies_beyond():
    state = state_of(np.zeros((40, 40)), np.ones((3, 3)))
    assert provenance.beyond(state, (10, 10, 5, 5), 0.0, 1.0) is None
    assert provenance.beyond(state, (-5, 10, 10, 5), 0.0, 1.0).rect == (-1, 10, 6, 5)


@pytest.mark.parametrize("border", [b for b in BORDERS if b != "zeros"])
def test_a_line_leads_from_an_invented_cell_to_one_of_the_same_value(border):
    array = np.arange(20.0).reshape(4, 5)
    state = state_of(array, np.ones((5, 5)), border=border)
    e = explain_cell(state, 0, 4)
    lines = provenance.links(e, border, state.input)
    assert len(lines) == e.outside.sum()
    for (col, row, _, _), (to_col, to_row, _, _) in lines:
        u, v = list(e.rows).index(row), list(e.cols).index(col)
        assert array[int(to_row), int(to_col)] == e.patch[0, u, v]


def test_the_frame_around_the_readers_of_a_cell():
    state = state_of(np.zeros((9, 9)), np.ones((3, 3)), border="wrap")
    rows, cols = state.conv.axes(9, 9)
    middle, corner = (uses(state.chain, 1, 0, *at) for at in ((4, 4), (0, 0)))
    assert provenance.reading_rect(rows, cols, middle) == (3, 3, 3, 3)
    assert provenance.reading_rect(rows, cols, corner) == (0, 0, 2, 2)
    assert len(provenance.reading_cells(rows, cols, corner).weights) == 9  # those at the far edges as well


@pytest.mark.parametrize("colour", ["sum", "each channel"])
@pytest.mark.parametrize("border", ["replicate", "wrap"])
def test_the_rows_of_a_sequence_are_its_channels(colour, border):
    state = state_of(np.arange(12).reshape(1, 4, 3), [[1.0, -1.0, 2.0]], border=border, colour=colour)
    e = explain_cell(state, 0, 0)
    lanes = [0] if colour == "each channel" else [0, 1, 2]
    rows, cols = state.axes
    assert provenance.patch_rects(rows, cols, e, state.input) == [(-1, lane, 3, 1) for lane in lanes]
    rects, weights = provenance.patch_cells(e, border, state.input)
    assert rects.tolist() == [[c - 1, lane, 1, 1] for lane in lanes for c in range(3)]
    assert weights.tolist() == [1, -1, 2] * len(lanes)
    source = 0 if border == "replicate" else 3
    links = provenance.links(e, border, state.input)
    assert links == [((-1, lane, 1, 1), (source, lane, 1, 1)) for lane in lanes]
    assert provenance.term_at(e, lanes[-1], 1, state.input) == (len(lanes) - 1, 0, 2)
    assert provenance.term_rects(e, (None, 0, 1), state.input) == [(0, lane, 1, 1) for lane in lanes]


def test_a_kernel_of_several_rows_meets_a_sequence_where_the_border_lets_it():
    """Beyond the one row there are zeros, or copies of it: then all weights of a column meet the same cell."""
    kernel = [[1.0], [10.0], [100.0]]
    for border, weight in (("zeros", 10.0), ("replicate", 111.0)):
        state = state_of([[1.0, 2.0]], kernel, border=border)
        e = explain_cell(state, 0, 1)
        rects, weights = provenance.patch_cells(e, border, state.input)
        assert rects.tolist() == [[1, 0, 1, 1]] and weights.tolist() == [weight]


def test_beyond_a_sequence_each_channel_has_its_own():
    state = state_of([[[1, 10], [2, 20]]], [[1.0, 1.0, 1.0]], border="replicate", colour="sum")
    found = provenance.beyond(state, (-5, 0, 20, 2), 0, 20)
    assert found.rect == (-1, 0, 4, 2)
    assert found.values.tolist() == [[1, 1, 2, 2], [10, 10, 20, 20]]


def test_beyond_a_sequence_a_constant_is_shared_out():
    state = state_of([[[1, 10], [2, 20]]], [[1.0, 1.0, 1.0]], constant=3.0, colour="sum")
    found = provenance.beyond(state, (-5, 0, 20, 2), 0, 20)
    assert found.values[:, 0].tolist() == [1.5, 1.5]
    assert explain_cell(state, 0, 0).value == 3 + 1 + 10 + 2 + 20


@pytest.mark.parametrize(
    ("layer", "outputs"),
    [
        ({"padding": "same"}, [0, 1, 2]),
        ({"padding": "valid"}, [1, 2, 3]),
        ({"padding": "causal", "dilation": (1, 2)}, [0, 1, 2]),
        ({"padding": "valid", "stride": (1, 2)}, [1, 3, 5]),
    ],
)
def test_an_output_lies_over_an_input_cell(layer, outputs):
    state = state_of(np.zeros((1, 9)), [[1.0, 1.0, 1.0]], **layer)
    assert [provenance.under(state, 0, col) for col in range(3)] == [(0, col) for col in outputs]
