"""The film: which files stand in the strip, which of them is shown, the next ones ahead of time, when they are measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from convgui.controllers.files.film_requests import AheadRequest, ShotRequest, SmallRequest
from convgui.controllers.files.measuring import SURVEY, MeasuringController
from convgui.controllers.files.requests import ChooseRequest
from convgui.engine.shown import number
from convgui.io.settings import FILM
from convgui.model.film import MEASURES, ORDERS, Film, names_of
from convgui.views.files.film_model import Shot
from convgui.views.files.measures_panel import Row
from convgui.worker.activity import Delay
from convgui.worker.decoder import Decoder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.controllers.files.source import SourceController
    from convgui.engine.looking.measures import Measures
    from convgui.engine.source import Source
    from convgui.model.state import State

SMALL, AHEAD = "film pictures", "film ahead"
"""Lanes of the worker."""

NEXT = (1, 2, -1)
"""Which files are opened ahead of time, counted in the direction in which the film was moved last."""

REST_MS = 120
"""Milliseconds without a change after which files are opened ahead of time."""

SURVEY_MS = 700
"""Milliseconds without a change of the recipe after which files are measured anew, where somebody looks at that."""

WORDS = {
    "name": "By name",
    "date": "By date",
    "strongest": "By strongest value",
    "mean": "By mean",
    "deviation": "By deviation",
    "energy": "By energy",
    "share": "By share above threshold",
}

NO_FILM = "Open several files or a folder first: they become the film strip."

MEASURE_TIP = "Compute the map of each file with the present set-up: strongest value, mean, energy and so on, for a table"


class FilmController(QObject):
    """Fills the strip, steps through it, and has the maps of its files measured."""

    def __init__(self, context: Context, source: SourceController) -> None:
        super().__init__(context.window)
        self._context, self._source = context, source
        self._strip, self._dock = context.window.film, context.window.docks["film"]
        self._film = Film()
        self._names: dict[str, str] = {}
        self._marked = ""
        self._shows, self._by = "input", 1
        self._ahead: dict[str, Source] = {}
        self._decoder = Decoder()
        self._rest = Delay(context.activity, REST_MS, self._look_ahead, self)
        self._again = Delay(context.activity, SURVEY_MS, self._survey_if_wanted, self)
        self._measuring = MeasuringController(context)
        self._measuring.found.connect(self._take_found)
        self._measuring.pictured.connect(self._take_map)
        self._measuring.ended.connect(self._measured)
        self._strip.set_orders([(order, WORDS[order]) for order in ORDERS])
        self._strip.chosen.connect(self.show)
        self._strip.wanted.connect(self._make_small)
        self._strip.sorted.connect(self.sort)
        self._strip.shows.connect(self.show_of)
        self._strip.measured.connect(self.measure_or_stop)
        table = context.window.measures
        table.chosen.connect(self.show)
        table.sorted.connect(self.sort)
        table.threshold_changed.connect(self.set_threshold)
        table.export_asked.connect(lambda: self._measuring.ask_export(self._film))
        context.session.changed(self._changed)
        context.on_theme(self._colours_changed)
        context.window.status.cancelled.connect(lambda name: self.stop() if name == SURVEY else None)
        self._dock.seen_changed.connect(lambda seen: self._strip.ask() if seen else None)
        self._show_film()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the film."""
        return {
            "film_next": lambda: self.step(1),
            "film_back": lambda: self.step(-1),
            "film_measure": self.measure_or_stop,
        }

    @property
    def film(self) -> Film:
        """The files."""
        return self._film

    def restore(self) -> None:
        """Take the files of the last time, if there were any; which of them is shown, the document knows."""
        if paths := self._context.preferences.get("film"):
            request = ChooseRequest(tuple(paths))
            self._context.runner.submit(SMALL, request, lambda found: self._take_files(*found), lambda _: None)

    def close(self, *, keep: bool = True) -> None:
        """Keep the files for the next start, unless they are very many; end the process that opens them ahead of time."""
        paths = self._film.paths
        if keep and (paths or "film" in self._context.preferences):
            self._context.preferences["film"] = list(paths) if len(paths) <= FILM else []
        self._decoder.close()

    # what the user does

    def begin(self, paths: Sequence[str], dates: Mapping[str, float]) -> None:
        """Take these files as the film, and open the strip."""
        self._take_files(paths, dates)
        self._dock.bring()

    def step(self, by: int) -> None:
        """Show the next file, or the one before; one that cannot be opened is marked, and stepped over by the next step."""
        if not self._film.paths:
            self._context.tell(NO_FILM)
            return
        if path := self._film.beside(self._marked, by):
            self.show(path)

    def show(self, path: str) -> None:
        """Show a file with the present set-up: at once if it was opened ahead of time."""
        here = self._context.state.source.path
        if path == here:
            self._mark(path)
            return
        order = self._film.shown
        if path in order and here in order:
            self._by = 1 if order.index(path) > order.index(here) else -1
        self._mark(path)
        if (source := self._ahead.get(path)) is not None:
            self._take(path, source)
            return
        request = ShotRequest(path, self._context.decoder)
        self._context.runner.submit("open", request, lambda source: self._take(path, source), self._context.tell_error)

    def sort(self, order: str) -> None:
        """Show the files in another order, and measure them if it is one by a measure."""
        self._film = self._film.arranged(order)
        self._show_film()
        self._survey_if_wanted()

    def show_of(self, what: str) -> None:
        """Show thumbnails of the input, or of its map."""
        if what != self._shows:
            self._shows = what
            self._context.runner.cancel(SMALL)
            self._strip.clear_images()
            if what == "map":  # those that were measured have none any more
                self._film = replace(self._film, measured={})
            self._show_film()
            self._survey_if_wanted()

    def set_threshold(self, threshold: float) -> None:
        """Take another threshold for the share of the values above it."""
        self._measuring.threshold = threshold
        self._recipe_changed()

    def measure_or_stop(self) -> None:
        """Measure the maps of all files of which that has not been done; stop if that is under way."""
        if self._measuring.busy:
            self.stop()
        elif not self._film.paths:
            self._context.tell(NO_FILM)
        else:
            self._survey()

    def stop(self) -> None:
        """Measure no more; what was measured stays."""
        self._again.stop()
        self._measuring.stop()

    def clear(self) -> None:
        """Forget the files, and how they were shown."""
        self._shows, self._measuring.threshold = "input", 0.0
        self._context.window.measures.threshold.set_value(0.0)
        self._take_files((), {})

    def _take_files(self, paths: Sequence[str], dates: Mapping[str, float]) -> None:
        self.stop()
        for lane in (SMALL, AHEAD):
            self._context.runner.cancel(lane)
        self._film = Film(tuple(paths), dates).arranged()
        self._names = names_of(self._film.paths)
        self._measuring.faults.clear()
        self._ahead.clear()
        self._strip.clear_images()
        self._show_film()

    # showing

    def _show_film(self) -> None:
        film = self._film
        rows, shots = [], []
        for path in film.shown:
            value, fault = film.value(path), self._measuring.faults.get(path, "")
            shown = "" if fault or value is None else number(value, 4)
            shots.append(Shot(path, self._names[path], shown, fault or self._about(path), bool(fault)))
            found = film.measured.get(path)
            rows.append(Row(path, self._names[path], None if found is None else _numbers(found)))
        self._strip.set_shots(shots, film.order, self._shows)
        self._context.window.measures.set_rows(rows, film.order)
        self._mark(self._marked if self._marked in self._names else self._context.state.source.path)

    def _about(self, path: str) -> str:
        found = self._film.measured.get(path)
        if found is None:
            return path
        return f"{path} · strongest {number(found.strongest)} at row {found.row}, column {found.col}"

    def _show_count(self) -> None:
        film, busy, faults = self._film, self._measuring.busy, self._measuring.faults
        path = self._marked
        at = f"{film.shown.index(path) + 1} of {len(film.shown)}" if path in film.shown else f"{len(film.shown)} files"
        known = len(film.measured) - len(faults)
        broken = f", {len(faults)} cannot be opened" if faults else ""
        measured = f"{known} measured{broken}" if film.measured else ""
        self._strip.set_detail(" · ".join(filter(None, (at if film.shown else "", measured))), at if film.shown else "")
        tip = "Stop measuring; what has been measured stays" if busy else MEASURE_TIP
        self._strip.set_measure("Stop" if busy else "Measure", tip, possible=busy or bool(film.missing()))

    def _mark(self, path: str) -> None:
        """Frame a file; it is the one that is shown, unless that takes time or cannot be done."""
        self._marked = path
        self._strip.set_chosen(path)
        self._context.window.measures.set_chosen(path)
        self._show_count()

    def _take(self, path: str, source: Source) -> None:
        self._source.show(source, merge_key="film")
        self._context.window.status.set_note(f"{self._names.get(path, source.name)}: {self._position(path)}")

    def _position(self, path: str) -> str:
        order = self._film.shown
        return f"{order.index(path) + 1} of {len(order)}" if path in order else ""

    def _changed(self, old: State, new: State) -> None:
        if not self._film.paths:
            return
        if old.source is not new.source:
            self._mark(new.source.path)
            self._rest.start()
        if old.layers is not new.layers or old.reading is not new.reading or (old.map, old.looked) != (new.map, new.looked):
            self._recipe_changed()
        elif self._shows == "map" and old.display is not new.display:
            self._colours_changed()

    # thumbnails, and files ahead of time

    def _make_small(self, paths: list[str]) -> None:
        if self._shows != "input" or not self._dock.seen():
            return
        request = SmallRequest(tuple(paths), self._decoder)
        self._context.runner.submit(SMALL, request, lambda _: None, self._context.tell_error, part=self._take_small)

    def _take_small(self, made: tuple[str, NDArray[np.uint8] | None]) -> None:
        if self._shows == "input":
            self._strip.set_image(*made)

    def _look_ahead(self) -> None:
        """Open the files beside the shown one that are not there, and forget those that are far away."""
        path = self._context.state.source.path
        near = [found for by in NEXT if (found := self._film.beside(path, by * self._by))] if path in self._names else []
        self._ahead = {other: source for other, source in self._ahead.items() if other in near}
        if missing := tuple(other for other in near if other not in self._ahead):
            self._context.runner.submit(
                AHEAD, AheadRequest(missing, self._decoder), lambda _: None, lambda _: None, part=self._take_ahead
            )

    def _take_ahead(self, opened: tuple[str, Source]) -> None:
        self._ahead[opened[0]] = opened[1]

    # measures

    def _recipe_changed(self) -> None:
        """Forget what was measured with another recipe, and measure anew where somebody looks at it."""
        if not self._film.paths:
            return
        if not self._film.measured and not self._measuring.busy:  # nothing to forget, so the recipe need not be written out
            self._again.start()
            return
        film = self._film.for_what(self._measuring.what())
        if film is not self._film:
            self._measure_anew(film)

    def _colours_changed(self) -> None:
        """Make the thumbnails of maps anew; what is measured on the way is the same."""
        if self._film.paths and self._shows == "map":
            self._measure_anew(replace(self._film, measured={}))

    def _measure_anew(self, film: Film) -> None:
        self.stop()
        self._film = film
        if self._shows == "map":
            self._strip.clear_images()
        self._show_film()
        self._again.start()

    def _survey_if_wanted(self) -> None:
        """Measure where thumbnails or the order are made of it, and the strip is seen."""
        wanted = self._shows == "map" or self._film.order in MEASURES
        if wanted and self._dock.seen() and self._film.missing() and not self._measuring.busy:
            self._survey()

    def _survey(self) -> None:
        state = self._context.state
        if state.why:
            self._context.tell(state.why)
            return
        self._film = self._film.for_what(self._measuring.what())
        self._measuring.begin(self._film.missing())
        self._show_count()

    def _take_found(self, found: dict[str, Measures]) -> None:
        self._film = self._film.with_measures(found)
        self._show_film()

    def _take_map(self, path: str, small: NDArray[np.uint8] | None) -> None:
        if self._shows == "map":
            self._strip.set_image(path, small)

    def _measured(self) -> None:
        self._film = self._film.arranged()
        self._show_film()

    def export(self, path: str) -> None:
        """Write the measures of all files as a table."""
        self._measuring.export(self._film, path)


def _numbers(found: Measures) -> tuple[float, ...]:
    """Return the numbers of a row of the table."""
    return found.strongest, found.row, found.col, found.mean, found.deviation, found.energy, found.share
