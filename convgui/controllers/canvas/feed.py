"""A feed: computes a map, first a sample and, when nothing changes, the refined map, and tells whether it is stale.

Each map that is shown has a feed of its own, with lanes of its own: the activation, the input of a layer, and any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.looking.statistics import Statistics
    from convgui.model.requests import MapImage
    from convgui.model.resolve import WantedMap

REST_MS = 90
"""Milliseconds without a change after which the map is refined: strongest values, limits of the whole map."""

SLOW_MS = 100
"""Milliseconds after which the old map is stale, with the progress of the new one."""

PATIENCE = 0.25
"""Seconds for which a running computation may still finish when a newer one is wanted, so that a drag shows something."""


class Feed(QObject):
    """Computes what is wanted of a map.

    Parameters
    ----------
    context : Context
    at_once, refined : str
        The lanes of the worker for samples, and for refined maps.

    Attributes
    ----------
    arrived : Signal
        With a `MapImage` of what is wanted.
    grew_stale : Signal
        When the map that is shown is not yet the one that is wanted, for long enough to be seen.
    progressed : Signal
        With the part that is done, and whether it is the refined map that is computed.
    failed : Signal
        With the exception.
    """

    arrived = Signal(object)
    grew_stale = Signal()
    progressed = Signal(float, bool)
    failed = Signal(object)

    def __init__(self, context: Context, at_once: str, refined: str) -> None:
        super().__init__(context.window)
        self._runner, self._at_once, self._refined = context.runner, at_once, refined
        self._wanted: WantedMap | None = None
        self._known: Statistics | None = None
        self._rest = Delay(context.activity, REST_MS, self._refine, self, f"before {refined}")
        self._slow = Delay(context.activity, SLOW_MS, self._grow_stale, self)

    @property
    def wanted(self) -> WantedMap | None:
        """What is wanted now."""
        return self._wanted

    @property
    def known(self) -> Statistics | None:
        """The statistics of the whole map, once they have been computed."""
        return self._known

    def want(self, wanted: WantedMap | None, *, anew: bool = False) -> None:
        """Compute another part, or nothing any more; what is the same as before is not computed again, unless `anew`."""
        before, self._wanted = self._wanted, wanted
        if wanted is None:
            self._known = None
            if before is not None:
                self.cancel()
            return
        if not wanted.values_of(before):
            self._known = None
        if wanted.same(before) and not anew:
            return
        self._runner.cancel(self._refined)
        self._rest.start()
        if not self._slow.isActive():
            self._slow.start()
        request = wanted.request(self._known, refine=False)
        self._runner.submit(self._at_once, request, self._take, self._fail, self._progress, patience=PATIENCE)

    def cancel(self) -> None:
        """End whatever is computed."""
        for lane in (self._at_once, self._refined):
            self._runner.cancel(lane)
        self._rest.stop()
        self._slow.stop()

    def _refine(self) -> None:
        if self._wanted is None:
            return
        if self._runner.busy(self._at_once):
            self._rest.start()
            return
        request = self._wanted.request(self._known, refine=True)
        self._runner.submit(self._refined, request, self._take_whole, self._fail, self._progress)

    def _take(self, result: MapImage) -> None:
        """Hand on a sample; one of a former document is shown until there is a newer one, as far as it fits."""
        self._slow.stop()
        wanted, request = self._wanted, result.request
        if wanted is None or request.chain.source is not wanted.chain.source:
            return
        if len(request.chain.layers) == len(wanted.chain.layers):
            self.arrived.emit(result)

    def _take_whole(self, result: MapImage) -> None:
        request, wanted = result.request, self._wanted
        if wanted is None or request.chain is not wanted.chain or request.map != wanted.map:
            return
        self._known = result.known if result.whole else None
        self.arrived.emit(result)

    def _fail(self, error: Exception) -> None:
        self._slow.stop()
        self.failed.emit(error)

    def _grow_stale(self) -> None:
        if self._runner.busy(self._at_once):
            self.grew_stale.emit()

    def _progress(self, part: float) -> None:
        if not self._slow.isActive() and self._runner.busy(self._at_once, self._refined):
            self.progressed.emit(part, not self._runner.busy(self._at_once))
