"""Banks over arrays whose channels lie last: the bits that a chain gives, whatever the blocks, the tiles and the threads."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import convgui
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.network import Chain, evaluate
from convgui.engine.network.again import Again
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies import channels_last, work
from convgui.engine.strategies.channels_last import ChannelsLast
from convgui.engine.strategies.tiles import limit_threads

pytestmark = pytest.mark.usefixtures("compiled")


def chain_of(array, weights, **options):
    return Chain(Source(array), Reading("each channel"), (Conv(Kernel(weights), **options),))


@settings(max_examples=80)
@given(
    shape=st.tuples(st.integers(1, 20), st.integers(1, 40)),
    size=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    channels=st.integers(8, 20),
    maps=st.sampled_from([16, 17, 31, 32, 33, 48, 70]),
    groups=st.integers(1, 2),
    dtype=st.sampled_from(["uint8", "uint16", "float32"]),
    options=st.fixed_dictionaries(
        {
            "stride": st.tuples(st.integers(1, 5), st.integers(1, 5)),
            "dilation": st.tuples(st.integers(1, 3), st.integers(1, 3)),
            "border": st.sampled_from(BORDERS),
            "constant": st.sampled_from([0.0, 2.5]),
            "padding": st.sampled_from(["same", "full", ((2, 1), (0, 3))]),
        }
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_values_have_the_bits_that_a_chain_gives(shape, size, channels, maps, groups, dtype, options, seed):
    random = np.random.default_rng(seed)
    array = random.integers(0, 256, (*shape, channels * groups)).astype(dtype)
    weights = random.standard_normal((*size, channels, maps * groups))
    bias = tuple(random.standard_normal(maps * groups)) if seed % 2 else (0.0,)
    chain = chain_of(array, weights, groups=groups, bias=bias, **options)
    assume(chain.fault is None)
    again = Again.of(chain)
    assert again is None or np.array_equal(again(array), evaluate(chain))


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("least", [1, 10**9])
def test_tiles_and_threads_change_no_bit(monkeypatch, threads, least):
    random = np.random.default_rng(3)
    array, weights = random.standard_normal((33, 47, 20), np.float32), random.standard_normal((3, 3, 20, 40))
    whole = evaluate(chain_of(array, weights))
    monkeypatch.setattr(channels_last, "LEAST", least)
    monkeypatch.setattr(work, "ROUND", least)  # a call for each part, or one for all of them
    limit_threads(threads)
    try:
        assert np.array_equal(Again.of(chain_of(array, weights))(array), whole)
    finally:
        limit_threads(None)


def test_a_wide_array_is_cut_across_as_well(monkeypatch):
    monkeypatch.setattr(channels_last, "NARROWEST", 5)
    monkeypatch.setattr(channels_last, "CELLS", 1)
    random = np.random.default_rng(4)
    array, weights = random.standard_normal((9, 63, 4), np.float32), random.standard_normal((3, 3, 4, 32))
    assert np.array_equal(Again.of(chain_of(array, weights))(array), evaluate(chain_of(array, weights)))


def test_banks_are_made_with_the_maps_of_an_output_side_by_side():
    random = np.random.default_rng(5)
    array, weights = random.standard_normal((20, 30, 16), np.float32), random.standard_normal((3, 3, 16, 32))
    assert isinstance(Again.of(chain_of(array, weights)).convolution, ChannelsLast)
    assert convgui.conv2d(array, weights).flags.c_contiguous


def test_what_has_too_few_maps_or_other_planes_is_left_to_others():
    random = np.random.default_rng(6)
    array = random.standard_normal((20, 30, 4), np.float32)
    for weights, groups in (((3, 3, 4, 3), 1), ((1, 1, 4, 64), 1), ((5, 5, 2, 24), 2), ((3, 3), 1)):
        again = Again.of(chain_of(array, random.standard_normal(weights), groups=groups))
        assert not isinstance(again.convolution, ChannelsLast)


def test_nan_stays_in_its_patches():
    array = np.ones((12, 12, 4), np.float32)
    array[5, 5, 2] = np.nan
    found = convgui.conv2d(array, np.random.default_rng(7).random((3, 3, 4, 32)), padding="same")
    assert np.isnan(found[4:7, 4:7]).all() and np.isnan(found).sum() == 9 * 32
