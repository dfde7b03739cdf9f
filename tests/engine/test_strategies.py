"""Strategies: each within the bound of the reference, the same bits whatever the tiles, and the cheapest chosen."""

from functools import partial

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.border import BORDERS
from convgui.engine.network import evaluate
from convgui.engine.source import Source
from convgui.engine.strategies import costs, jit
from convgui.engine.strategies.compiled.processor import SHAPES
from convgui.engine.strategies.direct import Direct
from convgui.engine.strategies.fourier import FEW, HALVES, Fourier, blocks
from convgui.engine.strategies.separable import Separable, factored, factors
from convgui.engine.strategies.tiles import Window
from tests.chains import definition, plan_of
from tests.single import Operation, chain_of

STRATEGIES = ("direct", "separable", "fourier")


pytestmark = pytest.mark.usefixtures("compiled")


def ready(strategy, chain, plan):
    compiled = jit.load()
    if strategy == "direct":
        made = Direct(plan, compiled)
    elif strategy == "separable":
        made = Separable(plan, compiled, factored(plan))
    else:
        made = Fourier(plan, compiled, blocks(plan)[0], cost=1e6)
    return partial(made, chain.source.array.ctypes.data)


def computed(strategy, chain, tiles, step=1):
    """Return the sums of all outputs, computed in so many tiles along rows and columns."""
    plan = plan_of(chain)
    maps, height, width = plan.shape
    rows, cols = range(0, height, step), range(0, width, step)
    out = np.full((maps, len(rows), len(cols)), np.nan, np.float32)
    run = ready(strategy, chain, plan)
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
@settings(max_examples=60)
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
    if strategy == "fourier":
        settings, step = settings | {"stride": (1, 1)}, 1
    layer = Operation(Kernel(weights), **settings)
    assume(all(axis.outputs for axis in layer.axes(*shape)))
    chain = chain_of([layer], Source(array))
    found, expected = computed(strategy, chain, tiles, step), definition(chain)
    size = definition(chain_of([Operation(Kernel(np.abs(weights)), **settings)], Source(array)))
    assert (np.abs(found - expected[:, ::step, ::step]) <= 1e-5 * size[:, ::step, ::step]).all()


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("kernel", [3, 9, 31])
def test_tiles_and_steps_do_not_change_a_bit(strategy, dtype, kernel):
    random = np.random.default_rng(4)
    array = random.integers(0, 255, (150, 301)).astype(dtype)
    weights = np.outer(random.standard_normal(kernel), random.standard_normal(kernel))
    plan = chain_of([Operation(Kernel(weights), border="reflect")], Source(array))
    whole = computed(strategy, plan, 1)
    for tiles in (2, 5, 13):
        assert np.array_equal(whole, computed(strategy, plan, tiles))
    for step in () if strategy == "fourier" else (2, 7, 60):
        assert np.array_equal(whole[:, ::step, ::step], computed(strategy, plan, 2, step))


@pytest.mark.parametrize("border", BORDERS)
def test_what_the_screen_samples_is_what_the_export_writes(border):
    array = np.random.default_rng(5).integers(0, 255, (200, 260, 3), np.uint8)
    layer, source = Operation(catalog.make("gaussian", size=15), border=border), Source(array, scale=1 / 255)
    whole = evaluate(chain_of([layer], source))
    sample = evaluate(chain_of([layer], source), Window(8, 20, 142, 180), 5)
    np.testing.assert_allclose(sample, whole[:, 8:150:5, 20:200:5], rtol=1e-6)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_nan_and_infinity_stay_in_the_receptive_field(strategy):
    array = np.ones((40, 200), np.float32)
    array[10, 50], array[30, 150] = np.nan, np.inf
    plan = chain_of([Operation(Kernel(np.outer([1.0, 2, 3], [4.0, 5, 6])))], Source(array))
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


ROUNDED = {
    "a Gaussian as OpenCV makes it": lambda: np.outer(*[np.exp(-(np.arange(-15, 16) ** 2) / 50).astype(np.float32)] * 2),
    "a Gaussian": lambda: catalog.make("gaussian", size=31, sigma=5).weights,
    "a narrow Gaussian": lambda: catalog.make("gaussian", size=31, sigma=2).weights,
    "a difference of Gaussians": lambda: catalog.make("dog", size=31).weights,
    "a Gabor function": lambda: catalog.make("gabor", size=15).weights,
    "Laplacian of Gaussian": lambda: catalog.make("log", size=9).weights,
    "unsharp masking": lambda: catalog.make("unsharp", size=15).weights,
    "a box": lambda: catalog.make("box", size=31).weights,
    "a binomial": lambda: catalog.make("binomial", size=9).weights,
}


