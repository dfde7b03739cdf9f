"""Strategies: each within the bound of the reference, the same bits whatever the tiles, and the cheapest chosen."""

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convgui.engine import catalog, costs, jit, reference
from convgui.engine.direct import Direct
from convgui.engine.evaluate import evaluate
from convgui.engine.kernel import Kernel
from convgui.engine.layers import Conv
from convgui.engine.padding import BORDERS
from convgui.engine.separable import Separable, factored, factors
from convgui.engine.source import Source
from convgui.engine.tiles import Window

STRATEGIES = ("direct", "separable")


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Compile once."""
    return jit.load()


def ready(strategy, plan):
    compiled = jit.load()
    made = Direct(plan, compiled) if strategy == "direct" else Separable(plan, compiled, factored(plan))
    return partial(made, plan.source.array.ctypes.data)


def computed(strategy, plan, tiles, step=1):
    """Return the sums of all outputs, computed in so many tiles along rows and columns."""
    maps, height, width = plan.shape
    rows, cols = range(0, height, step), range(0, width, step)
    out = np.full((maps, len(rows), len(cols)), np.nan, np.float32)
    run = ready(strategy, plan)
    for part in np.array_split(np.arange(len(rows)), tiles):
        for across in np.array_split(np.arange(len(cols)), tiles):
            if len(part) and len(across):
                run(rows[part[0] : part[-1] + 1], cols[across[0] : across[-1] + 1], out, int(part[0]), int(across[0]))
    return out


layers = st.builds(
    dict,
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    dilation=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    border=st.sampled_from(BORDERS),
    padding=st.sampled_from(["same", "full", ((2, 1), (0, 3))]),
    flip=st.booleans(),
    colour=st.sampled_from(["luminance", "each channel", "sum"]),
)


@pytest.mark.parametrize("strategy", STRATEGIES)
@settings(max_examples=60, deadline=None)
@given(
    settings=layers,
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    shape=st.tuples(st.integers(1, 40), st.integers(1, 150)),
    dtype=st.sampled_from([np.uint8, np.uint16, np.float32]),
    channels=st.sampled_from([0, 1, 3, 4]),
    step=st.integers(1, 4),
    tiles=st.integers(1, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_within_the_bound_of_the_reference(strategy, settings, size, shape, dtype, channels, step, tiles, seed):
    random = np.random.default_rng(seed)
    array = random.integers(0, 255, (*shape, channels) if channels else shape).astype(dtype)
    weights = np.outer(random.standard_normal(size[0]), random.standard_normal(size[1]))
    layer = Conv(Kernel(weights), **settings)
    assume(all(axis.outputs for axis in layer.axes(*shape)))
    plan = layer.plan(Source(array))
    found = computed(strategy, plan, tiles, step)
    rows, cols = np.arange(0, plan.shape[1], step), np.arange(0, plan.shape[2], step)
    expected = reference.convolve(plan, rows, cols)
    size = reference.convolve(Conv(Kernel(np.abs(weights)), **settings).plan(Source(array)), rows, cols)
    assert (np.abs(found - expected) <= 1e-5 * size).all()


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("kernel", [3, 9, 31])
def test_tiles_and_steps_do_not_change_a_bit(strategy, dtype, kernel):
    random = np.random.default_rng(4)
    array = random.integers(0, 255, (150, 301)).astype(dtype)
    weights = np.outer(random.standard_normal(kernel), random.standard_normal(kernel))
    plan = Conv(Kernel(weights), border="reflect").plan(Source(array))
    whole = computed(strategy, plan, 1)
    for tiles in (2, 5, 13):
        assert np.array_equal(whole, computed(strategy, plan, tiles))
    for step in (2, 7, 60):
        assert np.array_equal(whole[:, ::step, ::step], computed(strategy, plan, 2, step))


@pytest.mark.parametrize("border", BORDERS)
def test_what_the_screen_samples_is_what_the_export_writes(border):
    array = np.random.default_rng(5).integers(0, 255, (200, 260, 3), np.uint8)
    layer, source = Conv(catalog.make("gaussian", size=15), border=border), Source(array, scale=1 / 255)
    whole = evaluate([layer], source)
    assert np.array_equal(whole[:, 8:150:5, 20:200:5], evaluate([layer], source, Window(8, 20, 142, 180), 5))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_nan_and_infinity_stay_in_the_receptive_field(strategy):
    array = np.ones((40, 200), np.float32)
    array[10, 50], array[30, 150] = np.nan, np.inf
    plan = Conv(Kernel(np.outer([1.0, 2, 3], [4.0, 5, 6]))).plan(Source(array))
    found = computed(strategy, plan, 1)[0]
    assert np.isnan(found[9:12, 49:52]).all() and np.isnan(found).sum() == 9
    assert np.isinf(found[29:32, 149:152]).all() and np.isinf(found).sum() == 9


def test_weights_of_zero_stay_zero_in_two_passes():
    for name in ("sobel-x", "scharr-y", "gaussian", "box", "prewitt-x"):
        weights = catalog.make(name).weights
        pairs = factors(weights)
        assert pairs is not None and len(pairs) == 1, name
        product = np.outer(*(part.astype(np.float64) for part in pairs[0]))
        assert np.array_equal(product == 0, weights == 0)
        assert np.allclose(product, weights, rtol=3e-7, atol=0)


@pytest.mark.parametrize("weights", [np.eye(7), np.random.default_rng(0).standard_normal((9, 9))])
def test_other_kernels_are_not_taken_apart(weights):
    assert factors(weights) is None


def multiplications(strategy, kh, kw, rank):
    """Return what is multiplied for each output."""
    return kh * kw if strategy == "direct" else rank * (kh + kw)


@pytest.mark.parametrize("kernel", [2, 3, 5, 7, 9, 11, 15, 21, 31, 63])
@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_chosen_strategy_is_nearly_the_cheapest(kernel, rank, dtype):
    """Counted as operations: products, and a load and a store of what lies between two passes for each term."""
    plan = Conv(Kernel(np.ones((kernel, kernel)))).plan(Source(np.zeros((99, 99), dtype)))
    counts = {
        "direct": kernel * kernel + 38,
        "separable": rank * (1.3 * multiplications("separable", kernel, kernel, 1) + 16) + 38,
    }
    chosen = "separable" if costs.separable(plan, rank) < costs.direct(plan) else "direct"
    assert counts[chosen] <= 1.3 * min(counts.values())
