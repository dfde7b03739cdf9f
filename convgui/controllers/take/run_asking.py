"""Asking for a run over many pictures: its dialog, with a plan that follows what is chosen and is made on a worker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from convgui.controllers.take import names
from convgui.controllers.take.run_plan import FORMATS, FolderRequest, Pictures, RunPlanRequest
from convgui.engine.strategies.tiles import cores
from convgui.io.export.streamed import ENDINGS
from convgui.io.several import PICTURES
from convgui.views.take.run_dialog import RunDialog
from convgui.views.take.run_form import RunChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context

PLAN, FILES = "run plan", "run files"
"""Lanes of the worker."""

FILTERS = f"Pictures, tables and sounds ({' '.join(f'*{ending}' for ending in PICTURES)});;All files (*)"

ABOUT = (
    "<b>{what}</b>, with settings and colours as they are now, is applied to each picture in full resolution. "
    "The results are the same to the last bit wherever they are computed."
)


class RunAsking(QObject):
    """One run that is asked for: of the document as it was when the dialog opened."""

    def __init__(
        self, context: Context, pictures: Pictures, begin: Callable[[RunAsking, RunChoice], None], title: str
    ) -> None:
        super().__init__(context.window)
        self.state, self.pictures = context.state, pictures
        self.suffix = names.suffix(self.state)
        self._context, self._begin = context, begin
        self.dialog = RunDialog(ABOUT.format(what=title), FORMATS, self._first_choice(), cores(), context.window)
        self.dialog.altered.connect(self._plan)
        self.dialog.files_asked.connect(self._ask_files)
        self.dialog.folder_asked.connect(self._ask_folder)
        self.dialog.accepted.connect(lambda: self._begin(self, self.dialog.form.choice()))
        self.dialog.finished.connect(self._end)

    def begin(self) -> None:
        """Open the dialog."""
        self._show_pictures()
        self.dialog.open()
        self.dialog.explain()

    def _first_choice(self) -> RunChoice:
        """Return what was chosen last, for a folder that is free."""
        kept = self._context.preferences.get("run")
        kept = kept if isinstance(kept, dict) else {}
        known = dict(FORMATS)
        form, scheduler = kept.get("format"), kept.get("scheduler")
        return RunChoice(
            scheduler=scheduler if isinstance(scheduler, str) else "",
            processes=max(cores() - 1, 1),
            send=kept.get("send") is True,
            format=self._first_format(form if isinstance(form, str) and form in known else FORMATS[0][0]),
            suggested=True,
        )

    def _first_format(self, kept: str) -> str:
        """Return the format that was chosen last, for a picture that is larger than memory one that holds it."""
        streamed = [ending[1:] for ending in ENDINGS]
        return streamed[0] if self._context.state.source.in_parts and kept not in streamed else kept

    def take(self, pictures: Pictures) -> None:
        """Take other pictures."""
        self.pictures = pictures
        self._show_pictures()
        self.dialog.explain()

    def _show_pictures(self) -> None:
        paths = self.pictures.paths
        self.dialog.set_pictures(str(self.pictures), paths[0] if paths else "")

    def _plan(self, choice: RunChoice) -> None:
        shape, paths = self.state.output_shape, self.pictures.paths
        request = RunPlanRequest(
            pictures=self.pictures,
            choice=choice,
            suffix=self.suffix,
            maps=1 if shape is None else shape.maps,
            beside=str(Path(paths[0]).absolute().parent) if paths else self._context.usual_folder(),
        )
        self._context.runner.submit(PLAN, request, self.dialog.set_plan, self._context.tell_error)

    def _ask_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self.dialog, "Pictures", self._context.usual_folder(), FILTERS)
        if paths:
            self.take(Pictures(tuple(paths)))

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self.dialog, "Folder of pictures", self._context.usual_folder())
        if folder:
            self.take_folder(folder)

    def take_folder(self, folder: str) -> None:
        """Take the pictures right in a folder."""
        self._context.runner.submit(FILES, FolderRequest(folder), self.take, self._context.tell_error)

    def _end(self) -> None:
        for lane in (PLAN, FILES):
            self._context.runner.cancel(lane)
        self.dialog.deleteLater()
        self.deleteLater()
