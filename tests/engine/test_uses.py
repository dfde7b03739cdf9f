"""Where an input cell goes: the definition read the other way round, for every border, stride and dilation."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.border import BORDERS
from convgui.engine.source import Source
from tests.chains import definition
from tests.single import Operation, chain_of, uses_layer


@settings(max_examples=150)
@given(
    size=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    shape=st.tuples(st.integers(1, 7), st.integers(1, 7)),
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    dilation=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    border=st.sampled_from(BORDERS),
    padding=st.sampled_from(["same", "full", "valid", ((2, 1), (0, 3))]),
    flip=st.booleans(),
    colour=st.sampled_from(["each channel", "sum"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_weights_are_those_of_the_map_of_one_bright_cell(
    size, shape, stride, dilation, border, padding, flip, colour, seed
):
    random = np.random.default_rng(seed)
    settings = {"stride": stride, "dilation": dilation, "border": border, "padding": padding, "flip": flip}
    layer = Operation(Kernel(random.standard_normal(size)), colour=colour, **settings)
    assume(all(axis.outputs for axis in layer.axes(*shape)))
    row, col = int(random.integers(shape[0])), int(random.integers(shape[1]))
    array = np.zeros((*shape, 2), np.float32)
    array[row, col] = 1.0
    chain = chain_of([layer], Source(array))
    map = int(random.integers(chain.shape(1).maps))
    expected = definition(chain)[map]
    found = uses_layer(layer, chain.source, map, row, col)
    drawn = np.zeros_like(expected)
    if found.rows.size and found.cols.size:
        drawn[np.ix_(found.rows, found.cols)] = found.shares.sum(axis=0)
    assert np.allclose(drawn, expected, atol=1e-12)


def test_the_article_s_second_step_goes_to_two_outputs():
    sequence = Source(np.array([[0, 1, 0, 1, 1, 0]], np.float32))
    found = uses_layer(Operation(Kernel([[0, 1]]), padding="valid"), sequence, 0, 0, 1)
    assert found.cols.tolist() == [0, 1]
    assert found.shares.tolist() == [[[1, 0]]]


def test_at_a_repeated_edge_one_output_reads_a_cell_more_than_once():
    found = uses_layer(Operation(Kernel([[1, 10, 100]]), border="replicate"), Source(np.ones((1, 4), np.float32)), 0, 0, 0)
    assert found.cols.tolist() == [0, 1]
    assert found.weights.tolist() == [[[11, 1]]]


def test_a_cell_that_a_stride_leaves_out_goes_nowhere():
    found = uses_layer(Operation(Kernel([[1.0]]), stride=(1, 2)), Source(np.ones((1, 5), np.float32)), 0, 0, 1)
    assert found.cols.size == 0
    assert found.weights.shape == (1, 1, 0)


def test_no_such_cell():
    with pytest.raises(IndexError, match=r"of 2 × 2 .* received map 0, 2, 0"):
        uses_layer(Operation(Kernel([[1]])), Source(np.ones((2, 2), np.float32)), 0, 2, 0)
