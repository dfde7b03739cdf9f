"""Plots that are taken away: asks for a place, and has our own writers draw them there; or puts them on the clipboard."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from convgui.controllers.recipes import Written, carried_by
from convgui.io.atomic import write_atomically
from convgui.io.export.carried import into, no_room
from convgui.io.export.tables import save_table, table_lines
from convgui.views.plots.page import Page
from convgui.views.plots.plot import Plot

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.model.state import State
    from convgui.views.plots.values import Drawing
    from convgui.worker.runner import Token

MOST_COPIED = 100_000
"""Lines of a table up to which they are copied too."""

LANES = ("screen", "rest", "histogram", "profile", "curves", "response")
"""Where plots are computed: as long as one is, what is seen may be of the former document."""

DELAYS = ("afterwards", "after screen", "before rest", "before histogram")
"""What waits to be computed, or to be shown in a plot."""

LATE = "The plot is still being computed: export it once it is there."


@dataclass(frozen=True, eq=False)
class PlotExport:
    """Draw a plot of a document and write it, or write its numbers, as the file's ending says."""

    state: State
    drawing: Drawing
    path: str

    def __call__(self, token: Token) -> Written:
        """Draw and write it."""
        ending, recipe = Path(self.path).suffix.lower(), carried_by(self.state)
        if ending == ".csv":
            save_table(self.path, self.drawing.table, token.cancelled)
        else:
            data = into(Page(self.drawing).encoded(ending), ending, recipe)
            write_atomically(self.path, lambda file: file.write(data), token.cancelled)
        return Written(self.path, no_room(self.path, recipe))


class TakePlotController:
    """Writes and copies the plots of all panels."""

    def __init__(self, context: Context) -> None:
        self._context = context
        context.window.filled.connect(self._follow)
        for panel in context.window.docks:
            self._follow(panel)

    def _follow(self, panel: str) -> None:
        """Listen to the plots of a panel, once they have been made."""
        for plot in self._context.window.docks[panel].findChildren(Plot):
            plot.asked.connect(self._take)

    def _take(self, how: str, drawing: Drawing) -> None:
        if how == "copy":
            self._copy(drawing)
            return
        if self._context.activity.busy(*LANES, *DELAYS):
            self._context.tell_error(LATE)
            return
        state = self._context.state
        title = "Export the numbers" if how == "csv" else "Export the plot"
        if path := self._context.ask_place(title, f"{Path(state.source.name).stem}-{state.title}-{drawing.name}", how):
            self.write(state, drawing, path)

    def write(self, state: State, drawing: Drawing, path: str) -> None:
        """Write a plot of a document on a worker."""
        request = PlotExport(state, drawing, path)
        self._context.tasks.begin(f"Exporting {Path(path).name}", request, self._context.tell_written)

    def _copy(self, drawing: Drawing) -> None:
        data = QMimeData()
        data.setImageData(Page(drawing).image())
        longest = max((len(column) for column in drawing.table.values()), default=0)
        if longest <= MOST_COPIED:
            data.setText("".join(table_lines(drawing.table, "\t")))
        QGuiApplication.clipboard().setMimeData(data)
        self._context.succeeded("Plot copied" if data.hasText() else "Plot copied; its numbers are too many, export them")
