"""The dialog of a run over many pictures: which pictures, what is done to them and where; it is said before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from convgui.views.kit.card import ElidedLabel, label
from convgui.views.kit.decision import decision
from convgui.views.take.run_form import RunChoice, RunForm

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 540

LINES = 36
"""Pixels that the sentence and the warning are high: two lines each, so that nothing moves."""


class RunPlan(NamedTuple):
    """What would be done: a sentence, and what stands in the way or has to be known (empty if nothing).

    `folder` is the one to suggest, empty to leave it as it is.
    """

    sentence: str
    warning: str
    possible: bool
    button: str
    folder: str = ""


class RunDialog(QDialog):
    """Asks for pictures and place.

    Signals
    -------
    altered(RunChoice)
        Something was chosen, so that it can be explained.
    files_asked, folder_asked
        The user wants to pick other files, or a folder of them.
    """

    altered = Signal(object)
    files_asked = Signal()
    folder_asked = Signal()

    def __init__(
        self,
        about: str,
        formats: Sequence[tuple[str, str]],
        choice: RunChoice,
        cores: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("run_dialog")
        self.setWindowTitle("Run on many files or a cluster")
        self.setMinimumWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        prose = label(about, "prose", wrap=True)
        prose.setObjectName("run_about")
        column.addWidget(prose)
        column.addLayout(self._pictures())
        self.form = RunForm(formats, choice, cores)
        self.form.altered.connect(self._altered)
        column.addWidget(self.form)
        self.sentence, self.warning = label("", "value", wrap=True), label("", "warning", wrap=True)
        self.sentence.setObjectName("run_sentence")
        self.warning.setObjectName("run_warning")
        for text in (self.sentence, self.warning):
            text.setMinimumHeight(LINES)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
            column.addWidget(text)
        column.addLayout(self._buttons())
        self.form.format.setFocus()

    def _pictures(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(10)
        self.pictures = ElidedLabel()
        self.pictures.setObjectName("run_pictures")
        self.pictures.setAccessibleName("Pictures")
        self.files, self.folder = QPushButton("Files…"), QPushButton("Folder…")
        line.addWidget(self.pictures, 1)
        for button, name, accessible in (
            (self.files, "run_files", "Choose other files"),
            (self.folder, "run_files_folder", "Choose a folder of files"),
        ):
            button.setObjectName(name)
            button.setAccessibleName(accessible)
            button.setToolTip(accessible)
            button.setAutoDefault(False)
            line.addWidget(button)
        self.files.clicked.connect(self.files_asked)
        self.folder.clicked.connect(self.folder_asked)
        return line

    def _buttons(self) -> QHBoxLayout:
        self.refuse, self.run = decision(self, "run_cancel", "run_begin", "Run")
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.refuse, self.run):
            row.addWidget(button)
        return row

    def set_pictures(self, text: str, tip: str = "") -> None:
        """Say which pictures it is about."""
        self.pictures.set_text(text)
        self.pictures.setAccessibleDescription(tip)

    def set_plan(self, plan: RunPlan) -> None:
        """Say what would be done."""
        self.form.set_suggested(plan.folder)
        self.sentence.setText(plan.sentence)
        self.warning.setText(plan.warning)
        self.run.setEnabled(plan.possible)
        self.run.setText(plan.button)

    def explain(self) -> None:
        """Ask for the plan of what is chosen."""
        self.form.tell()

    def accept(self) -> None:
        """Accept, unless the number of processes cannot be taken."""
        if self.form.processes.take():
            super().accept()
        else:
            self.form.processes.setFocus()

    def _altered(self, choice: RunChoice) -> None:
        self.run.setEnabled(False)  # until it is known what would be done
        self.altered.emit(choice)
