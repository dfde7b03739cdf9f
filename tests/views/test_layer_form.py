"""The settings of a layer: each kind of field takes what people type, says what is set, and stays while it is used."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from convgui.views.layers.layer_form import LayerForm
from convgui.views.layers.values import LayerField, LayerSettings

SLOPE = LayerField("negative_slope", "Slope", "number", 0.2, 0, 10, step=0.05, tip="What is below zero is multiplied by it")
MOST = LayerField("most", "Most", "whole", 6, 0, 99)
SIZE = LayerField("size", "Size", "pair", (2.0, 3.0), 1, 99)
SCALE = LayerField("scale_by", "Scale", "scales", (2.0, 0.5), 0.01, 64)
SCALES = LayerField("scale", "Scale", "numbers", (1.0, 2.5))
PADDING = LayerField(
    "padding", "Padding", "choice", "valid", options=(("valid", "valid", "No cell outside"), ("same", "same", "As large"))
)
CEIL = LayerField("ceil", "Round up", "switch", False)
NAME = LayerField("name", "Name", "text", "conv1")
ALL = (SLOPE, MOST, SIZE, SCALE, SCALES, PADDING, CEIL, NAME)


def settings(*fields, key=1, **more):
    return LayerSettings(key, "Max pool", "126 × 126", fields=fields, **more)


@pytest.fixture
def form(show):
    form = LayerForm()
    form.set_settings(settings(*ALL))
    return show(form, 268, 400)


@pytest.fixture
def changed(form, heard):
    return heard(form.changed)


def enter(form, name, text):
    line = form.findChild(QLineEdit, name)
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    return line


def choose(form, name, value):
    box = form.findChild(QComboBox, name)
    index = box.findData(value)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_it_shows_what_it_is_given_and_says_nothing(form, changed):
    shown = {line.objectName(): line.text() for line in form.findChildren(QLineEdit)}
    assert shown["layer_negative_slope"] == "0.2"
    assert (shown["layer_size_rows"], shown["layer_size_columns"]) == ("2", "3")
    assert shown["layer_scale"] == "1 2.5"
    assert shown["layer_name"] == "conv1"
    assert form.findChild(QComboBox, "layer_padding").currentData() == "valid"
    assert not form.findChild(QAbstractButton, "layer_ceil").isChecked()
    assert form.title.text() == "Max pool"
    assert changed == []


@pytest.mark.parametrize(
    ("name", "typed", "expected"),
    [
        ("layer_negative_slope", "0,01", ("negative_slope", 0.01)),
        ("layer_negative_slope", "1/3", ("negative_slope", 1 / 3)),
        ("layer_most", "20", ("most", 20)),
        ("layer_size_rows", "5", ("size", (5, 3))),
        ("layer_size_columns", "5", ("size", (2, 5))),
        ("layer_scale_by_rows", "1.5", ("scale_by", (1.5, 0.5))),
        ("layer_scale", "0,5", ("scale", (0.5,))),
        ("layer_scale", "1 2 3", ("scale", (1.0, 2.0, 3.0))),
        ("layer_scale", "1, -2e-3, 1/4", ("scale", (1.0, -0.002, 0.25))),
        ("layer_scale", "[1; 2,5]", None),
        ("layer_name", "first", ("name", "first")),
    ],
)
def test_what_is_typed_is_told_once(form, changed, name, typed, expected):
    enter(form, name, typed)
    told = [expected] if expected else []  # the same numbers in other words are no change
    assert changed == told
    form.findChild(QLineEdit, name).clearFocus()
    assert changed == told


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("layer_negative_slope", "11", "0 to 10"),
        ("layer_most", "2.5", "whole"),
        ("layer_size_rows", "0", "1 to 99"),
        ("layer_scale", "", "received nothing"),
        ("layer_scale", "1 x", "x"),
        ("layer_scale", "1,2,3", "spaces"),
        ("layer_scale", "1e99", "at most"),
    ],
)
def test_what_cannot_be_taken_stays_with_its_reason(form, changed, name, typed, words):
    line = enter(form, name, typed)
    assert changed == []
    assert line.text() == typed
    assert words in line.reason()
    assert form.findChild(QLabel, f"{name}_reason").isVisible()
    form.set_settings(settings(*ALL))
    assert line.text() == typed
    if typed:
        QTest.keyClick(line, Qt.Key.Key_Escape)
        assert line.text() != typed
        assert line.reason() == ""


def test_a_choice_and_a_switch_are_told_only_where_they_change_something(form, changed):
    choose(form, "layer_padding", "valid")
    choose(form, "layer_padding", "same")
    QTest.mouseClick(form.findChild(QAbstractButton, "layer_ceil"), Qt.MouseButton.LeftButton)
    assert changed == [("padding", "same"), ("ceil", True)]


def test_arrow_keys_step(form, changed):
    line = form.findChild(QLineEdit, "layer_negative_slope")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Up)
    assert changed == [("negative_slope", 0.25)]


def test_fields_that_come_and_go_leave_the_others_where_the_focus_is(form):
    box = form.findChild(QComboBox, "layer_padding")
    box.setFocus()
    form.set_settings(settings(SLOPE, PADDING, CEIL, SIZE))
    assert form.findChild(QComboBox, "layer_padding") is box
    assert box.hasFocus()
    assert form.findChild(QWidget, "layer_most") is None
    form.set_settings(settings(*ALL))
    assert form.findChild(QComboBox, "layer_padding") is box
    assert form.findChild(QWidget, "layer_most") is not None


def test_another_layer_begins_anew(form):
    enter(form, "layer_negative_slope", "11")
    form.set_settings(settings(SLOPE, key=2))
    line = form.findChild(QLineEdit, "layer_negative_slope")
    assert line.text() == "0.2"
    assert line.reason() == ""


def test_tab_goes_from_top_to_bottom(form):
    form.set_settings(settings(CEIL, SIZE, SLOPE))
    form.findChild(QWidget, "layer_ceil").setFocus()
    seen = []
    for _ in range(4):
        seen.append(QApplication.focusWidget().objectName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen == ["layer_ceil", "layer_size_rows", "layer_size_columns", "layer_negative_slope"]


def test_what_cannot_be_set_says_why(form):
    why = "All of the input is one patch."
    form.set_settings(settings(LayerField("stride", "Stride", "pair", (1, 1), 1, 9, reason=why)))
    for part in ("rows", "columns"):
        line = form.findChild(QLineEdit, f"layer_stride_{part}")
        assert not line.isEnabled()
        assert why in line.toolTip()


def test_a_layer_without_settings_says_what_it_does(form):
    form.set_settings(settings(note="At each place the maps become parts of 1."))
    assert form.note.isVisible()
    assert not form.findChildren(QLineEdit)


def test_everything_is_named(form):
    for widget in form.findChildren(QLineEdit) + form.findChildren(QComboBox) + form.findChildren(QAbstractButton):
        assert widget.objectName()
        assert widget.accessibleName()
