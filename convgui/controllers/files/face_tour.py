"""The tour through a trained network: four steps in the live window, from edge to face."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.controllers.recipes import state_of
from convgui.model.face_tour import STOPS
from convgui.model.state import changed_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.controllers.files.samples import SamplesController
    from convgui.controllers.measure.probe import ProbeController
    from convgui.engine.source import Source
    from convgui.io.recipe import Recipe
    from convgui.model.state import State

NETWORK = "p-net.json"


class FaceTourController:
    """Goes through the layers of the bundled face detector."""

    def __init__(self, context: Context, probe: ProbeController, samples: SamplesController) -> None:
        self._context, self._probe, self._samples = context, probe, samples
        self._network: State | None = None
        self._at: int | None = None
        self._run, self._going = 0, False
        card = context.window.tour
        card.advanced.connect(self._go)
        card.closed.connect(self._close)
        context.window.actions_by_id["unpin"].triggered.connect(self._close)
        context.session.changed(self._changed)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the action does."""
        return {"tour_network": self.start}

    @property
    def step(self) -> int | None:
        """The number of the step that is shown, from 0 on; None while there is no tour."""
        return self._at

    def start(self) -> None:
        """Read the network, and begin with the first step."""
        self._samples.read_network(NETWORK, self._begin)

    def _begin(self, found: tuple[Recipe, Source]) -> None:
        self.end()
        self._network = state_of(*found)
        self._run += 1
        self._context.window.actions_by_id["workspace_network"].trigger()
        self._show(0)
        self._context.window.messages.clear()

    def _show(self, at: int) -> None:
        assert self._network is not None
        stop, card = STOPS[at], self._context.window.tour
        self._going = True
        self._context.session.replace("the tour", stop.state(self._network), ("face tour", self._run))
        self._going = False
        self._at = at
        card.set_step(at + 1, len(STOPS), stop.title, stop.text, "")
        card.show()
        card.forward.setFocus()
        if stop.cell is None:
            self._probe.unpin()
        else:
            self._context.window.actions_by_id["show_probe"].setChecked(True)
            self._probe.pin(stop.cell)

    def _go(self, by: int) -> None:
        if self._at is None:
            return
        if self._at + by >= len(STOPS):
            self.end()
        else:
            self._show(max(self._at + by, 0))

    def end(self) -> None:
        """Hide the card; the document stays, and undo brings back the one from before the tour."""
        if self._at is not None:
            self._at = None
            self._context.window.tour.hide()

    def _close(self) -> None:
        if self._at is not None:
            self.end()
            self._context.tell("The tour is over; Undo brings back what was there before it.")

    def _changed(self, old: State, new: State) -> None:
        """End the tour when the source or the layers are changed by something else."""
        if self._at is not None and not self._going and changed_fields(old, new) & {"source", "reading", "layers"}:
            self.end()
