"""One program for many tests: brought back to what it was at first, so that no test sees what another one did."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from convgui.views.kit.number_field import NumberField


class SharedProgram:
    """A program, and what it was when it had just been started and had come to rest."""

    def __init__(self, program):
        self.program, self.window = program, program.window
        self.window.messages.close_button.click()  # the welcome belongs to the tests of the first start
        self._state = program.session.state
        self._size = self.window.size()
        self._preferences = dict(program.preferences)
        self._checked = {action: action.isChecked() for action in self._actions() if action.isCheckable()}
        self._speeds = dict(program.motion.speeds)
        self._brushes = self.window.kernel_card.brush.value(), self.window.pair.brush.field.value()

    def bring_back(self):
        """Undo whatever a test may have done to the document, the view, the preferences and the kernels that are kept."""
        self.close_dialogs()
        self._rest()
        self._document()
        self._view()
        self._preferences_and_kernels()
        QGuiApplication.clipboard().clear()
        self.window.activateWindow()
        self.window.pair.setFocus()

    def close_dialogs(self):
        """Close whatever is open beside the window."""
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _actions(self):
        return self.window.actions_by_id.all()

    def _rest(self):
        """End what goes on by itself."""
        self.program.tour.end()
        self.program.animation.cancel()
        self.program.motion.stop()
        self.program.film.clear()
        self.program.motion.speeds.update(self._speeds)
        self.program.probe.unpin()

    def _document(self):
        self.window.kernel_card.grid.set_weights(np.zeros((1, 1)))  # leaves no cell being typed or chosen
        self.program.session.begin(self._state)
        self.window.kernel_card.grid.set_weights(self._state.kernel.weights)

    def _view(self):
        for action, checked in self._checked.items():
            if action.actionGroup() is None and action.objectName() != "zoom_fit":
                action.setChecked(checked)
        brush, pencil = self._brushes
        for field in self.window.findChildren(NumberField):
            field.drop()  # what was typed and could not be taken
        self.window.kernel_card.set_brush(brush)
        self.window.pair.brush.field.set_value(pencil)
        self.window.messages.close_button.click()
        self.window.status.set_note("")
        QTest.mouseMove(self.window, QPoint(1, 1))  # a cursor that is where it goes next would not be seen to move
        for part in (*self.window.pair.panes, self.window.kernel_card.grid, self.window.probe.canvas):
            QApplication.sendEvent(part, QEvent(QEvent.Type.Leave))
        self.window.setWindowState(Qt.WindowState.WindowNoState)
        self.window.resize(self._size)
        self.program.workspace.show("explain")
        self.program.workspace.reset()
        self.program.arrange.set_way("side")
        QApplication.processEvents()
        self.program.navigate.fit()

    def _preferences_and_kernels(self):
        if self.program.preferences["theme"] != self._preferences["theme"]:
            self.window.actions_by_id[f"theme_{self._preferences['theme']}"].trigger()
        self.program.preferences.clear()
        self.program.preferences.update(self._preferences)
        self.program.source.show_recent()
        own, gallery = self.program.context.own, self.window.gallery
        kept = list(own.kernels)
        for name in kept:
            own.forget(name)
        if gallery.search.text() or gallery.family() != "all":
            gallery.search.clear()
            gallery.show_all()
        elif kept:
            gallery.filtered.emit("", "all")
