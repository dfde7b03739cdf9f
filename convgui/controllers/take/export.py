"""The exports and the copy to the clipboard: which is asked for, its dialog, and its task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication, QImage

from convgui.controllers.take.plan import PlanRequest
from convgui.controllers.take.requests import FigureExport, NumbersExport, PictureExport, PreviewRequest
from convgui.io.export.formats import NUMBER_FORMATS, PICTURE_FORMATS
from convgui.model import colouring
from convgui.views.take.export_dialog import ExportDialog
from convgui.views.take.figure import FORMATS as FIGURE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.controllers.take.requests import Preview
    from convgui.engine.looking.statistics import Statistics
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.worker.runner import Token


class ExportController:
    """The three exports and the copy to the clipboard."""

    def __init__(self, context: Context) -> None:
        self._context = context

    # the commands

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that take the activation away."""
        return {
            "export_picture": self.picture,
            "export_figure": self.figure,
            "export_numbers": self.numbers,
            "copy_picture": self.copy,
        }

    def picture(self) -> None:
        """Ask for a place and write the activation, coloured."""
        self._open("picture", PICTURE_FORMATS)

    def figure(self) -> None:
        """Ask for a place and write the figure."""
        self._open("figure", FIGURE_FORMATS)

    def numbers(self) -> None:
        """Ask for a place and write the values."""
        self._open("numbers", NUMBER_FORMATS)

    def copy(self) -> None:
        """Put the activation, coloured, on the clipboard."""
        if self._refuse():
            return
        state = self._context.state

        def put(colours: NDArray[np.uint8]) -> None:
            rows, cols, _ = colours.shape
            image = QImage(colours.data, cols, rows, cols * 3, QImage.Format.Format_RGB888).copy()
            QGuiApplication.clipboard().setImage(image)
            self._context.succeeded(f"Picture copied, {cols} × {rows}")

        self._context.tasks.begin("Copying the picture", PictureExport(state, self._look(state)), put)

    # the dialog

    def _open(self, kind: str, formats: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> None:
        if self._refuse():
            return
        context, state = self._context, self._context.state
        if kind == "figure" and state.kernel is None:
            context.tell_error(f"A figure shows a kernel, {state.title} has none: look at a convolution to export one.")
            return
        folder = str(context.preferences.get("export_folder") or context.preferences.get("folder") or Path.home())
        named = state.title if state.kernel is None else state.kernel.entry or "custom"
        words = [Path(state.source.name).stem, named, *(["figure"] if kind == "figure" else [])]
        stem = "-".join(words).replace(" ", "-").lower()
        dialog = ExportDialog(kind, list(formats), folder, stem, context.window)
        look, dark = self._look(state), context.dark
        known: list[Statistics] = []

        def explain(extension: str, path: str) -> None:
            request = PlanRequest(kind, extension, path, state, look, tuple(known))
            context.runner.submit("plan", request, dialog.set_plan, context.tell_error)

        def show(preview: Preview) -> None:
            known[:] = preview.statistics
            dialog.set_preview(preview.colours)
            dialog.explain()

        def end() -> None:
            context.runner.cancel("preview")
            context.runner.cancel("plan")
            dialog.deleteLater()

        dialog.altered.connect(explain)
        dialog.accepted.connect(lambda: self._write(kind, dialog.extension(), dialog.path(), state))
        dialog.finished.connect(lambda _: end())
        context.runner.submit("preview", PreviewRequest(kind, state, look, dark), show, context.tell_error)
        dialog.open()
        dialog.explain()

    # writing

    def _write(self, kind: str, extension: str, path: str, state: State) -> None:
        self._context.preferences["export_folder"] = str(Path(path).parent)
        self.write(kind, extension, path, state)

    def write(self, kind: str, extension: str, path: str, state: State | None = None) -> None:
        """Write an export on a worker."""
        state = state or self._context.state
        look = self._look(state)
        requests: dict[str, Callable[[], Callable[[Token], Any]]] = {
            "picture": lambda: PictureExport(state, look, path),
            "numbers": lambda: NumbersExport(state, path),
            "figure": lambda: FigureExport(state, look, self._context.dark, path, extension),
        }
        note = self._context.succeeded
        self._context.tasks.begin(f"Exporting {Path(path).name}", requests[kind](), lambda _: note(f"Exported {path}"))

    def _look(self, state: State) -> Look:
        return colouring.look(state, self._context.dark)

    def _refuse(self) -> bool:
        sentence = self._context.state.why
        if sentence:
            self._context.tell_error(f"There is no activation to export. {sentence}")
        return bool(sentence)
