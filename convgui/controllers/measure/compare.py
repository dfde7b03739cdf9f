"""Comparing: the present model with itself in rounded numbers, or with one that was kept before another was opened."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from convgui.engine.looking.differences import differences, rounded
from convgui.engine.network import Chain
from convgui.engine.shown import number
from convgui.model.layer_words import title
from convgui.views.measure.compare_panel import TOLERANCE, CompareLine
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.engine.looking.differences import Difference
    from convgui.model.state import State
    from convgui.worker.runner import Token

LANE = "compare"

REST_MS = 250
"""Milliseconds without a change after which models are compared."""

NOTHING_KEPT = "Press Keep this one, then open another model: both are compared on the same photo, layer by layer."
KEPT = "Kept. Open another model, or change this one: the panel Compare models shows where they differ."
COMPARING = "Comparing the models …"


@dataclass(frozen=True, eq=False)
class CompareRequest:
    """Deliver how far two models differ after each layer; a rounded one is made here."""

    one: Chain
    other: Chain
    rounding: str = ""

    def __call__(self, token: Token) -> str:
        """Return why the comparison ended early; empty if it did not."""
        other = self.other
        if self.rounding:
            other = replace(other, layers=rounded(other.layers, self.rounding))
        try:
            for found in differences(self.one, other, token.cancelled, token.progress):
                token.deliver(found)
        except ValueError as error:
            return str(error)
        return ""


class CompareController(QObject):
    """Fills the table while its panel is seen, and goes where models differ."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        super().__init__(context.window)
        self._context, self._probe = context, probe
        self._panel, self._dock = context.window.compare, context.window.docks["compare"]
        self._with, self._tolerance = "float16", TOLERANCE
        self._kept: Chain | None = None
        self._of: State | None = None
        self._found: list[Difference] = []
        self._ended = ""
        self._rest = Delay(context.activity, REST_MS, self._compare, self, f"before {LANE}")
        self._panel.compared_with.connect(self._compare_with)
        self._panel.tolerance_changed.connect(self._tolerate)
        self._panel.chosen.connect(self._go)
        self._dock.seen_changed.connect(lambda seen: self._follow())
        context.afterwards.changed(lambda old, new: self._follow())

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about comparing."""
        return {"keep_model": self.keep}

    def keep(self) -> None:
        """Keep the present model, to be compared with others."""
        self._kept = self._context.state.chain
        self._context.tell(KEPT)
        self._dock.bring()
        self._compare_with("kept")

    def _compare_with(self, other: str) -> None:
        self._with = other
        self._panel.set_other(other)
        self._of = None
        self._follow()

    def _tolerate(self, tolerance: float) -> None:
        self._tolerance = tolerance
        self._show()

    # comparing

    def _follow(self) -> None:
        """Compare anew where the panel is seen and the model, or the photo, is another one."""
        state = self._context.state
        if not self._dock.seen():
            self._stop()
            self._of = None
        elif self._of is None or not _same(self._of, state):
            self._stop()
            self._rest.start()

    def _stop(self) -> None:
        self._rest.stop()
        self._context.runner.cancel(LANE)

    def _compare(self) -> None:
        state = self._context.state
        self._of, self._found, self._ended = state, [], ""
        if state.fault is not None:
            self._ended = state.fault.sentence
        elif self._with == "kept" and self._kept is None:
            self._ended = NOTHING_KEPT
        else:
            chain, kept = state.chain, self._kept
            rounding = "" if self._with == "kept" else self._with
            other = chain if rounding or kept is None else Chain(state.source, kept.reading, kept.layers)
            request = CompareRequest(chain, other, rounding)
            fail = self._context.tell_error
            self._context.runner.submit(LANE, request, self._end, fail, part=self._take)
            self._panel.set_lines((), "", COMPARING)
            return
        self._show()

    def _take(self, found: Difference) -> None:
        self._found.append(found)
        self._show()

    def _end(self, why: str) -> None:
        self._ended = why
        self._show()

    # showing

    def _show(self) -> None:
        if self._of is None:
            return
        layers, lines, first = self._of.layers, [], None
        for one in self._found:
            beyond = one.beyond(self._tolerance)
            starts = beyond and first is None
            first = one if starts else first
            part = "0" if not one.largest else f"{100 * one.part:.2g} %" if np.isfinite(one.part) else "∞"
            where = f"map {one.map}, row {one.row}, column {one.col}" if one.largest else "–"
            name = f"{one.layer}  {title(layers[one.layer - 1])}"
            lines.append(CompareLine(name, (number(one.largest, 3), part, where), beyond, starts))
        if first is not None:
            detail = f"first beyond the tolerance: {first.layer}, {title(layers[first.layer - 1])}"
        else:
            detail = "all within the tolerance" if lines else ""
        if self._ended and lines:
            detail = self._ended
        self._panel.set_lines(lines, detail, self._ended)

    def _go(self, index: int) -> None:
        """Look at a layer, and pin the cell in which the models differ most."""
        state = self._context.state
        if not 0 <= index < len(self._found) or self._of is None or not _same(self._of, state):
            return
        one = self._found[index]
        display = replace(state.display, map=one.map, below=None)
        if state.looked != one.layer - 1:
            self._probe.follow(one.layer - 1, (one.row, one.col))
        self._context.session.update("look where models differ", looked=one.layer - 1, display=display)
        self._probe.pin((one.row, one.col))


def _same(a: State, b: State) -> bool:
    return a.source is b.source and a.reading == b.reading and a.layers == b.layers
