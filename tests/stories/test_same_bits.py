"""One recipe gives the same numbers by `Recipe.apply`, `convgui apply`, the window, and a Sequential."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import convgui
from convgui import Sequential
from convgui import layers as keras
from convgui.cli import main
from convgui.engine.network import Chain
from convgui.engine.reading import Reading, bgr, standardised
from convgui.io.pictures.images import open_source
from convgui.io.recipe import Recipe, read_recipe, save_recipe
from convgui.model import chains
from tests.engine.test_network import layer

RNG = np.random.default_rng(12)


def image(shape, dtype=np.uint8):
    return lambda path: Image.fromarray(RNG.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)).save(path)


def array(values):
    return lambda path: np.save(path, values)


SOURCES = {
    "photo.png": image((37, 52, 3)),
    "grey.png": image((30, 41)),
    "deep.png": image((29, 33), np.uint16),
    "alpha.png": image((31, 26, 4)),
    "row.png": image((1, 60, 3)),
    "column.png": image((50, 1)),
    "float.npy": array(RNG.normal(size=(40, 35, 3)).astype(np.float32)),
    "two.npy": array(RNG.normal(size=(36, 33, 2))),
    "toy.npy": array(RNG.integers(0, 3, (8, 8))),
    "sequence.npy": array(RNG.normal(size=(1, 90)).astype(np.float32)),
    "steps.npy": array(RNG.normal(size=(70, 2)).astype(np.float32)),
}


def readings(source):
    channels = source.channels
    matrix = tuple(tuple(row) for row in RNG.normal(size=(2, channels)).tolist())
    return (
        Reading("luminance"),
        Reading("each channel"),
        Reading("sum"),
        bgr(channels),
        standardised((0.4,) * channels, (0.3,) * channels),
        Reading("custom", matrix=matrix, offset=(0.25, -1.5)),
        Reading("each channel", size=(max(source.rows // 2, 1), 23)),
    )


def random_layers(source, reading, random, count):
    """Return layers of any kind that fit, some of them switched off."""
    chain = Chain(source, reading)
    for _ in range(40):
        made = layer(random, chain.shape(len(chain.layers)).maps)
        made = replace(made, on=bool(random.integers(5)))
        longer = Chain(source, reading, (*chain.layers, made))
        if longer.fault is None and 0 < np.prod(longer.shape(len(longer.layers))) < 30_000:
            chain = longer
        if len(chain.layers) == count:
            break
    return chain.layers


def planes(maps):
    """Return what `Recipe.apply` or a file holds as maps x rows x columns."""
    return maps[None] if maps.ndim == 2 else np.moveaxis(maps, -1, 0)


def same(found, expected):
    assert found.shape == expected.shape
    assert found.dtype == np.float32
    assert np.array_equal(found, expected, equal_nan=True)


def shown(user, maps):
    """Compare each map that the window shows cell by cell with what it must be."""
    for number, expected in enumerate(maps):
        user.program.session.replace("map", user.state.with_display(map=number))
        user.settle()
        picture, (down, across) = user.window.pair.map.picture(), user.state.axes
        assert picture.values.size
        left, top = picture.rect[:2]
        row, col = round((top - down.origin) / down.stride), round((left - across.origin) / across.stride)
        rows, cols = picture.values.shape
        same(picture.values, expected[row : row + rows, col : col + cols])


@pytest.mark.parametrize(("name", "kind"), [(name, (k + more) % 7) for k, name in enumerate(SOURCES) for more in (0, 3)])
def test_a_recipe_gives_the_same_bits_everywhere(user, tmp_path, name, kind):
    path, file = tmp_path / name, tmp_path / "chain.json"
    SOURCES[name](path)
    random = np.random.default_rng([kind, *name.encode()])
    source = open_source(str(path))
    reading = readings(source)[kind]
    layers = random_layers(source, reading, random, 5)
    looked = int(random.integers(len(layers)))
    save_recipe(file, Recipe(layers, reading=reading, looked=looked))

    recipe = read_recipe(file)
    expected = Recipe(layers, reading=reading, looked=looked).apply(source)
    same(recipe.apply(source), expected)
    if path.suffix == ".png":
        same(recipe.apply(convgui.load_image(path)), expected)

    assert main(["apply", str(path), "--recipe", str(file), "--format", "npy", "--out", str(tmp_path / "out")]) == 0
    (written,) = (tmp_path / "out").iterdir()
    same(np.load(written), expected)

    user.open(path)
    user.open(file)
    assert user.state.looked == looked
    user.program.navigate.scale_to(4)
    user.settle()
    shown(user, planes(expected)[:3])
    for index in {0, len(layers) - 1}:
        user.program.session.replace("select", chains.select(user.state, index))
        shown(user, planes(replace(recipe, looked=index).apply(source))[:2])


MODELS = {
    "classic": lambda: [
        keras.Conv2D(4, 3, padding="same", activation="relu"),
        keras.MaxPooling2D(2),
        keras.BatchNormalization(),
        keras.Conv2D(3, (2, 3), strides=(1, 2), bias_initializer="random_normal"),
        keras.Softmax(),
    ],
    "depthwise": lambda: [
        keras.ZeroPadding2D(2),
        keras.DepthwiseConv2D(3, depth_multiplier=2),
        keras.PReLU(alpha_initializer="random_normal", shared_axes=[1, 2]),
        keras.AveragePooling2D((3, 2), padding="same"),
        keras.UpSampling2D(2, interpolation="bilinear"),
    ],
    "large": lambda: [keras.Conv2D(2, 21, padding="same"), keras.LeakyReLU(0.2), keras.SeparableConv2D(3, 3)],
    "global": lambda: [keras.Conv2D(5, 3, dilation_rate=2, activation="elu"), keras.GlobalAveragePooling2D()],
}


@pytest.mark.parametrize("kind", MODELS)
def test_a_model_is_the_recipe_of_its_layers(tmp_path, kind):
    x = RNG.normal(size=(1, 30, 34, 3)).astype(np.float32)
    model = Sequential(MODELS[kind]())
    for upto in range(1, len(model.layers) + 1):
        expected = model.predict(x, upto=upto)
        if not (layers := model.engine_layers(upto)):
            continue
        save_recipe(tmp_path / "model.json", Recipe(layers, reading=Reading("each channel")))
        found = read_recipe(tmp_path / "model.json").apply(x[0])
        same(found.reshape(expected.shape[1:]), expected[0])


@pytest.mark.parametrize("ending", [".png", ".webp"])
def test_a_picture_has_the_same_colours_from_the_window_and_from_the_command_line(user, tmp_path, ending):
    """Its limits too, which of a large map are found from a histogram whose ends a sample decides."""
    random = np.random.default_rng(0)
    rough = Image.fromarray(random.integers(0, 256, (900, 1200, 3), np.uint8))
    rough.save(tmp_path / "large.png")
    user.open(tmp_path / "large.png")
    user.program.kernel.pick("sobel-y")
    user.settle()
    _, path = user.export("picture", ending, tmp_path)
    words = [str(tmp_path / "large.png"), "--recipe", str(path), "--format", ending[1:], "--out", str(tmp_path / "out")]
    assert main(["apply", *words]) == 0
    (made,) = (tmp_path / "out").glob(f"*{ending}")
    assert np.array_equal(convgui.load_image(made), convgui.load_image(path))
