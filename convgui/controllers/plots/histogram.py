"""Finer counts for the histogram where outliers leave too few bins for most values: counted at rest, while it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui.engine.looking.statistics import counts_between
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.model.state import State
    from convgui.worker.runner import Token

LANE = "histogram"

REST_MS = 150
"""Milliseconds without a change after which values are counted again."""


@dataclass(frozen=True, eq=False)
class CountRequest:
    """Count the values of the shown map that lie between two ends."""

    state: State
    low: float
    high: float

    def __call__(self, token: Token) -> tuple[CountRequest, tuple[NDArray[np.int64], int, int]]:
        """Count them, and those below and above."""
        state = self.state
        return self, counts_between(state.looked_at, state.map, self.low, self.high, cancelled=token.cancelled)


class HistogramController:
    """Asks for finer counts when the histogram wants them."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._histogram, self._dock = context.window.display.histogram, context.window.docks["display"]
        self._wanted: tuple[float, float] | None = None
        self._rest = Delay(context.activity, REST_MS, self._ask, context.window, f"before {LANE}")
        self._histogram.closer_wanted.connect(self._want)
        self._dock.seen_changed.connect(lambda seen: self._again() if seen else None)
        context.session.changed(lambda old, new: self._forget())

    def _want(self, low: float, high: float) -> None:
        self._wanted = low, high
        self._again()

    def _again(self) -> None:
        if self._wanted is not None and self._dock.seen():
            self._rest.start()

    def _forget(self) -> None:
        self._wanted = None
        self._rest.stop()
        self._context.runner.cancel(LANE)

    def _ask(self) -> None:
        state = self._context.state
        if self._wanted is not None and not state.why and not state.source.in_parts:  # whose map is never counted whole
            self._context.runner.submit(LANE, CountRequest(state, *self._wanted), self._take, self._context.tell_error)

    def _take(self, found: tuple[CountRequest, tuple[NDArray[np.int64], int, int]]) -> None:
        request, (counts, below, above) = found
        if (request.low, request.high) == self._wanted:
            self._histogram.set_closer(counts, request.low, request.high, (below, above))
