"""The functions for scripts: shapes, names and errors; values against the reference's own tests and SciPy."""

import threading

import numpy as np
import pytest
from scipy import ndimage, signal
from waiting import HANGS

import convgui
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source

GRID = [[0, 1, 0, 1, 1, 0]] * 6
KERNEL = [[1, 0, 0], [1, 0, 0], [0, 0, 2]]


def test_the_article_s_values():
    assert convgui.conv1d([0, 1, 0, 1, 1, 0], [0, 1], padding="same").tolist() == [1, 0, 1, 1, 0, 0]
    assert convgui.conv1d([0, 1, 0, 1, 1, 0], [0, 1]).tolist() == [1, 0, 1, 1, 0]
    same = convgui.conv2d(GRID, KERNEL, padding="same")
    assert same[0].tolist() == [2, 0, 3, 2, 1, 1]
    assert same[5].tolist() == [0, 0, 2, 0, 2, 2]


@pytest.mark.parametrize(
    ("x", "weights", "shape"),
    [
        ((5, 6), (3, 3), (3, 4)),
        ((5, 6, 3), (3, 3), (3, 4, 3)),
        ((2, 5, 6, 3), (3, 3), (2, 3, 4, 3)),
        ((5, 6, 3), (3, 3, 3, 8), (3, 4, 8)),
        ((2, 5, 6, 3), (3, 3, 3, 8), (2, 3, 4, 8)),
        ((0, 5, 6, 3), (3, 3, 3, 8), (0, 3, 4, 8)),
        ((5, 6), (3, 3, 1, 1), (3, 4, 1)),
    ],
)
def test_shapes_2d(x, weights, shape):
    assert convgui.conv2d(np.zeros(x), np.ones(weights)).shape == shape


@pytest.mark.parametrize(
    ("x", "weights", "shape"),
    [((7,), (3,), (5,)), ((7, 2), (3,), (5, 2)), ((7, 2), (3, 2, 4), (5, 4)), ((3, 7, 2), (3, 2, 4), (3, 5, 4))],
)
def test_shapes_1d(x, weights, shape):
    assert convgui.conv1d(np.zeros(x), np.ones(weights)).shape == shape


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f4", "u1", "u2", "u4", "i1", "i2", "i8", "?"])
def test_any_real_dtype_is_read_as_it_is(dtype):
    x = (np.random.default_rng(0).random((9, 8)) * 100).astype(dtype)
    weights = np.random.default_rng(1).normal(size=(3, 3))
    expected = signal.correlate2d(x.astype(np.float64), weights, mode="valid")
    assert np.allclose(convgui.conv2d(x, weights), expected, rtol=1e-5, atol=1e-3)


def test_any_layout_in_memory():
    x = np.random.default_rng(0).normal(size=(12, 10)).astype(np.float32)
    weights = np.ones((3, 3))
    expected = convgui.conv2d(x, weights)
    for same in (np.asfortranarray(x), x[::-1][::-1], np.repeat(x, 2, axis=1)[:, ::2]):
        assert np.array_equal(convgui.conv2d(same, weights), expected)
    x.flags.writeable = False
    assert np.array_equal(convgui.conv2d(x, weights), expected)


def test_depthwise_is_groups_of_one_channel():
    x = np.random.default_rng(0).normal(size=(6, 6, 3))
    weights = np.random.default_rng(1).normal(size=(3, 3, 1, 3))
    found = convgui.conv2d(x, weights, groups=3)
    for c in range(3):
        assert np.allclose(found[..., c], convgui.conv2d(x[..., c], weights[:, :, 0, c]), atol=1e-5)


def test_explicit_padding_and_pairs():
    x = np.random.default_rng(0).normal(size=(6, 7))
    found = convgui.conv2d(x, np.ones((3, 3)), padding=((1, 1), (1, 1)), strides=(2, 3))
    assert np.allclose(found, ndimage.correlate(x, np.ones((3, 3)), mode="constant")[::2, ::3], atol=1e-5)
    assert convgui.conv1d([1, 2, 3], [1, 1], padding=(1, 0)).tolist() == [1, 3, 5]


