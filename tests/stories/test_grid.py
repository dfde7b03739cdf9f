"""A toy grid as a spreadsheet: double click, type, Tab, and the map follows; each edit can be undone."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit


def double_click(user, row, col):
    pane = user.window.pair.input
    QTest.mouseDClick(
        pane,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        pane.to_pixels(col, row, 1, 1).center().toPoint(),
    )
    return pane.findChild(QLineEdit, "grid_cell_editor")


@pytest.fixture
def grid(user):
    user.sample("article-2d")
    return user


def numbers(user):
    return user.state.source.array.reshape(user.state.source.rows, user.state.source.cols)


def test_a_value_is_typed_and_the_map_follows(grid):
    before = grid.shown_values().copy()
    editor = double_click(grid, 2, 3)
    QTest.keyClicks(editor, "7.5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    grid.settle()
    assert numbers(grid)[2, 3] == 7.5
    assert (grid.shown_values() != before).any()
    grid.do("undo")
    grid.settle()
    assert np.array_equal(grid.shown_values(), before)


def test_tab_goes_on_to_the_next_cell(grid):
    editor = double_click(grid, 0, 0)
    QTest.keyClicks(editor, "3")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    grid.settle()
    editor = next(e for e in grid.window.pair.input.findChildren(QLineEdit, "grid_cell_editor") if e.isVisible())
    QTest.keyClicks(editor, "4")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    grid.settle()
    assert numbers(grid)[0, :2].tolist() == [3, 4]


def test_escape_leaves_the_value(grid):
    before = grid.state
    editor = double_click(grid, 1, 1)
    QTest.keyClicks(editor, "9")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert grid.state is before


def test_a_digit_begins_to_type_where_the_cursor_is(grid):
    pane = grid.window.pair.input
    grid.hover_cell(pane, 3, 3)
    grid.hover_cell(pane, 3, 4)
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_8)
    editor = pane.findChild(QLineEdit, "grid_cell_editor")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    grid.settle()
    assert numbers(grid)[3, 4] == 8


def test_what_is_typed_is_dropped_when_another_picture_comes(grid):
    double_click(grid, 4, 4)
    grid.sample("article-1d")
    assert not any(e.isVisible() for e in grid.window.pair.input.findChildren(QLineEdit, "grid_cell_editor"))
    assert numbers(grid).tolist() == [[0, 1, 0, 1, 1, 0]]


def test_rows_columns_and_fills(grid):
    for name, shape in (("grid_add_row", (7, 6)), ("grid_add_column", (7, 7)), ("grid_remove_row", (6, 7))):
        grid.do(name)
        grid.settle()
        assert numbers(grid).shape == shape
    grid.do("grid_impulse")
    grid.settle()
    assert numbers(grid).sum() == 1
    grid.do("grid_random")
    grid.settle()
    assert numbers(grid).max() <= 4
    grid.do("grid_noise")
    grid.settle()
    assert numbers(grid).min() < 0


def test_the_last_row_stays_and_it_is_said_why(user):
    user.sample("article-1d")
    user.do("grid_remove_row")
    assert "one cell to a side has to stay" in user.message()


def test_a_photo_is_not_a_spreadsheet(user):
    assert not user.window.actions_by_id["grid_add_row"].isEnabled()
    assert double_click(user, 100, 100) is None
    assert user.program.context.viewport.fit


def test_a_value_that_is_looked_at_keeps_all_its_digits(user, tmp_path):
    np.save(tmp_path / "exact.npy", np.array([[0.123456789, 2.0]], np.float32))
    user.open(tmp_path / "exact.npy")
    before = user.state
    editor = double_click(user, 0, 0)
    assert np.float32(editor.text()) == user.state.source.array[0, 0]
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert user.state is before


def test_the_keyboard_alone_finds_a_cell_and_types_into_it(grid):
    pane = grid.window.pair.input
    pane.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(pane, key)
    assert grid.program.probe.cell == (1, 3)
    QTest.keyClick(pane, Qt.Key.Key_Return)
    editor = pane.findChild(QLineEdit, "grid_cell_editor")
    QTest.keyClicks(editor, "8")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    grid.settle()
    assert numbers(grid)[1, 3] == 8
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Delete)
    grid.settle()
    assert numbers(grid)[1, 3] == 0


def test_what_is_typed_is_not_written_into_another_grid(grid):
    editor = double_click(grid, 2, 2)
    QTest.keyClicks(editor, "7")
    grid.do("grid_new")
    grid.settle()
    assert not numbers(grid).any() and not any(
        e.isVisible() for e in grid.window.findChildren(QLineEdit, "grid_cell_editor")
    )


def test_keys_at_a_cell_that_is_gone_change_another_or_nothing(grid):
    grid.hover_cell(grid.window.pair.input, 5, 5)
    for _ in range(4):
        grid.do("grid_remove_row")
    pane = grid.window.pair.input
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Delete)
    grid.settle()
    assert numbers(grid).shape == (2, 6)


def test_numbers_beyond_float32_are_refused_in_a_sentence(grid):
    before = grid.state
    grid.program.grid.type_value(0, 0, 1e39)
    assert grid.state is before and "float32" in grid.message()


def test_the_field_goes_when_its_cell_moves(grid):
    editor = double_click(grid, 2, 2)
    grid.do("zoom_double")
    grid.settle()
    assert not editor.isVisible()


def test_removing_rows_down_to_one_makes_a_sequence_with_its_kernel(grid):
    for _ in range(5):
        grid.do("grid_remove_row")
    assert grid.state.kernel.size[0] == 1 and "took the place of" in grid.message()
    grid.do("grid_add_row")
    assert grid.state.source.channels == 2 and grid.state.reading.colour == "sum"
