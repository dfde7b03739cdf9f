"""Layouts: which axes are filters, channels, rows and columns; a bank is the same whatever order it was stored in."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.io.weights.tensor import BANKS, LAYOUTS, MEANING, bank_of, layouts_of

BANK = np.arange(3 * 5 * 4 * 6, dtype=np.float32).reshape(3, 5, 4, 6)  # rows, columns, channels, filters


@pytest.mark.parametrize("layout", ["OIHW", "HWIO", "OHWI", "IOHW", "HWOI"])
def test_a_bank_is_the_same_in_every_order(layout):
    stored = BANK.transpose(["HWIO".index(letter) for letter in layout])
    bank, groups = bank_of(stored, layout)
    assert np.array_equal(bank, BANK) and groups == 1


@pytest.mark.parametrize("layout", ["OIW", "WIO", "OWI", "IOW", "WOI"])
def test_a_sequence_s_bank_has_one_row(layout):
    stored = BANK[0].transpose(["WIO".index(letter) for letter in layout])
    assert np.array_equal(bank_of(stored, layout)[0], BANK[:1])


def test_depthwise_banks_read_one_channel_each():
    """Keras has the kernels of a channel behind one another, PyTorch each channel's kernels as filters."""
    keras = np.arange(3 * 3 * 4 * 2, dtype=np.float32).reshape(3, 3, 4, 2)
    bank, groups = bank_of(keras, "HWCM")
    assert bank.shape == (3, 3, 1, 8) and groups == 4 and np.array_equal(bank[:, :, 0, 3], keras[:, :, 1, 1])
    torch = np.arange(8 * 9, dtype=np.float32).reshape(8, 1, 3, 3)
    bank, groups = bank_of(torch, "C1HW")
    assert bank.shape == (3, 3, 1, 8) and groups == 8 and np.array_equal(bank[:, :, 0, 5], torch[5, 0])
    assert bank_of(keras[0], "WCM")[0].shape == (1, 3, 1, 8) and bank_of(torch[:, :, 0], "C1W")[1] == 8


def test_dense_weights_are_kernels_of_one_cell():
    assert bank_of(np.zeros((10, 4)), "OI")[0].shape == bank_of(np.zeros((4, 10)), "IO")[0].shape == (1, 1, 4, 10)


def test_a_layout_that_does_not_suit_is_refused():
    with pytest.raises(ValueError, match=r"Expected 4 axes for the layout OIHW, received the shape \(2, 3\)"):
        bank_of(np.zeros((2, 3)), "OIHW")
    with pytest.raises(ValueError, match="Expected one channel on the second axis for the layout C1HW, received 3"):
        bank_of(np.zeros((2, 3, 3, 3)), "C1HW")


@pytest.mark.parametrize(
    ("shape", "kind", "name", "layout"),
    [
        ((64, 3, 7, 7), "", "", "OIHW"),
        ((7, 7, 3, 64), "NumPy", "w", "HWIO"),
        ((64, 7, 7, 3), "NumPy", "w", "OHWI"),
        ((64, 64, 3, 3), "safetensors", "layer1.0.conv1.weight", "OIHW"),
        ((3, 3, 64, 64), "safetensors", "conv/kernel", "HWIO"),
        ((1, 1, 16, 32), "Keras", "layers/conv2d/vars/0", "HWIO"),
        ((3, 3, 3, 3), "Keras", "conv2d/kernel:0", "HWIO"),
        ((3, 3, 3, 3), "safetensors", "conv.weight", "OIHW"),
        ((3, 3, 32, 1), "Keras", "depthwise_conv2d/depthwise_kernel:0", "HWCM"),
        ((2, 2, 8, 16), "Keras", "conv2d_transpose/kernel", "HWOI"),
        ((16, 8, 2, 2), "safetensors", "up.0.deconv.weight", "IOHW"),
        ((128, 64, 5), "safetensors", "conv.weight", "OIW"),
        ((258, 1, 256), "safetensors", "stft.weight", "OIW"),
        ((512, 1, 128), "Keras weights", "conv1/kernel:0", "WIO"),
        ((10, 4), "safetensors", "fc.weight", "OI"),
        ((4, 10), "Keras", "dense/kernel", "IO"),
    ],
)
def test_the_likeliest_layout_comes_first(shape, kind, name, layout):
    found = layouts_of(shape, kind, name)
    assert found[0] == layout
    assert set(found) <= set(BANKS[len(shape)])


def test_what_is_no_bank_has_no_layout():
    assert layouts_of((64,)) == layouts_of(()) == layouts_of((480, 640, 3, 100)) == ()
    assert layouts_of((1, 1, 5), "Keras", "p_re_lu/alpha") == ()


def test_each_layout_says_what_it_means():
    assert set(MEANING) == set(LAYOUTS)
