"""Sequences of several channels: a row for each, one map below them; every number as in a grid."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

STEPS = np.round(np.random.default_rng(0).normal(size=(18, 3)), 1).astype(np.float32)


@pytest.fixture
def sensors(user, tmp_path):
    np.savetxt(tmp_path / "sensors.csv", STEPS, "%.1f", ",")
    user.open(tmp_path / "sensors.csv")
    return user


def test_a_table_of_many_rows_opens_as_steps_and_channels(sensors):
    assert "18 rows were read as steps of 3 channels" in sensors.message()
    picture = sensors.window.pair.input.picture()
    assert np.array_equal(picture.values, STEPS.T)
    expected = np.convolve(STEPS.sum(axis=1), [0.5, 0, -0.5], "same")
    assert sensors.shown_values()[0] == pytest.approx(expected, abs=1e-5)


def test_an_output_shows_its_patch_in_each_channel(sensors):
    sensors.hover_cell(sensors.window.pair.map, 0, 5)
    marks = [rect for rect, _ in sensors.window.pair.input.marks()]
    assert marks == [(4, channel, 3, 1) for channel in range(3)]
    shown = sensors.window.probe.canvas.sum
    assert shown.patch == pytest.approx(STEPS[4:7].T)
    parts = dict(shown.channels)
    assert parts["channel 1"] == pytest.approx((STEPS[6, 1] - STEPS[4, 1]) / 2)


def test_a_cell_of_one_channel_shows_who_reads_it(sensors):
    sensors.hover_cell(sensors.window.pair.input, 2, 7)
    assert sensors.window.pair.input.marks() == [((7.0, 2.0, 1.0, 1.0), False)]
    assert "channel 2, step 7 of the input" in sensors.window.probe.detail.whole_text()
    assert sensors.window.probe.canvas.shares.value == STEPS[7, 2]


def test_apart_a_channel_is_read_by_its_own_map_alone(sensors):
    sensors.choose("colour", "each channel")
    sensors.settle()
    assert sensors.find("map_choice_1").text() == "channel 1"
    sensors.press("map_choice_1")
    sensors.settle()
    assert sensors.shown_values()[0] == pytest.approx(np.convolve(STEPS[:, 1], [0.5, 0, -0.5], "same"), abs=1e-5)
    sensors.hover_cell(sensors.window.pair.input, 0, 7)
    assert "read by no output" in sensors.window.probe.detail.whole_text()


def test_a_weight_is_pointed_out_in_every_channel(sensors):
    pane, grid = sensors.window.pair.map, sensors.window.kernel_card.grid
    box = pane.to_pixels(5, 0, 1, 1).center()
    sensors.click(pane, box.x(), box.y())
    at = grid.cell_rect(0, 2).center()
    sensors.hover(grid, at.x(), at.y())
    assert [rect for rect, strong in sensors.window.pair.input.marks()[3:]] == [(6, channel, 1, 1) for channel in range(3)]
    assert sensors.window.probe.canvas.marks == [(0, 2), (1, 2), (2, 2)]


def test_a_cell_is_typed_into_and_undone(sensors):
    pane = sensors.window.pair.input
    at = pane.to_pixels(4, 1, 1, 1).center().toPoint()
    QTest.mouseDClick(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    editor = pane.findChild(QLineEdit, "grid_cell_editor")
    QTest.keyClicks(editor, "9")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    sensors.settle()
    assert sensors.state.source.array[0, 4].tolist() == [STEPS[4, 0], 9, STEPS[4, 2]]
    sensors.do("undo")
    assert np.array_equal(sensors.state.source.array[0], STEPS)


def test_channels_and_steps_are_added_and_removed(sensors):
    assert sensors.window.actions_by_id["grid_add_row"].text().replace("&", "") == "Add a channel"
    sensors.do("grid_add_row")
    sensors.do("grid_remove_column")
    sensors.settle()
    assert sensors.state.source.array.shape == (1, 17, 4)
    sensors.do("undo")
    sensors.do("undo")
    assert np.array_equal(sensors.state.source.array[0], STEPS)


def test_rows_become_steps_and_steps_rows(user):
    user.sample("article-2d")
    user.do("grid_sequence")
    user.settle()
    assert user.state.source.array.shape == (1, 6, 6)
    assert "took the place of" in user.message()
    user.do("grid_transpose")
    user.do("grid_sequence")
    user.settle()
    assert user.state.source.array.shape == (6, 6) and user.state.source.array[:, 1].tolist() == [0, 1, 0, 1, 1, 0]


def test_a_photo_does_not_become_a_sequence_and_it_is_said(user, photo):
    user.open(photo)
    for name in ("grid_sequence", "grid_transpose", "grid_paint"):
        action = user.window.actions_by_id[name]
        assert not action.isEnabled() and "grid" in action.toolTip()


@pytest.mark.parametrize(("name", "shape"), [("grid_new", (6, 6)), ("grid_new_sequence", (1, 12))])
def test_a_new_one_is_begun_and_undone(user, name, shape):
    before = user.state.source
    user.do(name)
    user.settle()
    assert user.state.source.array.shape == shape and not user.state.source.array.any()
    assert "Double click a cell to type" in user.message()
    user.do("undo")
    assert user.state.source is before


def test_numbers_are_pasted_at_the_cell_under_the_cursor(user):
    user.sample("article-2d")
    pane = user.window.pair.input
    user.hover_cell(pane, 4, 5)
    pane.setFocus()
    QGuiApplication.clipboard().setText("7\t8\n9\t10")
    QTest.keyClick(pane, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    user.settle()
    grid = user.state.source.array
    assert grid.shape == (6, 7) and grid[4:6, 5:].tolist() == [[7, 8], [9, 10]]
    user.do("grid_copy")
    assert QGuiApplication.clipboard().text().splitlines()[5] == "0\t1\t0\t1\t1\t9\t10"
    user.do("undo")
    assert user.state.source.array.shape == (6, 6)


def test_what_is_no_table_of_numbers_is_not_pasted(user):
    user.sample("article-2d")
    QGuiApplication.clipboard().setText("a photo of a cat")
    user.do("grid_paste")
    assert user.message() == "Clipboard: line 1: 'a' is not a number."
    assert user.state.source.array.shape == (6, 6)


def centres(pane, *cells):
    boxes = [pane.to_pixels(col, row, 1, 1).center() for row, col in cells]
    return [(box.x(), box.y()) for box in boxes]


def test_the_pencil_paints_one_step_a_stroke(user):
    user.sample("article-2d")
    pane = user.window.pair.input
    assert not user.find("grid_brush_value").isVisible()
    user.press("button_grid_paint")
    user.type_into("grid_brush_value", "5")
    user.drag(pane, centres(pane, (0, 0), (0, 3)))
    user.settle()
    assert user.state.source.array[0].tolist() == [5, 5, 5, 5, 1, 0]
    user.drag(pane, centres(pane, (0, 1), (0, 2)), Qt.MouseButton.RightButton)
    user.settle()
    assert user.state.source.array[0].tolist() == [5, 0, 0, 5, 1, 0]
    user.do("undo")
    user.do("undo")
    assert user.state.source.array[0].tolist() == [0, 1, 0, 1, 1, 0]


def test_without_the_pencil_a_drag_pans(user):
    user.sample("article-2d")
    pane, before = user.window.pair.input, user.state
    user.drag(pane, centres(pane, (0, 0), (0, 3)))
    assert user.state is before


def test_the_pencil_is_for_grids(user):
    assert not user.find("grid_brush").isVisible()
    assert not user.window.actions_by_id["grid_paint"].isEnabled()


def test_samples_are_found_by_their_names(user):
    user.window.open_finder()
    field = user.window.finder.field
    QTest.keyClicks(field, "conv1d")
    QTest.keyClick(field, Qt.Key.Key_Return)
    user.settle()
    assert user.state.source.name == "Conv1D sequence"


def test_a_few_long_rows_become_channels(user, tmp_path):
    rows = np.random.default_rng(1).normal(size=(2, 200)).astype(np.float32)
    np.savetxt(tmp_path / "long.csv", rows, "%.6f", ",")
    user.open(tmp_path / "long.csv")
    user.do("grid_sequence")
    user.settle()
    assert user.state.source.array.shape == (1, 200, 2)
    assert user.state.source.array[0, :, 1] == pytest.approx(rows[1], abs=1e-6)
