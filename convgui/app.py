"""The composition root: makes the parts of the program and hands each of them what it needs."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import PySide6
from PySide6.QtCore import QByteArray, QObject, QThread, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from convgui import assets, trouble
from convgui.controllers.canvas.border import BorderController
from convgui.controllers.canvas.caption import CaptionController
from convgui.controllers.canvas.compute import ComputeController
from convgui.controllers.canvas.grid import GridController
from convgui.controllers.canvas.map_grid import MapGridController
from convgui.controllers.canvas.motion import MotionController
from convgui.controllers.context import Context
from convgui.controllers.files.pages import PagesController
from convgui.controllers.files.requests import WarmRequest
from convgui.controllers.files.restore import RestoreController
from convgui.controllers.files.samples import SamplesController
from convgui.controllers.files.source import SourceController
from convgui.controllers.files.take_up import TakeUpController
from convgui.controllers.kernel.card import KernelCardController
from convgui.controllers.kernel.facts import FactsController
from convgui.controllers.kernel.gallery import GalleryController
from convgui.controllers.kernel.kernel import KernelController
from convgui.controllers.layers.form import LayerFormController
from convgui.controllers.layers.layers import LayersController
from convgui.controllers.layers.operation import OperationController
from convgui.controllers.measure.arithmetic import ArithmeticController
from convgui.controllers.measure.descend import DescendController
from convgui.controllers.measure.display import DisplayController
from convgui.controllers.measure.marks import MarksController
from convgui.controllers.measure.probe import ProbeController
from convgui.controllers.measure.readout import ReadoutController
from convgui.controllers.plots.histogram import HistogramController
from convgui.controllers.plots.library import PlotLibraryController
from convgui.controllers.plots.take import TakePlotController
from convgui.controllers.window.arrange import ArrangeController
from convgui.controllers.window.commands import CommandController
from convgui.controllers.window.navigate import NavigateController
from convgui.controllers.window.theme import ThemeController, dress
from convgui.controllers.window.workspace import WorkspaceController
from convgui.engine.strategies import jit
from convgui.first import first_state
from convgui.garbage import Garbage
from convgui.io import settings
from convgui.io.folders import data_folder
from convgui.io.kernels.shelf import KernelShelf
from convgui.later import LaterControllers
from convgui.model.session import Session
from convgui.model.state import Display, State
from convgui.views.kit.theme import set_scale
from convgui.views.window.main_window import MainWindow
from convgui.worker.decoder import Decoder
from convgui.worker.runner import ANSWER_SECONDS, Runner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.network import Chain

WELCOME = (
    "This is a sample: Sobel x on a photo. Drop your own photo here or press Open; pick a kernel below or paint one at the "
    "right; move the cursor over the pictures to see how each value is made."
)


class Faults(QObject):
    """Brings exceptions that nobody caught, from any thread, to the window as one sentence."""

    caught = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._hook(args.exc_type, args.exc_value, args.exc_traceback)

    def _hook(self, kind: Any, error: Any, trace: Any) -> None:
        traceback.print_exception(kind, error, trace)
        what = f"{kind.__name__}: {error}"
        self.caught.emit(f"Something went wrong that should not have: {what}. Nothing of your document is lost.")

    def release(self) -> None:
        """Put the former hooks back."""
        sys.excepthook, threading.excepthook = self._before


class Program(LaterControllers):
    """The window with everything behind it.

    Parameters
    ----------
    files : sequence of str
        What to open; the sample photo if there is none.
    folder : Path, optional
        Where settings and own kernels are kept instead of the user's folders.
    page : str, optional
        Which page of the first file, a number from 1 or a name.
    document : State, optional
        What to show instead: a document that a script made. It is not kept for the next start, which restores the last one
        that was made in the window.

    Attributes
    ----------
    idle : Signal
        Emitted when nothing is under way: no request runs, no timer waits, and the refined map is shown.
    """

    def __init__(
        self,
        files: Sequence[str] = (),
        folder: Path | None = None,
        *,
        page: str | None = None,
        document: State | None = None,
    ) -> None:
        self._settings_path = None if folder is None else folder / "settings.json"
        self.preferences, problem = settings.load(self._settings_path)
        self._before = deepcopy(self.preferences)
        decoder = Decoder()
        if files:  # it starts while the window is built
            decoder.warm()
        set_scale(self.preferences.get("text", 100) / 100)
        dark = dress(str(self.preferences.get("theme", "system")))  # first: only new widgets get a font's features from Qt
        self.window = MainWindow()
        self.runner = Runner(self.window)
        self.session = Session(document or first_state())
        shelf = KernelShelf(None if folder is None else folder / "kernels")
        self.context = Context(self.session, self.runner, self.window, shelf, self.preferences, dark, decoder=decoder)
        self.idle = self.context.activity.idle
        self.session.refused(self.context.tell_error)
        self.runner.silent.connect(self._tell_silent)
        self.runner.stalled.connect(lambda lane: self.context.tell_error(not_answering(lane, left=True)))
        self.theme = ThemeController(self.context)
        self.workspace = WorkspaceController(self.context, self.theme)
        self.arrange = ArrangeController(self.context)
        self.navigate = NavigateController(self.context)
        self.compute = ComputeController(self.context)
        self.probe = ProbeController(self.context)
        self.arithmetic = ArithmeticController(self.context, self.probe)
        self.marks = MarksController(self.context, self.probe)
        self.readout = ReadoutController(self.context, self.probe)
        self.descend = DescendController(self.context, self.probe)
        self.caption = CaptionController(self.context, self.probe)
        self.border = BorderController(self.context, self.compute)
        self.motion = MotionController(self.context, self.probe)
        self.grid = GridController(self.context)
        self.map_grid = MapGridController(self.context)
        self.kernel = KernelController(self.context)
        self.kernel_card = KernelCardController(self.context)
        self.facts = FactsController(self.context)
        self.gallery = GalleryController(self.context)
        self.source = SourceController(self.context)
        self.take_up = TakeUpController(self.context, self.source)
        self.samples = SamplesController(self.context, self.source)
        self.pages = PagesController(self.context, self.source)
        self.operation = OperationController(self.context)
        self.layers = LayersController(self.context)
        self.layer_form = LayerFormController(self.context)
        self.display = DisplayController(self.context)
        self.histogram = HistogramController(self.context)
        self.plots = PlotLibraryController(self.context)
        self.take_plots = TakePlotController(self.context)
        self.commands = CommandController(
            self.context,
            [
                self.arrange,
                self.navigate,
                self.arithmetic,
                self.descend,
                self.motion,
                self.grid,
                self.map_grid,
                self.kernel,
                self.source,
                self.operation,
                self.layers,
                self.theme,
                self.workspace,
            ],
            self.later_commands(),
        )
        self.source.recipe_opened.connect(self.commands.take_recipe)
        self._lead_to_later()
        self.restore = RestoreController(self.context, folder or data_folder()) if document is None else None
        self.compute.compiled.connect(self.gallery.draw_thumbnails)
        self.compute.shown.connect(self.plots.begin)
        self._restore()
        self.window.closing.connect(self.close)
        self.idle.connect(self._warm_up)
        self.faults = Faults()
        self.faults.caught.connect(self.context.tell_error)
        if files:
            self.source.open_paths([str(Path(f).absolute()) for f in files], page=page)
        if problem:
            self.context.tell_problem(problem)
        elif self.restore and not files and not self.preferences.get("welcomed"):
            self.restore.nothing.connect(self._welcome)
        if self.restore:
            self.restore.restore(with_input=not files)
            if not files and self.preferences.get("film"):
                self.film.restore()

    def _lead_to_later(self) -> None:
        """Connect what needs a controller that is made when it is first needed."""
        window = self.window
        window.filled.connect(self.make_for)
        self.source.several.connect(lambda files, dates: self.film.begin(files, dates))
        self.source.weights_opened.connect(lambda file: self.weights.take(file))
        self.session.changed(lambda old, new: self._run_graphs(new))
        self.source.kernel_opened.connect(lambda kernel: self.kernel_files.take_file(kernel))
        window.pair.input.hand.pasted.connect(lambda row, col: self.grid_text.paste(row, col))
        window.actions_by_id["field_over"].toggled.connect(lambda on: self.field.switch(on))
        window.actions_by_id["profile"].toggled.connect(lambda on: self.profile.arm(on))
        for pane in window.pair.panes:
            pane.line.drawn.connect(lambda *ends: self.profile.draw(*ends))
        window.actions_by_id["open_dashboard"].setEnabled(False)  # until a run has one

    def _run_graphs(self, state: State) -> None:
        """Have graphs run of which it is not known yet what they make."""
        if state.fault is not None and state.fault.waits:
            self.graph.run(state)

    def _tell_silent(self, lane: str) -> None:
        if lane in LANES:  # what is prepared behind the scenes may take its time
            self.context.tell(not_answering(lane, left=False))

    def _welcome(self) -> None:
        """Say what the sample is, unless there is worse to say; where a document is restored there is no sample."""
        if not self.window.messages.isHidden():
            return
        self.window.messages.show_message(WELCOME, stays=True)
        self.session.changed(lambda old, new: self._welcomed())
        self.window.messages.closed.connect(lambda: self.preferences.update(welcomed=True))

    def _welcomed(self) -> None:
        if self.window.messages.text.text() == WELCOME:
            self.window.messages.clear()

    def busy(self) -> bool:
        """Whether anything is under way that will change what the window shows; `idle` tells when it has ended."""
        return self.context.activity.busy()

    def _warm_up(self) -> None:
        """Read the user's own kernels and start the process that opens files, once the first sight is on the screen."""
        self.idle.disconnect(self._warm_up)
        self.context.own.read()
        self.runner.submit("decoder", WarmRequest(self.context.decoder), lambda _: None, lambda _: None)

    def show(self) -> None:
        """Show the window and ask for its first activation."""
        self.window.show()
        self.window.pair.setFocus()
        self.navigate.fit()
        self.compute.start()

    def close(self) -> None:
        """Stop the threads and write the settings."""
        self._remember()
        jit.stop()
        self.context.decoder.close()
        if self.is_made("film"):
            self.film.close(keep=self.restore is not None)
        self.runner.close()
        if self.restore:
            self.restore.close()
        self.faults.release()
        try:
            settings.save(self.preferences, self._settings_path, self._before)
        except Exception as error:  # closing must not fail because a disk is full
            sys.stderr.write(f"convgui: the settings were not saved: {error}\n")

    def _restore(self) -> None:
        choice = str(self.preferences.get("theme", "system"))
        self.window.actions_by_id[f"theme_{choice}"].setChecked(True)
        self.window.refresh_icons()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._scheme_changed)
        geometry = self.preferences["geometry"]
        self.window.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "ignore")))
        self.workspace.restore()
        self.layers.open_for_several()

    def _scheme_changed(self) -> None:
        if self.preferences.get("theme", "system") == "system":
            self.theme.set_theme("system")

    def _remember(self) -> None:
        QGuiApplication.styleHints().colorSchemeChanged.disconnect(self._scheme_changed)
        self.preferences["geometry"] = bytes(self.window.saveGeometry().toBase64().data()).decode("ascii")
        self.workspace.remember()


