"""The whole program in a window, used as a user would; `user` does what hands do and waits as eyes do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shared_program import SharedProgram
from waiting import wait_for

from convgui.app import Program


@dataclass
class User:
    """Hands and eyes."""

    program: Program
    qtbot: object

    @property
    def window(self):
        return self.program.window

    @property
    def state(self):
        return self.program.session.state

    def find(self, name, kind=QWidget):
        if self.program.context.afterwards.waiting():
            self.follow()
        found = self.window.findChild(kind, name)
        assert found is not None, f"there is no widget called {name}"
        return found

    def do(self, name):
        """Trigger an action of the menus."""
        action = self.window.actions_by_id[name]
        assert action.isEnabled(), f"{name} is grey"
        action.trigger()
        self.follow()

    def follow(self):
        """Wait until forms and texts have followed the document, as they do before eyes have read them."""
        QApplication.processEvents()
        wait_for(lambda: not self.program.context.afterwards.waiting(), QApplication.processEvents)

    def settle(self):
        """Wait until nothing is under way and the refined map is on the screen."""
        QApplication.processEvents()  # what has been asked for by a resize begins here
        wait_for(lambda: not self.program.busy(), QApplication.processEvents, what="it never came to rest")
        QApplication.processEvents()

    def until(self, condition):
        """Wait for something to be seen."""
        wait_for(condition, QApplication.processEvents)

    def open(self, path):
        self.program.source.open_path(str(path))
        self.settle()

    def sample(self, name):
        """Choose a sample from the menu."""
        from PySide6.QtGui import QAction

        self.find(f"sample_{name}", QAction).trigger()
        self.settle()

    def shown_values(self):
        """Return the values of the map as they are on the screen, if they are shown one a cell."""
        picture = self.window.pair.map.picture()
        return None if picture is None else picture.values

    def click(self, widget, x=None, y=None, button=Qt.MouseButton.LeftButton, modifiers=Qt.KeyboardModifier.NoModifier):
        at = widget.rect().center() if x is None else QPoint(round(x), round(y))
        QTest.mouseClick(widget, button, modifiers, at)

    def hover(self, widget, x, y):
        QTest.mouseMove(widget, QPoint(round(x), round(y)))
        QApplication.processEvents()

    def hover_cell(self, pane, row, col):
        """Move the cursor over a cell, given in input coordinates."""
        box = pane.to_pixels(col, row, 1, 1)
        self.hover(pane, box.center().x(), box.center().y())

    def drag(self, widget, points, button=Qt.MouseButton.LeftButton, modifiers=Qt.KeyboardModifier.NoModifier):
        from PySide6.QtGui import QMouseEvent

        def send(kind, point, held):
            place = QPointF(point)
            pressed = button if kind != QEvent.Type.MouseMove else Qt.MouseButton.NoButton
            event = QMouseEvent(kind, place, widget.mapToGlobal(place), pressed, held, modifiers)
            QApplication.sendEvent(widget, event)

        points = [QPoint(round(x), round(y)) for x, y in points]
        send(QEvent.Type.MouseButtonPress, points[0], button)
        for point in points[1:]:
            send(QEvent.Type.MouseMove, point, button)
        send(QEvent.Type.MouseButtonRelease, points[-1], Qt.MouseButton.NoButton)
        QApplication.processEvents()

    def wheel(self, widget, x, y, turns, modifiers=Qt.KeyboardModifier.NoModifier):
        place = QPointF(x, y)
        event = QWheelEvent(
            place,
            widget.mapToGlobal(place),
            QPoint(),
            QPoint(0, 120 * turns),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)
        QApplication.processEvents()

    def message(self):
        """Return the sentence in the message bar, empty if there is none."""
        bar = self.window.messages
        return bar.text.text() if bar.isVisible() else ""

    def choose(self, name, value):
        """Pick an entry of a list."""
        box = self.find(name)
        index = box.findData(value)
        assert index >= 0, f"{name} does not offer {value}"
        box.setCurrentIndex(index)
        box.activated.emit(index)
        self.follow()

    def type_into(self, name, text):
        """Type into a number field and press Enter."""
        field = self.find(name)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.follow()

    def export(self, kind, ending, folder):
        """Go through the dialog of an export; return the sentence in it and the path."""
        self.do(f"export_{kind}")
        dialog = self.dialog(f"export_{kind}_dialog")
        dialog.format.setCurrentIndex(dialog.format.findData(ending))
        dialog.folder.setText(str(folder))
        self.until(lambda: dialog.write.isEnabled() and not dialog.preview.pixmap().isNull())
        sentence, path = dialog.sentence.text(), folder / dialog.name.text()
        dialog.write.click()
        self.settle()
        assert path.exists(), self.message()
        assert str(path) in self.window.status.note.whole_text()
        return sentence, path

    def press(self, name):
        """Press a button."""
        button = self.find(name)
        assert button.isEnabled(), f"{name} is grey"
        button.click()
        self.follow()

    def ask_for_network(self):
        """Press the button that opens the listed network, and return the table of what its file leaves open."""
        self.press("weights_network")
        dialog = self.dialog("network_dialog")
        self.until(dialog.open_button.isEnabled)
        return dialog

    def open_network(self):
        """Open the listed network, with what was taken for what its file does not say."""
        self.ask_for_network().open_button.click()
        self.settle()

    def dialog(self, name):
        """Return the open dialog of that name, as soon as it is there."""
        self.until(lambda: any(w.objectName() == name and w.isVisible() for w in QApplication.topLevelWidgets()))
        return next(w for w in QApplication.topLevelWidgets() if w.objectName() == name and w.isVisible())


@pytest.fixture
def start(qtbot, own_home, compiled):
    """Return a function that starts a program of the test's own; it is closed after the test."""
    started = []

    def begin(*files):
        program = Program([str(f) for f in files], own_home)
        user = User(program, qtbot)
        started.append(program)
        _show(user)
        return user

    yield begin
    for program in started:
        _close(program)


@pytest.fixture(scope="module")
def shared(qapp, compiled, staying, check_left, tmp_path_factory):
    """The program that the tests of one file share; `user` brings it back to its first state."""
    program = Program([], tmp_path_factory.mktemp("home"))
    staying.append(program.window)
    _show(User(program, None))
    yield SharedProgram(program)
    _close(program)
    staying.remove(program.window)
    check_left()


@pytest.fixture
def user(shared, qtbot):
    """A program as it is after the welcome has been read: sample photo, Sobel x, nothing chosen, opened or kept."""
    user = User(shared.program, qtbot)
    shared.bring_back()
    user.settle()
    yield user
    shared.close_dialogs()
    user.settle()


def _show(user):
    user.window.resize(1440, 900)
    user.program.show()
    user.until(user.window.windowHandle().isExposed)
    user.settle()


def _close(program):
    program.window.close()
    program.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def photo(tmp_path):
    """A small colour photo on disk."""
    random = np.random.default_rng(0)
    rows, cols = np.mgrid[:90, :120]
    array = np.stack([rows * 2, cols * 2, (rows + cols) % 256], axis=-1) + random.integers(0, 20, (90, 120, 3))
    path = tmp_path / "holiday.png"
    Image.fromarray(array.clip(0, 255).astype(np.uint8)).save(path)
    return path
