"""A chain in the window: each layer is looked at with what it reads beside it, and its values are explained."""

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.network import evaluate
from convgui.io.recipe import read_recipe
from convgui.model import chains

RNG = np.random.default_rng(4)
LAYERS = (
    Conv(Kernel(RNG.normal(size=(3, 3, 1, 4)), name="conv1"), padding="valid", stride=(2, 2)),
    Activation("relu"),
    Pool(),
    Conv(Kernel(RNG.normal(size=(2, 2, 4, 3)), name="conv2"), bias=(0.5, 0.0, -1.0)),
    Affine((2.0,), (0.25,)),
    Pad((1, 2), (0, 3), "reflect"),
    Resize(scale=(1.5, 0.75), method="bilinear"),
    Pool("mean", (3, 3), (1, 1), "same"),
    Softmax(),
    Conv(Kernel([[1.0, -1.0]], name="difference")),
    Activation("tanh"),
)


@pytest.fixture(params=["photo", "grid", "sequence"])
def deep(user, request):
    """A window that looks at the last layer of a deep chain."""
    user.sample({"photo": "noise", "grid": "toy-cross", "sequence": "article-1d"}[request.param])
    state = user.state
    layers = LAYERS
    if request.param == "sequence":
        rows = Conv(Kernel(RNG.normal(size=(1, 3, 1, 4)), name="conv1"))
        layers = (rows, Activation("relu"), Pool("max", (1, 2)), Affine((2.0,)), Softmax(), Activation("tanh"))
    elif request.param == "grid":
        layers = (Conv(LAYERS[0].kernel), *LAYERS[1:])
    for layer in layers:
        state = chains.add(state, layer)
    assert user.program.session.replace("chain", chains.remove(state, 0))
    user.settle()
    return user


def hover(user, pane, x, y):
    pane.hovered.emit(x, y)
    user.settle()


def test_each_layer_shows_its_input_and_its_output(deep):
    user = deep
    for index in range(len(user.state.layers)):
        user.program.session.replace("select", chains.select(user.state, index))
        user.settle()
        state = user.state
        assert state.fault is None
        pair = user.window.pair
        assert pair.map.picture() is not None and pair.input.picture() is not None, state.layers[index]
        values = evaluate(state.looked_at, maps=state.map)[0]
        row, col = values.shape[0] // 2, values.shape[1] // 2
        user.program.probe.pin((row, col))
        user.settle()
        found = user.program.probe.finding()
        made = found.explanation or found.made
        assert made.value == pytest.approx(values[row, col], rel=1e-4, abs=1e-4), state.layers[index]
        user.program.probe.unpin()
        hover(user, pair.input, state.input.cols / 2, 0.5 if state.input.sequence else state.input.rows / 2)
        found = user.program.probe.finding()
        assert found.uses is not None or found.readers is not None
        user.window.grab()


def test_the_photo_can_be_shown_beside_a_deep_layer(deep):
    user = deep
    before = user.window.pair.input.picture()
    user.program.session.replace("photo", user.state.with_display(photo=True))
    user.settle()
    shown = user.window.pair.input.picture()
    assert shown is not None and shown is not before
    left, _, width, _ = shown.rect
    _, cols = user.state.input.place
    source = user.state.source
    assert width == pytest.approx(source.cols / float(cols.pitch), rel=0.2)
    assert left <= max(-float(cols.origin) / float(cols.pitch), 0) + 1
    user.program.session.replace("photo", user.state.with_display(photo=False))
    user.settle()
    assert user.window.pair.input.picture() is not None


def test_what_has_no_kernel_says_so(deep):
    user = deep
    pool = next(k for k, layer in enumerate(user.state.layers) if isinstance(layer, Pool))
    user.program.session.replace("select", chains.select(user.state, pool))
    user.settle()
    before = user.state
    for command in ("kernel_negate", "kernel_rotate", "toggle_flip", "reset_layer", "kernel_copy", "next_padding"):
        user.do(command)
        user.settle()
        assert user.state is before, command
    user.program.kernel.pick("sobel-x")
    assert user.state is before and "no kernel" in user.message()
    assert not user.window.kernel_card.grid.isVisible() and "no kernel" in user.window.kernel_card.detail.whole_text()
    user.program.session.replace("select", chains.select(user.state, 0))
    user.settle()
    assert user.window.kernel_card.grid.isVisible() and user.window.kernel_card.grid.isEnabled()


def test_a_deep_map_is_exported_as_it_is_shown(deep, tmp_path):
    user = deep
    user.program.export.write("numbers", ".npy", str(tmp_path / "deep.npy"))
    user.settle()
    found, expected = np.load(tmp_path / "deep.npy"), evaluate(user.state.looked_at)
    assert np.array_equal(found, expected[0] if len(expected) == 1 else np.moveaxis(expected, 0, -1))
    for kind, extension in (("picture", ".png"), ("figure", ".png")):
        if kind == "picture" or user.state.kernel is not None:
            user.program.export.write(kind, extension, str(tmp_path / f"{kind}{extension}"))
            user.settle()
            assert (tmp_path / f"{kind}{extension}").stat().st_size > 50


def test_the_recipe_gives_what_is_on_the_screen(user, tmp_path):
    user.sample("toy-cross")
    state = user.state
    for layer in (Conv(Kernel(RNG.normal(size=(3, 3, 1, 4)))), Activation("relu"), Pool("mean", (3, 3), (1, 1), "same")):
        state = chains.add(state, layer)
    user.program.session.replace("chain", state)
    user.program.session.replace("map", user.state.with_display(map=2))
    user.settle()
    user.program.commands.save_recipe(str(tmp_path / "chain.json"))
    user.settle()
    maps = read_recipe(tmp_path / "chain.json").apply(user.state.source)
    shown, (left, top, width, height) = user.shown_values(), user.window.pair.map.picture().rect
    top, left = int(top), int(left)
    assert np.array_equal(shown, maps[top : top + int(height), left : left + int(width), 2])
