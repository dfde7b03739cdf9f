"""Story 8. Take away: picture, figure and numbers say what they write, and write what is shown, at full resolution."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import tifffile
from gui_thread import slow_calls
from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from convgui import as_input, assets, conv2d, load_image
from convgui.engine.looking.colours import colourise
from convgui.model import colouring

SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def truth():
    return conv2d(as_input(load_image(assets.photo("coffee.webp"))), SOBEL, padding="same")


@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif"])
def test_picture(user, tmp_path, ending):
    sentence, path = user.export("picture", ending, tmp_path)
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
    sentence, path = user.export("numbers", ending, tmp_path)
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
    sentence, path = user.export("figure", ending, tmp_path)
    assert "from" in sentence
    data = path.read_bytes()
    assert len(data) > 20_000
    assert data[:4] in (b"\x89PNG", b"%PDF", b"<?xm")
    if ending == ".png":
        with Image.open(path) as image:
            assert image.size[0] > 3000
    if ending == ".svg":
        assert b"Sobel x" in data


def words_in(path):
    return [text.strip() for text in ET.fromstring(path.read_text()).itertext() if text.strip()]


def test_figure_of_a_toy_grid_shows_its_numbers(user, tmp_path):
    user.sample("article-2d")
    _, path = user.export("figure", ".svg", tmp_path)
    assert path.read_text().count("<text") > 80


@pytest.mark.parametrize(("padding", "added"), [("valid", 0), ("same", 28), ("full", 64)])
def test_a_figure_shows_the_cells_that_padding_adds(user, tmp_path, padding, added):
    user.sample("article-2d")
    user.press(f"padding_{padding}")
    user.settle()
    _, path = user.export("figure", ".svg", tmp_path)
    rows, cols = user.state.output_shape[1:]
    numbers = [word for word in words_in(path) if word.lstrip("−").isdigit()]
    assert len(numbers) == 36 + added + 9 + rows * cols + 2  # input, added, kernel, map, and the ends of the bar
    assert any("dashed: added zeros" in word for word in words_in(path)) == bool(added)


def test_added_cells_have_what_the_border_gives(user, tmp_path):
    user.sample("article-2d")
    user.program.session.replace("test", user.state.with_conv(constant=7.0))
    user.settle()
    _, path = user.export("figure", ".svg", tmp_path)
    assert words_in(path).count("7") >= 28


def test_all_sizes_of_a_figure_are_rows_and_columns(user, tmp_path):
    user.sample("article-1d")
    user.press("padding_valid")
    user.settle()
    _, path = user.export("figure", ".svg", tmp_path)
    words = " ".join(words_in(path))
    assert "1 × 6" in words and "1 × 2" in words and "1 × 5" in words
    assert " x " not in words and "6 × 1" not in words


def test_a_figure_marks_the_pinned_cell_with_its_arithmetic(user, tmp_path):
    user.sample("article-2d")
    user.program.probe.pin((0, 2))
    user.settle()
    user.do("export_figure")
    assert user.dialog("export_figure_dialog").options.mark.isChecked()
    user.dialog("export_figure_dialog").refuse.click()
    _, path = user.export("figure", ".svg", tmp_path)
    words = " ".join(words_in(path))
    assert "Row 0, column 2: 0 × 1 + 0 × 0 + 0 × 0 + 1 × 1 + 0 × 0 + 1 × 0 + 1 × 0 + 0 × 0 + 1 × 2 = 3" in words


def test_a_figure_marks_where_the_kernel_is_on_its_way(user, tmp_path):
    user.sample("article-2d")
    user.do("motion_forward")
    user.program.motion.seek(7)
    _, path = user.export("figure", ".svg", tmp_path)
    assert "Row 1, column 1:" in " ".join(words_in(path))


def test_a_cell_that_is_typed_in_the_dialog_is_marked(user, tmp_path):
    user.sample("article-2d")
    user.do("export_figure")
    dialog = user.dialog("export_figure_dialog")
    assert not dialog.options.mark.isChecked()
    user.until(lambda: not dialog.preview.pixmap().isNull())
    user.settle()
    before = dialog.preview.pixmap().toImage()
    user.type_into("figure_row", "5")
    user.until(lambda: dialog.preview.pixmap().toImage() != before)
    assert dialog.options.mark.isChecked() and dialog.options.options().step == (5, 0)
    dialog.refuse.click()
    user.settle()


def test_the_preview_of_a_figure_follows_what_is_chosen(user, tmp_path):
    user.sample("article-2d")
    user.do("export_figure")
    dialog = user.dialog("export_figure_dialog")
    user.until(lambda: dialog.write.isEnabled() and not dialog.preview.pixmap().isNull())
    white = dialog.preview.pixmap().toImage()
    assert white.pixelColor(2, 2).lightness() > 240
    user.choose("figure_ground", "dark")
    user.until(lambda: dialog.preview.pixmap().toImage().pixelColor(2, 2).lightness() < 60)
    user.choose("figure_scale", 1.0)
    user.until(lambda: "96 dpi" in dialog.sentence.text())
    dialog.folder.setText(str(tmp_path))
    user.until(lambda: dialog.write.isEnabled())
    dialog.write.click()
    user.settle()
    (path,) = tmp_path.glob("*.png")
    with Image.open(path) as image:
        assert f"{image.size[0]} × {image.size[1]} pixels" in dialog_sentence(dialog)
        assert max(image.convert("RGB").getpixel((2, 2))) < 60


def test_the_next_figure_is_drawn_as_the_last_one(user, tmp_path):
    user.sample("article-2d")
    user.do("export_figure")
    user.choose("figure_ground", "clear-dark")
    user.find("figure_captions").setChecked(False)
    dialog = user.dialog("export_figure_dialog")
    dialog.folder.setText(str(tmp_path))
    user.until(lambda: dialog.write.isEnabled())
    dialog.write.click()
    user.settle()
    user.do("export_figure")
    options = user.dialog("export_figure_dialog").options.options()
    assert (options.ground, options.captions) == ("clear-dark", False)


def dialog_sentence(dialog):
    return dialog.sentence.text()


def test_a_figure_of_a_pool_shows_what_it_does(user, tmp_path):
    user.sample("article-2d")
    user.do("add_layer_max_pool")
    user.settle()
    user.program.probe.pin((1, 1))
    user.settle()
    _, path = user.export("figure", ".svg", tmp_path)
    words = " ".join(words_in(path))
    assert "max pooling" in words and "max(" in words and "2 × 2" in words and "3 × 3" in words


def test_a_kernel_that_is_switched_off_is_not_shown_as_if_it_made_the_map(user, tmp_path):
    user.sample("article-2d")
    user.do("switch_layer")
    user.settle()
    _, path = user.export("figure", ".svg", tmp_path)
    words = words_in(path)
    assert any("switched off" in word for word in words)
    assert len([word for word in words if word.isdigit()]) == 36 + 36 + 2


def test_a_picture_of_a_grid_has_squares_of_exactly_its_colours(user, tmp_path):
    user.sample("article-2d")
    user.do("export_picture")
    dialog = user.dialog("export_picture_dialog")
    user.type_into("picture_pixels", "10")
    dialog.folder.setText(str(tmp_path))
    user.until(lambda: dialog.write.isEnabled() and "60 × 60 pixels" in dialog.sentence.text())
    dialog.write.click()
    user.settle()
    (path,) = tmp_path.glob("*.png")
    with Image.open(path) as image:
        written = np.asarray(image.convert("RGB"))
    assert written.shape == (60, 60, 3)
    small = written[::10, ::10]
    assert np.array_equal(np.repeat(np.repeat(small, 10, axis=0), 10, axis=1), written)
    user.program.export.write("picture", ".png", str(tmp_path / "one.png"))
    user.settle()
    with Image.open(tmp_path / "one.png") as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), small)


def test_a_size_that_cannot_be_is_not_exported(user, tmp_path):
    user.sample("article-2d")
    user.do("export_picture")
    dialog = user.dialog("export_picture_dialog")
    dialog.folder.setText(str(tmp_path))
    user.until(lambda: dialog.write.isEnabled())
    field = user.find("picture_pixels")
    field.selectAll()
    QTest.keyClicks(field, "0")
    dialog.write.click()
    user.settle()
    assert dialog.isVisible() and list(tmp_path.glob("*.png")) == []
    assert "Expected 1 to" in field.reason()
    field.selectAll()
    QTest.keyClicks(field, "3")  # which is taken when it is exported
    dialog.write.click()
    user.settle()
    (path,) = tmp_path.glob("*.png")
    with Image.open(path) as image:
        assert image.size == (18, 18)


def test_a_photo_is_written_pixel_by_pixel(user):
    user.do("export_picture")
    assert user.dialog("export_picture_dialog").options is None


@pytest.mark.parametrize("kind", ["picture", "figure", "numbers"])
def test_names_say_kernel_and_operation_and_none_is_taken_twice(user, tmp_path, kind):
    user.press("padding_valid")
    user.type_into("stride", "2")
    user.settle()
    ending = ".npy" if kind == "numbers" else ".png"
    names = [user.export(kind, ending, tmp_path)[1].name for _ in range(3)]
    stem = names[0].removesuffix(ending)
    assert stem.startswith("coffee-sobel-x-valid-stride2")
    assert names[1:] == [f"{stem}-2{ending}", f"{stem}-3{ending}"]


def test_the_folder_is_that_of_the_photo_and_of_a_sample_the_last_one(user, photo, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    user.export("picture", ".png", elsewhere)
    assert folder_suggested(user) == str(elsewhere)
    user.open(photo)
    assert folder_suggested(user) == str(photo.parent)
    user.export("picture", ".png", elsewhere)
    assert folder_suggested(user) == str(elsewhere)  # where its exports are put
    user.sample("article-2d")
    assert folder_suggested(user) == str(elsewhere)


def folder_suggested(user):
    user.do("export_numbers")
    dialog = user.dialog("export_numbers_dialog")
    folder = str(Path(dialog.path()).parent)
    dialog.refuse.click()
    user.settle()
    return folder


def test_copy_picture(user):
    user.do("copy_picture")
    user.settle()
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (600, 400)


def test_a_copied_grid_is_large_enough_to_be_seen(user):
    user.sample("article-2d")
    user.do("copy_picture")
    user.settle()
    image = QGuiApplication.clipboard().image()
    assert image.width() == image.height() > 100


def test_an_existing_file_asks_first(user, tmp_path):
    _, path = user.export("picture", ".png", tmp_path)
    before = path.read_bytes()
    user.do("export_picture")
    dialog = user.dialog("export_picture_dialog")
    dialog.folder.setText(str(tmp_path))
    user.until(lambda: dialog.write.isEnabled() and dialog.name.text() != path.name)
    dialog.name.setText(path.name)
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
    _, path = user.export("numbers", ".npy", tmp_path)
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