@pytest.mark.parametrize("name", ROUNDED)
def test_kernels_in_float32_are_taken_apart_as_well(name):
    weights = ROUNDED[name]().astype(np.float32).astype(np.float64)
    pairs = factors(weights)
    assert pairs is not None
    array = np.random.default_rng(7).standard_normal((70, 90)).astype(np.float32)
    array[20:40] *= 1e-6  # where a small weight meets large values and the rest is next to nothing
    array[::7, ::5] *= 1e4
    chain = chain_of([Operation(Kernel(weights))], Source(array))
    expected = definition(chain)
    size = definition(chain_of([Operation(Kernel(np.abs(weights)))], Source(np.abs(array))))
    assert (np.abs(computed("separable", chain, 1) - expected) <= 2e-6 * size).all()


def test_halves_of_a_block_are_whole_vectors_on_every_kind_of_processor():
    assert not any(half % (shape.lanes // 2) for half in FEW + HALVES for shape in SHAPES.values())


def test_what_is_not_rounding_is_not_left_out():
    weights = catalog.make("gaussian", size=9, sigma=1.5).weights.astype(np.float32).astype(np.float64)
    one, holes = np.where(np.arange(9) == 3, 1.001, 1), np.where(np.eye(9) > 0, 0, 1)
    for changed in (weights + 1e-6 * np.eye(9), weights * holes, weights * one):
        pairs = factors(changed)
        if pairs is not None:
            made = sum(np.outer(a.astype(np.float64), b.astype(np.float64)) for a, b in pairs)
            assert (np.abs(made - changed) <= 1e-6 * np.abs(changed)).all()


@pytest.mark.parametrize("weights", [np.eye(7), np.random.default_rng(0).standard_normal((9, 9))])
def test_other_kernels_are_not_taken_apart(weights):
    assert factors(weights) is None


@settings(max_examples=60)
@given(
    shape=st.tuples(st.integers(1, 20), st.integers(1, 80)),
    size=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    channels=st.integers(1, 5),
    maps=st.integers(1, 20),
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    dilation=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    groups=st.integers(1, 3),
    tiles=st.integers(1, 2),
    seed=st.integers(0, 2**32 - 1),
)
def test_banks_of_filters(shape, size, channels, maps, stride, dilation, groups, tiles, seed):
    random = np.random.default_rng(seed)
    source = Source(random.standard_normal((*shape, channels * groups)).astype(np.float32))
    weights = random.standard_normal((*size, channels, maps * groups))
    settings = {"stride": stride, "dilation": dilation, "groups": groups}
    chain = chain_of([Operation(Kernel(weights), bias=tuple(random.standard_normal(maps * groups)), **settings)], source)
    magnitudes = Source(np.abs(source.array))
    size = definition(chain_of([Operation(Kernel(np.abs(weights)), bias=(3.0,), **settings)], magnitudes))
    assert (np.abs(computed("direct", chain, tiles) - definition(chain)) <= 1e-5 * size).all()


def bound(chain, weights):
    """Return 1e-5 of the sum of magnitudes of all products of each output."""
    return 1e-5 * definition(chain_of([Operation(Kernel(np.abs(weights)))], Source(np.abs(chain.source.array))))


@pytest.mark.parametrize("shape", [(300, 260), (1, 5000)])
@pytest.mark.parametrize("dark", [0.0, 1e-30, 1e-12, 1e-3])
def test_beside_bright_light_the_dark_is_exact(shape, dark):
    """The rounding of a transform is that of the largest value in it, and must not be seen where values are small."""
    random = np.random.default_rng(8)
    array = (random.standard_normal(shape) * dark).astype(np.float32)
    array[..., :70] = 1e6 * random.random((*shape[:-1], 70))
    weights = random.standard_normal((1, 200) if shape[0] == 1 else (35, 35))
    chain = chain_of([Operation(Kernel(weights))], Source(array))
    assert (np.abs(computed("fourier", chain, 2) - definition(chain)) <= bound(chain, weights)).all()


def test_one_value_that_is_not_finite_spoils_its_patches_alone():
    array = np.ones((300, 300), np.float32)
    array[150, 150] = np.inf
    plan = chain_of([Operation(Kernel(np.random.default_rng(0).random((31, 31))))], Source(array))
    found = computed("fourier", plan, 1)[0]
    assert np.isinf(found[135:166, 135:166]).all() and np.isfinite(found).sum() == 300 * 300 - 31 * 31


def test_a_whole_evaluation_by_transforms_is_that_of_its_windows():
    source = Source(np.random.default_rng(9).integers(0, 255, (700, 900), np.uint8), scale=1 / 255)
    layer = Operation(Kernel(np.random.default_rng(0).standard_normal((41, 41))), border="symmetric", bias=(0.25,))
    whole = evaluate(chain_of([layer], source))
    for window in (Window(0, 0, 9, 9), Window(123, 77, 400, 555), Window(690, 890, 10, 10)):
        top, left, rows, cols = window
        assert np.array_equal(evaluate(chain_of([layer], source), window), whole[:, top : top + rows, left : left + cols])
    sample = evaluate(chain_of([layer], source), step=7)
    assert np.allclose(sample, whole[:, ::7, ::7], rtol=0, atol=1e-6 * np.abs(layer.kernel.weights).sum())
    strongest = evaluate(chain_of([layer], source), Window(5, 6, 600, 800), 5, strongest=True)[0]
    part = whole[0, 5:605, 6:806].reshape(120, 5, 160, 5).transpose(0, 2, 1, 3).reshape(120, 160, 25)
    assert np.array_equal(np.abs(strongest), np.abs(part).max(axis=-1))


DEAR = {"avx512f": 3.6}
"""How many products of a block take as long as an operation in float64: 2 by its bytes. With AVX-512 more, as transforms
are held up by stores, which blocks have few of: measured with both, 21 x 21 on 512 x 512 takes 0.86 ms in blocks and 1.06 by
transforms; with AVX2 on the same machine 1.40 and 1.25."""


def counts(plan, rank, kind):
    """Return what each strategy multiplies, adds, loads and stores for each output, counted by hand."""
    _, taps, kh, kw = plan.weights.shape
    alone = 1 if kh > 1 else 1.5  # each product of a kernel of one row loads its own value
    found = {"direct": alone * kh * kw + 38, "separable": rank * (1.3 * (kh + kw) + 16) + 38}
    for block in blocks(plan):
        columns, span = (kh, plan.rows.span) if block.folded else (kw, plan.cols.span)
        area = np.prod(block.size) * np.prod([-(-n // m) for n, m in zip(plan.shape[1:], block.size, strict=True)])
        passes = np.ceil(np.log2(block.n) / 2)
        # a butterfly of four takes 34 operations on 4 numbers and as many loads and stores again
        transform = passes * (34 + 16 * 2) / 4 * DEAR.get(kind, 2)
        cells = block.n * (block.half * (2 * transform + 8 * columns * taps) + (span - 1) * transform)
        moved = 2 * block.n * (block.half + span / 2) * 14 + 24 * np.prod(block.size)
        folded = 200 * block.n * block.half if block.folded else 0
        found[f"fourier {block}"] = (cells + moved + folded) / np.prod(block.size) * area / np.prod(plan.shape[1:])
    return found


def chosen(plan, rank, kind):
    """Return the strategy that the cost model takes for the cheapest on a kind of processor."""
    c = costs.COSTS[kind]
    found = {"direct": costs.direct(plan, c), "separable": costs.separable(plan, rank, c)}
    found |= {f"fourier {block}": costs.fourier(plan, block, c) for block in blocks(plan)}
    return min(found, key=found.__getitem__)


@pytest.mark.parametrize("shape", [(512, 512), (3000, 4000)])
@pytest.mark.parametrize("kernel", [2, 3, 5, 7, 9, 11, 15, 21, 25, 31, 45, 63])
@pytest.mark.parametrize("rank", [1, 2, 3, 99])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("kind", costs.COSTS)
def test_the_chosen_strategy_is_nearly_the_cheapest(shape, kernel, rank, dtype, kind):
    array = np.broadcast_to(np.zeros(1, dtype), shape)
    plan = plan_of(chain_of([Operation(Kernel(np.ones((kernel, kernel))))], Source(array)))
    found = counts(plan, rank, kind)
    assert found[chosen(plan, rank, kind)] <= 1.3 * min(found.values())


@pytest.mark.parametrize("taps", [3, 16, 64, 128, 200, 300, 512, 1024])
@pytest.mark.parametrize("kind", costs.COSTS)
def test_the_chosen_strategy_for_a_sequence_is_nearly_the_cheapest(taps, kind):
    plan = plan_of(chain_of([Operation(Kernel(np.ones((1, taps))))], Source(np.zeros((1, 1_000_000), np.float32))))
    found = counts(plan, 99, kind)
    assert found[chosen(plan, 99, kind)] <= 1.3 * min(found.values())
