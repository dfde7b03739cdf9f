"""The reference, against SciPy and against cases worked by hand."""

import numpy as np
import pytest
from scipy import ndimage

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.source import Source
from tests.chains import definition
from tests.single import Operation, chain_of

ARTICLE_ROW = [0, 1, 0, 1, 1, 0]
ARTICLE_KERNEL = [[1, 0, 0], [1, 0, 0], [0, 0, 2]]
ARTICLE_SAME = [
    [2, 0, 3, 2, 1, 1],
    [2, 0, 4, 2, 2, 2],
    [2, 0, 4, 2, 2, 2],
    [2, 0, 4, 2, 2, 2],
    [2, 0, 4, 2, 2, 2],
    [0, 0, 2, 0, 2, 2],
]
SCIPY = {"zeros": "constant", "replicate": "nearest", "reflect": "mirror", "symmetric": "reflect", "wrap": "grid-wrap"}


def whole(layer, array, scale=1.0):
    return definition(chain_of([layer], Source(np.asarray(array), scale)))


def test_article_sequence():
    row = np.array([ARTICLE_ROW], np.float32)
    assert whole(Operation(Kernel([[0, 1]]), padding="same"), row)[0].tolist() == [[1, 0, 1, 1, 0, 0]]
    assert whole(Operation(Kernel([[0, 1]]), padding="valid"), row)[0].tolist() == [[1, 0, 1, 1, 0]]


def test_article_grid():
    grid = np.array([ARTICLE_ROW] * 6, np.float32)
    assert whole(Operation(Kernel(ARTICLE_KERNEL), padding="same"), grid)[0].tolist() == ARTICLE_SAME
    valid = whole(Operation(Kernel(ARTICLE_KERNEL), padding="valid"), grid)[0]
    assert valid.tolist() == [row[1:5] for row in ARTICLE_SAME[1:5]]


@pytest.mark.parametrize("border", SCIPY)
@pytest.mark.parametrize("size", [(3, 3), (5, 7), (1, 5), (7, 1), (9, 9)])
def test_scipy_agrees_on_every_border(border, size):
    random = np.random.default_rng(1)
    image, weights = random.normal(size=(8, 7)), random.normal(size=size)
    expected = ndimage.correlate(image.astype(np.float32).astype(np.float64), weights, mode=SCIPY[border])
    assert np.allclose(whole(Operation(Kernel(weights), border=border), image)[0], expected, atol=1e-12)


def test_scipy_agrees_on_convolution():
    random = np.random.default_rng(2)
    image, weights = random.normal(size=(8, 7)).astype(np.float32), random.normal(size=(3, 5))
    expected = ndimage.convolve(image.astype(np.float64), weights, mode="constant")
    assert np.allclose(whole(Operation(Kernel(weights), flip=True), image)[0], expected, atol=1e-12)


def test_stride_starts_where_keras_starts():
    # 5 cells, kernel 3, stride 2, same: total padding 2, one before: outputs over cells 0, 2, 4
    row = np.array([[1, 2, 3, 4, 5]], np.float32)
    layer = Operation(Kernel([[1, 1, 1]]), stride=(1, 2))
    assert whole(layer, row)[0].tolist() == [[3, 9, 9]]
    # 6 cells: total padding 1, all of it after
    row = np.array([[1, 2, 3, 4, 5, 6]], np.float32)
    assert whole(layer, row)[0].tolist() == [[6, 12, 11]]


def test_dilation_spreads_the_kernel():
    row = np.array([[1, 2, 3, 4, 5]], np.float32)
    assert whole(Operation(Kernel([[1, 1]]), padding="valid", dilation=(1, 3)), row)[0].tolist() == [[5, 7]]


def test_causal_sees_no_later_step():
    row = np.array([[1, 2, 3, 4]], np.float32)
    assert whole(Operation(Kernel([[1, 1]]), padding="causal"), row)[0].tolist() == [[1, 3, 5, 7]]


def test_bias_and_activation():
    row = np.array([[1, -2, 3]], np.float32)
    layer = Operation(Kernel([[2]]), bias=(1,), activation="relu")
    assert whole(layer, row)[0].tolist() == [[3, 0, 7]]


def test_colour_modes():
    pixel = np.array([[[100, 150, 200]]], np.uint8)
    one = Kernel([[1]])
    assert whole(Operation(one), pixel)[0, 0, 0] == pytest.approx(0.299 * 100 + 0.587 * 150 + 0.114 * 200)
    assert whole(Operation(one, colour="sum"), pixel)[0, 0, 0] == 450
    assert whole(Operation(one, colour="each channel"), pixel)[:, 0, 0].tolist() == [100, 150, 200]
    assert whole(Operation(one, colour="sum"), pixel, 1 / 255)[0, 0, 0] == pytest.approx(450 / 255)


def test_filters_over_channels():
    x = np.arange(2 * 2 * 2, dtype=np.float32).reshape(2, 2, 2)
    weights = np.zeros((1, 1, 2, 3))
    weights[0, 0] = [[1, 0, 1], [0, 1, 1]]
    maps = whole(Operation(Kernel(weights), padding="valid"), x)
    assert np.array_equal(maps, [x[:, :, 0], x[:, :, 1], x.sum(axis=2)])


def test_groups_keep_channels_apart():
    x = np.ones((1, 1, 4), np.float32) * [1, 2, 3, 4]
    weights = np.ones((1, 1, 2, 2))
    assert whole(Operation(Kernel(weights), groups=2), x)[:, 0, 0].tolist() == [3, 7]


def test_nan_stays_inside_its_receptive_field():
    x = np.ones((7, 7), np.float32)
    x[3, 3] = np.nan
    y = whole(Operation(Kernel(np.eye(3))), x)[0]
    expected = np.zeros((7, 7), bool)
    expected[2:5, 2:5] = True
    assert np.array_equal(np.isnan(y), expected)
