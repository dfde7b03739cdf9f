"""Story 9. Undo and redo everything that changes the document, by name; nothing is lost by opening another picture."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest


def test_every_edit_has_its_name_and_its_way_back(user):
    edits = [
        (lambda: user.program.kernel.pick("gaussian"), "pick Gaussian"),
        (lambda: user.type_into("parameter_sigma", "3"), "sigma"),
        (lambda: user.do("kernel_rotate_45") if False else user.do("kernel_negate"), "negate"),
        (lambda: user.press("padding_valid"), "padding"),
        (lambda: user.type_into("stride", "2"), "stride"),
        (lambda: user.type_into("bias", "1"), "bias"),
        (lambda: user.choose("activation", "relu"), "activation"),
        (lambda: user.press("order_convolution"), "convolution"),
        (lambda: user.choose("colours", "oslo"), "colour map"),
        (lambda: user.choose("limits", "min-max"), "limits"),
        (lambda: user.sample("rocket"), "open rocket.webp"),
    ]
    states = [user.state]
    for edit, name in edits:
        edit()
        states.append(user.state)
        assert user.program.session.undo_label == name
        assert user.window.actions_by_id["undo"].text() == f"&Undo {name}"
    for state in reversed(states[:-1]):
        user.do("undo")
        assert user.state is state
    assert not user.window.actions_by_id["undo"].isEnabled()
    for state in states[1:]:
        user.do("redo")
        assert user.state is state
    assert not user.window.actions_by_id["redo"].isEnabled()


def test_by_keyboard(user):
    user.do("kernel_negate")
    changed = user.state
    QTest.keyClick(user.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert user.state is not changed
    QTest.keyClick(user.window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert user.state is changed


def test_nothing_is_lost_by_opening_another_picture(user, photo):
    user.do("kernel_negate")
    drawn = user.state
    user.open(photo)
    assert user.state.kernel is drawn.kernel
    user.do("undo")
    user.settle()
    assert user.state is drawn
    assert np.array_equal(user.state.source.array, drawn.source.array)
    assert "coffee.webp" in user.window.pair.input_chip.detail.whole_text()


def test_the_window_shows_what_undo_brought_back(user):
    before = user.window.pair.map.picture().colours.copy()
    user.do("kernel_negate")
    user.settle()
    assert not np.array_equal(user.window.pair.map.picture().colours, before)
    user.do("undo")
    user.settle()
    assert np.array_equal(user.window.pair.map.picture().colours, before)
    assert user.window.kernel_card.title.text() == "Sobel x"
