"""The display: colours, limits, and the histogram that sets them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convgui.views.measure.display_form import DisplayForm


@pytest.fixture
def form(show):
    form = DisplayForm()
    strip = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    form.set_colour_maps([("auto", "auto", None), ("vik", "Vik", strip), ("grey", "Grey", strip)])
    form.set_display("auto", "auto", 99.5, -1, 1)
    form.histogram.build()
    yield show(form, 268, 300)
    form.histogram.shut()


@pytest.fixture
def changed(form, heard):
    return heard(form.changed)


def pick(box, value):
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
    form.set_display("grey", "fixed", 98, -3, 4)
    assert form.colours.currentData() == "grey"
    assert form.limits.currentData() == "fixed"
    assert (form.low.value(), form.high.value()) == (-3, 4)
    assert changed == []


def test_a_colour_map_is_chosen(form, changed):
    pick(form.colours, "vik")
    assert [what[:2] for what in changed] == [("colours", "vik")]


def test_limits_are_chosen_and_explained(form, changed):
    pick(form.limits, "symmetric")
    assert changed[-1][:2] == ("mode", "symmetric")
    form.set_display("auto", "symmetric", 99.5, -1, 1)
    assert "0 in the middle" in form.limits.toolTip()


@pytest.mark.parametrize(
    ("mode", "shown"),
    [("auto", set()), ("min-max", set()), ("percentile", {"percent"}), ("fixed", {"low", "high"})],
)
def test_only_the_fields_of_the_mode_are_shown(form, mode, shown):
    form.set_display("auto", mode, 99.5, -1, 1)
    assert {name for name in ("percent", "low", "high") if getattr(form, name).isVisible()} == shown


@pytest.mark.parametrize(
    ("name", "mode", "text", "value"), [("percent", "percentile", "97", 97), ("low", "fixed", "-2.5", -2.5)]
)
def test_numbers_are_typed(form, changed, name, mode, text, value):
    form.set_display("auto", mode, 99.5, -1, 1)
    enter(getattr(form, name), text)
    assert [what[:2] for what in changed] == [(name, value)]


def test_steps_of_a_field_are_gestures_of_their_own(form, changed):
    form.set_display("auto", "fixed", 99.5, -1, 1)
    form.high.setFocus()
    QTest.keyClick(form.high, Qt.Key.Key_Up)
    QTest.keyClick(form.high, Qt.Key.Key_Up)
    assert changed[0][2] != changed[1][2]


def test_a_dragged_limit_is_a_range_and_one_gesture(form, changed, hand):
    histogram = form.histogram
    histogram.set_counts(np.ones(64, np.int64), -1.0, 1.0)
    histogram.set_limits(-0.5, 0.5)
    hand.drag(histogram.canvas.viewport(), *(histogram.to_point(value, 0) for value in (-0.5, -0.4, -0.3)))
    assert {what[0] for what in changed} == {"range"}
    assert len({what[2] for what in changed}) == 1
    low, high = changed[-1][1]
    assert (low, high) == (pytest.approx(-0.3, abs=0.02), 0.5)


def test_gestures_of_fields_and_histogram_are_never_the_same(form, changed, hand):
    form.histogram.set_limits(0.0, 1.0)
    hand.drag(form.histogram.canvas.viewport(), *(form.histogram.to_point(value, 0) for value in (0, 0.1)))
    form.set_display("auto", "fixed", 99.5, -1, 1)
    form.high.setFocus()
    QTest.keyClick(form.high, Qt.Key.Key_Up)
    assert len({what[2] for what in changed}) == 2


def test_new_colour_maps_keep_the_choice(form, changed):
    form.set_display("grey", "auto", 99.5, -1, 1)
    strip = np.zeros((256, 3), np.uint8)
    form.set_colour_maps([("auto", "auto", None), ("grey", "Grey", strip), ("oslo", "Oslo", strip)])
    assert form.colours.currentData() == "grey"
    assert changed == []
