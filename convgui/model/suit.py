"""A new input: settings of the layer that do not fit it are replaced. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convgui.engine.kernels import catalogue as catalog
from convgui.engine.layers.conv import Conv
from convgui.engine.reading import Reading
from convgui.engine.source import usual_colour

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer
    from convgui.engine.source import Source
    from convgui.model.state import State

ONE_ROW = "central-difference"
"""The kernel of the catalogue that a sequence gets for one of several rows."""


def usual_reading(layers: Sequence[Layer], source: Source) -> Reading:
    """Return how a source is read unless somebody says otherwise: by a bank each channel, else as is usual for it."""
    first = layers[0]
    bank = isinstance(first, Conv) and first.kernel.weights.ndim == 4
    return Reading("each channel" if bank else usual_colour(source))


def with_source(state: State, source: Source) -> tuple[State, str]:
    """Return the state with another input, and a sentence on what was replaced, empty if nothing was.

    Padding causal is for sequences; a sequence is one row, to which a kernel of one row belongs where the first layer is a
    hand-made one; and its channels are summed, as a layer does, while those of a photo are read as its luminance. A reading
    that somebody has chosen stays, as do layers above the first one.
    """
    state, former = replace(state, source=source), state.source
    if not source.sequence:
        state = replace(state, layers=tuple(_not_causal(layer) for layer in state.layers))
    reading = state.reading
    if reading.colour in ("luminance", usual_colour(former)):
        state = replace(state, reading=replace(reading, colour=usual_colour(source)))
    first = state.layers[0]
    if not (source.sequence and isinstance(first, Conv) and first.kernel.weights.ndim == 2 and first.kernel.size[0] > 1):
        return state, ""
    rows, cols = first.kernel.size
    kernel = catalog.make(ONE_ROW)
    one_row = replace(first, kernel=kernel, stride=(1, first.stride[1]), dilation=(1, first.dilation[1]))
    note = f"A sequence is one row: {kernel.name} took the place of {first.kernel.name}, {rows} × {cols}."
    return replace(state, layers=(one_row, *state.layers[1:])), note


def _not_causal(layer: Layer) -> Layer:
    return replace(layer, padding="same") if isinstance(layer, Conv) and layer.padding == "causal" else layer
