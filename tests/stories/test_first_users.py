"""Places at which first-time users got stuck: each as a story of what they did and what they may expect."""

import csv
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from convgui.engine.network import evaluate
from convgui.views.canvas.readout_chip import ReadoutChip
from convgui.views.measure.waterfall import possible_sums


def test_all_numbers_have_figures_of_one_width(user):
    user.do("theme_dark")
    user.settle()
    without = [w.objectName() for w in user.window.findChildren(QWidget) if QFont.Tag("tnum") not in w.font().featureTags()]
    user.do("theme_light")
    assert without == []


def test_the_wheel_over_a_slider_scrolls_the_panel_and_changes_nothing(user):
    user.program.kernel.pick("blob")
    user.settle()
    slider = user.find("parameter_sigma_slider")
    before = user.state.kernel
    at = QPointF(slider.rect().center())
    event = QWheelEvent(
        at,
        slider.mapToGlobal(at),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider, event)
    user.settle()
    assert user.state.kernel is before


def test_the_size_of_a_kernel_with_parameters_makes_it_anew(user):
    user.program.kernel.pick("gaussian")
    user.settle()
    user.window.kernel_card.size_picked.emit(9, 9)
    user.settle()
    kernel = user.state.kernel
    assert kernel.size == (9, 9)
    assert kernel.entry == "gaussian"
    assert kernel.weights.sum() == pytest.approx(1)


def test_facts_of_a_layer_without_a_kernel_are_those_of_none(user):
    user.window.docks["facts"].set_folded(False)
    user.settle()
    assert user.find("fact_noise_gain").whole_text() != "–"
    user.do("add_layer_max_pool")
    user.settle()
    assert user.state.kernel is None
    assert user.find("fact_noise_gain").whole_text() == "–"
    assert user.window.facts.passes.text() == "no kernel"


def test_a_profile_in_a_file_has_the_places_of_its_fields(user, tmp_path):
    user.program.profile.draw(10.5, 20.5, 30.5, 20.5)
    user.settle()
    path = tmp_path / "line.csv"
    user.program.take_plots.write(user.state, user.window.profile.plot.drawing(), str(path))
    user.settle()
    with path.open() as stream:
        rows = list(csv.DictReader(stream))
    assert (float(rows[0]["row"]), float(rows[0]["column"])) == (20, 10)
    assert [field.value() for field in user.window.profile.ends] == [10, 20, 30, 20]


def test_a_grid_has_one_scale_with_and_without_padding(user):
    user.sample("article-2d")
    user.program.operation._set_layer("padding", "same", 0)
    user.settle()
    zoom = user.program.context.viewport.zoom
    user.program.operation._set_layer("padding", "valid", 0)
    user.settle()
    assert user.program.context.viewport.zoom == zoom


def test_reset_layout_lays_the_panes_beside_each_other(user):
    user.do("arrange_stacked")
    user.settle()
    assert user.window.pair.stacked()
    user.do("reset_layout")
    user.settle()
    assert not user.window.pair.stacked()


def test_asking_for_an_animation_and_leaving_it_changes_nothing(user):
    user.sample("article-2d")
    user.program.probe.pin((2, 3))
    user.do("export_animation")
    dialog = user.dialog("export_animation_dialog")
    dialog.reject()
    user.settle()
    assert user.program.motion.position is None
    assert (user.program.probe.cell, user.program.probe.pinned) == ((2, 3), True)
    assert user.window.pair.map.cover() == []


def test_a_photo_reads_the_same_after_a_profile_was_drawn(user, tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60), np.uint8)).save(path)
    user.open(path)
    before = user.shown_values()
    user.do("profile_across")
    user.settle()
    assert before is None or np.array_equal(user.shown_values(), before)


def test_where_a_layer_has_no_kernel_the_message_leads_to_the_layers(user):
    user.do("add_layer_max_pool")
    user.settle()
    user.window.docks["layers"].close()
    user.window.gallery.list.setCurrentIndex(user.window.gallery.model.index(3))
    user.window.gallery.chosen.emit("sobel-y")
    user.settle()
    assert "has no kernel" in user.message()
    assert not user.window.gallery.list.selectionModel().hasSelection(), "what was refused looks chosen"
    user.window.messages.button.click()
    user.settle()
    assert user.window.docks["layers"].seen()


def test_a_file_of_a_kernel_is_refused_with_the_same_words_where_there_is_none_to_take_its_place(user, tmp_path):
    user.do("add_layer_max_pool")
    np.save(tmp_path / "kernel.npy", np.ones((3, 3), np.float32))
    user.program.kernel_files.open_file(str(tmp_path / "kernel.npy"))
    user.settle()
    assert "has no kernel" in user.message() and user.window.messages.button.isVisible()


def test_where_a_pixel_shows_many_values_the_title_says_so(user, tmp_path):
    """A thin line looks as bright as a broad one there; the words are gone where each value has its pixel."""
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (2000, 3000, 3), np.uint8)).save(tmp_path / "large.png")
    user.open(tmp_path / "large.png")
    user.until(lambda: re.search(r"strongest of (\d+) × \1 per pixel", user.window.pair.map_chip.detail.whole_text()))
    user.do("zoom_one")
    user.settle()
    assert "per pixel" not in user.window.pair.map_chip.detail.whole_text()


def test_a_map_on_the_left_says_from_where_to_where_its_colours_go(user):
    user.do("add_layer_max_pool")
    user.settle()
    assert "colours −" in user.window.pair.input_chip.detail.whole_text()
    user.do("show_photo")
    user.settle()
    assert "colours" not in user.window.pair.input_chip.detail.whole_text()


