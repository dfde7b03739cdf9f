"""The action finder: letters, arrow keys, Enter, and the action is done."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from convgui.views.kit.finder import Finder, matches
from convgui.views.kit.finder_delegate import KEYS, MENU

TABLE = (
    ("&Open…", "File", "Open a photo", "Ctrl+O"),
    ("&Rotate right", "Kernel", "Turn by 90 degrees", "R"),
    ("Rotate &left", "Kernel", "Turn by 90 degrees to the left", ""),
    ("&Negate", "Kernel", "Change the sign", ""),
)


@pytest.fixture
def window(show):
    return show(QWidget(), 800, 600)


@pytest.fixture
def actions(window):
    made = []
    for text, menu, tip, keys in TABLE:
        action = QAction(text, window)
        action.setProperty("menu", menu)
        action.setToolTip(tip)
        action.setShortcut(keys)
        made.append(action)
    return made


@pytest.fixture
def done(actions):
    done = []
    for action in actions:
        action.triggered.connect(lambda _=False, action=action: done.append(action.text().replace("&", "")))
    return done


@pytest.fixture
def finder(window, actions, done):
    finder = Finder(window)
    finder.open(actions, window.mapToGlobal(QPoint(400, 60)))
    yield finder
    finder.close()


def lines(finder):
    return [finder.list.item(k).text() for k in range(finder.list.count())]


def test_it_opens_with_all_actions_and_the_cursor_in_the_field(finder):
    assert finder.isVisible()
    assert lines(finder) == ["Open", "Rotate right", "Rotate left", "Negate"]
    assert finder.list.currentRow() == 0
    assert finder.focusWidget() is finder.field


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rot", ["Rotate right", "Rotate left"]),
        ("ROT left", ["Rotate left"]),
        ("left rotate", ["Rotate left"]),
        ("sign", ["Negate"]),
        ("kernel", ["Rotate right", "Rotate left", "Negate"]),
    ],
)
def test_words_in_any_order_find_by_name_menu_and_sentence(finder, text, expected):
    QTest.keyClicks(finder.field, text)
    assert lines(finder) == expected


def test_enter_does_it_and_closes(finder, done):
    QTest.keyClicks(finder.field, "neg")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert done == ["Negate"]
    assert not finder.isVisible()


def test_arrow_keys_go_through_the_list_and_stop_at_its_ends(finder, done):
    QTest.keyClicks(finder.field, "rot")
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(finder.field, key)
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert done == ["Rotate left"]


def test_a_click_does_it(finder, done):
    place = finder.list.visualItemRect(finder.list.item(3)).center()
    QTest.mouseClick(finder.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert done == ["Negate"]


def test_what_cannot_be_done_now_is_grey_and_not_done(finder, actions, done, window):
    actions[3].setEnabled(False)
    finder.open(actions, window.mapToGlobal(QPoint(400, 60)))
    QTest.keyClicks(finder.field, "neg")
    assert not finder.list.item(0).flags() & Qt.ItemFlag.ItemIsEnabled
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert done == []
    assert finder.isVisible()


def test_enter_without_a_match_does_nothing(finder, done):
    QTest.keyClicks(finder.field, "zebra")
    assert "zebra" in finder.list.item(0).text()
    QTest.keyClick(finder.field, Qt.Key.Key_Down)
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert done == []


def test_escape_closes_without_doing_anything(finder, done):
    QTest.keyClick(finder.field, Qt.Key.Key_Escape)
    assert not finder.isVisible()
    assert done == []


def test_opened_again_it_is_empty(finder, actions, window):
    QTest.keyClicks(finder.field, "neg")
    finder.close()
    finder.open(actions, window.mapToGlobal(QPoint(400, 60)))
    assert finder.field.text() == ""
    assert len(lines(finder)) == 4


def test_it_shows_where_the_action_is_and_its_shortcut(finder):
    item = finder.list.item(0)
    assert (item.text(), item.data(MENU), item.data(KEYS)) == ("Open", "File", "Ctrl+O")


@pytest.mark.parametrize(("words", "expected"), [("", True), ("a b", True), ("b a", True), ("a z", False)])
def test_matches(words, expected):
    assert matches(words, "A and B") is expected


@pytest.mark.parametrize("typed", ["gaussian", " Gaussian ", "GAUSSIAN"])
def test_what_is_called_just_as_typed_comes_first(window, typed):
    actions = [
        QAction(text, window) for text in ("Gaussian 1st derivative", "Gaussian 2nd derivative", "Gaussian", "Gaussian 1-D")
    ]
    chosen = []
    for action in actions:
        action.triggered.connect(lambda _=False, action=action: chosen.append(action.text()))
    finder = Finder(window)
    finder.open(actions, QPoint(400, 0))
    finder.field.setText(typed)
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert chosen == ["Gaussian"]
