"""Story 8. Take away: picture, figure and numbers say what they write, and write what is shown, at full resolution."""

import json

import numpy as np
import pytest
import tifffile
from gui_thread import slow_calls
from PIL import Image
from PySide6.QtGui import QGuiApplication

from convgui import as_input, assets, conv2d, load_image
from convgui.engine.looking.colours import colourise
from convgui.model import colouring

SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def truth():
    return conv2d(as_input(load_image(assets.photo("coffee.webp"))), SOBEL, padding="same")


def export(user, kind, ending, folder):
    """Go through the dialog as a user would; return the sentence and the path."""
    user.do(f"export_{kind}")
    dialog = user.dialog(f"export_{kind}_dialog")
    dialog.format.setCurrentIndex(dialog.format.findData(ending))
    dialog.folder.setText(str(folder))
    user.until(lambda: dialog.write.isEnabled() and not dialog.preview.pixmap().isNull())
    sentence, path = dialog.sentence.text(), folder / dialog.name.text()
    dialog.write.click()
    user.settle()
    assert path.exists(), user.message()
    assert str(path) in user.window.status.note.whole_text()
    return sentence, path


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif"])
def test_picture(user, tmp_path, ending):
    sentence, path = export(user, "picture", ending, tmp_path)
    assert "600" in sentence and "400" in sentence and "from" in sentence
    with Image.open(path) as image:
        written = np.asarray(image.convert("RGB"))
    limits = user.window.pair.bar.limits()
    expected = colourise(truth(), *limits, colouring.signed_table(False))
    if ending == ".jpg":
        assert np.abs(written.astype(int) - expected).mean() < 4
    else:
        assert np.array_equal(written, expected)


@pytest.mark.parametrize("ending", [".tif", ".npy", ".csv", ".png"])
def test_numbers(user, tmp_path, ending):
    sentence, path = export(user, "numbers", ending, tmp_path)
    assert "600" in sentence and "400" in sentence
    if ending == ".tif":
        written = tifffile.imread(path)
        assert written.dtype == np.float32
    elif ending == ".npy":
        written = np.load(path)
    elif ending == ".csv":
        written = np.loadtxt(path, delimiter=",", dtype=np.float32)
    else:
        from convgui.io.export.formats import load_png_numbers

        step = (truth().max() - truth().min()) / 65535
        assert np.abs(load_png_numbers(path) - truth()).max() <= step
        return
    assert np.array_equal(written, truth())


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_figure(user, tmp_path, ending):
    sentence, path = export(user, "figure", ending, tmp_path)
    assert "from" in sentence
    data = path.read_bytes()
    assert len(data) > 20_000
    assert data[:4] in (b"\x89PNG", b"%PDF", b"<?xm")
    if ending == ".png":
        with Image.open(path) as image:
            assert image.size[0] > 3000
    if ending == ".svg":
        assert b"Sobel x" in data


def test_figure_of_a_toy_grid_shows_its_numbers(user, tmp_path):
    user.sample("article-2d")
    _, path = export(user, "figure", ".svg", tmp_path)
    assert path.read_text().count("<text") > 80


def test_copy_picture(user):
    user.do("copy_picture")
    user.settle()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (600, 400)


def test_an_existing_file_asks_first(user, tmp_path):
    _, path = export(user, "picture", ".png", tmp_path)
    before = path.read_bytes()
    user.do("export_picture")
    dialog = user.dialog("export_picture_dialog")
    dialog.folder.setText(str(tmp_path))
    user.until(lambda: dialog.write.isEnabled())
    assert "exists and will be replaced" in dialog.warning.text()
    assert dialog.write.text() == "Replace"
    dialog.refuse.click()
    user.settle()
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_said_before(user, tmp_path):
    user.do("export_picture")
    dialog = user.dialog("export_picture_dialog")
    dialog.folder.setText(str(tmp_path / "nowhere"))
    user.until(lambda: "There is no folder" in dialog.warning.text())
    assert not dialog.write.isEnabled()
    dialog.folder.setText(str(tmp_path))
    dialog.name.setText("")
    user.until(lambda: "name" in dialog.warning.text())
    dialog.refuse.click()
    user.settle()


def test_folders_are_looked_into_beside_the_window(user, tmp_path):
    with slow_calls() as found:
        user.do("export_figure")
        dialog = user.dialog("export_figure_dialog")
        dialog.folder.setText(str(tmp_path))
        user.until(lambda: dialog.write.isEnabled() and not dialog.preview.pixmap().isNull())
    assert found == set()
    dialog.refuse.click()
    user.settle()


def test_all_maps_of_a_colour_picture(user, tmp_path):
    user.choose("colour", "each channel")
    user.settle()
    _, path = export(user, "numbers", ".npy", tmp_path)
    image = load_image(assets.photo("coffee.webp"))
    assert np.array_equal(np.load(path), conv2d(as_input(image, "each channel"), SOBEL, padding="same"))


def test_recipe_brings_the_window_back_and_computes_the_same(user, tmp_path):
    from convgui import load_recipe

    user.program.kernel.pick("gaussian")
    user.choose("border", "reflect")
    user.type_into("stride", "2")
    before = user.state
    path = tmp_path / "recipe.json"
    user.program.commands.save_recipe(str(path))
    user.settle()
    assert "sha256" in json.loads(path.read_text())["source"]
    user.do("reset_layer")
    user.program.kernel.pick("sobel-y")
    user.program.commands.open_recipe(str(path))
    user.settle()
    assert user.state.conv.border == "reflect"
    assert user.state.kernel.parameters == before.kernel.parameters
    user.do("zoom_one")
    user.settle()
    maps = load_recipe(path).apply(load_image(assets.photo("coffee.webp")))
    picture = user.window.pair.map.picture()
    left, top = (round(v) for v in picture.rect[:2])
    rows, cols = picture.values.shape
    assert np.array_equal(picture.values, maps[max(top // 2, 0) :, max(left // 2, 0) :][:rows, :cols])
