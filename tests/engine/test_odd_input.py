"""Odd input: every magnitude, layout and size that an array may have gives the right values, or one clear error."""

import tracemalloc

import numpy as np
import pytest

import convgui
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.network import choose, evaluate
from convgui.engine.source import Source
from convgui.engine.strategies import tiles
from convgui.engine.strategies.costs import COSTS
from convgui.engine.strategies.prepared import chosen
from tests.chains import definition, plan_of
from tests.single import chain_of

LEAST = 1.5e-45
"""The smallest float32 above zero."""

KERNELS = {
    "direct": np.random.default_rng(1).standard_normal((5, 5)),
    "separable": np.outer(*np.random.default_rng(2).standard_normal((2, 17))),
    "fourier": np.random.default_rng(3).standard_normal((33, 33)),
}

VALUES = {
    "denormal": lambda random, shape: random.standard_normal(shape) * 1e-40,
    "tiny": lambda random, shape: random.standard_normal(shape) * 1e-37,
    "huge": lambda random, shape: random.standard_normal(shape) * 1e34,
    "of all magnitudes": lambda random, shape: 10.0 ** random.uniform(-40, 30, shape),
    "zero of either sign": lambda random, shape: np.where(random.random(shape) < 0.5, 0.0, -0.0),
    "mostly zero": lambda random, shape: random.standard_normal(shape) * (random.random(shape) < 1e-3),
}


pytestmark = pytest.mark.usefixtures("compiled")


@pytest.mark.parametrize("strategy", KERNELS)
@pytest.mark.parametrize("values", VALUES)
def test_magnitudes(strategy, values):
    weights = KERNELS[strategy]
    array = VALUES[values](np.random.default_rng(0), (300, 290)).astype(np.float32)
    chain = chain_of([Conv(Kernel(weights))], Source(array))
    expected = definition(chain)
    size = definition(chain_of([Conv(Kernel(np.abs(weights)))], Source(np.abs(array))))
    found = evaluate(chain)
    factors, block = chosen(plan_of(chain), COSTS["avx2"], transforms=True)
    assert ("separable" if factors else "fourier" if block else "direct") == strategy
    assert (np.abs(found - expected) <= 1e-5 * size + 2 * weights.size * LEAST).all()


@pytest.mark.parametrize("strategy", KERNELS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_stays_in_its_receptive_field(strategy, bad):
    weights = np.abs(KERNELS[strategy])
    array = np.random.default_rng(0).random((300, 290), np.float32)
    clean = evaluate(chain_of([Conv(Kernel(weights))], Source(array)))[0]
    array[140, 150] = bad
    found = evaluate(chain_of([Conv(Kernel(weights))], Source(array)))[0]
    reach = weights.shape[0] // 2
    touched = np.zeros(found.shape, bool)
    touched[140 - reach : 141 + reach, 150 - reach : 151 + reach] = True
    assert np.array_equal(~np.isfinite(found), touched)
    assert np.allclose(found[~touched], clean[~touched], rtol=1e-5)
    assert np.isnan(found[140, 150]) if np.isnan(bad) else found[140, 150] == bad


LAYOUTS = {
    "read-only": lambda x: np.lib.stride_tricks.as_strided(x, writeable=False),
    "Fortran-ordered": np.asfortranarray,
    "turned round": lambda x: x[::-1, ::-1].copy()[::-1, ::-1],
    "every second": lambda x: np.repeat(np.repeat(x, 2, axis=0), 2, axis=1)[::2, ::2],
    "byte-swapped": lambda x: x.astype(x.dtype.newbyteorder()),
    "repeated without memory": lambda x: np.broadcast_to(x[:1], x.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", ["u1", "u2", "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u4", "u8", "?"])
def test_layouts_and_dtypes(layout, dtype):
    x = np.random.default_rng(0).integers(0, 2 if dtype == "?" else 100, (40, 70)).astype(dtype)
    x = LAYOUTS[layout](x)
    weights = np.random.default_rng(1).standard_normal((3, 5))
    assert np.array_equal(convgui.conv2d(x, weights), convgui.conv2d(np.array(x, np.float32), weights))


@pytest.mark.parametrize(
    ("shape", "weights", "expected"),
    [
        ((1, 1), (1, 1), (1, 1)),
        ((1, 1), (7, 7), (1, 1)),
        ((1, 500), (3, 3), (1, 500)),
        ((500, 1), (3, 3), (500, 1)),
        ((0, 4, 4, 1), (3, 3, 1, 2), (0, 4, 4, 2)),
        ((4, 1, 1, 1), (3, 3, 1, 2), (4, 1, 1, 2)),
    ],
)
def test_empty_and_single_axes(shape, weights, expected):
    found = convgui.conv2d(np.ones(shape, np.float32), np.ones(weights), padding="same")
    assert found.shape == expected
    assert found.dtype == np.float32


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (0, 0)])
def test_an_input_without_cells_is_refused_in_a_sentence(shape):
    with pytest.raises(ValueError, match=rf"received .*{shape[0]} × {shape[1]}|input of {shape[0]} × {shape[1]}"):
        convgui.conv2d(np.zeros(shape), np.ones((3, 3)), padding="valid")


def test_an_input_without_channels_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"at least one channel, received shape \(2, 3, 0\)"):
        convgui.conv2d(np.zeros((2, 3, 0)), np.ones((3, 3)))


