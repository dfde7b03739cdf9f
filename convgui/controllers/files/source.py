"""The source: opening, dropping and pasting pictures, and the files that were opened last."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from convgui.controllers.files.requests import Carrying, ChooseRequest, OpenRequest
from convgui.engine.layers.conv import Conv
from convgui.engine.source import Source
from convgui.io.recipe import Recipe
from convgui.io.settings import RECENT
from convgui.io.several import PICTURES
from convgui.io.weights.files import WeightsFile
from convgui.io.zarr_folder import MARKS
from convgui.model.state import State
from convgui.model.suit import usual_reading, with_source
from convgui.trouble import one_line
from convgui.views.kit.pixels import image_array

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.controllers.context import Context
    from convgui.engine.kernels.kernel import Kernel
    from convgui.io.kernels.files import KernelFile

    Opened = Source | KernelFile | Recipe | Carrying | WeightsFile

FEW = 20
"""Files that are tried after the first one of several, where that cannot be opened."""

KNOWN = " ".join((*(f"*{ending}" for ending in PICTURES), *MARKS))
FILTERS = f"Pictures, tables and sounds ({KNOWN});;All files (*)"


class SourceController(QObject):
    """Opens the input: files, the clipboard, and what is dropped on the window.

    Attributes
    ----------
    failed : Signal
        Emitted when a file could not be opened.
    several : Signal
        Emitted with several files that are opened together, and when each was changed.
    recipe_opened : Signal
        Emitted with the `Recipe` of a file that holds one.
    carries : Signal
        Emitted with the recipe that the picture which was just opened carries, and its path.
    recipe_carried : Signal
        The same for a file that is no picture.
    weights_opened : Signal
        Emitted with the `WeightsFile` of a file that holds a network's weights.
    kernel_opened : Signal
        Emitted with the `KernelFile` of a file that holds a kernel.
    """

    failed = Signal()
    several = Signal(list, dict)
    recipe_opened = Signal(object)
    carries = Signal(object, str)
    recipe_carried = Signal(object, str)
    weights_opened = Signal(object)
    kernel_opened = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        context.window.dropped.connect(self.open_paths)
        context.window.picture_dropped.connect(lambda image: self.show(_picture(image, "Dropped picture")))
        self.show_recent()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the input."""
        return {
            "open": self.ask_open,
            "paste_picture": self.paste,
        }

    # files

    def ask_open(self) -> None:
        """Ask which files to open."""
        paths, _ = QFileDialog.getOpenFileNames(self._context.window, "Open", self._context.usual_folder(), FILTERS)
        if paths:
            self.open_paths(paths)

    def open_paths(self, paths: Sequence[str], *, page: str | None = None) -> None:
        """Open the first file, of a folder its first one; several become the film strip."""
        if paths:
            request = ChooseRequest(tuple(paths))
            self._context.runner.submit("open", request, lambda found: self._open_first(found, page), self.fail)
        else:
            self._context.tell_error("Expected files of this computer, received none: save it first, then open it.")

    def _open_first(self, found: tuple[list[str], dict[str, float]], page: str | None) -> None:
        """Open the first of several files, and tell of the others."""
        files, dates = found
        if len(files) > 1:
            self.several.emit(files, dates)
        self._open_any(files, page)

    def _open_any(self, files: list[str], page: str | None, fault: Exception | None = None) -> None:
        """Open the first file, or of several the next one where it cannot be opened; and say so."""
        if not files:
            assert fault is not None
            self.fail(fault)
            return

        def take(found: Opened) -> None:
            self._take(files[0], found)
            if fault is not None:
                self._context.tell_error(fault)

        self._context.window.status.set_note(f"Opening {Path(files[0]).name} …")
        self._context.runner.submit(
            "open",
            OpenRequest(files[0], self._context.decoder, page),
            take,
            lambda error: self._open_any(files[1 : 1 + FEW], None, fault or error),
        )

    def open_path(self, path: str, *, page: int | str | None = None, reading: str | None = None) -> None:
        """Read a file on a worker and show it when it is there; the present document stays until then.

        Parameters
        ----------
        path : str
            The file.
        page : int or str, optional
            Which of its pages, counted from 1, or its name.
        reading : str, optional
            How the axes of an array are read.
        """
        status = self._context.window.status
        status.set_note(f"Opening {Path(path).name} …")
        self._context.runner.submit(
            "open",
            OpenRequest(path, self._context.decoder, page, reading),
            lambda found: self._take(path, found),
            self.fail,
        )

    def _take(self, path: str, found: Opened) -> None:
        self._context.window.status.set_note("")
        if isinstance(found, Carrying):
            if found.source is None:
                self.recipe_carried.emit(found.recipe, path)
            else:
                self._take(path, found.source)
                self.carries.emit(found.recipe, path)
            return
        if isinstance(found, Source):
            self._remember(path)
            self._context.preferences["folder"] = str(Path(path).parent)
            self.show(found)
        elif isinstance(found, Recipe):
            self.recipe_opened.emit(found)
        elif isinstance(found, WeightsFile):
            self.weights_opened.emit(found)
        else:
            self.kernel_opened.emit(found)

    def fail(self, error: Exception) -> None:
        """Say why a file could not be opened."""
        self._context.window.status.set_note("")
        self._context.tell_error(error)
        self.failed.emit()

    def show(self, source: Source, kernel: Kernel | None = None, *, merge_key: str | None = None) -> None:
        """Make a source the input, as one undo step; those of one merge key are one step together.

        With a kernel, the layer is that one as it comes: an example is the same whenever it is opened.
        """
        state = self._context.state
        if kernel is not None:
            state = State(source, usual_reading((Conv(kernel),), source), (Conv(kernel),))
        state, replaced = with_source(state, source)
        self._context.session.replace(f"open {source.name}", state, merge_key)
        notes = [f"{source.name}: {source.note}" if source.note else "", replaced]
        if any(notes):
            offer = source.instead[1] if source.instead and source.path else ""
            self._context.tell(" ".join(note for note in notes if note), offer)
        else:
            self._context.window.messages.clear()

    # clipboard

    def paste(self) -> None:
        """Open the picture, or the file, on the clipboard."""
        mime = QGuiApplication.clipboard().mimeData()  # None where nothing was ever copied
        files = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()] if mime and mime.hasUrls() else []
        if files:
            self.open_paths(files)
            return
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._context.tell_error(
                "Expected a picture on the clipboard, received none: copy one in another program first."
            )
            return
        self.show(_picture(image, "Clipboard"))

    # what was opened before

    def _remember(self, path: str) -> None:
        recent = [str(p) for p in self._context.preferences.get("recent", []) if p != path]
        self._context.preferences["recent"] = [path, *recent][:RECENT]
        self.show_recent()

    def show_recent(self) -> None:
        """Fill the menu File, Open recent from the preferences."""
        menu = self._context.window.recent
        menu.clear()
        recent = self._context.preferences.get("recent", [])
        for path in recent:
            name = one_line(Path(path).name).replace("&", "&&")
            menu.addAction(name, partial(self.open_path, path)).setToolTip(path)
        menu.menuAction().setVisible(bool(recent))


def _picture(image: QImage, name: str) -> Source:
    return Source(image_array(image), scale=1 / 255, name=name)