def test_bias_per_filter_and_activation():
    x, weights = np.ones((2, 2, 1)), np.ones((1, 1, 1, 2))
    found = convgui.conv2d(x, weights, bias=[1, -3], activation="relu")
    assert found[0, 0].tolist() == [2, 0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: convgui.conv2d(np.zeros(5), np.ones((3, 3))), r"received \(5,\)"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), np.ones(3)), r"received \(3,\)"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), 3), r"received \(\)"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), np.ones((3, 3)), bias=[]), "received 0"),
        (lambda: convgui.conv2d(np.zeros((5, 5, 2)), np.ones((3, 3, 3, 1))), "expect 3 channels .* received an input of 2"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), np.ones((3, 3)), strides=0), "strides"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), np.ones((3, 3)), padding="causal"), "conv1d"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), np.ones((3, 3)), padding="around"), "received 'around'"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), np.ones((3, 3)), border="mirror"), "received 'mirror'"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), np.ones((3, 3)), activation="swoosh"), "received 'swoosh'"),
        (lambda: convgui.conv2d(np.zeros((2, 2)), np.ones((3, 3))), "does not fit"),
        (lambda: convgui.conv2d(np.zeros((5, 5)), np.full((3, 3), np.nan)), "finite"),
        (lambda: convgui.conv2d(np.zeros((5, 5), complex), np.ones((3, 3))), "complex128"),
        (lambda: convgui.conv2d(np.zeros((5, 5, 1)), np.ones((3, 3, 1, 2)), bias=[1, 2, 3]), "each of 2 maps"),
        (lambda: convgui.max_pool2d(np.zeros((2, 2)), 3), "does not fit"),
    ],
)
def test_errors_say_what_was_received(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_pooling():
    x = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert convgui.max_pool2d(x, 2).tolist() == [[5]]
    assert convgui.max_pool2d(x, 2, strides=1).tolist() == [[5, 6], [8, 9]]
    assert convgui.max_pool2d(-x, 2, padding="same").tolist() == [[-1, -3], [-7, -9]]
    assert convgui.average_pool2d(x, 2, padding="same").tolist() == [[3, 4.5], [7.5, 9]]
    assert convgui.average_pool1d([1, 2, 3], 2, padding="same").tolist() == [1.5, 3]
    assert convgui.max_pool1d(np.ones((4, 7, 2)), 3).shape == (4, 2, 2)
    assert np.isnan(convgui.max_pool1d([1, np.nan, 3, 4], 2)).tolist() == [True, False]


def test_the_window_s_input_can_be_had():
    image = np.random.default_rng(0).integers(0, 256, (5, 6, 3)).astype(np.uint8)
    assert np.allclose(convgui.as_input(image), image @ [0.299, 0.587, 0.114] / 255, atol=1e-6)
    assert convgui.as_input(image, "each channel").shape == (5, 6, 3)


@pytest.mark.usefixtures("compiled")
def test_the_next_image_has_the_values_that_it_has_alone():
    random = np.random.default_rng(8)
    weights = random.standard_normal((5, 4))
    shapes = [(40, 50), (40, 50), (50, 40), (40, 50, 3), (1, 90), (40, 50)]
    for dtype in (np.float32, np.uint8, np.uint16, np.float64, ">f4", bool):
        for shape in shapes:
            image = (random.random(shape) * 200).astype(dtype)
            for given in (image, image[::-1], np.asfortranarray(image)):
                first = convgui.conv2d(given, weights, padding="same")
                np.testing.assert_array_equal(convgui.conv2d(given, weights, padding="same"), first)
                layers = (Conv(Kernel(weights), padding="same"),)
                alone = evaluate(Chain(Source(given), Reading("each channel"), layers)).transpose(1, 2, 0)
                np.testing.assert_array_equal(first, alone if image.ndim == 3 else alone[:, :, 0])
    for shape in ((0, 9), (3, 3)):
        with pytest.raises(ValueError, match="does not fit"):
            convgui.conv2d(np.zeros(shape, np.float32), weights)


@pytest.mark.usefixtures("compiled")
def test_what_was_made_ready_serves_no_other_call():
    """Calls that look alike: weights that were changed where they lie, other options, batches, what is refused."""
    random = np.random.default_rng(9)
    image, weights = random.random((30, 40), np.float32), random.standard_normal((3, 3))

    def alone(given, kernel=weights, **options):
        layers = (Conv(Kernel(kernel), **{"padding": "same"} | options),)
        return evaluate(Chain(Source(given), Reading("each channel"), layers))[0]

    for _ in range(2):
        assert np.array_equal(convgui.conv2d(image, weights, padding="same"), alone(image))
        assert np.array_equal(convgui.conv2d(image, weights, [0.5], padding="same"), alone(image, bias=(0.5,)))
        assert np.array_equal(convgui.conv2d(image, weights, np.array(-2), padding="same"), alone(image, bias=(-2.0,)))
        assert np.array_equal(convgui.conv2d(image, weights, padding=1), convgui.conv2d(image, weights, padding="same"))
        assert np.array_equal(convgui.conv2d(image, weights, padding="same", flip=True), alone(image, weights[::-1, ::-1]))
        assert convgui.conv2d(image, weights, padding="same", activation="relu").min() == 0
        for strides in (2, (2, 2), [2, 2], np.array([2, 2])):
            found = convgui.conv2d(image, weights, padding="same", strides=strides)
            assert np.array_equal(found, alone(image, stride=(2, 2)))
        for refused in ({"padding": True}, {"padding": 1.0}, {"strides": 0}, {"border": 0}):
            with pytest.raises(ValueError, match="Expected"):
                convgui.conv2d(image, weights, **refused)
        batch = np.stack([image, image + 1, image[::-1]])[..., None]
        for count in (3, 2, 1, 0):
            found = convgui.conv2d(batch[:count], weights, padding="same")
            assert found.shape == (count, 30, 40, 1)
            assert all(np.array_equal(one[..., 0], alone(x[..., 0])) for one, x in zip(found, batch[:count], strict=True))
        weights[1, 1] += 1


@pytest.mark.usefixtures("compiled")
def test_calls_of_many_threads_at_once_get_their_own_values():
    random = np.random.default_rng(10)
    images = [random.random((60, 60), np.float32) for _ in range(4)]
    weights, bank = random.standard_normal((3, 3)), random.standard_normal((3, 3, 1, 32))
    expected = [(convgui.conv2d(x, weights), convgui.conv2d(x[..., None], bank)) for x in images]
    wrong = []

    def work(k):
        for _ in range(200):
            found = convgui.conv2d(images[k], weights), convgui.conv2d(images[k][..., None], bank)
            if not all(map(np.array_equal, found, expected[k])):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANGS)
    assert not wrong and not any(thread.is_alive() for thread in threads)


