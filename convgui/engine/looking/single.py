"""Explanations of one convolution that carries its activation function and colour mode itself, as documents had them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.looking.explain import Explanation, explain
from convgui.engine.looking.uses import Uses, uses
from convgui.engine.network.single import chain_of

if TYPE_CHECKING:
    from convgui.engine.layers.conv import Conv
    from convgui.engine.source import Source


def explain_layer(layer: Conv, source: Source, map: int, row: int, col: int) -> Explanation:
    """Return what the output cell (row, col) of a map is made of."""
    chain = chain_of([layer], source)
    found = explain(chain, len(chain.layers), map, row, col)
    assert isinstance(found, Explanation)
    return found


def uses_layer(layer: Conv, source: Source, map: int, row: int, col: int, channel: int | None = None) -> Uses:
    """Return where the input cell (row, col) goes in a map."""
    return uses(chain_of([layer], source), 1, map, row, col, channel)
