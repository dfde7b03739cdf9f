"""The facts of the kernel and its small frequency response, which opens the large one: found while their panel is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.kernels.facts import kernel_facts
from convgui.engine.kernels.response import frequency_response
from convgui.engine.shown import number

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.kernels.kernel import Kernel
    from convgui.model.state import State


class FactsController:
    """Fills the panel of facts."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._card, self._dock = context.window.facts, context.window.docks["facts"]
        self._known: Kernel | None = None
        self._card.response_asked.connect(context.window.docks["response"].bring)
        self._dock.seen_changed.connect(lambda seen: self._show(context.state))
        context.afterwards.changed(lambda old, new: self._show(new))
        self._show(context.state)

    def _show(self, state: State) -> None:
        """Show the facts, where they are seen and are not those that stand there."""
        kernel = state.kernel
        self._card.setEnabled(kernel is not None)
        if kernel is None:
            self._known = None
            self._card.set_none()
            return
        if kernel is self._known or not self._dock.seen():
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
