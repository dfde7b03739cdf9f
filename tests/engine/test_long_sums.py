"""Long sums keep the bound of 1e-5 of the sum of magnitudes, also where rounding always goes to the same side."""

import numpy as np
import pytest

import convgui

pytestmark = pytest.mark.usefixtures("compiled")

BOUND = 1e-5


@pytest.mark.parametrize("number", [0.1, 1 / 3, 0.7, 1.1])
@pytest.mark.parametrize(
    ("side", "channels", "maps", "stride"),
    [
        (1, 2048, 64, 1),  # maps last
        (3, 512, 64, 1),
        (3, 512, 5, 1),  # groups of maps, and single ones
        (3, 512, 1, 1),
        (11, 64, 32, 1),
        (23, 3, 16, 1),  # more cells in a plane than in a chain
        (23, 3, 2, 1),
        (3, 512, 4, 3),  # patches that lie apart
        (11, 512, 4, 11),
    ],
)
def test_a_bank_of_equal_weights_over_equal_values(number, side, channels, maps, stride):
    x = np.ones((side + 2 * stride, side + 2 * stride, channels), np.float32)
    made = convgui.conv2d(x, np.full((side, side, channels, maps), number), strides=stride)
    expected = number * side * side * channels
    assert np.abs(made.astype(np.float64) - expected).max() <= BOUND * expected


@pytest.mark.parametrize("length", [300, 600, 1500, 5000])
def test_a_long_kernel_over_a_sequence(length):
    random = np.random.default_rng(length)
    x, weights = random.random(length + 40).astype(np.float32), random.random(length)
    made = convgui.conv1d(x, weights, padding="valid")
    expected = np.correlate(x.astype(np.float64), weights, "valid")
    assert np.abs(made - expected).max() <= BOUND * expected.min()


@pytest.mark.parametrize(("side", "border"), [(21, "zeros"), (31, "replicate"), (63, "zeros"), (101, "replicate")])
def test_the_mean_of_a_disc_over_flat_bytes(side, border):
    down, across = np.mgrid[:side, :side] - side // 2
    disc = (down**2 + across**2 <= (side // 2) ** 2).astype(np.float64)
    disc /= disc.sum()
    x = np.full((side + 7, side + 9), 200, np.uint8)
    made = convgui.conv2d(x, disc, padding="same", border=border)
    inside = made[side // 2 : -(side // 2), side // 2 : -(side // 2)].astype(np.float64)
    assert np.abs(inside - 200).max() <= BOUND * 200


def test_parts_of_a_sum_of_several_chains_are_those_of_the_whole():
    """Whatever tile, strip and block an output falls into, its chains are the same."""
    random = np.random.default_rng(5)
    x = random.standard_normal((61, 83, 40)).astype(np.float32)
    weights = random.standard_normal((5, 5, 40, 19))
    whole = convgui.conv2d(x, weights)
    for rows, cols in ((slice(0, 20), slice(0, 9)), (slice(13, 52), slice(40, 79)), (slice(56, 57), slice(3, 79))):
        part = convgui.conv2d(x[rows.start : rows.stop + 4, cols.start : cols.stop + 4], weights)
        assert np.array_equal(part, whole[rows, cols])
    for maps in (slice(0, 1), slice(3, 8), slice(2, 19)):
        assert np.array_equal(convgui.conv2d(x, weights[..., maps]), whole[..., maps])
