"""A run over many pictures: begins it, shows how far it is and where Dask's dashboard is, and tells what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from convgui.batch.job import Job
from convgui.batch.order import HERE, LOCAL, Order
from convgui.controllers.recipes import recipe_of
from convgui.controllers.take.run_asking import RunAsking
from convgui.controllers.take.run_plan import Pictures
from convgui.controllers.take.run_requests import Dashboard, RunNote, RunProgress, RunRequest, RunResult, capital
from convgui.model.suit import usual_reading
from convgui.views.kit.text_page import TextPage
from convgui.views.take import run_form
from convgui.views.take.place_form import from_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.controllers.files.film import FilmController
    from convgui.views.take.run_form import RunChoice

BUSY = "A run is under way: wait for it, or cancel it first."

NO_DASHBOARD = "There is no dashboard: it is there while a run goes on on a Dask cluster."

OPEN, SHOW = "Open the folder", "Show all"
"""Buttons of the message at the end."""

WHOLE = "What is written is whole; another run into the same folder goes on from there."

FEW = 2
"""Faults that stand in the message; all of them are on a page."""


@dataclass
class _Running:
    """The run that is under way, or was last."""

    folder: str
    task: str = ""
    progress: RunProgress = field(default_factory=RunProgress)
    differs: str = ""
    dashboard: str = ""
    faults: tuple[str, ...] = ()
    over: bool = False
    told: bool = False


class RunController(QObject):
    """Runs the present set-up over the files of the film strip, the picture that is open, or files that are picked."""

    def __init__(self, context: Context, film: FilmController) -> None:
        super().__init__(context.window)
        self._context, self._film = context, film
        self._asking: RunAsking | None = None
        self._run: _Running | None = None
        context.window.status.followed.connect(self._followed)
        context.window.status.cancelled.connect(self._cancelled)
        context.window.messages.followed.connect(self._message_followed)
        self._show_dashboard()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about runs."""
        return {"run_many": self.ask, "open_dashboard": self.open_dashboard}

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._run is not None and not self._run.over

    def ask(self) -> None:
        """Ask for pictures and place, and begin."""
        state = self._context.state
        if state.why:
            self._context.tell_error(f"There is no activation to compute. {state.why}")
        elif self.running:
            self._context.tell_error(BUSY)
        else:
            self._asking = RunAsking(self._context, self._pictures(), self._begin, state.title)
            self._asking.begin()

    def _pictures(self) -> Pictures:
        """Return the pictures that are there: those of the film strip, else the one that is open."""
        source, paths = self._context.state.source, self._film.film.paths
        name = Path(source.path).name
        if len(paths) > 1:
            other = source.path in paths and (source.page > 1 or bool(source.reading))
            note = f"{name} is shown otherwise than it opens by itself; of each file what opens by itself is read."
            return Pictures(paths, words="of the film strip", note=note if other else "")
        if not source.path:
            return Pictures()
        page = str(source.page) if len(source.pages) > 1 else None
        fault = f"The axes of {name} are read otherwise than usual, which a run cannot do." if source.reading else ""
        return Pictures((source.path,), page, fault=fault)

    # the run

    def _begin(self, asking: RunAsking, choice: RunChoice) -> None:
        state = asking.state
        self._context.preferences["run"] = {
            "format": choice.format,
            "scheduler": choice.scheduler,
            "send": choice.send,
        }
        job = Job.of(
            recipe_of(state),
            choice.format,
            free=state.reading == usual_reading(state.layers, state.source),
            page=asking.pictures.page,
            stamps=True,
        )
        places = {run_form.HERE: HERE, run_form.LOCAL: LOCAL}
        here = choice.place in places
        self.begin(
            Order(
                job,
                asking.pictures.paths,
                choice.folder,
                asking.suffix,
                places.get(choice.place, choice.scheduler),
                choice.processes if here else None,
                choice.send and choice.place != run_form.HERE,
            )
        )

    def begin(self, order: Order) -> None:
        """Have an order carried out in the background."""
        self._run = run = _Running(order.folder)
        run.task = self._context.tasks.begin(
            str(run.progress),
            RunRequest(order),
            lambda result: self._done(run, result),
            ended=lambda: self._ended(run),
            part=lambda part: self._take(run, part),
            at_once=True,
        )

    def _take(self, run: _Running, part: Any) -> None:
        if isinstance(part, RunProgress):
            run.progress = part
            self._context.tasks.say(run.task, str(part))
        elif isinstance(part, Dashboard):
            run.dashboard = part.address
            tip = f"Show what the workers do, in the browser: {part.address} (it needs bokeh where the scheduler runs)"
            self._context.tasks.link(run.task, "Dashboard", tip)
            self._show_dashboard()
        elif isinstance(part, RunNote):
            run.differs = part.text if part.differs else run.differs
            self._context.tell(capital(part.text))

    def _ended(self, run: _Running) -> None:
        run.over = True
        self._show_dashboard()

    def _cancelled(self, task: str) -> None:
        """Say what there is of a run that was cancelled."""
        if self._run is None or task != self._run.task or self._run.told:
            return
        self._run.told, far = True, self._run.progress
        count = f" after {far.done + far.earlier:,} of {far.total:,} pictures" if far.total else ""
        if far.done:
            self._context.tell(f"The run was cancelled{count}. {WHOLE}", OPEN)
        else:
            self._context.tell(f"The run was cancelled{count}.")

    def _done(self, run: _Running, result: RunResult) -> None:
        run.told, run.faults = True, result.faults
        self._context.succeeded()
        text = self._sentence(run, result)
        if not result.faults:
            self._context.tell(text, OPEN)
            return
        few = " ".join(result.faults[:FEW])
        rest = len(result.faults) - FEW
        self._context.tell(f"{text} {few}{f' And {rest:,} more.' if rest > 0 else ''}", SHOW)

    def _sentence(self, run: _Running, result: RunResult) -> str:
        """Return how many were written and where, and how many were not."""
        place = from_home(run.folder)
        earlier = f", {result.earlier:,} were done by an earlier run" if result.earlier else ""
        failed = f"; {len(result.faults):,} failed" if result.faults else ""
        differs = f" {capital(run.differs)}" if run.differs else ""
        plural = "s" if result.total != 1 else ""
        return f"{result.written:,} of {result.total:,} picture{plural} written to {place}{earlier}{failed}.{differs}"

    # what leads out of the window

    def open_dashboard(self) -> None:
        """Open Dask's dashboard in the browser."""
        address = self._run.dashboard if self._run is not None and self.running else ""
        if address.startswith(("http://", "https://")):  # it was told by a scheduler, which may be anybody's
            QDesktopServices.openUrl(QUrl(address))
        else:
            self._context.tell(NO_DASHBOARD)

    def _show_dashboard(self) -> None:
        there = self.running and self._run is not None and bool(self._run.dashboard)
        self._context.window.actions_by_id["open_dashboard"].setEnabled(there)

    def _followed(self, task: str) -> None:
        if self._run is not None and task == self._run.task:
            self.open_dashboard()

    def _message_followed(self) -> None:
        button = self._context.window.messages.button.text()
        if self._run is None or button not in (OPEN, SHOW):
            return
        if button == OPEN:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._run.folder))
        else:
            self.show_faults()

    def show_faults(self) -> None:
        """Show the sentence of each picture that failed, on a page."""
        if self._run is None:
            return
        page = TextPage(self._context.window)
        lines = "".join(f"<p>{escape(fault)}</p>" for fault in self._run.faults)
        page.set_html("Pictures that failed", lines)
        page.open()
