"""The arithmetic panel: how the value of a cell is made, or what an input cell brings to its outputs, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QGuiApplication

from convgui.controllers.measure.made import made_of
from convgui.engine.kernels.facts import symmetric
from convgui.engine.layers.graph import Graph
from convgui.engine.looking.explain import Explanation
from convgui.engine.shown import number
from convgui.model import colouring, derive
from convgui.model.pointed import drawn_terms, photo_shown, weight_of_term
from convgui.model.texts import place_text
from convgui.views.measure.arithmetic import LARGEST_GRID
from convgui.views.measure.values import Largest, Shares, Sum

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.engine.layers.explained import Explained
    from convgui.engine.looking.uses import Uses
    from convgui.model.finding import Finding
    from convgui.model.state import State

HINT = (
    "Move the cursor over the activation to see how a value is made, over the input to see where a pixel goes. "
    "Click pins a cell, arrow keys move it."
)
NOWHERE = "No output reads this cell: the stride steps over it, or the padding leaves it out."
NO_PART = "of the photo has no part in any output of this map"
FIRST = "Point at a cell of the activation first, or click to pin one; then its sum can be copied."
PREDICT = "Predict the value first, or press Reveal; then its sum can be copied."
TERMS = 28
"""Terms of a large kernel that are shown."""


class ArithmeticController:
    """Shows what is pointed at in the arithmetic panel and in the kernel's grid, and copies it."""

    def __init__(self, context: Context, probe: ProbeController) -> None:
        self._context, self._probe = context, probe
        self._dock = context.window.docks["probe"]
        self._dock.seen_changed.connect(lambda seen: self._explain(probe.finding()))
        context.window.actions_by_id["sort_terms"].toggled.connect(context.window.probe.set_order)
        context.on_theme(self._set_colours)
        self._set_colours()
        probe.found.connect(self._show)
        self._show(probe.finding())

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the explanation."""
        return {
            "copy_sum": self.copy_text,
            "copy_numpy": self.copy_numpy,
        }

    # copying

    def copy_text(self) -> None:
        """Put the sum on the clipboard as text."""
        self._copy(_as_text, "The sum was copied as text")

    def copy_numpy(self) -> None:
        """Put an expression that evaluates to the value on the clipboard."""
        self._copy(_as_numpy, "The sum was copied as a NumPy expression")

    def _copy(self, make: Callable[[Explanation | Explained], str], note: str) -> None:
        finding = self._probe.finding()
        made = finding.explanation or finding.made
        if made is None or finding.pointed.value_hidden:
            self._context.tell(PREDICT if finding.pointed.value_hidden else FIRST)
            return
        QGuiApplication.clipboard().setText(make(made))
        self._context.succeeded(note)

    # showing

    def _set_colours(self) -> None:
        self._context.window.probe.set_table(colouring.signed_table(self._context.dark))

    def _show(self, finding: Finding) -> None:
        state, pointed, grid = finding.state, finding.pointed, self._context.window.kernel_card.grid
        grid.set_mark(weight_of_term(state, pointed))
        grid.set_outlined(finding.explanation is not None)
        self._explain(finding)

    def _explain(self, finding: Finding) -> None:
        """Fill the panel, where it is seen."""
        if not self._dock.seen():  # a closed panel costs nothing
            return
        state, pointed, window = finding.state, finding.pointed, self._context.window
        window.probe.set_value_hidden(pointed.value_hidden)
        if state.conv is not None and state.kernel is not None:
            window.probe.set_flipped(state.conv.flip, symmetric=symmetric(state.kernel.weights))
        window.probe.set_marks(drawn_terms(state, pointed.term))
        window.probe.set_offered("sort_terms", finding.made is None)
        if finding.explanation is not None:
            self._show_sum(state, finding.explanation, finding.beside, pinned=pointed.pinned)
        elif finding.uses is not None:
            self._show_shares(finding, finding.uses)
        elif finding.made is not None:
            self._show_made(finding, finding.made)
        elif finding.readers is not None and pointed.pixel is not None:
            count = finding.readers[0].size * finding.readers[1].size
            where = place_text(state, *pointed.pixel).capitalize()
            window.probe.set_nothing(f"{where} {_reaches(state, count)}.")
        else:
            window.probe.set_nothing((state.why and "There is no output to explain.") or HINT)

    def _show_sum(self, state: State, e: Explanation, theirs: float | None, *, pinned: bool) -> None:
        lay = np.vstack if state.input.sequence else np.hstack  # the channels of a sequence lie below each other
        shown = Sum(
            patch=lay(list(e.patch)),
            weights=lay(list(e.weights)),
            products=lay(list(e.products)),
            outside=lay([e.outside] * len(e.patch)),
            total=e.total,
            bias=e.bias,
            activation=e.activation,
            value=e.value,
            channels=e.channels,
        )
        large = max(shown.weights.shape) > LARGEST_GRID
        rows, sequence = e.weights.shape[1], state.input.sequence
        several = len(e.reads) > 1 and not sequence
        terms = [
            Largest(
                t.plane * rows + t.u if sequence else t.u,
                t.v,
                t.value,
                t.weight,
                t.product,
                e.reads[t.plane] if several else None,
            )
            for t in (e.largest(TERMS) if large else [])
        ]
        self._context.window.probe.set_places(
            "map, row, col" if several else "channel, step" if len(e.reads) > 1 else "row, column"
        )
        where, advice = self._heading(state, e.map, e.row, e.col, pinned=pinned)
        where += beside_words(state, e.value, theirs)
        self._context.window.probe.set_sum(where, shown, terms, self._tint(e.value), advice)

    def _show_made(self, finding: Finding, made: Explained) -> None:
        """Show how a layer that is no convolution makes a value."""
        state = finding.state
        below = state.input.chain
        shown = made_of(finding, derive.map_names(below) if below.fault is None else ())
        where, advice = self._heading(state, made.map, made.row, made.col, pinned=finding.pointed.pinned)
        where += beside_words(state, made.value, finding.beside)
        self._context.window.probe.set_made(where, shown, self._tint(made.value), advice)

    def _heading(self, state: State, map: int, row: int, col: int, *, pinned: bool) -> tuple[str, str]:
        """Return which cell is explained, and what can be done with it."""
        names = derive.names_of_maps(state)
        channel = f"{names[map]}  ·  " if len(names) > 1 else ""
        advice = "pinned, Esc frees" if pinned else "click to pin"
        return f"{channel}{place_text(state, row, col)}", advice

    def _tint(self, value: float) -> tuple[int, int, int] | None:
        """Return a colour of the signed colour map that is legible as text on the card."""
        if not np.isfinite(value) or value == 0:
            return None
        table = colouring.signed_table(self._context.dark)
        place = {(True, True): 236, (True, False): 208, (False, True): 20, (False, False): 48}
        r, g, b = (int(c) for c in table[place[value > 0, self._context.dark]])
        return r, g, b

    def _show_shares(self, finding: Finding, found: Uses) -> None:
        read, pixel = finding.state.input, finding.pointed.pixel
        where = place_text(finding.state, found.row, found.col)
        if pixel is not None and read.lanes > 1:
            where = f"{read.source.channel_names[pixel[0]]}, {where}"
        readers = _read_by(found.rows.size * found.cols.size)
        value = float(found.values[0]) if found.values.size else float("nan")
        shares = Shares(value, found.weights.sum(axis=0), found.shares.sum(axis=0))
        self._context.window.probe.set_shares(f"{where} of the input  ·  {readers}", shares, NOWHERE)


def beside_words(state: State, value: float, theirs: float | None) -> str:
    """Return what whoever runs a graph has in place of a value, and how far it is from ours; empty if that has none."""
    if theirs is None:
        return ""
    graph = next(layer for layer in reversed(state.layers[: state.looked]) if isinstance(layer, Graph))
    return f"  ·  {graph.model.label}: {number(theirs, 6)}, difference {number(value - theirs, 2)}"


def _as_text(e: Explanation | Explained) -> str:
    return e.as_text() if isinstance(e, Explanation) else f"{e.sentence}\n"


def _as_numpy(e: Explanation | Explained) -> str:
    return e.as_numpy() if isinstance(e, Explanation) else e.numpy


def _read_by(count: int) -> str:
    return f"read by {count} output{'s' if count != 1 else ''}" if count else "read by no output"


def _reaches(state: State, count: int) -> str:
    """Return how many outputs an input cell, or a pixel of the photo, has a part in."""
    if photo_shown(state):
        return f"of the photo can change {count:,} output{'s' if count != 1 else ''} of this map" if count else NO_PART
    return f"of the input is {_read_by(count)}"