def test_an_option_is_told_from_how_it_is_written():
    x, weights = np.arange(36, dtype=np.float32).reshape(6, 6), np.arange(1.0, 10).reshape(3, 3)
    for wrong in ({"flip": "False"}, {"padding": "((1, 1), (1, 1))"}):
        name = next(iter(wrong))
        right = {"flip": False} if name == "flip" else {"padding": ((1, 1), (1, 1))}
        expected = convgui.conv2d(x, weights, **right)
        with pytest.raises(ValueError, match=name):
            convgui.conv2d(x, weights, **wrong)
        assert np.array_equal(convgui.conv2d(x, weights, **right), expected)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("strides", value) for value in (1.5, "2", None, float("nan"), 10**30, [[1, 2]], [], (1, 2, 3))),
        *(("dilation_rate", value) for value in (1.5, 0, "x")),
        *(("groups", value) for value in ("2", None, 1.5, 0)),
    ],
)
def test_what_is_no_whole_number_is_refused_in_a_sentence(name, value):
    with pytest.raises(ValueError, match=f"Expected {name}.*received"):
        convgui.conv2d(np.ones((6, 6, 2), np.float32), np.ones((3, 3, 2, 2)), **{name: value})


def test_a_whole_number_may_be_of_any_type():
    x, weights = np.ones((6, 6, 2), np.float32), np.ones((3, 3, 2, 2))
    expected = convgui.conv2d(x, weights, strides=2)
    for value in (2.0, np.int8(2), np.array([2, 2]), [2, np.float32(2)]):
        assert np.array_equal(convgui.conv2d(x, weights, strides=value), expected)


@pytest.mark.parametrize("share", [0.3, -0.2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_infinity_stays_infinite_where_a_kernel_is_a_sum_of_products(share, dtype):
    """Two Gaussians: their products have both signs where they are found one by one, the kernel has one at each place."""
    across = np.arange(-7, 8.0)
    narrow, broad = (np.outer(line, line) for line in (np.exp(-(across**2) / (2 * s * s)) for s in (2, 3)))
    weights = narrow / narrow.sum() + share * broad / broad.sum()
    x = np.random.default_rng(0).standard_normal((200, 200)).astype(dtype)
    x[100, 100], x[40, 150] = np.inf, np.nan
    made = convgui.conv2d(x, weights, padding="same")
    kernel = weights[::-1, ::-1]
    assert np.array_equal(made[93:108, 93:108], np.where(kernel > 0, np.inf, -np.inf))
    assert np.isnan(made[33:48, 143:158]).all() and np.isfinite(made).sum() == 200 * 200 - 2 * 15 * 15


@pytest.mark.parametrize("side", [3, 9, 31])
def test_nan_goes_through_a_kernel_of_zeros(side):
    x = np.zeros((40, 40), np.float32)
    x[20, 20] = np.nan
    assert np.isnan(convgui.conv2d(x, np.zeros((side, side)), padding="same")).sum() == side**2
