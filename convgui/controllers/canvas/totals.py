"""The sums of all maps of a layer, by which the strongest are found: a task that shows its progress and can be cancelled."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from convgui.model.map_grid import TotalsRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.engine.network import Chain


class Totals:
    """Knows the sums of the maps of one chain: that which was asked for last.

    Parameters
    ----------
    context : Context
    done : callable
        Told when those that were asked for are known.
    """

    def __init__(self, context: Context, done: Callable[[], None]) -> None:
        self._context, self._done = context, done
        self._chain: Chain | None = None
        self._task = ""
        self._known: NDArray[np.float64] | None = None

    def of(self, chain: Chain) -> NDArray[np.float64] | None:
        """Return the sums of the maps of a chain; where they are not known they are asked for, and None is returned."""
        if chain is not self._chain:
            self.stop()
            self._chain = chain
            take = partial(self._take, chain)
            self._task = self._context.tasks.begin("Comparing all maps", TotalsRequest(chain), take, ended=self._end)
        return self._known

    def stop(self) -> None:
        """Forget them, and compute nothing any more."""
        if self._task:
            self._context.tasks.cancel(self._task)
        self._chain = self._known = None

    def _take(self, chain: Chain, sums: NDArray[np.float64]) -> None:
        self._chain, self._known = chain, sums
        self._done()

    def _end(self) -> None:
        """Ask again the next time: they were cancelled, or they are about to be taken."""
        self._task, self._chain = "", None
