"""Typing numbers anywhere: what is typed is what the document has, or a sentence says why not; nothing is dropped."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from convgui.views.kit.number_field import NumberField


def reasons(user):
    """Return all sentences that are seen under fields."""
    found = user.window.findChildren(QLabel)
    return [label.text() for label in found if label.objectName().endswith("_reason") and label.isVisible()]


FIELDS = {
    "bias": lambda state: state.conv.bias[0],
    "constant": lambda state: state.conv.constant,
    "limits_low": lambda state: state.display.limits.low,
    "parameter_sigma": lambda state: state.kernel.parameters["sigma"],
}


@pytest.fixture
def ready(user):
    """A Gaussian with a constant border and fixed limits: all fields are there."""
    user.program.kernel.pick("gaussian")
    user.choose("border", "constant")
    user.choose("limits", "fixed")
    user.settle()
    return user


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        *(("bias", "0.00012345", 0.00012345), ("bias", "1e-30", 1e-30), ("bias", "-1/3", -1 / 3), ("bias", "2,5", 2.5)),
        *(("constant", "0,001", 0.001), ("constant", "1e-9", 1e-9), ("limits_low", "-0.0005", -0.0005)),
        *(("limits_low", "-2.7e-4", -2.7e-4), ("parameter_sigma", "1.23456", 1.23456), ("parameter_sigma", "4/3", 4 / 3)),
    ],
)
def test_a_field_takes_every_digit(ready, name, text, value):
    ready.type_into(name, text)
    assert FIELDS[name](ready.state) == value
    assert reasons(ready) == []
    ready.settle()


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("text", ["1,234.5", "abc", "1e99"])
def test_a_field_keeps_what_it_cannot_take(ready, name, text):
    before = ready.state
    ready.type_into(name, text)
    assert ready.state is before
    assert ready.find(name, QLineEdit).text() == text
    assert len(reasons(ready)) == 1 and reasons(ready)[0].startswith("Expected")
    ready.do("next_padding")  # the document goes on, and says its values to all fields
    assert ready.find(name, QLineEdit).text() == text
    QTest.keyClick(ready.find(name), Qt.Key.Key_Escape)
    assert reasons(ready) == []
    ready.settle()


@pytest.mark.parametrize(
    ("name", "text"), [("stride", "3.7"), ("stride", "0"), ("dilation", "1/2"), ("parameter_size", "4.5")]
)
def test_a_whole_number_is_asked_for_where_it_must_be_one(ready, name, text):
    before = ready.state
    ready.type_into(name, text)
    assert ready.state is before and len(reasons(ready)) == 1
    ready.type_into(name, "3")
    assert ready.state is not before and reasons(ready) == []
    ready.settle()


def test_reasons_leave_the_cards_as_they_are(ready):
    cards = (ready.window.settings, ready.window.display, ready.window.kernel_card)
    before = [card.geometry() for card in cards]
    for name in ("bias", "limits_low", "parameter_sigma", "brush"):
        ready.type_into(name, "no number")
    ready.settle()
    assert len(reasons(ready)) == 4
    assert [card.geometry() for card in cards] == before


def test_the_limits_of_a_faint_map_are_set_and_stepped_by_what_it_holds(user, tmp_path):
    random = np.random.default_rng(0)
    np.save(tmp_path / "faint.npy", random.uniform(-9e-5, 9e-5, (40, 60)).astype(np.float32))
    user.open(tmp_path / "faint.npy")
    user.choose("limits", "fixed")
    user.type_into("limits_high", "0.0005")
    user.type_into("limits_low", "-0.0005")
    assert (user.state.display.limits.low, user.state.display.limits.high) == (-0.0005, 0.0005)
    user.settle()
    QTest.keyClick(user.find("limits_high"), Qt.Key.Key_Up)
    assert 0.0005 < user.state.display.limits.high < 0.0006
    assert user.window.pair.bar._limits[0] == -0.0005
    user.settle()


@pytest.mark.parametrize("order", [("limits_low", "limits_high"), ("limits_high", "limits_low")])
def test_both_limits_can_be_moved_beyond_where_they_were(user, order):
    user.choose("limits", "fixed")
    values = {"limits_low": "100", "limits_high": "200"}
    for name in order:
        user.type_into(name, values[name])
    assert (user.state.display.limits.low, user.state.display.limits.high) == (100, 200)
    assert reasons(user) == []
    user.type_into("limits_low", "300")
    assert user.state.display.limits.low == 100 and "below the upper" in reasons(user)[0]
    user.settle()


@pytest.mark.parametrize(("text", "value"), [("1e-12", 1e-12), ("0,0001234", 0.0001234), ("1/16", 0.0625), ("-.5", -0.5)])
def test_a_weight_takes_every_digit(user, text, value):
    grid = user.find("kernel_grid")
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Return)
    editor = grid.findChild(QLineEdit, "kernel_cell_editor")
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert user.state.kernel.weights[0, 0] == value
    user.settle()


@pytest.mark.parametrize("leave", [Qt.Key.Key_Return, Qt.Key.Key_Tab, None])
def test_a_weight_that_cannot_be_taken_stays_in_its_cell(user, leave):
    before, grid = user.state, user.find("kernel_grid")
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Return)
    editor = grid.findChild(QLineEdit, "kernel_cell_editor")
    QTest.keyClicks(editor, "1..5")
    if leave is None:
        box = grid.cell_rect(2, 2).center()
        user.click(grid, box.x(), box.y())
    else:
        QTest.keyClick(editor, leave)
    assert editor.isVisible() and editor.text() == "1..5"
    assert len(reasons(user)) == 1
    assert user.state is before
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert user.state is before and reasons(user) == []
    user.settle()


@pytest.mark.parametrize("weight", [3e-7, 1e-12, 0.123456789])
def test_a_nudge_loses_no_digits(user, weight):
    grid = user.find("kernel_grid")
    grid.typed.emit(1, 1, weight)
    box = grid.cell_rect(1, 1).center()
    user.wheel(grid, box.x(), box.y(), 1)
    user.wheel(grid, box.x(), box.y(), -1)
    assert user.state.kernel.weights[1, 1] == weight
    user.settle()


def test_a_scrub_works_on_tiny_weights(user):
    grid = user.find("kernel_grid")
    user.program.kernel.edit("tiny", lambda weights: weights * 1e-8)
    box = grid.cell_rect(1, 0).center()
    user.drag(grid, [(box.x(), box.y()), (box.x(), box.y() - 10)], modifiers=Qt.KeyboardModifier.ShiftModifier)
    change = user.state.kernel.weights[1, 0] + 2e-8
    assert 1e-10 < change < 1e-8
    user.settle()


@pytest.mark.parametrize("text", ["3.7", "0", "64", "x"])
def test_the_size_menu_stays_with_what_it_cannot_take(user, text):
    user.find("size_button").menu().popup(user.window.rect().center())
    rows = user.find("size_rows", NumberField)
    rows.setFocus()
    rows.selectAll()
    QTest.keyClicks(rows, text)
    user.press("size_apply")
    assert rows.isVisible() and rows.text() == text and rows.reason()
    assert user.state.kernel.size == (3, 3)
    rows.selectAll()
    QTest.keyClicks(rows, "5")
    user.press("size_apply")
    assert user.state.kernel.size == (5, 3)
    user.settle()


def test_the_brush_paints_what_was_typed(user):
    user.type_into("brush", "1/8")
    grid = user.find("kernel_grid")
    box = grid.cell_rect(1, 1).center()
    user.click(grid, box.x(), box.y())
    assert user.state.kernel.weights[1, 1] == 0.125
    user.settle()
