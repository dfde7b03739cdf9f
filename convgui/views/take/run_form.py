"""How many pictures are run: where that is done, whether they are sent there, what is written, and into which folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.segmented import Segmented
from convgui.views.take.place_form import from_home

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE, LOCAL, ELSEWHERE = "here", "local", "elsewhere"

PLACES = ((HERE, "This computer"), (LOCAL, "Local cluster"), (ELSEWHERE, "Running cluster"))

TIPS = {
    HERE: "By processes of this computer; nothing has to be installed",
    LOCAL: "By a Dask cluster that is started on this computer, and ends with the run: to try, or to see the dashboard",
    ELSEWHERE: "By a Dask cluster that runs already; it is found by the address of its scheduler, or by a scheduler file",
}


class RunChoice(NamedTuple):
    """What is chosen; `suggested` says that the folder is not the user's, so that a free one may be taken."""

    place: str = HERE
    scheduler: str = ""
    processes: int = 1
    send: bool = False
    format: str = "png"
    folder: str = ""
    suggested: bool = False


class RunForm(QWidget):
    """Five lines; `altered(RunChoice)` whenever one of them changes. What does not apply is grey, so that nothing moves."""

    altered = Signal(object)

    def __init__(
        self,
        formats: Sequence[tuple[str, str]],
        choice: RunChoice,
        cores: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._suggested = choice.suggested
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self.place = Segmented("run_place", "Where it runs")
        self.place.set_options(PLACES)
        for name, _ in PLACES:
            self.place.set_tip(name, TIPS[name])
        self.scheduler = _line("run_scheduler", "Scheduler", choice.scheduler)
        self.scheduler.setPlaceholderText("tcp://host:8786, or a scheduler file")
        self.pick = _browse("run_scheduler_browse", "Choose a scheduler file")
        self.processes = NumberField("run_processes", "Processes", 1, max(cores, 1), whole=True, width=72)
        self.processes.set_tip(f"Processes that share the {cores} cores of this computer; one is left to the window")
        self.send = QCheckBox("Send pictures, bring results back")
        self.send.setObjectName("run_send")
        self.send.setToolTip("Else the workers read and write the files themselves, under the same paths as here")
        self.format = QComboBox()
        self.format.setObjectName("run_format")
        for name, text in formats:
            self.format.addItem(text, name)
        self.folder = _line("run_folder", "Folder", from_home(choice.folder))
        self.browse = _browse("run_folder_browse", "Choose the folder of the results")
        self._add("Where", self.place)
        self._add("Scheduler", self.scheduler, self.pick)
        self._add("Processes", self._shares())
        self._add("Format", self.format)
        self._add("Folder", self.folder, self.browse)
        self._set(choice)
        self._connect()

    def _add(self, text: str, widget: QWidget | QHBoxLayout, button: QPushButton | None = None) -> None:
        line = self._grid.rowCount()
        caption = label(text, "field")
        self._grid.addWidget(caption, line, 0)
        if isinstance(widget, QHBoxLayout):
            self._grid.addLayout(widget, line, 1, 1, 2)
            return
        caption.setBuddy(widget)
        widget.setAccessibleName(widget.accessibleName() or text)
        self._grid.addWidget(widget, line, 1, 1, 1 if button else 2)
        if button:
            self._grid.addWidget(button, line, 2)

    def _shares(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self.processes)
        line.addWidget(self.send)
        line.addStretch(1)
        return line

    def _connect(self) -> None:
        self.place.chosen.connect(lambda _: self._placed())
        self.scheduler.textChanged.connect(self.tell)
        self.processes.changed.connect(lambda _: self.tell())
        self.send.toggled.connect(self.tell)
        self.format.currentIndexChanged.connect(self.tell)
        self.folder.textChanged.connect(self._folder_written)
        self.pick.clicked.connect(self._pick)
        self.browse.clicked.connect(self._browse)

    def _set(self, choice: RunChoice) -> None:
        self.place.set_value(choice.place)
        self.processes.set_value(choice.processes)
        self.send.setChecked(choice.send)
        self.format.setCurrentIndex(max(self.format.findData(choice.format), 0))
        self._show_what_applies()

    def choice(self) -> RunChoice:
        """Return what is chosen."""
        return RunChoice(
            place=self.place.value(),
            scheduler=self.scheduler.text().strip(),
            processes=int(self.processes.value()),
            send=self.send.isChecked(),
            format=str(self.format.currentData()),
            folder=os.path.expanduser(self.folder.text().strip()),
            suggested=self._suggested,
        )

    def set_suggested(self, folder: str) -> None:
        """Show another folder, where the present one is only a suggestion too."""
        if self._suggested and folder:
            self.folder.blockSignals(True)
            self.folder.setText(from_home(folder))
            self.folder.setCursorPosition(0)
            self.folder.blockSignals(False)

    def tell(self) -> None:
        """Emit `altered`."""
        self.altered.emit(self.choice())

    def _placed(self) -> None:
        self._show_what_applies()
        if self.place.value() == ELSEWHERE and not self.scheduler.text():
            self.scheduler.setFocus()
        self.tell()

    def _show_what_applies(self) -> None:
        place = self.place.value()
        for widget in (self.scheduler, self.pick):
            widget.setEnabled(place == ELSEWHERE)
        self.processes.setEnabled(place != ELSEWHERE)
        self.send.setEnabled(place != HERE)

    def _folder_written(self) -> None:
        self._suggested = False
        self.tell()

    def _pick(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Scheduler file", os.path.expanduser("~"), "Scheduler files (*.json)")
        if path:
            self.scheduler.setText(path)

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder of the results", self.choice().folder)
        if folder:
            self.folder.setText(from_home(folder))


def _line(name: str, accessible: str, text: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setObjectName(name)
    line.setAccessibleName(accessible)
    line.setCursorPosition(0)
    return line


def _browse(name: str, accessible: str) -> QPushButton:
    button = QPushButton("Browse…")
    button.setObjectName(name)
    button.setAccessibleName(accessible)
    button.setToolTip(accessible)
    button.setAutoDefault(False)
    return button
