"""A file that convgui wrote brings back the session that made it: layers, display, and the input if that is there."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from convgui import assets, load_image
from convgui.cli import main
from convgui.controllers.files.take_up import OFFER
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.network import evaluate


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


def test_what_the_command_line_wrote_brings_its_session_back(user, photo, tmp_path):
    command = ["apply", str(photo), "--kernel", "gaussian", "--border", "reflect", "--out", str(tmp_path)]
    assert main(command) == 0
    pixels = load_image(photo)
    take_up(user, tmp_path / "part-gaussian.png")
    assert np.array_equal(user.state.source.array, pixels)
    assert (user.state.kernel.name, user.state.conv.border) == ("Gaussian", "reflect")

    Image.fromarray(pixels[::-1]).save(photo)
    user.sample("coffee")
    take_up(user, tmp_path / "part-gaussian.png")
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


def export_plot(user, monkeypatch, dock, plot, path):
    """Export a plot from the menu in its panel."""
    user.window.docks[dock].bring()
    user.settle()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    user.find(f"{plot}_{path.suffix[1:]}", QAction).trigger()
    user.settle()
    assert path.exists(), user.message()
    return path


PLOTS = {"display": "histogram", "profile": "profile_plot", "response": "response_plot"}


@pytest.mark.parametrize("ending", [".svg", ".png"])
@pytest.mark.parametrize("dock", PLOTS)
def test_a_plot_brings_its_session_back(user, photo, tmp_path, monkeypatch, dock, ending):
    pixels, kernel = set_up(user, photo)
    user.program.profile.across()
    path = export_plot(user, monkeypatch, dock, PLOTS[dock], tmp_path / f"plot{ending}")
    assert not user.message()
    user.program.kernel.pick("sobel-x")
    user.sample("coffee")
    if ending == ".png":
        take_up(user, path)
    else:
        user.open(path)
    assert np.array_equal(user.state.source.array, pixels)
    assert (user.state.kernel.name, user.state.conv.border) == (kernel, "reflect")


def test_a_plot_that_is_dropped_on_a_new_window_brings_the_same_map(start, photo, tmp_path, monkeypatch):
    user = start()
    set_up(user, photo)
    before = evaluate(user.state.looked_at)
    path = export_plot(user, monkeypatch, "profile", "profile_plot", tmp_path / "profile.svg")
    other = start()
    other.window.dropped.emit([str(path)])
    other.settle()
    assert np.array_equal(evaluate(other.state.looked_at), before)


def test_the_curves_of_a_sequence_bring_it_back(user, tmp_path, monkeypatch):
    user.sample("article-1d")
    steps = user.state.source.array.copy()
    path = export_plot(user, monkeypatch, "curves", "curves_plot", tmp_path / "curves.svg")
    user.sample("coffee")
    user.open(path)
    assert np.array_equal(user.state.source.array, steps)
    assert user.state.input.sequence


def test_numbers_of_a_plot_say_that_they_carry_no_recipe(user, tmp_path, monkeypatch):
    export_plot(user, monkeypatch, "display", "histogram", tmp_path / "counts.csv")
    assert "counts.csv does not carry its recipe: CSV has no place for it" in user.message()


def test_a_plot_that_is_still_computed_is_not_exported_with_the_recipe_of_another(user, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "plot.svg"), ""))
    user.window.docks["display"].bring()
    user.settle()
    export = user.find("histogram_svg", QAction)
    user.program.kernel.pick("gaussian")
    export.trigger()
    assert "still being computed" in user.message()
    user.until(lambda: not user.program.runner.busy("screen"))
    export.trigger()  # the map is there, and its histogram is still that of the sample, if not of the kernel before
    assert "still being computed" in user.message()
    user.settle()
    assert not (tmp_path / "plot.svg").exists()


@pytest.mark.parametrize(("kind", "ending"), [("numbers", ".npy"), ("numbers", ".csv")])
def test_numbers_in_a_format_without_a_place_for_the_recipe_say_so(user, tmp_path, kind, ending):
    _, path = user.export(kind, ending, tmp_path)
    assert f"{path.name} does not carry its recipe: {ending[1:].upper()} has no place for it" in user.message()


def test_a_jpeg_too_small_for_its_recipe_is_written_and_says_so(user, tmp_path):
    random = np.random.default_rng(0)
    layers = tuple(Conv(Kernel(random.normal(size=(63, 63)), "large")) for _ in range(4))
    user.program.session.replace("test", replace(user.state, layers=layers))
    user.settle()
    _, path = user.export("picture", ".jpg", tmp_path)
    assert "JPG has no room for one of this size" in user.message()
    with Image.open(path) as image:
        assert image.size == (600, 400)
    _, path = user.export("picture", ".png", tmp_path)
    user.sample("coffee")
    take_up(user, path)
    for made, layer in zip(user.state.layers, layers, strict=True):
        assert np.array_equal(made.kernel.weights, layer.kernel.weights)
