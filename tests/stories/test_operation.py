"""Story 6. Operation: every setting acts; what makes no sense cannot be reached or says so; the shape is live."""

import numpy as np
import pytest

from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.border import BORDERS


def detail(user):
    return user.window.settings.detail.whole_text()


def test_padding_and_the_live_shape(user):
    assert detail(user) == "→ 600 × 400"
    for name, shape in (("valid", "→ 598 × 398"), ("full", "→ 602 × 402"), ("same", "→ 600 × 400")):
        user.press(f"padding_{name}")
        assert detail(user) == shape
        assert user.program.session.undo_label == "padding"
    assert "(400, 600, 3) uint8 → (400, 600) float32" in user.window.status.shapes.text()


@pytest.mark.parametrize("border", [*BORDERS, "constant"])
def test_border(user, border):
    user.choose("border", border)
    user.settle()
    layer = user.state.conv
    assert layer.border == ("zeros" if border == "constant" else border)
    assert bool(layer.constant) == (border == "constant")
    assert user.find("constant").isVisible() == (border == "constant")


def test_stride_dilation_bias(user):
    user.type_into("stride", "2")
    assert detail(user) == "→ 300 × 200"
    user.type_into("dilation", "3")
    user.type_into("bias", "0.25")
    user.settle()
    layer = user.state.conv
    assert (layer.stride, layer.dilation, layer.bias) == ((2, 2), (3, 3), (0.25,))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_activation(user, activation):
    user.choose("activation", activation)
    user.settle()
    function = user.state.unit.function
    assert (function.function if function else "linear") == activation
    if activation == "relu":
        assert user.program.compute.known.low == 0


def test_correlation_or_convolution(user):
    user.press("order_convolution")
    user.settle()
    assert user.state.conv.flip
    assert "turned by 180" in user.find("order_convolution").toolTip()
    user.program.kernel.pick("laplacian-4")
    user.follow()
    assert user.find("order_badge").isVisible()


def test_colour_modes(user):
    user.choose("colour", "each channel")
    user.settle()
    assert user.window.pair.maps.isVisible()
    assert "3 maps" in detail(user)
    user.press("map_choice_2")
    user.settle()
    assert user.state.display.map == 2
    user.choose("colour", "sum")
    user.settle()
    assert not user.window.pair.maps.isVisible()


def test_colour_cannot_be_reached_on_a_grey_picture(user):
    user.sample("camera")
    assert not user.find("colour").isVisible()


def test_the_border_cannot_be_reached_where_nothing_lies_outside(user):
    user.press("padding_valid")
    assert not user.find("border").isEnabled()
    assert "no border to choose" in user.find("border").toolTip()


def test_valid_cannot_be_reached_where_the_kernel_does_not_fit(user):
    user.sample("article-2d")
    user.window.kernel_card.size_picked.emit(9, 9)
    user.settle()
    button = user.find("padding_valid")
    assert not button.isEnabled()
    assert "9 × 9 does not fit" in button.toolTip()


def test_a_kernel_larger_than_a_valid_input_is_explained(user):
    user.sample("article-2d")
    user.press("padding_valid")
    user.window.kernel_card.size_picked.emit(9, 9)
    user.settle()
    assert "9 × 9 does not fit into an input of 6 × 6" in user.window.pair.map.hint()
    assert detail(user) == "does not fit"
    user.do("export_picture")
    assert "no activation to export" in user.message()
    user.press("padding_same")
    user.settle()
    assert user.window.pair.map.hint() == ""
    assert user.shown_values().shape == (6, 6)


def test_causal_is_for_sequences(user):
    names = [n for n in ("same", "valid", "full", "causal") if user.window.findChild(object, f"padding_{n}")]
    assert names == ["same", "valid", "full"]
    user.sample("article-1d")
    user.press("padding_causal")
    user.settle()
    assert user.shown_values().tolist() == [[0, 1, 0, 1, 1, 0]]
    user.sample("article-2d")
    assert user.state.conv.padding == "same"


def test_reset(user):
    user.type_into("stride", "4")
    user.choose("border", "wrap")
    user.do("reset_layer")
    assert (user.state.conv.stride, user.state.conv.border) == ((1, 1), "zeros")
    assert user.state.kernel.entry == "sobel-x"


def test_the_map_follows_every_setting(user):
    seen = []
    for name in ("next_padding", "next_border", "next_activation", "toggle_flip"):
        user.do(name)
        user.settle()
        seen.append(user.window.pair.map.picture().colours.copy())
    assert all(not np.array_equal(seen[0], other) for other in seen[2:])
