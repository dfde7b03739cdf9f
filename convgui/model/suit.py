"""A new input: settings of the layer that do not fit it are replaced. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convgui.engine.kernels import catalogue as catalog
from convgui.engine.source import usual_colour

if TYPE_CHECKING:
    from convgui.engine.source import Source
    from convgui.model.state import State

ONE_ROW = "central-difference"
"""The kernel of the catalogue that a sequence gets for one of several rows."""


def with_source(state: State, source: Source) -> tuple[State, str]:
    """Return the state with another input, and a sentence on what was replaced, empty if nothing was.

    Padding causal is for sequences; a sequence is one row, to which a kernel of one row belongs; and its channels are
    summed, as a layer does, while those of a photo are read as its luminance.
    """
    state, former = replace(state, source=source), state.source
    if state.layer.padding == "causal" and not source.sequence:
        state = state.with_layer(padding="same")
    if state.layer.colour == "luminance" or state.layer.colour == usual_colour(former):
        state = state.with_layer(colour=usual_colour(source))
    kernel = state.kernel
    if source.sequence and kernel.weights.ndim == 2 and kernel.size[0] > 1:
        rows, cols = kernel.size
        state = state.with_layer(kernel=catalog.make(ONE_ROW), stride=(1, state.layer.stride[1]))
        state = state.with_layer(dilation=(1, state.layer.dilation[1]))
        note = f"A sequence is one row: {state.kernel.name} took the place of {kernel.name}, {rows} × {cols}."
        return state, note
    return state, ""
