"""The tour in the live window: predict, be told, go on."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from convgui.model.tour import STEPS


def predict(user, text):
    field = user.window.tour.field
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_the_value_is_hidden_until_it_was_predicted(user):
    user.do("tour")
    user.settle()
    assert user.window.tour.isVisible()
    assert user.window.tour.title.text() == "One value"
    assert user.program.probe.cell == (0, 0)
    assert user.window.pair.map.cover() and user.window.probe.canvas.value_hidden
    assert "?" in user.window.status.activation.text()
    predict(user, "3")
    assert "Not quite" in user.window.tour.message.text()
    assert user.window.pair.map.cover()
    predict(user, "1")
    assert user.window.tour.message.text().startswith("Right.")
    assert user.window.pair.map.cover() == [(1.0, 0.0, 4.0, 1.0)] and not user.window.probe.canvas.value_hidden
    user.until(lambda: "1" in user.window.status.activation.text())


def test_all_steps_to_the_end(user):
    user.do("tour")
    for number, step in enumerate(STEPS, 1):
        user.settle()
        assert user.window.tour.detail.whole_text() == f"tour, {number} of 6"
        assert user.state.conv.padding == step.make().conv.padding
        predict(user, f"{step.answer():g}")
        assert user.window.tour.message.text().startswith("Right.")
        user.press("tour_next")
    assert not user.window.tour.isVisible()
    assert user.window.pair.map.cover() == []
    assert not user.program.probe.pinned


def test_what_is_revealed_is_explained(user):
    user.do("tour")
    user.settle()
    user.press("tour_reveal")
    assert user.window.tour.message.text().startswith("It is 1.")
    user.press("tour_next")
    user.press("tour_back")
    assert user.window.tour.title.text() == "One value"
    assert user.window.probe.canvas.value_hidden


def test_the_tour_can_be_left_and_undone(user):
    before = user.state
    user.do("tour")
    user.settle()
    user.find("tour_close").click()
    assert not user.window.tour.isVisible() and not user.window.probe.canvas.value_hidden
    user.do("undo")
    user.settle()
    assert user.state is before


def test_without_a_number_it_asks_for_one(user):
    user.do("tour")
    user.find("tour_check").click()
    assert "Type a number" in user.window.tour.message.text()


def test_the_document_of_a_step_can_be_played_with(user):
    user.do("tour")
    user.settle()
    user.window.kernel_card.grid.typed.emit(0, 0, 5.0)
    user.settle()
    predict(user, "1")
    assert np.isfinite(user.shown_values()).all()


def test_another_input_ends_the_tour_and_shows_all(user, photo):
    user.do("tour")
    user.settle()
    user.open(photo)
    assert not user.window.tour.isVisible() and user.window.pair.map.cover() == []


def test_one_step_back_is_what_was_there_before(user):
    before = user.state
    user.do("tour")
    for _ in range(3):
        user.press("tour_next")
    user.do("undo")
    assert user.state is before and not user.window.tour.isVisible()


def test_an_answer_does_not_give_the_next_one_away(user):
    user.do("tour")
    user.settle()
    field = user.find("tour_prediction")
    QTest.keyClicks(field, "1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    (rect,) = user.window.pair.map.cover()
    assert rect[0] == 1  # all but the first value
    QTest.keyClick(field, Qt.Key.Key_Return)  # goes on
    assert user.program.tour.step.title == "The next value"


def test_the_sum_is_not_copied_before_it_is_known(user):
    user.do("tour")
    user.settle()
    QGuiApplication.clipboard().setText("nothing")
    user.do("copy_sum")
    assert QGuiApplication.clipboard().text() == "nothing" and "Predict the value first" in user.message()


def test_what_is_hidden_cannot_be_played(user):
    user.do("tour")
    user.settle()
    user.do("motion_play")
    assert "the tour hides" in user.message() and user.program.motion.position is None
    assert user.program.probe.cell == (0, 0) and user.program.probe.pinned


def test_a_changed_document_ends_the_tour(user):
    user.do("tour")
    user.settle()
    user.program.grid.type_value(0, 0, 4.0)
    assert not user.window.tour.isVisible() and "The tour is over" in user.message()
