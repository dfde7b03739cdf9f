"""The operation: it shows the layer's settings, says what the user sets, and why something cannot be set."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton

from convgui.views.layers.settings_form import Reach, Settings, SettingsForm

PLAIN = Settings("same", "zeros", 0.0, 1, 1, 0.0, "linear", "luminance", False)
COLOURS = (("luminance", "luminance", ""), ("sum", "sum", ""))
REACH = Reach((("same", "same"), ("valid", "valid"), ("full", "full")), "", True, COLOURS, 9, 5)


@pytest.fixture
def form(show):
    form = SettingsForm()
    form.set_options(
        [("zeros", "zeros", "Zero outside"), ("constant", "constant", ""), ("reflect", "reflect", "NumPy: reflect")],
        [("linear", "linear", ""), ("relu", "ReLU", "Negative values become 0")],
    )
    form.set_reach(REACH)
    form.set_settings(PLAIN)
    return show(form, 268, 360)


@pytest.fixture
def changed(form, heard):
    return heard(form.changed)


def button(form, name):
    return form.findChild(QPushButton, name)


def pick(box, value):
    """Choose an entry of a list by the keyboard."""
    box.setFocus()
    steps = box.findData(value) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def enter(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_setters_say_nothing_and_are_shown(form, changed):
    form.set_settings(Settings("valid", "reflect", 0.5, 3, 2, -0.25, "relu", "sum", True))
    assert form.padding.value() == "valid"
    assert form.border.currentData() == "reflect"
    assert (form.stride.value(), form.dilation.value()) == (3, 2)
    assert form.bias.value() == -0.25
    assert form.activation.currentText() == "ReLU"
    assert form.colour.currentData() == "sum"
    assert form.order.value() == "convolution"
    assert changed == []


def test_padding_is_a_button(form, changed):
    button(form, "padding_valid").click()
    assert [what[:2] for what in changed] == [("padding", "valid")]


@pytest.mark.parametrize(("name", "value"), [("border", "reflect"), ("activation", "relu"), ("colour", "sum")])
def test_lists(form, changed, name, value):
    pick(getattr(form, name), value)
    assert changed[-1][:2] == (name, value)


@pytest.mark.parametrize(
    ("name", "text", "value"), [("stride", "2", 2), ("dilation", "3", 3), ("bias", "0.5", 0.5), ("bias", "-1", -1.0)]
)
def test_fields(form, changed, name, text, value):
    enter(getattr(form, name), text)
    assert [what[:2] for what in changed] == [(name, value)]


def test_a_number_is_told_when_it_is_complete(form, changed):
    form.bias.setFocus()
    form.bias.selectAll()
    QTest.keyClicks(form.bias, "0.25")
    assert changed == []
    QTest.keyClick(form.bias, Qt.Key.Key_Return)
    assert [what[:2] for what in changed] == [("bias", 0.25)]


def test_arrow_keys_step(form, changed):
    form.stride.setFocus()
    QTest.keyClick(form.stride, Qt.Key.Key_Up)
    QTest.keyClick(form.stride, Qt.Key.Key_Up)
    assert [what[:2] for what in changed] == [("stride", 2), ("stride", 3)]
    assert changed[0][2] != changed[1][2]


def test_correlation_or_convolution(form, changed):
    button(form, "order_convolution").click()
    button(form, "order_correlation").click()
    assert [what[:2] for what in changed] == [("flip", True), ("flip", False)]


def test_the_constant_is_asked_for_only_where_it_is_used(form):
    assert not form.constant.isVisible()
    form.set_settings(PLAIN._replace(border="constant", constant=0.5))
    assert form.constant.isVisible()
    assert form.constant.value() == 0.5
    form.set_settings(PLAIN)
    assert not form.constant.isVisible()


def test_padding_that_does_not_fit_cannot_be_chosen_and_says_why(form, changed):
    form.set_reach(REACH._replace(valid_fits="The kernel is larger than the input."))
    valid = button(form, "padding_valid")
    assert not valid.isEnabled()
    assert valid.toolTip() == "The kernel is larger than the input."
    valid.click()
    assert changed == []
    form.set_reach(REACH)
    assert button(form, "padding_valid").isEnabled()


def test_there_is_no_border_where_no_cell_outside_is_used(form):
    form.set_reach(REACH._replace(outside_used=False))
    assert not form.border.isEnabled()
    assert "no border" in form.border.toolTip()


def test_colour_is_asked_for_only_with_a_colour_picture(form):
    form.set_reach(REACH._replace(colours=()))
    assert not form.colour.isVisible()
    form.set_reach(REACH)
    assert form.colour.isVisible()


def test_a_stride_beyond_the_input_cannot_be_chosen(form, changed):
    form.stride.setFocus()
    for _ in range(20):
        QTest.keyClick(form.stride, Qt.Key.Key_Up)
    assert form.stride.value() == 9
    assert max(what[1] for what in changed) == 9


def test_where_there_is_nothing_to_skip_stride_says_so(form):
    form.set_reach(REACH._replace(stride_max=1))
    assert not form.stride.isEnabled()
    assert "nothing to skip" in form.stride.toolTip()


def test_a_smaller_reach_says_nothing(form, changed):
    form.set_settings(PLAIN._replace(stride=9))
    form.set_reach(REACH._replace(stride_max=2))
    assert changed == []


def test_a_sequence_has_other_paddings(form, changed):
    form.set_reach(REACH._replace(paddings=(*REACH.paddings, ("causal", "causal"))))
    button(form, "padding_causal").click()
    assert [what[:2] for what in changed] == [("padding", "causal")]


def test_tips_and_the_note_are_shown(form):
    form.set_settings(PLAIN._replace(activation="relu"))
    assert form.activation.toolTip() == "Negative values become 0"
    form.set_order("The kernel is not flipped.", symmetric=False)
    assert form.findChild(QAbstractButton, "order_correlation").toolTip() == "The kernel is not flipped."
    assert not form.badge.isVisible()
    form.set_order("The kernel is not flipped.", symmetric=True)
    assert form.badge.isVisible() and form.badge.text() == "symmetric: no difference here"