LANES = {
    "open": "Opening a file",
    "screen": "Computing the map",
    "rest": "Refining the map",
    "under": "Drawing the photo under the map",
    "picture": "Drawing the input",
    "refined picture": "Refining the input",
    "explanation": "Explaining a value",
    "field": "Following a value back to the photo",
    "field copy": "Writing the equivalent kernel",
    "patches": "Looking for the strongest patches",
    "patches of files": "Looking for the strongest patches of all files",
    "compare": "Comparing the models",
    "graph": "Running the graph",
    "graph run": "Running the graph",
    "graph apart": "Comparing with ONNX Runtime",
    "classes": "Running the graph",
    "thumbnails": "Drawing the catalogue",
    "layers": "Drawing the layers",
    "maps": "Computing the maps",
    "refined maps": "Refining the maps",
    "film pictures": "Drawing the film strip",
    "film measures": "Measuring the files",
    "collapse": "Collapsing the layers",
    "network": "Reading the network",
    "checkpoint": "Reading a checkpoint",
    "prepared": "Drawing what the network sees",
    "weights": "Drawing the kernels",
    "plots": "Loading the plots",
    "profile": "Computing the profile",
    "curves": "Computing the curves",
    "help": "Reading a page of the help",
}
"""What the lanes of the worker do that somebody waits for, in words."""


