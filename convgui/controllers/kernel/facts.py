"""The facts of the kernel and its small frequency response: found after the frame, and while their panel is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.kernels.facts import frequency_response, kernel_facts
from convgui.engine.shown import number
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.kernels.kernel import Kernel
    from convgui.model.state import State

AFTER_MS = 50
"""Milliseconds after a change: the picture comes first, and while weights are dragged nobody reads faster."""


class FactsController:
    """Fills the panel of facts."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._card, self._dock = context.window.facts, context.window.docks["facts"]
        self._known: Kernel | None = None
        self._soon = Delay(context.activity, AFTER_MS, self._show, context.window)
        self._dock.seen_changed.connect(lambda seen: self._want())
        context.session.changed(self._changed)
        self._changed(context.state, context.state)

    def _changed(self, old: State, new: State) -> None:
        self._card.setEnabled(new.kernel is not None)
        if new.kernel is None:
            self._known = None
            self._card.set_none()
        self._want()

    def _want(self) -> None:
        """Show the facts soon, where they are seen and are not those that stand there."""
        kernel = self._context.state.kernel
        if kernel is not None and kernel is not self._known and self._dock.seen() and not self._soon.isActive():
            self._soon.start()

    def _show(self) -> None:
        kernel = self._context.state.kernel
        if kernel is None:
            return
        self._known = kernel
        facts = kernel_facts(kernel.weights)
        self._card.set_facts(
            [
                ("Sum", facts.flat_text, "What the kernel makes of a flat area of value 1"),
                (
                    "Separable",
                    facts.rank_text,
                    "Whether two one-dimensional passes can do the same with fewer products",
                ),
                ("Symmetry", facts.symmetry, "What the kernel does when it is mirrored"),
                ("Noise gain", number(facts.noise_gain), "What it does to the deviation of noise that is independent"),
            ]
        )
        response = frequency_response(kernel.weights)
        middle = response[response.shape[0] // 2, response.shape[1] // 2]
        most = float(response.max())
        self._card.set_response(response, _passes(middle, float(response[0, 0]), float(response.min()), most))


def _passes(slow: float, fine: float, least: float, most: float) -> str:
    """Return in words which frequencies pass: the response to flat areas, to the finest detail, its ends."""
    if most - least <= 1e-6 * most:
        return "passes everything alike" if most else "passes nothing"
    if slow > 0.7 * most:
        return "passes what is slow"
    if slow > 0.3 * most:
        return "lifts what is fine"
    return "passes middle frequencies" if fine < 0.5 * most else "passes what is fine"
