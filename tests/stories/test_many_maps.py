"""A vision engineer looks at all maps of a layer: as a grid, one large, as one picture, over the photo."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.network import evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.model.state import Display, State

RNG = np.random.default_rng(3)
PHOTO = Source(RNG.integers(0, 255, (80, 120, 3), np.uint8), 1 / 255, "noise")
WEIGHTS = RNG.normal(size=(5, 5, 3, 24))
WEIGHTS[..., 9] *= 20


@pytest.fixture
def network(user):
    layers = (Conv(Kernel(WEIGHTS, "conv1"), padding="valid"), Activation("relu"))
    user.program.session.replace("open", State(PHOTO, Reading("each channel"), layers, 0, Display()))
    user.settle()
    return user


def test_all_maps_are_seen_at_once_and_one_is_enlarged(network):
    pair = network.window.pair
    assert not pair.grid.isVisible() and network.window.ways.isVisible()
    network.press("map_ways_map_grid")
    network.settle()
    assert pair.grid.isVisible() and not pair.map_chip.isVisible()
    assert pair.grid.missing() == () and len(pair.grid.seen()) > 10
    assert "24 maps" in pair.grid_head.title.text()
    network.click(pair.grid.viewport(), *centre(pair.grid, 5))
    assert network.state.map == 5
    QTest.keyClick(pair.grid, Qt.Key.Key_Right)
    QTest.keyClick(pair.grid, Qt.Key.Key_Return)
    network.settle()
    assert network.state.map == 6 and not pair.grid.isVisible()
    assert network.find("map_list").currentText() == "map 6"


def centre(grid, map):
    box = grid.box_of(map).center()
    return box.x(), box.y()


def test_the_strongest_map_comes_first_where_that_is_chosen(network):
    network.do("map_grid")
    network.choose("map_order", "strength")
    network.settle()
    strongest = np.square(evaluate(network.state.looked_at)).mean(axis=(1, 2)).argmax()
    assert network.window.pair.grid.order()[0] == strongest == 9
    network.do("undo")
    network.settle()
    assert network.window.pair.grid.order()[0] == 0


def test_a_painted_weight_changes_the_tiles(network):
    network.do("map_grid")
    network.settle()
    grid = network.window.pair.grid
    before = grid.image(0)
    kernel = network.state.kernel
    network.program.session.replace("paint", network.state.with_conv(kernel=kernel.with_weights(kernel.weights * -9)))
    network.settle()
    assert grid.image(0) != before
    network.do("undo")
    network.settle()
    assert grid.image(0) == before


def test_one_picture_of_all_maps(network):
    network.do("map_picture")
    network.choose("together", "max")
    network.do("zoom_one")
    network.settle()
    shown = network.shown_values()
    assert shown.shape == (76, 116)
    assert (shown == evaluate(network.state.looked_at).max(axis=0)).all()
    network.choose("together", "pca")
    network.settle()
    assert not network.window.pair.maps.isVisible()


def test_the_map_lies_over_the_photo_where_it_belongs(network):
    network.do("map_overlay")
    network.settle()
    under = network.window.pair.map._under
    assert under is not None and under.rect[:2] == (0.0, 0.0)
    assert network.window.pair.map.picture().colours.shape[2] == 4
    network.do("map_overlay")
    network.settle()
    assert network.window.pair.map._under is None
    assert network.window.pair.map.picture().colours.shape[2] == 3


def test_a_layer_with_one_map_says_that_there_is_nothing_to_choose(user):
    user.sample("coffee")
    user.do("map_grid")
    assert "one map" in user.message()
    assert not user.window.pair.grid.isVisible() and not user.window.ways.isVisible()


def test_a_recipe_keeps_how_the_maps_are_looked_at(network, tmp_path):
    network.do("map_grid")
    network.choose("map_order", "norm")
    network.program.commands.save_recipe(str(tmp_path / "r.json"))
    network.settle()
    network.do("map_one")
    network.program.commands.open_recipe(str(tmp_path / "r.json"))
    network.settle()
    assert network.state.display.many.way == "grid" and network.state.display.many.order == "norm"


def test_the_grid_is_exported_as_one_sheet(network, tmp_path):
    from PIL import Image

    network.do("map_grid")
    network.settle()
    _, path = network.export("picture", ".png", tmp_path)
    with Image.open(path) as image:
        assert image.width > 5 * 116 and image.height > 3 * 76
    from convgui.io.carrying import load_recipe

    assert load_recipe(path).many.way == "grid"


def test_one_picture_of_all_maps_is_exported_as_it_is_seen(network, tmp_path):
    from PIL import Image

    network.do("map_picture")
    network.choose("together", "pca")
    network.settle()
    _, path = network.export("picture", ".png", tmp_path)
    with Image.open(path) as image:
        assert image.size == (116, 76)


def test_numbers_of_a_grid_are_all_maps(network, tmp_path):
    network.do("map_grid")
    network.settle()
    _, path = network.export("numbers", ".npy", tmp_path)
    assert np.array_equal(np.moveaxis(np.load(path), -1, 0), evaluate(network.state.looked_at))
