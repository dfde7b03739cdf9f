"""Recipes in the window: a bad one changes nothing and is told in one sentence, whichever way it comes in."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from convgui.cli import main
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.reading import Reading
from convgui.io.recipe import Recipe, save_recipe
from convgui.model.chains import select


def write(path, **changes):
    save_recipe(path, Recipe((Conv(Kernel([[1.0, 2.0]], name="two")),), source={"name": "other.png"}))
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return path


def bad_recipes(folder):
    """Recipes that once broke the window."""
    layer = json.loads(write(folder / "good.json").read_text())["layers"][0]
    yield write(folder / "empty.json", layers=[])
    yield write(folder / "second.json", layers=[layer, layer | {"stride": [0, 1]}])
    yield write(folder / "looked.json", looked=7)
    yield write(folder / "kind.json", layers=[{"type": "dense"}])
    yield write(folder / "bias.json", layers=[layer | {"bias": []}])
    yield write(folder / "stride.json", layers=[layer | {"stride": [0, 1e30]}])
    yield write(folder / "display.json", display=None)
    yield write(folder / "map.json", display={"map": -5})
    pipe = folder / "pipe.json"
    os.mkfifo(pipe)
    yield pipe


def test_bad_recipes_change_nothing_and_the_next_good_one_is_taken(user, tmp_path):
    for path in bad_recipes(tmp_path):
        before = user.state
        for way in (user.program.commands.open_recipe, user.program.source.open_path):
            user.window.messages.clear()
            way(str(path))
            user.settle()
            assert user.state is before, path.name
            assert "xpected" in user.message() and "went wrong" not in user.message(), (path.name, user.message())
        user.do("kernel_negate")  # the window is alive
        user.settle()
        assert user.state is not before
    user.open(tmp_path / "good.json")
    assert user.state.kernel.name == "two"
    assert "other.png" in user.message()


@pytest.mark.parametrize("way", ["open", "drop"])
def test_a_map_that_is_not_there_is_said(user, tmp_path, way):
    path = write(tmp_path / "map.json", display={"map": 7}, source={})
    if way == "open":
        user.program.commands.open_recipe(str(path))
    else:
        user.window.dropped.emit([str(path)])
    user.settle()
    assert user.state.display.map == 0
    assert "map 7" in user.message()


CHAIN = (
    Conv(Kernel(np.ones((3, 3, 3, 2)) / 9, name="conv1")),
    Activation("relu"),
    Pool(),
    Conv(Kernel([[1.0, -1.0]])),
)


def test_a_chain_is_opened_shown_and_undone(user, tmp_path):
    save_recipe(tmp_path / "chain.json", Recipe(CHAIN, reading=Reading("each channel"), looked=3, map=1))
    before = user.state
    user.program.commands.open_recipe(str(tmp_path / "chain.json"))
    user.settle()
    state = user.state
    assert (len(state.layers), state.looked, state.map, state.fault) == (4, 3, 1, None)
    picture = user.window.pair.map.picture()
    assert picture is not None
    user.do("undo")
    user.settle()
    assert user.state is before


def test_a_layer_that_does_not_fit_is_said_in_the_place_of_the_map(user, tmp_path):
    bad = (*CHAIN, Conv(Kernel(np.ones((1, 1, 5, 1)), name="wrong")))
    save_recipe(tmp_path / "chain.json", Recipe(bad, reading=Reading("each channel"), looked=4))
    user.program.commands.open_recipe(str(tmp_path / "chain.json"))
    user.settle()
    assert user.state.fault.layer == 5 and "5 channels" in user.state.why
    assert user.window.pair.map.picture() is None
    user.program.session.replace("select", select(user.state, 3))
    user.settle()
    assert user.state.why == "" and user.window.pair.map.picture() is not None


def test_the_command_line_refuses_the_same_recipes(tmp_path, capsys):
    picture = tmp_path / "a.npy"
    np.save(picture, np.ones((4, 5), np.float32))
    for path in bad_recipes(tmp_path):
        assert main(["apply", str(picture), "--recipe", str(path), "--out", str(tmp_path / "out")]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and path.name in said
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True
