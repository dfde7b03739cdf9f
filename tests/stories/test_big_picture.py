"""A picture that is larger than memory: seen as a whole in a copy that says so, and exact where one looks closely."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel

from convgui.engine.layers.pool import Pool
from convgui.engine.network import Chain, evaluate
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window
from convgui.model.viewport import Viewport

zarr = pytest.importorskip("zarr")

SIDE = 70_000
CORNERS = ((30_000, 40_000), (0, 0), (69_000, 69_000))


@pytest.fixture(scope="module")
def slide(tmp_path_factory):
    """4.9 gigapixels, of which three square ones were ever written."""
    path = tmp_path_factory.mktemp("slides") / "slide.zarr"
    array = zarr.create_array(str(path), shape=(SIDE, SIDE), chunks=(1000, 1000), dtype="u1", fill_value=17)
    for k, (row, col) in enumerate(CORNERS):
        array[row : row + 1000, col : col + 1000] = np.random.default_rng(k).integers(0, 256, (1000, 1000), np.uint8)
    return path


@pytest.fixture
def big(user, slide):
    user.program.source.open_paths([str(slide)])
    user.settle()
    return user


def expected(user, row, col, rows, cols):
    """Return part of the map from the numbers around it, by the layers as they are."""
    source = user.state.source
    around = 40
    cells = source.part(range(row - around, row + rows + around), range(col - around, col + cols + around))[..., 0]
    chain = Chain(Source(cells, source.scale, sequence=False), user.state.reading, user.state.layers)
    return evaluate(chain, Window(around, around, rows, cols))[0]


def test_it_is_shown_as_a_whole_and_says_that_it_is_a_copy(big):
    assert big.state.source.shape == (SIDE, SIDE)
    assert "70000 × 70000" in big.window.pair.map_chip.detail.whole_text()
    for chip in (big.window.pair.input_chip, big.window.pair.map_chip):
        assert "at 1:64" in chip.detail.whole_text()
    assert big.window.pair.map.picture().colours.shape[0] > 300
    assert big.window.pair.map.picture().values is None, "no number of a copy is written into a cell"


def test_a_value_is_that_of_the_picture_itself_at_any_zoom(big):
    for zoom in (None, 0.1, 1.0):
        if zoom is not None:
            big.program.navigate.scale_to(zoom)
        big.program.probe.pin((30_500, 40_500))
        big.settle()
        made = big.program.probe.finding().explanation
        assert made.value == pytest.approx(float(expected(big, 30_500, 40_500, 1, 1)[0, 0]), abs=1e-6)


def test_the_map_is_exact_where_one_looks(big):
    move_to(big, 30_500, 40_500, 1.0)
    shown = big.window.pair.map.picture()
    left, top, width, height = (round(side) for side in shown.rect)
    assert "in sight" in big.window.pair.map_chip.detail.whole_text()
    assert "1:" not in big.window.pair.map_chip.detail.whole_text()
    np.testing.assert_array_equal(shown.values, expected(big, top, left, height, width))


def test_an_edit_shows_at_once_and_undo_brings_the_old_map_back(big):
    move_to(big, 30_500, 40_500, 1.0)
    before = big.window.pair.map.picture().values
    big.program.kernel.pick("gaussian")
    big.settle()
    shown = big.window.pair.map.picture()
    left, top, width, height = (round(side) for side in shown.rect)
    np.testing.assert_array_equal(shown.values, expected(big, top, left, height, width))
    big.do("undo")
    big.settle()
    np.testing.assert_array_equal(big.window.pair.map.picture().values, before)


def test_deeper_layers_and_the_strip_work_on_it(big):
    pooled = (*big.state.layers, Pool("max", (2, 2)))
    big.program.session.update("add a pool", layers=pooled, looked=1)
    big.settle()
    assert big.state.output_shape[1:] == (SIDE // 2, SIDE // 2)
    for chip in (big.window.pair.input_chip, big.window.pair.map_chip):
        assert "at 1:64" in chip.detail.whole_text()
    move_to(big, 15_250, 20_250, 1.0)
    assert "in sight" in big.window.pair.map_chip.detail.whole_text()


def test_taking_the_whole_map_into_memory_is_refused(big):
    big.do("export_numbers")
    big.settle()
    assert "larger than memory" in big.message()


def move_to(user, row, col, zoom):
    """Look at a cell of the map."""
    view = user.program.navigate
    view.scale_to(zoom)
    user.settle()
    user.program.context.look_at(Viewport(float(col), float(row), zoom, fit=False))
    user.settle()


def test_a_file_in_the_folder_opens_it_as_dialogs_choose_files(user, slide):
    user.program.source.open_paths([str(slide / "zarr.json")])
    user.settle()
    assert user.state.source.name == "slide.zarr"


def test_it_stands_in_the_film_strip_beside_photos(user, slide, tmp_path):
    Image.fromarray(np.full((40, 60, 3), 90, np.uint8)).save(tmp_path / "photo.png")
    (tmp_path / "slide.zarr").symlink_to(slide)
    user.program.source.open_paths([str(tmp_path)])
    user.settle()
    model = user.window.film.model
    assert [Path(model.path_at(row)).name for row in range(2)] == ["photo.png", "slide.zarr"]
    user.until(lambda: all(model.index(row).data(Qt.ItemDataRole.DecorationRole) is not None for row in range(2)))
    user.do("film_next")
    user.settle()
    assert user.state.source.shape == (SIDE, SIDE)


def test_the_run_dialog_offers_what_can_be_written_piece_by_piece(big):
    big.do("run_many")
    big.settle()
    form = big.find("run_format", QComboBox)
    assert form.currentData() == "tif"
    form.setCurrentIndex(form.findData("png"))
    big.settle()
    dialog = form.window()
    assert "slide.zarr is larger than memory, and written piece by piece: choose the format TIFF or NumPy or Zarr" in texts(
        dialog
    )
    form.setCurrentIndex(form.findData("zarr"))
    big.settle()
    assert "larger than memory" not in texts(dialog)
    dialog.reject()
    big.settle()


def texts(dialog):
    return " ".join(label.text() for label in dialog.findChildren(QLabel))
