"""What all controllers share: the session, the worker, the window, and the state of the view that is not in the document."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog

from convgui import trouble
from convgui.controllers.afterwards import Afterwards
from convgui.controllers.own_kernels import OwnKernels
from convgui.controllers.tasks import Tasks
from convgui.model.viewport import Viewport
from convgui.worker.decoder import Decoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.recipes import Written
    from convgui.engine.reading import Reading
    from convgui.io.kernels.shelf import KernelShelf
    from convgui.model.session import Session
    from convgui.model.state import State
    from convgui.views.window.main_window import MainWindow
    from convgui.worker.activity import Activity
    from convgui.worker.runner import Runner


class ViewSignals(QObject):
    """Signals on what is shown, apart from the document."""

    viewport_changed = Signal()
    theme_changed = Signal()
    presenting_changed = Signal()


@dataclass
class Context:
    """The session with its surroundings.

    Attributes
    ----------
    viewport : Viewport
        What both panes show; set by `look_at` only.
    dark : bool
        Whether the dark theme is on.
    presenting : bool
        Whether the window is for a projector: nothing but the panes.
    moving, playing : bool
        Whether the kernel is on its way over the input, and whether it goes on by itself.
    preferences : dict
        What is remembered from one start to the next.
    own : OwnKernels
        The user's own kernels, as they were read last.
    trained : dict of str to Reading
        How files of weights say that photos are to be prepared, by their paths.
    decoder : Decoder
        Opens files in a process that can be ended.
    tasks : Tasks
        Long tasks, such as exports, that run beside everything else.
    afterwards : Afterwards
        Tells of changes of the document after the frame: for whatever is not the picture.
    """

    session: Session
    runner: Runner
    window: MainWindow
    shelf: KernelShelf
    preferences: dict[str, Any]
    dark: bool = False
    presenting: bool = False
    moving: bool = False
    playing: bool = False
    decoder: Decoder = field(default_factory=Decoder)
    viewport: Viewport = field(default_factory=Viewport)
    trained: dict[str, Reading] = field(default_factory=dict)
    _signals: ViewSignals = field(default_factory=ViewSignals)

    def __post_init__(self) -> None:
        self.tasks = Tasks(self.runner, self.window.status, self.tell_error)
        self.afterwards = Afterwards(self.session, self.activity, self.window)
        self.own = OwnKernels(self.shelf, self.runner, self.tell_error)
        self.session.changed(lambda old, new: self.succeeded())

    @property
    def state(self) -> State:
        """The present document."""
        return self.session.state

    @property
    def activity(self) -> Activity:
        """What is under way: a controller that waits before it submits a request reports that here."""
        return self.runner.activity

    def usual_folder(self) -> str:
        """Return the folder of which files were opened last, else that of the user's pictures, where dialogs begin."""
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        return str(self.preferences.get("folder") or (pictures if Path(pictures).is_dir() else Path.home()))

    def ask_place(self, title: str, name: str, ending: str) -> str:
        """Ask where a file of that ending goes, beginning in the folder of the last export; return "" if nowhere."""
        folder = str(self.preferences.get("export_folder") or self.preferences.get("folder") or Path.home())
        place = str(Path(folder) / f"{name}.{ending}".replace(" ", "-").lower())
        path, _ = QFileDialog.getSaveFileName(self.window, title, place, f"{ending.upper()} (*.{ending})")
        if path:
            path = path if Path(path).suffix.lower() == f".{ending}" else f"{path}.{ending}"
            self.preferences["export_folder"] = str(Path(path).parent)
        return path

    def look_at(self, viewport: Viewport) -> None:
        """Show another part of the input and the map."""
        if viewport != self.viewport:
            self.viewport = viewport
            self._signals.viewport_changed.emit()

    def on_viewport(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` when another part is shown."""
        self._signals.viewport_changed.connect(watcher)

    def on_theme(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` when the theme has changed."""
        self._signals.theme_changed.connect(watcher)

    def set_dark(self, dark: bool) -> None:
        """Switch between the light and the dark theme."""
        self.dark = dark
        self._signals.theme_changed.emit()

    def present(self, presenting: bool) -> None:
        """Be for a projector from now on, or no more."""
        self.presenting = presenting
        self._signals.presenting_changed.emit()

    @property
    def stepping(self) -> bool:
        """Whether arrow keys step the motion: where it is seen, and before an audience; on a photo they move the cell."""
        return (self.presenting or self.moving) and self.state.source.toy

    def on_present(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` when the window begins or ends to be for a projector."""
        self._signals.presenting_changed.connect(watcher)

    def tell_error(self, error: Exception | str) -> None:
        """Show what failed, in one sentence, until something succeeds."""
        self.window.messages.show_message(trouble.sentence(error), "error")

    def tell_problem(self, text: str) -> None:
        """Show what is wrong with the program's own files, until the user closes the message."""
        self.window.messages.show_message(text, "problem")

    def succeeded(self, note: str = "") -> None:
        """Remove an earlier error message, and show a note in the status bar."""
        self.window.messages.clear_error()
        if note:
            self.window.status.set_note(note)

    def tell_written(self, written: Written) -> None:
        """Say that a file was saved, or several, and if it does not carry its recipe, why."""
        others = f" and {written.others:,} more" if written.others else ""
        self.succeeded(f"Saved {written.path}{others}")
        if written.bare:
            name = Path(written.path).name
            self.tell(f"{name} does not carry its recipe: {written.bare}. Save recipe writes one beside it.")

    def tell(self, text: str, action: str = "") -> None:
        """Show a message, with a button where an action is offered."""
        self.window.messages.show_message(text, "info", action)
