"""Recipes of chains on the command line: the files hold what `Recipe.apply` gives, and options change what is looked at."""

import numpy as np
import pytest
from PIL import Image

import convgui
from convgui.cli import main
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.softmax import Softmax
from convgui.engine.reading import Reading
from convgui.io.recipe import Recipe, save_recipe

RNG = np.random.default_rng(7)
BANK = Conv(Kernel(RNG.normal(size=(3, 3, 3, 4)), name="conv1"), bias=(0.1, 0.2, -0.3, 0.0))
LAYERS = (BANK, Activation("relu"), Pool(), Conv(Kernel([[1.0, -1.0]])), Activation("tanh"), Softmax())


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "in.png"
    Image.fromarray(RNG.integers(0, 256, (40, 30, 3), np.uint8)).save(path)
    return path


@pytest.fixture
def recipe(tmp_path):
    def write(looked=-1, layers=LAYERS, **settings):
        path = tmp_path / "chain.json"
        save_recipe(path, Recipe(layers, reading=Reading("each channel"), looked=looked, **settings))
        return path

    return write


def apply(image, recipe, folder, *options, kind="npy"):
    return main(["apply", str(image), "--recipe", str(recipe), "--format", kind, "--out", str(folder), *options])


@pytest.mark.parametrize("looked", range(len(LAYERS)))
def test_the_file_holds_what_the_recipe_gives(image, recipe, tmp_path, looked):
    path = recipe(looked)
    assert apply(image, path, tmp_path / "out") == 0
    expected = convgui.load_recipe(path).apply(convgui.load_image(image))
    assert np.array_equal(np.load(tmp_path / "out" / "in-chain.npy"), expected)


def test_each_map_becomes_a_picture_with_its_number(image, recipe, tmp_path):
    assert apply(image, recipe(), tmp_path / "out", kind="png") == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [f"in-chain-{k}.png" for k in range(4)]


@pytest.mark.parametrize(
    ("looked", "options", "changed"),
    [
        (4, ["--stride", "2"], {3: {"stride": (2, 2)}}),
        (3, ["--border", "wrap", "--flip"], {3: {"border": "wrap", "flip": True}}),
        (1, ["--padding", "valid"], {0: {"padding": "valid"}}),
        (0, ["--bias", "2"], {0: {"bias": (2.0,)}}),
    ],
)
def test_options_change_the_convolution_that_is_looked_at(image, recipe, tmp_path, looked, options, changed):
    from dataclasses import replace

    assert apply(image, recipe(looked), tmp_path / "out", *options) == 0
    layers = tuple(replace(layer, **changed.get(k, {})) for k, layer in enumerate(LAYERS))
    expected = Recipe(layers, reading=Reading("each channel"), looked=looked).apply(convgui.load_image(image))
    assert np.array_equal(np.load(tmp_path / "out" / "in-chain.npy"), expected)


@pytest.mark.parametrize(
    ("looked", "function", "layers"),
    [
        (1, "sigmoid", (BANK, Activation("sigmoid"))),
        (0, "tanh", (BANK, Activation("tanh"))),
        (1, "linear", (BANK,)),
        (3, "abs", (*LAYERS[:4], Activation("abs"))),
    ],
)
def test_the_activation_is_that_of_the_convolution_that_is_looked_at(image, recipe, tmp_path, looked, function, layers):
    assert apply(image, recipe(looked), tmp_path / "out", "--activation", function) == 0
    expected = Recipe(layers, reading=Reading("each channel")).apply(convgui.load_image(image))
    assert np.array_equal(np.load(tmp_path / "out" / "in-chain.npy"), expected)


def test_the_colour_is_that_of_the_reading(image, recipe, tmp_path):
    path = recipe(layers=LAYERS[3:], looked=0)
    assert apply(image, path, tmp_path / "out", "--colour", "sum") == 0
    expected = Recipe(LAYERS[3:4], reading=Reading("sum")).apply(convgui.load_image(image))
    assert np.array_equal(np.load(tmp_path / "out" / "in-chain.npy"), expected)


@pytest.mark.parametrize(
    ("looked", "options", "word"),
    [(2, ["--stride", "2"], "max pooling"), (5, ["--flip"], "softmax"), (2, ["--activation", "relu"], "max pooling")],
)
def test_an_option_that_has_no_place_is_refused(image, recipe, tmp_path, capsys, looked, options, word):
    assert apply(image, recipe(looked), tmp_path / "out", *options) == 2
    said = capsys.readouterr().err
    assert word in said and said.count("\n") == 1


def test_an_input_that_does_not_fit_is_said_and_the_others_go_on(image, recipe, tmp_path, capsys):
    grey = tmp_path / "grey.png"
    Image.fromarray(np.zeros((20, 20), np.uint8)).save(grey)
    assert main(["apply", str(grey), str(image), "--recipe", str(recipe()), "--format", "npy", "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "grey.png" in said and "3 channels" in said
    assert (tmp_path / "in-chain.npy").exists()
