"""What is not needed at a start is made when it is first opened or asked for, and is then as if it had been there."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from convgui.later import PARTS


class Windows(QObject):
    """Notes what is shown in a window of its own."""

    def __init__(self):
        super().__init__()
        self.shown = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched.objectName() or type(watched).__name__)
        return False


@pytest.fixture
def windows(qapp):
    noted = Windows()
    qapp.installEventFilter(noted)
    yield noted.shown
    qapp.removeEventFilter(noted)


def closed(user):
    return {name: dock for name, dock in user.window.docks.items() if dock.isHidden()}


def test_at_a_start_nothing_is_made_for_closed_panels(start):
    user = start()
    assert {"film", "layers", "field", "compare", "profile", "weights"} <= set(closed(user))
    assert [name for name, dock in closed(user).items() if dock.is_filled()] == []
    assert [name for name in PARTS if user.program.is_made(name)] == []


def test_a_closed_panel_is_made_when_it_is_opened_and_nothing_else_is_shown(start, windows):
    user = start()
    windows.clear()
    for name, dock in closed(user).items():
        user.do(f"show_{name}")
        assert dock.is_filled() and dock.isVisible()
        user.settle()
    assert windows == []
    assert QApplication.activeWindow() is user.window


def test_tab_goes_through_the_panels_in_their_order_whichever_was_opened_first(start):
    user = start()
    for name in ("weights", "film", "profile"):
        user.do(f"show_{name}")
    reached, widget = [], user.window.nextInFocusChain()
    while widget is not user.window:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.objectName().startswith("close_"):
            reached.append(widget.objectName().removeprefix("close_"))
        widget = widget.nextInFocusChain()
    order = [name for name, dock in user.window.docks.items() if dock.is_filled()]
    first = reached.index(order[0])
    assert [name for name in (*reached[first:], *reached[:first]) if name in order] == order


@pytest.mark.parametrize("name", PARTS)
def test_the_actions_of_what_is_made_later_are_those_that_it_does(user, name):
    made = getattr(user.program, name)
    assert getattr(user.program, name) is made
    commands = made.commands() if hasattr(made, "commands") else {}
    assert set(PARTS[name].actions) == set(commands)
