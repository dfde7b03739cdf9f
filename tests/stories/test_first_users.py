"""Places at which first-time users got stuck: each as a story of what they did and what they may expect."""

import csv
import re

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget


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
    user.program.take_plots.write(user.window.profile.plot.drawing(), str(path))
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
    user.program.kernel.pick("sobel-x")
    user.settle()
    assert "has no kernel" in user.message()
    user.window.messages.button.click()
    user.settle()
    assert user.window.docks["layers"].seen()


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
