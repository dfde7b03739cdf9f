"""A vision engineer looks at all maps of a layer: as a grid, one large, as one picture, over the photo."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from waiting import wait_for

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.network import evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled
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


def totals(user):
    return evaluate(user.state.looked_at).sum(axis=(1, 2), dtype=np.float64)


def test_only_the_strongest_maps_are_shown_and_as_many_as_are_asked_for(network):
    network.do("map_grid")
    network.settle()
    grid, head = network.window.pair.grid, network.window.pair.grid_head
    largest = np.argsort(-totals(network))
    network.press("maps_top")
    network.settle()
    assert grid.order() == tuple(sorted(largest[:4])) and grid.missing() == ()
    assert head.title.text() == "4 of 24 maps of conv1"
    network.choose("map_order", "total")
    network.type_into("maps_topk", "6")
    network.settle()
    assert grid.order() == tuple(largest[:6]) and grid.missing() == ()
    network.type_into("maps_topk", "600")  # more than there are are all
    network.settle()
    assert grid.order() == tuple(largest) and head.title.text() == "24 maps of conv1"
    network.choose("map_order", "strength")
    network.type_into("maps_topk", "1")
    network.settle()
    assert grid.order() == (9,)
    network.press("maps_top")
    network.settle()
    assert len(grid.order()) == 24 and not network.find("maps_topk").isVisible()
    network.do("undo")
    network.settle()
    assert grid.order() == (9,)


@pytest.mark.parametrize("typed", ["0", "-3", "many", "2.5"])
def test_a_number_of_maps_that_cannot_be_is_refused_where_it_was_typed(network, typed):
    network.do("map_grid")
    network.press("maps_top")
    network.settle()
    network.type_into("maps_topk", typed)
    field = network.find("maps_topk")
    assert field.reason().startswith("Expected") and field.text() == typed
    assert network.state.display.many.topk == 4


def test_the_strongest_maps_are_others_on_another_photo_and_for_other_weights(network):
    network.do("map_grid")
    network.choose("map_order", "total")
    network.press("maps_top")
    network.settle()
    grid = network.window.pair.grid
    assert grid.order() == tuple(np.argsort(-totals(network))[:4])
    first, conv = grid.order()[0], network.state.conv
    weaker = conv.kernel.weights.copy()
    weaker[..., first] *= -1
    network.program.session.replace("paint", network.state.with_conv(kernel=conv.kernel.with_weights(weaker)))
    network.settle()
    assert first not in grid.order() and grid.order() == tuple(np.argsort(-totals(network))[:4])
    assert grid.missing() == ()


def test_looking_for_the_strongest_maps_is_shown_and_can_be_cancelled(network, monkeypatch):
    from convgui.controllers.canvas import totals

    class Waits(totals.TotalsRequest):
        def __call__(self, token):
            wait_for(token.cancelled, lambda: None)
            raise Cancelled

    network.do("map_grid")
    network.settle()
    with monkeypatch.context() as patched:
        patched.setattr(totals, "TotalsRequest", Waits)
        network.press("maps_top")
        tasks, status = network.program.context.tasks, network.window.status
        network.until(lambda: status.tasks)
        (name,) = (name for name, text in tasks.running().items() if text == "Comparing all maps")
        status.cancelled.emit(name)
        network.settle()
        assert len(network.window.pair.grid.order()) == 24 and not status.tasks
    network.type_into("maps_topk", "3")  # asks again
    network.settle()
    assert len(network.window.pair.grid.order()) == 3


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


def test_after_the_grid_the_chip_of_one_map_is_as_wide_as_what_is_in_it(start):
    user = start()
    user.sample("p-net")
    chip = user.window.pair.map_chip
    before = chip.width()
    for way in ("map_grid", "map_one"):
        user.do(way)
        user.settle()
    assert user.find("overlay_strength").isVisible() and chip.width() == before


def test_a_slider_says_how_much_of_the_map_is_seen_over_the_photo(network):
    slider = network.find("overlay_strength")
    assert not slider.isVisible()
    network.do("map_overlay")
    network.settle()
    assert slider.isVisible() and slider.value() == 50

    def seen():
        network.settle()
        return network.window.pair.map.picture().colours[..., 3]

    usual = seen()
    slider.setValue(100)
    assert (seen() == 255).all()
    slider.setValue(10)
    assert seen().mean() < usual.mean() / 2
    network.do("undo")
    network.settle()
    assert slider.value() == 50 and (seen() == usual).all()


def test_over_the_photo_lies_one_map_of_a_grid(network):
    network.do("map_grid")
    network.settle()
    network.do("map_overlay")
    network.settle()
    assert not network.window.pair.grid.isVisible() and network.window.pair.map.picture().colours.shape[2] == 4
    assert network.window.actions_by_id["map_overlay"].isChecked()


def test_a_map_over_the_photo_is_exported_as_it_is_seen(network, tmp_path):
    bank = network.state.layers[0]
    coarse = (replace(bank, stride=(4, 4)), *network.state.layers[1:])
    network.program.session.replace("stride", replace(network.state, layers=coarse))
    network.do("map_overlay")
    network.find("overlay_strength").setValue(100)
    network.settle()
    sentence, path = network.export("picture", ".png", tmp_path)
    assert "120 × 80 pixels" in sentence and path.stem.endswith("-over")
    written = read(path)
    network.do("map_overlay")
    network.settle()
    _, alone = network.export("picture", ".png", tmp_path)
    cells = read(alone)
    assert cells.shape == (
        19,
        29,
        3,
    )  # a kernel of five with a stride of four: the first cell lies over the first four pixels
    assert np.array_equal(written[:76, :116], np.repeat(np.repeat(cells, 4, axis=0), 4, axis=1))
    assert np.array_equal(written[76:], PHOTO.array[76:]) and np.array_equal(written[:, 116:], PHOTO.array[:, 116:])


def test_a_sequence_says_that_it_has_no_photo(user):
    user.sample("article-1d")
    user.do("map_overlay")
    assert "A sequence has no photo" in user.message()
    assert not user.window.actions_by_id["map_overlay"].isChecked() and not user.find("overlay_strength").isVisible()


def test_a_layer_with_one_map_says_that_there_is_nothing_to_choose(user):
    user.sample("coffee")
    user.do("map_grid")
    assert "one map" in user.message()
    assert not user.window.pair.grid.isVisible() and not user.window.ways.isVisible()


def test_a_recipe_keeps_how_the_maps_are_looked_at(network, tmp_path):
    network.do("map_grid")
    network.choose("map_order", "norm")
    network.program.session.replace("many", network.state.with_many(topk=7, strength=0.25))
    network.program.commands.save_recipe(str(tmp_path / "r.json"))
    network.settle()
    network.do("map_one")
    network.program.commands.open_recipe(str(tmp_path / "r.json"))
    network.settle()
    many = network.state.display.many
    assert (many.way, many.order, many.topk, many.strength) == ("grid", "norm", 7, 0.25)


def test_the_grid_is_exported_as_one_sheet(network, tmp_path):
    from PIL import Image

    network.do("map_grid")
    network.settle()
    _, path = network.export("picture", ".png", tmp_path)
    with Image.open(path) as image:
        assert image.width > 5 * 116 and image.height > 3 * 76
    from convgui.io.carrying import load_recipe

    assert load_recipe(path).many.way == "grid"


def test_a_sheet_and_numbers_of_the_strongest_maps_hold_these(network, tmp_path):
    from PIL import Image

    network.do("map_grid")
    network.choose("map_order", "total")
    network.press("maps_top")
    network.settle()
    shown = list(network.window.pair.grid.order())
    _, path = network.export("picture", ".png", tmp_path)
    assert path.stem.endswith("top4")
    with Image.open(path) as image:
        assert image.width < 5 * 126 and image.height < 3 * 86
    sentence, path = network.export("numbers", ".npy", tmp_path)
    assert "4 maps" in sentence
    assert np.array_equal(np.moveaxis(np.load(path), -1, 0), evaluate(network.state.looked_at)[shown])


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


def ask_for_pictures(user, folder):
    """Open the export of the grid, and choose a picture for each map."""
    user.do("map_grid")
    user.settle()
    user.do("export_picture")
    dialog = user.dialog("export_picture_dialog")
    dialog.folder.setText(str(folder))
    dialog.options.way.findChild(type(dialog.write), "grid_as_apart").click()
    user.until(lambda: dialog.write.isEnabled() and "pictures" in dialog.sentence.text())
    return dialog


def write(user, dialog):
    dialog.write.click()
    user.settle()


def read(path):
    from PIL import Image

    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_the_grid_becomes_a_picture_for_each_map_with_the_limits_that_it_has(network, tmp_path):
    dialog = ask_for_pictures(network, tmp_path)
    assert dialog.sentence.text().startswith("PNG, 8-bit RGB, 24 pictures of 116 × 76 pixels, colours from")
    stem = dialog.name.text().removesuffix(".png")
    write(network, dialog)
    paths = sorted(tmp_path.iterdir())
    assert [path.name for path in paths] == [f"{stem}-{map:03}.png" for map in range(24)]
    assert f"Saved {paths[0]} and 23 more" in network.window.status.note.whole_text()
    strong, weak = read(paths[9]), read(paths[0])
    assert strong.shape == (76, 116, 3) and strong.std() > 3 * weak.std()  # the limits are shared
    network.press("maps_shared")
    dialog = ask_for_pictures(network, tmp_path / ".." / tmp_path.name)
    assert "each by its own limits" in dialog.sentence.text()
    write(network, dialog)
    network.do("map_one")
    network.program.session.replace("map", network.state.with_display(map=0))
    network.settle()
    _, alone = network.export("picture", ".png", tmp_path)
    own = tmp_path / f"{stem}-2-000.png"
    assert np.array_equal(read(own), read(alone)) and not np.array_equal(read(own), weak)


def test_pictures_of_maps_replace_nothing_without_being_asked(network, tmp_path):
    write(network, ask_for_pictures(network, tmp_path))
    kept = {path: path.read_bytes() for path in tmp_path.iterdir()}
    dialog = ask_for_pictures(network, tmp_path)
    first = dialog.name.text()
    assert first.endswith("-maps-2.png") and dialog.write.text() == "Export"  # a name that is free
    dialog.name.setText(first.replace("-2.png", ".png"))
    network.until(lambda: dialog.write.text() == "Replace")
    assert "-000.png and 23 more exist and will be replaced" in dialog.warning.text()
    dialog.refuse.click()
    network.settle()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == kept


def test_pictures_of_the_strongest_maps_have_the_numbers_of_these(network, tmp_path):
    network.do("map_grid")
    network.choose("map_order", "total")
    network.press("maps_top")
    network.settle()
    dialog = ask_for_pictures(network, tmp_path)
    assert "4 pictures" in dialog.sentence.text()
    write(network, dialog)
    shown = network.window.pair.grid.order()
    assert {path.stem.rpartition("-")[2] for path in tmp_path.iterdir()} == {f"{map:03}" for map in shown}


def test_pictures_that_fail_leave_nothing_new(network, tmp_path, monkeypatch):
    from convgui.controllers.take import apart
    from convgui.io.errors import FileError

    saved, dialog = apart.save_picture, ask_for_pictures(network, tmp_path)
    (tmp_path / "maps-003.png").write_bytes(b"kept")
    dialog.name.setText("maps.png")
    network.until(lambda: "maps-003.png exists" in dialog.warning.text())

    def full(path, *others, **settings):
        if path.name == "maps-002.png":
            raise FileError(f"{path.name}: cannot be written: the disk is full.")
        saved(path, *others, **settings)

    monkeypatch.setattr(apart, "save_picture", full)
    write(network, dialog)
    assert "the disk is full" in network.message()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"kept"]


def test_pictures_that_are_cancelled_leave_nothing(network, tmp_path, monkeypatch):
    from convgui.controllers.take import apart

    saved, reached = apart.save_picture, Event()

    def waits(path, colours, cancelled, **settings):
        if path.name.endswith("-002.png"):
            reached.set()
            wait_for(cancelled, lambda: None)
        saved(path, colours, cancelled, **settings)

    monkeypatch.setattr(apart, "save_picture", waits)
    ask_for_pictures(network, tmp_path).write.click()
    network.until(reached.is_set)
    assert len(list(tmp_path.iterdir())) == 2
    tasks = network.program.context.tasks
    (name,) = (name for name, text in tasks.running().items() if text.startswith("Exporting"))
    tasks.cancel(name)
    network.until(lambda: not list(tmp_path.iterdir()))
    network.settle()


def test_small_grids_of_maps_become_squares(user, tmp_path):
    user.sample("article-2d")
    bank = Kernel(RNG.normal(size=(3, 3, 1, 3)), "three")
    user.program.session.replace("bank", State(user.state.source, Reading(), (Conv(bank),), 0, Display()))
    user.settle()
    dialog = ask_for_pictures(user, tmp_path)
    user.type_into("picture_pixels", "5")
    user.until(lambda: dialog.write.isEnabled() and "3 pictures of 30 × 30" in dialog.sentence.text())
    write(user, dialog)
    assert [read(path).shape for path in tmp_path.iterdir()] == [(30, 30, 3)] * 3


def test_a_folder_that_cannot_be_written_is_said_before(network, tmp_path):
    dialog = ask_for_pictures(network, tmp_path)
    dialog.folder.setText(str(tmp_path / "nowhere"))
    network.until(lambda: "There is no folder" in dialog.warning.text())
    assert not dialog.write.isEnabled()
    dialog.folder.setText(str(tmp_path))
    dialog.name.setText("a/b.png")
    network.until(lambda: "There is no folder" in dialog.warning.text())
    dialog.name.setText("maps")
    network.until(lambda: "should end in .png" in dialog.warning.text())
    dialog.refuse.click()
