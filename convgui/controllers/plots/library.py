"""The plots' library: imported on a worker once the first activation is shown and a plot can be seen, and not before."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui.views.plots import library
from convgui.views.plots.plot import Plot
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.worker.runner import Token

LANE = "plots"

AFTER_MS = 30
"""Milliseconds after the first activation, so that it is on the screen before anything else begins."""


STEP_SECONDS = 0.004
"""Time for which classes are made without a pause: a quarter of a frame."""


@dataclass(frozen=True)
class LoadLibrary:
    """Import the library."""

    def __call__(self, token: Token) -> None:
        """Import it."""
        library.load()


class PlotLibraryController:
    """Builds each plot when it is first seen, and takes all of them away when the window closes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._begun = self._loaded = False
        self._soon = Delay(context.activity, AFTER_MS, self._look, context.window)
        self._classes = library.classes()
        self._next = Delay(context.activity, 0, self._make_some, context.window)
        for dock in context.window.docks.values():
            dock.seen_changed.connect(lambda seen: self._look() if seen else None)
        context.window.closing.connect(self._shut)

    def begin(self) -> None:
        """Build what can be seen, from now on: the first activation is there."""
        if not self._begun:
            self._begun = True
            self._soon.start()

    def _look(self) -> None:
        """Build the plots that are seen, or have the library imported for them."""
        wanted = [plot for plot in self._seen() if not plot.built()]
        if not self._begun or not wanted:
            return
        if self._loaded:
            for plot in wanted:
                plot.build()
        elif not self._context.runner.busy(LANE):
            self._next.start()

    def _make_some(self) -> None:
        """Make some of the classes that the library names, for a part of a frame; when all are there, import it."""
        until = time.perf_counter() + STEP_SECONDS
        while time.perf_counter() < until:
            try:
                next(self._classes)
            except StopIteration:
                self._context.runner.submit(LANE, LoadLibrary(), self._there, self._context.tell_error)
                return
        self._next.start()

    def _seen(self) -> list[Plot]:
        docks = self._context.window.docks.values()
        return [plot for dock in docks if dock.seen() for plot in dock.findChildren(Plot)]

    def _there(self, _: None) -> None:
        self._loaded = True
        self._look()

    def _shut(self) -> None:
        self._begun = False
        self._next.stop()
        for plot in self._context.window.findChildren(Plot):
            plot.shut()
