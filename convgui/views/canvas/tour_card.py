"""The tour's card: what there is to see, a field for a prediction, and whether it was right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from convgui.views.kit.card import Card, label
from convgui.views.kit.text_field import TextField
from convgui.views.kit.theme import CONTROL, icon, px

LINE = 18
"""Pixels reserved for the answer to a prediction."""


class TourCard(Card):
    """The card above the panes during the tour; gestures are emitted as signals."""

    predicted = Signal(str)
    revealed = Signal()
    advanced = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("tour", "", parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.close_button = QToolButton()
        self.close_button.setObjectName("tour_close")
        self.close_button.setAccessibleName("End the tour")
        self.close_button.setToolTip("End the tour; Undo brings back what was there before it")
        self.close_button.setProperty("flat", True)
        self.close_button.clicked.connect(self.closed)
        self.corner.addWidget(self.close_button)
        self.text = label("", "prose", wrap=True)
        self.text.setObjectName("tour_text")
        self.body.addWidget(self.text)
        self.body.addLayout(self._answer_row())
        self.message.setMinimumHeight(px(LINE))
        self.body.addWidget(self.message)
        self.hide()

    def _answer_row(self) -> QHBoxLayout:
        self.question = label("", "field")
        self.question.setObjectName("tour_question")
        self.field = TextField()
        self.field.setObjectName("tour_prediction")
        self.field.setAccessibleName("Your prediction")
        self.field.setFixedSize(px(72), px(CONTROL))
        self.field.returnPressed.connect(self._predict)
        self.check, self.reveal = QPushButton("Check"), QPushButton("Reveal")
        self.back, self.forward = QPushButton("Back"), QPushButton("Next")
        self.message = label("", "detail", wrap=True)
        self.message.setObjectName("tour_message")
        self.check.clicked.connect(self._predict)
        self.reveal.clicked.connect(self.revealed)
        self.back.clicked.connect(lambda: self.advanced.emit(-1))
        self.forward.clicked.connect(lambda: self.advanced.emit(1))
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget, name in ((self.check, "check"), (self.reveal, "reveal"), (self.back, "back"), (self.forward, "next")):
            widget.setObjectName(f"tour_{name}")
        for widget in (self.question, self.field, self.check, self.reveal):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        return row

    def _predict(self) -> None:
        """Tell what was typed; once the answer is known, Enter goes on."""
        if self.check.isEnabled():
            self.predicted.emit(self.field.text())
        else:
            self.advanced.emit(1)

    def set_step(self, number: int, count: int, title: str, text: str, question: str) -> None:
        """Show a step, with an empty field."""
        self.set_title(title)
        self.set_detail(f"tour, {number} of {count}")
        self.text.setText(text)
        self.question.setText(question)
        for widget in (self.question, self.field, self.check, self.reveal, self.message):
            widget.setVisible(bool(question))  # there are steps with nothing to predict
        self.field.clear()
        self.back.setEnabled(number > 1)
        self.forward.setText("Finish" if number == count else "Next")
        self.set_answered(not question, "", "")

    def set_answered(self, known: bool, message: str, role: str) -> None:
        """Show the answer to a prediction; once the value is known, Next is the main button."""
        self.message.setText(message)
        self.message.setProperty("role", role or "detail")
        for button, primary in ((self.check, not known), (self.forward, known)):
            button.setProperty("primary", primary)
        self.check.setEnabled(not known)
        self.reveal.setEnabled(not known)
        for widget in (self.message, self.check, self.forward):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme."""
        self.close_button.setIcon(icon("x", size=16))
