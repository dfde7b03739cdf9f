"""Kernels that come from elsewhere: pasted in any notation, or opened from files of other programs."""

import struct

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.io.kernels.files import KernelFile

GAUSS = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])


def paste(user, text):
    user.do("kernel_paste")
    dialog = user.dialog("matrix_dialog")
    dialog.field.setPlainText(text)
    return dialog


@pytest.mark.parametrize(
    "text",
    [
        r"K = \frac{1}{16}\begin{bmatrix} 1 & 2 & 1 \\ 2 & 4 & 2 \\ 1 & 2 & 1 \end{bmatrix}",
        "1 2 1\n2 4 2\n1 2 1 / 16",
        "np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 16",
        '<feConvolveMatrix order="3" kernelMatrix="1 2 1 2 4 2 1 2 1"/>',
    ],
)
def test_the_dialog_says_live_what_was_understood(user, text):
    dialog = paste(user, text)
    assert dialog.message.text() == "3 × 3 kernel, divided by 16"
    dialog.accept_button.click()
    user.settle()
    np.testing.assert_array_equal(user.state.kernel.weights, GAUSS / 16)


def test_what_may_mean_two_things_is_asked_and_not_guessed(user):
    dialog = paste(user, "1 2 1\n2 4 2\n1 2 1/16")
    assert "one weight or a factor of all" in dialog.message.text()
    assert not dialog.accept_button.isEnabled()
    dialog.reject()


def test_the_bias_of_a_pasted_filter_becomes_the_bias_of_the_layer(user):
    dialog = paste(user, 'order="1 2" kernelMatrix="1 2" divisor="1" bias="0.25"')
    assert "bias 0.25" in dialog.message.text()
    dialog.accept_button.click()
    user.settle()
    assert user.state.conv.bias == (0.25,)
    assert user.state.kernel.size == (2, 1)
    user.do("undo")
    user.settle()
    assert user.state.conv.bias == (0.0,)


def test_a_custom_filter_of_photoshop_opens_as_a_kernel(user, tmp_path):
    numbers = [0] * 25
    numbers[12] = 4
    (tmp_path / "brighter.acf").write_bytes(struct.pack(">27h", *numbers, 2, 0))
    user.open(tmp_path / "brighter.acf")
    assert user.state.kernel.weights[2, 2] == 2
    assert user.state.kernel.name == "brighter"


def test_weights_of_a_layer_are_told_for_what_they_are(user, tmp_path):
    np.save(tmp_path / "conv1.npy", np.zeros((8, 1, 3, 3)))
    before = user.state.kernel
    user.program.kernel_files.open_file(str(tmp_path / "conv1.npy"))
    user.settle()
    assert "8 filters of 3 × 3 over 1 channel" in user.message()
    assert user.state.kernel is before


@pytest.mark.parametrize("text", ["1e39 1", "[[4, -3.5e38]]", "1e38 1\n* 100", "1e-60 1e-50"])
def test_weights_that_float32_cannot_hold_are_refused_in_the_dialog(user, text):
    dialog = paste(user, text)
    assert "xpected" in dialog.message.text() and "in magnitude" in dialog.message.text()
    assert not dialog.accept_button.isEnabled()
    dialog.reject()


@pytest.mark.parametrize("name", ["k.npy", "k.txt", "k.csv"])
def test_a_file_of_weights_that_float32_cannot_hold_is_refused_with_a_sentence(user, tmp_path, name):
    before = user.state.kernel
    path = tmp_path / name
    if name.endswith("npy"):
        np.save(path, np.array([[1e300, 1.0]]))
    else:
        path.write_text("1e39,1\n2,3")
    user.program.kernel_files.open_file(str(path))
    user.settle()
    assert user.message().startswith(f"{name}: expected weights of at most")
    assert user.state.kernel is before


def test_a_kernel_that_is_refused_is_not_told_as_taken(user):
    """What the session says stays, as a success would take it away."""
    before = user.state.kernel
    user.program.kernel_files.take_file(KernelFile(Kernel([[1e39, 1.0]], "Large"), 0.0, "1 × 2 kernel"))
    assert "at most" in user.message() and user.state.kernel is before
