"""A file that convgui wrote brings back the session that made it: layers, display, and the input if that is there."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image

from convgui import assets
from convgui.controllers.files.take_up import OFFER


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "part.png"
    with Image.open(assets.photo("coffee.webp")) as image:
        image.convert("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((90, 60)).save(path)
    return path


def take_up(user, path):
    user.open(path)
    assert OFFER == user.window.messages.button.text() and user.window.messages.button.isVisible()
    user.window.messages.button.click()
    user.settle()


def set_up(user, photo):
    user.open(photo)
    user.program.kernel.pick("gaussian")
    user.choose("border", "reflect")
    user.settle()
    return user.state.source.array.copy(), user.state.kernel.name


@pytest.mark.parametrize(
    ("kind", "ending"), [("picture", ".png"), ("picture", ".jpg"), ("numbers", ".tif"), ("numbers", ".npz")]
)
def test_a_picture_brings_its_session_back(user, photo, tmp_path, kind, ending):
    pixels, kernel = set_up(user, photo)
    _, path = user.export(kind, ending, tmp_path)
    user.program.kernel.pick("sobel-x")
    user.sample("coffee")
    take_up(user, path)
    assert np.array_equal(user.state.source.array, pixels)
    assert (user.state.kernel.name, user.state.conv.border) == (kernel, "reflect")
    user.do("undo")
    user.settle()
    assert user.state.source.name == path.name, "one step back is the picture that was opened"


def test_an_input_that_is_gone_is_told_and_nothing_is_lost(user, photo, tmp_path):
    _, kernel = set_up(user, photo)
    _, path = user.export("picture", ".png", tmp_path)
    user.sample("coffee")
    photo.unlink()
    (tmp_path / "elsewhere").mkdir()
    moved = shutil.move(path, tmp_path / "elsewhere" / path.name)
    take_up(user, moved)
    assert user.state.kernel.name == kernel
    assert user.state.source.name == "coffee.webp"
    assert "part.png was not found" in user.message()


def test_another_file_of_the_same_name_is_not_taken_for_it(user, photo, tmp_path):
    set_up(user, photo)
    _, path = user.export("picture", ".png", tmp_path)
    user.sample("coffee")
    Image.new("RGB", (90, 60), "red").save(photo)
    take_up(user, path)
    assert user.state.source.name == "coffee.webp"
    assert "part.png was not found" in user.message()


@pytest.mark.parametrize("ending", [".svg", ".pdf", ".png"])
def test_a_figure_brings_its_session_back(user, tmp_path, ending):
    user.sample("article-2d")
    grid, weights = user.state.source.array.copy(), user.state.kernel.weights.copy()
    _, path = user.export("figure", ending, tmp_path)
    user.sample("coffee")
    if ending == ".png":
        take_up(user, path)
    else:
        user.open(path)
    assert np.array_equal(user.state.source.array, grid)
    assert user.state.source.toy
    assert np.array_equal(user.state.kernel.weights, weights)


def test_what_is_carried_says_what_the_input_was_and_not_where_it_lies(user, photo, tmp_path):
    set_up(user, photo)
    _, path = user.export("picture", ".png", tmp_path)
    with Image.open(path) as image:
        about = json.loads(image.text["recipe"])
    assert about["source"]["name"] == "part.png"
    assert len(about["source"]["sha256"]) == 64
    assert str(tmp_path) not in json.dumps(about)
