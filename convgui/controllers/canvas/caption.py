"""The caption for a projector: it says what is done, and how the value that is pointed at is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.looking.explain import Explanation
from convgui.engine.shown import arithmetic
from convgui.model import texts
from convgui.model.layer_words import settings_words

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.finding import Finding
    from convgui.model.state import State

FEW = 9
"""Products up to which all of them are written."""


class CaptionController:
    """Fills the caption, while the window is for a projector."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context, self._probe, self._caption = context, probe, context.window.stage.caption
        context.session.changed(lambda old, new: self._show())
        context.on_present(self._show)
        probe.found.connect(lambda _: self._show())

    def _show(self) -> None:
        if self._context.presenting:
            self._caption.set_what(what_text(self._context.state))
            self._caption.set_how(how_text(self._probe.finding()))


def what_text(state: State) -> str:
    """Return what is done, and what comes out."""
    shape = state.output_shape
    size = "no output" if shape is None else texts.size_text(shape.rows, shape.cols, state.input.toy)
    conv = state.conv
    words = settings_words(state.unit.layer)
    if conv is not None and str(conv.padding) not in words:
        words = f"{words} · {conv.padding}"
    return f"{' · '.join(filter(None, (state.title, words)))} → {size}"


def how_text(finding: Finding) -> str:
    """Return the sum of a cell, as far as it fits into a line; empty if nothing is pointed at."""
    e, hidden = finding.explanation, finding.pointed.value_hidden
    if not isinstance(e, Explanation):
        return "" if finding.made is None or hidden else finding.made.sentence
    shown = arithmetic(e.patch.sum(axis=0), e.weights.sum(axis=0), e.total, e.bias, e.value)
    result = "?" if hidden else shown.value
    terms = [
        f"{a}·{b}"
        for row, weights in zip(shown.patch, shown.weights, strict=True)
        for a, b in zip(row, weights, strict=True)
        if b.strip("−0.") or len(row) * len(shown.patch) <= FEW // 2
    ]
    if len(e.patch) > 1 or len(terms) > FEW or not shown.agrees:
        return f"sum {'?' if hidden else shown.total} + bias {shown.bias} → {result}"
    bias = f" + {shown.bias}" if e.bias else ""
    return f"{' + '.join(terms) or '0'}{bias} = {result}"