@pytest.mark.parametrize("dtype", [complex, object, "U3", "M8[s]"])
def test_what_is_no_number_is_refused(dtype):
    with pytest.raises(ValueError, match="received dtype"):
        convgui.conv2d(np.zeros((4, 4)).astype(dtype), np.ones((3, 3)))


@pytest.mark.parametrize("dtype", [complex, "U3", "M8[s]"])
def test_weights_and_biases_that_are_no_numbers_are_refused(dtype):
    """Complex ones have lost their imaginary part with no more than a warning before."""
    with pytest.raises(ValueError, match="weights of real numbers, received dtype"):
        convgui.conv2d(np.zeros((4, 4)), np.ones((3, 3)).astype(dtype))
    with pytest.raises(ValueError, match="bias of real numbers, received dtype"):
        convgui.conv2d(np.zeros((4, 4, 1)), np.ones((3, 3, 1, 1)), np.zeros(1).astype(dtype))


@pytest.mark.parametrize("kernel", [3, 31, 63])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_the_memory_of_an_evaluation_is_its_output_and_a_little(kernel, dtype):
    source = Source(np.zeros((2000, 3000, 3), dtype))
    layer = Conv(Kernel(np.random.default_rng(0).standard_normal((kernel, kernel))))
    tracemalloc.start()
    try:
        output = evaluate(chain_of([layer], source))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= output.nbytes + 64e6


@pytest.mark.parametrize("kernel", [3, 15, 31, 63])
@pytest.mark.parametrize("step", [1, 2, 5, 40])
def test_a_tile_is_so_little_work_that_a_cancel_is_soon_noticed(kernel, step):
    source = Source(np.broadcast_to(np.zeros(1, np.uint8), (4000, 6000)))
    layer = Conv(Kernel(np.random.default_rng(0).standard_normal((kernel, kernel))))
    for tile in choose(chain_of([layer], source)).tiles(range(0, 4000, step), range(0, 6000, step)):
        outputs = (tile.bottom - tile.top) * (tile.right - tile.left)
        assert outputs * kernel**2 <= 2 * tiles.PRODUCTS


@pytest.mark.parametrize("function", [convgui.conv1d, convgui.conv2d])
@pytest.mark.parametrize("weight", [1e39, -3.5e38, 1e300, 1e-50, -1e-39])
def test_weights_that_float32_cannot_hold_are_refused(function, weight):
    axes = 1 if function is convgui.conv1d else 2
    with pytest.raises(ValueError, match="in magnitude, received"):
        function(np.ones((5,) * axes), np.full((1,) * axes, weight))
    with pytest.raises(ValueError, match="in magnitude, received"):
        function(np.ones((5,) * axes + (1,)), np.full((*((1,) * axes), 1, 2), weight))


@pytest.mark.parametrize("bias", [1e39, -1e300, [0.0, 4e38]])
def test_a_bias_that_float32_cannot_hold_is_refused(bias):
    with pytest.raises(ValueError, match="a bias of at most"):
        convgui.conv2d(np.ones((3, 3, 1)), np.ones((1, 1, 1, np.size(bias))), bias)


def test_small_weights_beside_large_ones_are_taken():
    np.testing.assert_array_equal(convgui.conv2d(np.ones((1, 3)), [[1e-50, 1.0]]), [[1.0, 1.0]])


@pytest.mark.parametrize("function", [convgui.conv2d, lambda x, w: convgui.conv1d(x[0], w[0])])
def test_numbers_beyond_float32_are_refused_and_infinity_is_not(function):
    with pytest.raises(ValueError, match=r"x of numbers up to 3\.4e38, .* received 1e\+39"):
        function(np.array([[1.0, -1e39]]), np.ones((1, 1)))
    assert function(np.array([[1.0, np.inf]]), np.ones((1, 1))).ravel().tolist() == [1, np.inf]


def test_a_mean_is_taken_of_all_digits_that_are_given():
    given = np.array([[2.0**24 + 1, 1.0]])  # the first number is none of float32, the mean is
    assert convgui.average_pool2d(given, (1, 2)).item() == 2.0**23 + 1
