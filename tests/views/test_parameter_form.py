"""A kernel's parameters: sliders and fields that say the same."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

from convgui.views.kernel.parameter_form import Field, ParameterForm
from convgui.views.kit.number_field import NumberField

SIGMA = Field("sigma", "Sigma", 1.0, 0.1, 5.0, 0.1, False, "", "Width of the bell")
SIZE = Field("size", "Size", 7, 1, 31, 2, True, "", "Rows and columns")
ANGLE = Field("angle", "Angle", 45, 0, 180, 1, False, "°", "Direction")


@pytest.fixture
def form(show):
    form = ParameterForm()
    form.set_fields([SIGMA, SIZE])
    return show(form, 272, 80)


@pytest.fixture
def changed(form, heard):
    return heard(form.changed)


def slider(form, name):
    return form.findChild(QSlider, f"parameter_{name}_slider")


def field(form, name):
    return form.findChild(NumberField, f"parameter_{name}")


def enter(box, text):
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_values_are_shown_and_nothing_is_said(form, changed):
    form.set_fields([SIGMA._replace(value=2.5), SIZE._replace(value=9)])
    assert field(form, "sigma").value() == 2.5
    assert field(form, "size").text() == "9"
    assert slider(form, "sigma").value() == 24
    assert changed == []


def test_the_slider_gives_values_from_end_to_end_in_steps(form, changed):
    bar = slider(form, "size")
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Home)
    QTest.keyClick(bar, Qt.Key.Key_Right)
    QTest.keyClick(bar, Qt.Key.Key_End)
    assert [what[:2] for what in changed] == [("size", 1), ("size", 3), ("size", 31)]


def test_slider_values_are_round_numbers(form, changed):
    bar = slider(form, "sigma")
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Home)
    for _ in range(3):
        QTest.keyClick(bar, Qt.Key.Key_Right)
    assert [what[1] for what in changed] == [0.1, 0.2, 0.3, 0.4]


def test_a_drag_is_one_gesture_and_the_next_another(form, changed, qtbot):
    bar = slider(form, "sigma")

    def drag(*values):
        bar.setSliderDown(True)
        for value in values:
            bar.setSliderPosition(value)
        bar.setSliderDown(False)

    drag(10, 12, 15)
    drag(20, 22)
    gestures = [what[2] for what in changed]
    assert [what[1] for what in changed] == pytest.approx([1.1, 1.3, 1.6, 2.1, 2.3])
    assert len(set(gestures[:3])) == 1
    assert len(set(gestures[3:])) == 1
    assert gestures[0] != gestures[3]


def test_a_mouse_drags_the_slider(form, changed):
    bar = slider(form, "sigma")
    form.set_fields([SIGMA._replace(value=0.1), SIZE])
    start = bar.rect().center()
    start.setX(8)
    end = bar.rect().center()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(bar, end)
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    assert changed[-1][0] == "sigma"
    assert 1.5 < changed[-1][1] < 3.5
    assert len({what[2] for what in changed}) == 1


def test_a_value_is_typed(form, changed):
    enter(field(form, "sigma"), "1.25")
    assert [what[:2] for what in changed] == [("sigma", 1.25)]


def test_what_is_beyond_the_ends_is_not_taken(form, changed):
    enter(field(form, "sigma"), "77")
    assert changed == []
    assert field(form, "sigma").text() == "77"
    assert "0.1 to 5" in field(form, "sigma").reason()


def test_the_unit_is_shown(form):
    form.set_fields([ANGLE])
    assert field(form, "angle").text().endswith("°")


def test_notes_are_tips_and_labels_are_read_aloud(form):
    assert field(form, "sigma").toolTip() == "Width of the bell"
    assert slider(form, "sigma").toolTip() == "Width of the bell"
    assert slider(form, "sigma").accessibleName() == "Sigma"


def test_another_kernel_has_other_parameters(form, changed, qtbot):
    form.set_fields([ANGLE])
    assert field(form, "sigma") is None
    qtbot.waitUntil(lambda: field(form, "angle").isVisible())
    enter(field(form, "angle"), "90")
    assert [what[:2] for what in changed] == [("angle", 90)]


def test_a_kernel_without_parameters_has_no_form(form):
    form.set_fields([])
    assert not form.isVisible()
    form.set_fields([SIGMA])
    assert form.isVisible()


def test_new_values_leave_a_slider_in_the_hand(form, changed):
    """While a drag is on, the document answers with the new value; the slider must not be made anew."""
    bar = slider(form, "sigma")
    bar.setSliderDown(True)
    bar.setSliderPosition(20)
    form.set_fields([SIGMA._replace(value=2.1), SIZE])
    assert slider(form, "sigma") is bar
    assert bar.isSliderDown()
    assert field(form, "sigma").value() == 2.1
    bar.setSliderDown(False)
    assert len(changed) == 1
