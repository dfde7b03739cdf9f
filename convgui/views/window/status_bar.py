"""The status bar: position and values under the cursor, shapes, time, zoom, and the progress of what takes long."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convgui.views.kit.card import ElidedLabel
from convgui.views.kit.steady import SteadyLabel
from convgui.views.kit.theme import px
from convgui.views.window.task_line import TaskLine

MOST_TASKS = 2
"""Tasks that are shown beside each other."""

NOTE_MS = 8000
"""Milliseconds for which a note is shown."""


def strong(name: str, value: str) -> str:
    """Return a name with its value set off, as rich text."""
    return f"{name} <b>{value}</b>" if value else ""


class StatusBar(QWidget):
    """One line of small text at the bottom."""

    cancelled = Signal(str)
    """Carries the name of the task that the user cancelled."""
    followed = Signal(str)
    """Carries the name of the task of which the user wants to see more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setFixedHeight(px(27))
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(18)
        self.position, self.input, self.activation = (self._text(n) for n in ("position", "input", "activation"))
        self.note = ElidedLabel()
        self.note.setProperty("role", "detail")
        self.note.setObjectName("status_note")
        self.shapes, self.time, self.zoom = (self._text(n) for n in ("shapes", "time", "zoom"))
        for widget in (self.position, self.input, self.activation):
            row.addWidget(widget)
        row.addWidget(self.note, 1)
        self.tasks: dict[str, TaskLine] = {}
        self._row = row
        for widget in (self.shapes, self.time, self.zoom):
            row.addWidget(widget)
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(NOTE_MS)
        self._fade.timeout.connect(lambda: self.note.set_text(""))

    def _text(self, name: str) -> SteadyLabel:
        result = SteadyLabel()
        result.setObjectName(f"status_{name}")
        result.setProperty("role", "detail")
        return result

    def set_cursor(self, position: str, value: str, activation: str) -> None:
        """Show what is under the cursor; rich text."""
        for widget, text in ((self.position, position), (self.input, value), (self.activation, activation)):
            widget.set_text(text)

    def set_shapes(self, shapes: str) -> None:
        """Show input and output shapes."""
        self.shapes.set_text(shapes)

    def set_time(self, seconds: float | None) -> None:
        """Show how long the evaluation of what is on the screen took; None hides it."""
        if seconds is None:
            self.time.set_text("")
            return
        text = f"{seconds * 1e6:.0f} µs" if seconds < 1e-3 else f"{seconds * 1e3:.3g} ms"
        self.time.set_text(f"<b>{text}</b>")
        self.time.setToolTip("How long the convolution of what is on the screen took")

    def set_zoom(self, text: str) -> None:
        """Show the zoom."""
        self.zoom.set_text(strong("zoom", text))

    def set_note(self, text: str) -> None:
        """Show a short remark."""
        self.note.set_text(text)
        self._fade.start() if text else self._fade.stop()

    def set_task(self, name: str, text: str, part: float | None, *, ends: bool = True) -> None:
        """Show one of several tasks with its progress and, where the user can end it, a button for that; None takes it away.

        Where there are many, the first ones are shown; the others follow as soon as there is room.
        """
        if part is None:
            if name in self.tasks:
                line = self.tasks.pop(name)
                line.hide()
                line.deleteLater()
        else:
            if name not in self.tasks:
                self.tasks[name] = line = TaskLine(name)
                line.cancelled.connect(self.cancelled)
                line.followed.connect(self.followed)
                self._row.insertWidget(self._row.indexOf(self.shapes), line)
            self.tasks[name].set_task(text, part, ends=ends)
        for place, line in enumerate(self.tasks.values()):
            line.setVisible(place < MOST_TASKS)

    def set_link(self, name: str, text: str, tip: str) -> None:
        """Offer a button beside a task that leads to more on it."""
        if name in self.tasks:
            self.tasks[name].set_link(text, tip)

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme."""
        for line in self.tasks.values():
            line.refresh_icons()
