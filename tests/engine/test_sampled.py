"""A sample, made of patches where they lie, has the values that the whole map has there, and reads nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.border import BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window

pytestmark = pytest.mark.usefixtures("compiled")


def chain_of(array, weights, reading=None, **settings):
    return Chain(Source(array), reading or Reading(), (Conv(Kernel(weights), **settings),))


@given(
    dtype=st.sampled_from([np.uint8, np.uint16, np.float32]),
    channels=st.sampled_from([1, 2, 3, 4]),
    kernel=st.tuples(st.integers(1, 19), st.integers(1, 23)),
    stride=st.integers(1, 3),
    border=st.sampled_from(BORDERS),
    step=st.integers(2, 30),
    seed=st.integers(0, 99),
)
def test_a_sample_has_the_values_of_the_whole_map(dtype, channels, kernel, stride, border, step, seed):
    random = np.random.default_rng(seed)
    array = (random.random((70, 90, channels)) * 250).astype(dtype)
    weights = random.standard_normal(kernel)
    chain = chain_of(array[:, :, 0] if channels == 1 else array, weights, stride=(stride, stride), border=border)
    size = np.abs(weights).sum() * float(array.max())
    np.testing.assert_allclose(evaluate(chain, step=step), evaluate(chain)[:, ::step, ::step], atol=2e-5 * size, rtol=0)


@pytest.mark.parametrize("fault", [np.nan, np.inf])
@pytest.mark.parametrize("size", [(3, 3), (9, 13), (8, 8), (15, 31)])
def test_what_is_not_finite_stays_in_the_receptive_field(fault, size):
    array = np.random.default_rng(0).random((200, 210)).astype(np.float32)
    array[50, 60], array[120, 3], array[199, 209], array[90, 209] = fault, fault, fault, fault
    chain = chain_of(array, np.random.default_rng(1).random(size) + 0.1)
    for step in (2, 3, 5, 13):
        sample, whole = evaluate(chain, step=step), evaluate(chain)[:, ::step, ::step]
        np.testing.assert_array_equal(np.isfinite(sample), np.isfinite(whole))
        np.testing.assert_array_equal(np.isnan(sample), np.isnan(whole))


def test_it_is_the_same_whatever_window_is_asked_for():
    array = np.random.default_rng(2).integers(0, 256, (300, 400, 3), np.uint8)
    chain = chain_of(array, np.random.default_rng(3).standard_normal((15, 15)))
    whole = evaluate(chain, step=6)
    part = evaluate(chain, Window(60, 120, 131, 190), 6)
    np.testing.assert_array_equal(part, whole[:, 10:32, 20:52])


def test_channels_that_are_subtracted_keep_the_bound():
    near = np.full((120, 130, 3), 200, np.uint8)
    near[..., 1] += np.random.default_rng(4).integers(0, 2, (120, 130), np.uint8)
    reading = Reading("custom", matrix=((1.0, -1.0, 0.0),))
    weights = np.random.default_rng(5).random((9, 9))
    chain = chain_of(near, weights, reading)
    plane = near[..., 0].astype(float) - near[..., 1]
    sample = evaluate(chain, step=4)
    scale = chain.source.scale
    size = evaluate(chain_of(np.abs(plane).astype(np.float32), weights), step=4) * scale
    exact = evaluate(chain)[:, ::4, ::4]
    assert (np.abs(sample - exact) <= 2e-5 * size + 1e-9).all()
