"""The segmented control: one of a few words is chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from convgui.views.kit.segmented import Segmented

OPTIONS = [("same", "same"), ("valid", "valid"), ("full", "full")]


@pytest.fixture
def segments(show):
    segments = Segmented("padding", "Padding")
    segments.set_options(OPTIONS)
    segments.set_value("same")
    return show(segments, 200, 30)


def button(segments, value):
    return segments.findChild(QPushButton, f"padding_{value}")


def test_a_click_chooses_and_is_told(segments, heard):
    chosen = heard(segments.chosen)
    QTest.mouseClick(button(segments, "valid"), Qt.MouseButton.LeftButton)
    assert chosen == [("valid",)]
    assert segments.value() == "valid"
    assert not button(segments, "same").isChecked()


def test_space_chooses(segments, heard):
    chosen = heard(segments.chosen)
    button(segments, "full").setFocus()
    QTest.keyClick(button(segments, "full"), Qt.Key.Key_Space)
    assert chosen == [("full",)]


def test_setters_say_nothing(segments, heard):
    chosen = heard(segments.chosen)
    segments.set_value("full")
    segments.set_options([("a", "a")])
    assert chosen == []


def test_an_unknown_value_changes_nothing(segments):
    segments.set_value("diagonal")
    assert segments.value() == "same"


def test_an_option_can_be_explained_and_switched_off(segments, heard):
    chosen = heard(segments.chosen)
    segments.set_tip("valid", "The kernel is too large.", enabled=False)
    button(segments, "valid").click()
    assert chosen == []
    assert button(segments, "valid").toolTip() == "The kernel is too large."


def test_new_options_replace_the_old_ones(segments, heard, qtbot):
    chosen = heard(segments.chosen)
    segments.set_options([("same", "same"), ("causal", "causal")])
    qtbot.waitUntil(lambda: len([b for b in segments.findChildren(QPushButton) if b.isVisible()]) == 2)
    button(segments, "causal").click()
    assert chosen == [("causal",)]
    assert segments.value() == "causal"


def test_the_same_options_keep_the_choice(segments):
    segments.set_value("full")
    segments.set_options(OPTIONS)
    assert segments.value() == "full"


def test_without_options_nothing_is_chosen(show):
    assert show(Segmented("maps", "Maps")).value() == ""


def test_each_option_is_read_aloud(segments):
    assert button(segments, "valid").accessibleName() == "Padding: valid"
