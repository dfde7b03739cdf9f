"""Collapse: layers in a row become the one kernel that is equal to them, and what that means on this picture is said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.looking.collapse import Collapsed, breaks, collapse
from convgui.engine.network import Chain, evaluate
from convgui.engine.shown import short
from convgui.engine.strategies.tiles import Window
from convgui.model.layer_words import title

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.controllers.context import Context
    from convgui.engine.layers.base import Layer
    from convgui.model.state import State
    from convgui.worker.runner import Token

COMPARED = 256
"""Rows and columns of the middle of the map in which both are compared."""


@dataclass(frozen=True, eq=False)
class CollapseRequest:
    """Make the kernel, and compare what it makes of the picture with what the layers make.

    Attributes
    ----------
    first, last : int
        The layers, counted from 0, both included.
    """

    chain: Chain
    first: int
    last: int

    def __call__(self, token: Token) -> tuple[Collapsed, float]:
        """Return the layer, and the largest difference as a part of the largest value."""
        chain, layers = self.chain, self.chain.layers
        made = collapse(layers[self.first : self.last + 1], chain.shape(self.first))
        short_chain = Chain(chain.source, chain.reading, (*layers[: self.first], made.layer))
        maps, rows, cols = chain.shape(self.last + 1)
        side = min(rows, COMPARED), min(cols, COMPARED)
        middle = Window((rows - side[0]) // 2, (cols - side[1]) // 2, *side)
        shown = tuple(range(min(maps, 16)))
        several = evaluate(chain, middle, upto=self.last + 1, maps=shown, cancelled=token.cancelled)
        one = evaluate(short_chain, middle, maps=shown, cancelled=token.cancelled)
        with np.errstate(invalid="ignore"):
            difference = np.abs(several.astype(np.float64) - one)
        largest = float(np.nanmax(np.abs(several), initial=0.0))
        return made, float(np.nanmax(difference, initial=0.0)) / (largest or 1.0)


class CollapseController:
    """Collapses the layers around the one that is looked at."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the action does."""
        return {"collapse_layers": self.collapse}

    def collapse(self) -> None:
        """Replace the layers in a row that are sums of products by one, or say why there is none."""
        state = self._context.state
        if state.fault is not None:
            self._context.tell_error(f"There is nothing to collapse as long as a layer does not fit: {state.fault.sentence}")
            return
        first, last = row_around(state.layers, state.looked)
        if sentence := why_none(state.layers, state.looked, first, last):
            self._context.tell(sentence)
            return
        request = CollapseRequest(state.chain, first, last)
        self._context.runner.submit(
            "collapse", request, lambda result: self._take(state, request, *result), self._context.tell_error
        )

    def _take(self, before: State, request: CollapseRequest, made: Collapsed, difference: float) -> None:
        state = self._context.state
        if state.layers is not before.layers or state.source is not before.source:
            return  # the document has gone on meanwhile
        layers = (*state.layers[: request.first], made.layer, *state.layers[request.last + 1 :])
        new = replace(state, layers=layers, looked=request.first)
        count = sum(layer.on for layer in state.layers[request.first : request.last + 1])
        if not self._context.session.replace("collapse", new):
            return
        rows, cols = made.layer.kernel.size
        edge = "" if made.exact else " Near the edge they differ more: layers between added cells of their own there."
        self._context.tell(
            f"{count} layers became one kernel of {rows} × {cols}. In the middle of this picture their values differ by "
            f"{short(difference)} of the largest, which is rounding.{edge}"
        )


def row_around(layers: Sequence[Layer], looked: int) -> tuple[int, int]:
    """Return the first and the last layer of the row around one in which all are sums of products, or switched off."""
    if layers[looked].on and breaks(layers[looked]):
        return looked, looked
    first = last = looked
    while first > 0 and _passes(layers[first - 1]):
        first -= 1
    while last + 1 < len(layers) and _passes(layers[last + 1]):
        last += 1
    return first, last


def _passes(layer: Layer) -> bool:
    return not layer.on or not breaks(layer)


def why_none(layers: Sequence[Layer], looked: int, first: int, last: int) -> str:
    """Return why there is nothing to collapse, naming what stands in the way; empty if there is something."""
    if sum(layer.on for layer in layers[first : last + 1]) > 1:
        return ""
    beside = [looked, first - 1, last + 1]
    broken = [k for k in beside if 0 <= k < len(layers) and layers[k].on and breaks(layers[k])]
    if not broken:
        return "Expected two layers in a row or more to collapse, there is one."
    layer = layers[broken[0]]
    return f"Layer {broken[0] + 1}, {title(layer)}, {breaks(layer)}; so no single kernel does the same."