def not_answering(lane: str, *, left: bool) -> str:
    """Return the sentence on a lane whose request gives no sign of life, or has been left behind.

    >>> not_answering("open", left=True)
    'Opening a file has not answered for 10 s: it was left behind, and what comes next begins anew.'
    """
    what = LANES.get(lane, "A task")
    if left:
        return f"{what} has not answered for {ANSWER_SECONDS:g} s: it was left behind, and what comes next begins anew."
    return f"{what} has not answered for {ANSWER_SECONDS:g} s and goes on; you can go on meanwhile, too."


def run(files: Sequence[str], page: str | None = None) -> int:
    """Open the window and return the exit status once it is closed."""
    if sentence := trouble.versions(PySide6.__version__) or trouble.no_screen():
        sys.stderr.write(f"convgui: {sentence}\n")
        return 1
    app = _application()
    return _run(app, Program(files, page=page))


def show(chain: Chain, *, looked: int = -1, **display: Any) -> Program | None:
    """Open the window on a chain; return when it is closed.

    Where Qt's loop runs already, as in a notebook with ``%gui qt``, the window is returned at once: it stays as long as
    somebody holds it.

    Parameters
    ----------
    chain : Chain
    looked : int
        Which layer is looked at, counted from 0; from the last one where it is negative.
    **display
        How, as `Display` has it.

    Raises
    ------
    ValueError
        If the chain has no layers, or a setting without a meaning.
    RuntimeError
        If there is no screen, or Qt does not work here.
    """
    if sentence := trouble.versions(PySide6.__version__) or trouble.no_screen():
        raise RuntimeError(sentence)
    running = QThread.currentThread().loopLevel() > 0
    app = _application()
    program = Program(document=State(chain.source, chain.reading, chain.layers, looked, Display(**display)))
    if running:
        program.show()
        return program
    _run(app, program)
    return None


def _application() -> QApplication:
    """Return the one application of this process."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["convgui"])
        app.setApplicationName("convgui")
        app.setDesktopFileName("convgui")
        app.setWindowIcon(QIcon(str(assets.resource("convgui.svg"))))
    return app


def _run(app: QApplication, program: Program) -> int:
    """Show the window until it is closed, and return the exit status; Ctrl+C in the terminal closes it."""
    program.show()
    wake = QTimer()  # has the interpreter look for signals
    wake.timeout.connect(lambda: None)
    wake.start(300)
    before = signal.signal(signal.SIGINT, lambda *_: QTimer.singleShot(0, app.closeAllWindows))
    try:
        with Garbage():
            return app.exec()
    finally:
        signal.signal(signal.SIGINT, before)
        wake.stop()
