"""The message bar: one sentence until it is closed, with a button where there is something to do."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convgui.views.window.message_bar import MessageBar


@pytest.fixture
def bar(show):
    window = QWidget()
    column = QVBoxLayout(window)
    bar = MessageBar()
    column.addWidget(bar)
    show(window, 700, 120)
    return bar


def test_there_is_no_bar_without_a_message(bar):
    assert not bar.isVisible()


def test_a_sentence_is_shown_and_read_aloud(bar):
    bar.show_message("holiday.png is no picture.", "error")
    assert bar.isVisible()
    assert bar.text.text() == "holiday.png is no picture."
    assert bar.text.accessibleName() == "holiday.png is no picture."
    assert not bar.button.isVisible()


def test_the_newest_sentence_replaces_the_old_one(bar):
    bar.show_message("One.", "error", "Undo")
    bar.show_message("Two.")
    assert bar.text.text() == "Two."
    assert not bar.button.isVisible()


def test_closing_hides_it_and_is_told(bar, heard):
    closed = heard(bar.closed)
    bar.show_message("One.")
    bar.close_button.click()
    assert not bar.isVisible()
    assert closed == [()]


def test_clearing_hides_it_and_is_not_told(bar, heard):
    closed = heard(bar.closed)
    bar.show_message("One.")
    bar.clear()
    assert not bar.isVisible()
    assert closed == []


def test_the_button_is_followed(bar, heard):
    followed = heard(bar.followed)
    bar.show_message("There is a newer file.", action="Open it")
    assert bar.button.isVisible()
    assert bar.button.text() == "Open it"
    bar.button.click()
    assert len(followed) == 1


def test_errors_look_different(bar, pixels):
    bar.show_message("The same words.", "info")
    calm = pixels(bar)
    bar.show_message("The same words.", "error")
    assert (pixels(bar) != calm).any()


def test_a_long_sentence_goes_on_in_the_next_line(bar, qtbot):
    bar.show_message("Short.")
    before = bar.sizeHint().height()
    bar.show_message("This sentence goes on and on. " * 20)
    qtbot.waitUntil(lambda: bar.height() > before)
    assert bar.window().width() == 700


def test_a_name_with_a_line_break_stays_on_its_line(show):
    bar = show(MessageBar())
    bar.show_message("The recipe was made on a\nb.png; 12 × 12 cells.")
    assert bar.text.text() == "The recipe was made on a\\nb.png; 12 × 12 cells."


def test_a_problem_stays_beside_what_else_there_is_to_say(show):
    bar = show(MessageBar(), 600, 40)
    bar.show_message("The settings are damaged.", "problem")
    bar.show_message("A picture.", "info")
    assert bar.text.text() == "The settings are damaged. A picture."
    bar.clear()
    assert bar.isVisible() and bar.text.text() == "The settings are damaged."
    bar.show_message("It failed.", "error")
    bar.clear_error()
    assert bar.text.text() == "The settings are damaged."
    bar.close_button.click()
    assert not bar.isVisible()
    bar.show_message("It failed.", "error")
    assert bar.text.text() == "It failed."
    bar.clear_error()
    assert not bar.isVisible()


def test_an_information_is_no_error_that_a_success_takes_away(show):
    bar = show(MessageBar(), 600, 40)
    bar.show_message("Press here.", "info")
    bar.clear_error()
    assert bar.isVisible()
