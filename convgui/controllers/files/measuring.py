"""Measuring: the maps of the film's files are computed in other processes, and what is found of them can be taken away."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from convgui.batch.job import Job
from convgui.batch.table import write_table
from convgui.controllers.files.film_requests import SurveyRequest
from convgui.controllers.recipes import recipe_of
from convgui.engine.looking.measures import Measures
from convgui.io.recipe import Recipe, text_of
from convgui.model.suit import usual_reading
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.batch.job import Outcome
    from convgui.controllers.context import Context
    from convgui.model.film import Film

SURVEY = "film measures"
"""The lane of the worker, and the task in the status bar."""

FILL_MS = 100
"""Milliseconds for which results are gathered before they are handed on."""

NOTHING = Measures(math.nan, -1, -1, math.nan, math.nan, math.nan, math.nan, 0)
"""The measures of a file that cannot be opened."""


class MeasuringController(QObject):
    """Measures the maps that the present document makes of files.

    Signals
    -------
    found(dict)
        The measures of some files.
    pictured(str, ndarray)
        The thumbnail of a file's map, None if it cannot be opened.
    ended
        Nothing is under way any more: all is done, it was stopped, or has failed.

    Attributes
    ----------
    threshold : float
        Of the share of the values above it.
    faults : dict of str to str
        Why files could not be measured.
    """

    found = Signal(object)
    pictured = Signal(str, object)
    ended = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        self.threshold = 0.0
        self.faults: dict[str, str] = {}
        self._found: dict[str, Measures] = {}
        self._fill = Delay(context.activity, FILL_MS, self._hand_on, self)

    def what(self) -> str:
        """Return what tells the present recipe from another one as far as values go, with the threshold."""
        made = recipe_of(self._context.state)
        values = Recipe(made.layers, map=made.map, reading=made.reading, looked=made.looked)
        return f"{text_of(values)} {self.threshold}"

    @property
    def busy(self) -> bool:
        """Whether files are being measured."""
        return self._context.runner.busy(SURVEY)

    def begin(self, paths: Sequence[str]) -> None:
        """Measure these files."""
        state, context = self._context.state, self._context
        job = Job.of(
            recipe_of(state),
            None,
            free=state.reading == usual_reading(state.layers, state.source),
            threshold=self.threshold,
            small=True,
            dark=context.dark,
        )
        context.runner.submit(
            SURVEY,
            SurveyRequest(job, tuple(paths)),
            lambda _: self._end(),
            self._fail,
            lambda part: context.window.status.set_task(SURVEY, "Measuring", part),
            part=self._take,
        )
        context.window.status.set_task(SURVEY, "Measuring", 0.0)

    def stop(self) -> None:
        """Measure no more; what was measured stays."""
        if self.busy:
            self._context.runner.cancel(SURVEY)
            self._end()

    def _take(self, outcome: Outcome) -> None:
        path = outcome.task.path
        if outcome.entry is None:
            self.faults[path] = outcome.fault
            self._found[path] = NOTHING
        else:
            measured = dict(outcome.entry.rows[outcome.shown])
            del measured["map"]
            self._found[path] = Measures(**measured)
        self.pictured.emit(path, outcome.small)
        if not self._fill.isActive():
            self._fill.start()

    def _hand_on(self) -> None:
        if self._found:
            found, self._found = self._found, {}
            self.found.emit(found)

    def _end(self) -> None:
        self._context.window.status.set_task(SURVEY, "", None)
        self._fill.stop()
        self._hand_on()
        self.ended.emit()

    def _fail(self, error: Exception) -> None:
        self._end()
        self._context.tell_error(error)

    # taking the table away

    def ask_export(self, film: Film) -> None:
        """Ask where the table goes, and write it."""
        if path := self._context.ask_place("Export the measures", f"measures-{self._context.state.title}", "csv"):
            self.export(film, path)

    def export(self, film: Film, path: str) -> None:
        """Write the measures of all files, in the order in which they are shown."""
        map_name = str(self._context.state.map)
        rows = [
            {"file": shot, "map": map_name, "threshold": self.threshold, **asdict(film.measured[shot])}
            for shot in film.shown
            if shot in film.measured and shot not in self.faults
        ]
        note = self._context.succeeded
        self._context.tasks.begin(
            f"Exporting {Path(path).name}", lambda token: write_table(path, rows), lambda _: note(f"Saved {path}")
        )
