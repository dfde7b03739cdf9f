"""Widgets by themselves: `show` puts one on the screen, `hand` is a mouse, `heard` collects what a signal says."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from convgui.views.kit import theme

LEFT, NONE, PLAIN = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


class Hand:
    """A mouse: places are points of the widget, as (x, y) or QPointF."""

    def drag(self, widget, *places, button=LEFT, modifiers=PLAIN):
        """Press at the first place, move over the others and let go at the last."""
        self.press(widget, places[0], button, modifiers)
        for place in places[1:]:
            self.move(widget, place, button, modifiers)
        self.release(widget, places[-1], button, modifiers)

    def click(self, widget, place, button=LEFT, modifiers=PLAIN):
        self.drag(widget, place, button=button, modifiers=modifiers)

    def press(self, widget, place, button=LEFT, modifiers=PLAIN):
        self._send(QEvent.Type.MouseButtonPress, widget, place, button, button, modifiers)

    def move(self, widget, place, held=NONE, modifiers=PLAIN):
        self._send(QEvent.Type.MouseMove, widget, place, NONE, held, modifiers)

    def release(self, widget, place, button=LEFT, modifiers=PLAIN):
        self._send(QEvent.Type.MouseButtonRelease, widget, place, button, NONE, modifiers)

    def double_click(self, widget, place, button=LEFT):
        self.click(widget, place, button)
        self._send(QEvent.Type.MouseButtonDblClick, widget, place, button, button, PLAIN)
        self.release(widget, place, button)

    def wheel(self, widget, place, turns, modifiers=PLAIN):
        at = self._point(place)
        event = QWheelEvent(
            at,
            widget.mapToGlobal(at),
            QPoint(),
            QPoint(0, round(120 * turns)),
            NONE,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)

    def leave(self, widget):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))

    def _send(self, kind, widget, place, button, held, modifiers):
        at = self._point(place)
        QApplication.sendEvent(widget, QMouseEvent(kind, at, widget.mapToGlobal(at), button, held, modifiers))

    @staticmethod
    def _point(place):
        return QPointF(place) if isinstance(place, QPoint | QPointF) else QPointF(*place)


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def show(qtbot, qapp):
    """Return a function that shows a widget at a size, in the light look."""
    theme.apply(qapp, dark=False)
    kept = []

    def shown(widget, width=300, height=200):
        kept.append(widget)
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        widget.activateWindow()
        return widget

    return shown


@pytest.fixture
def heard():
    """Return a function that returns the list of what a signal says from now on."""

    def listen(signal):
        said = []
        signal.connect(lambda *what: said.append(what))
        return said

    return listen


@pytest.fixture
def pixels(qapp):
    """Return a function that returns what a widget looks like, shape (rows, cols, 3)."""

    def grab(widget):
        image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB888)
        rows, cols, line = image.height(), image.width(), image.bytesPerLine()
        flat = np.frombuffer(image.constBits(), np.uint8).reshape(rows, line)
        return flat[:, : cols * 3].reshape(rows, cols, 3).copy()

    return grab


@pytest.fixture(scope="session")
def vik():
    """A signed colour table."""
    from convgui.model import colouring

    return colouring.signed_table(False)