def test_the_histogram_says_how_many_values_lie_beyond_its_axis_on_either_side(user, tmp_path):
    """A sparse map after ReLU and pooling: its counts stop where a sample of it ends, some values reach far beyond."""
    values = np.random.default_rng(0).normal(0, 0.05, (1200, 1200)).astype(np.float32)
    values[5, ::40] = 4
    np.save(tmp_path / "sparse.npy", values)
    user.open(tmp_path / "sparse.npy")
    user.program.kernel.pick("identity")
    for name in ("add_layer_activation", "add_layer_max_pool"):
        user.do(name)
    user.settle()
    histogram = user.window.display.histogram
    user.until(lambda: histogram._closer is not None or not histogram._lumped())
    user.settle()
    made = evaluate(user.state.looked_at)[user.state.map]
    low, high = histogram.axis()
    assert made.max() > high
    assert histogram.outside() == ((made < low).sum(), (made >= high).sum())
    note = histogram._outside[1]
    assert note.isVisible() and f"{(made >= high).sum():,}" in note.text()
    assert histogram.rect().contains(note.geometry())


def test_frames_of_an_animation_do_not_show_where_the_keyboard_is(user):
    user.sample("article-2d")
    user.window.pair.map.setFocus()
    user.do("export_animation")
    user.settle()
    size = user.window.pair.size()
    with_focus = user.program.animation.frame(size)
    user.window.pair.input.setFocus()
    user.settle()
    without = user.program.animation.frame(size)
    user.dialog("export_animation_dialog").reject()
    np.testing.assert_array_equal(with_focus, without)


def test_products_have_the_scale_of_the_kernel_at_each_cell(user):
    """The product 1 x 1 looks like the weight 1, also where it is the largest of its patch."""
    user.sample("article-2d")
    canvas = user.window.probe.canvas
    seen = []
    for cell in ((1, 1), (1, 3), (2, 4)):
        user.program.probe.pin(cell)
        user.settle()
        image = canvas.grab().toImage()
        for (row, col), product in np.ndenumerate(canvas.sum.products):
            box = canvas.cell_rect(2, row, col)
            seen.append((product, image.pixelColor(round(box.left() + 5), round(box.top() + 5)).name()))
    assert len({product for product, _ in seen}) == len(set(seen))


def test_sums_of_a_grid_are_drawn_at_one_scale(user):
    """A sum of 1 is not as high as a sum of 3."""
    user.sample("article-2d")
    canvas, ends = user.window.probe.canvas, {}
    for cell in ((1, 1), (1, 3), (2, 4)):
        user.program.probe.pin(cell)
        user.settle()
        ends[cell] = possible_sums(canvas.sum, canvas.grey)
    assert canvas.steady
    assert len(set(ends.values())) == 1


@pytest.mark.parametrize("sample", ["article-2d", None])
def test_a_presenters_remote_steps_before_an_audience(user, sample):
    if sample:
        user.sample(sample)
    user.do("workspace_present")
    user.settle()
    pane = user.window.pair.map
    pane.setFocus()
    for key, position in ((Qt.Key.Key_PageDown, 0), (Qt.Key.Key_PageDown, 1), (Qt.Key.Key_PageUp, 0)):
        QTest.keyClick(pane, key)
        user.settle()
        assert user.program.motion.position == position


def test_an_example_is_the_same_each_time_that_it_is_opened(user):
    user.sample("article-1d")
    first = user.state.layers[0]
    user.press("padding_valid")
    user.sample("article-1d")
    assert (user.state.layers[0].padding, user.state.layers[0].stride) == (first.padding, first.stride)


def test_a_search_begins_with_what_fits_best(user):
    user.program.kernel.pick("sobel-x")
    user.settle()
    gallery = user.window.gallery
    gallery.search.setText("remove noise")
    user.settle()
    assert gallery.list.verticalScrollBar().value() == gallery.list.verticalScrollBar().minimum()


def test_a_map_before_its_activation_function_says_so(user):
    user.do("add_layer_activation")
    user.settle()
    assert "before" not in user.window.pair.map_chip.detail.whole_text()
    user.program.context.session.replace("look", replace(user.state, looked=0))
    user.settle()
    assert user.state.looked == 0
    assert "before relu" in user.window.pair.map_chip.detail.whole_text()
    assert "before relu" in user.window.settings.detail.whole_text()


@pytest.mark.parametrize("panel", ["response", "curves"])
def test_nothing_can_be_taken_away_where_nothing_is_shown(user, panel):
    user.do("add_layer_max_pool")
    user.window.docks[panel].bring()
    user.settle()
    assert not getattr(user.window, panel).tools.isEnabled()


def test_a_pinned_cell_that_shows_its_number_has_no_label_over_its_neighbours(user):
    user.sample("article-2d")
    user.program.probe.pin((0, 1))
    user.settle()
    for padding in ("valid", "same", "full"):
        user.press(f"padding_{padding}")
        user.settle()
        assert not any(chip.isVisible() for chip in user.window.pair.findChildren(ReadoutChip))


def test_the_kernel_on_its_way_stays_where_it_is_when_the_padding_changes(user):
    user.sample("article-2d")
    user.press("padding_valid")
    user.settle()
    user.program.motion.step(1)
    user.program.motion.seek(6)
    user.settle()
    assert user.program.probe.cell == (1, 2)
    user.press("padding_same")
    user.settle()
    assert user.program.motion.position is not None
    assert user.program.probe.cell == (1, 2)
