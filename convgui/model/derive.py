"""What follows from the document: why there is no map, the shape of the output, and what the panes show."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convgui.engine.layers.conv import Conv
from convgui.model.viewport import Rect, from_source, input_rect, map_rect, padded_rect

if TYPE_CHECKING:
    from convgui.engine.network import Chain
    from convgui.model.state import State


def map_rows(state: State) -> tuple[int, int]:
    """Return the first row of the map of a sequence in input coordinates, and how many there are: usually 0 and 1."""
    return (0, 1) if state.axes is None else (int(state.axes[0].origin), state.axes[0].outputs)


def input_share(state: State) -> float:
    """Return which part of the height the input takes above the map of a sequence: more if it has more rows."""
    return min(max(state.input.lanes / (state.input.lanes + map_rows(state)[1]), 0.4), 0.68)


def maps(state: State) -> int:
    """Return how many maps there are; 1 also if there is no output."""
    shape = state.output_shape
    return shape.maps if shape else 1


def names_of_maps(state: State) -> tuple[str, ...]:
    """Return the names of the maps that are looked at; one empty name for a single map."""
    return ("",) if state.why else map_names(state.looked_at)


def map_names(chain: Chain) -> tuple[str, ...]:
    """Return a short name for each map that a chain makes; a single map has an empty one.

    Where each map is made of one channel of the source it is called by that, else by its number.
    """
    maps, channels = chain.shape(len(chain.layers)).maps, chain.source.channel_names
    if maps == 1:
        return ("",)
    mixed = any(isinstance(layer, Conv) and layer.on and layer.kernel.weights.ndim == 4 for layer in chain.layers)
    if chain.reading.colour == "each channel" and maps == len(channels) and not mixed:
        return channels
    return tuple(str(i) for i in range(maps))


def extent(state: State) -> Rect:
    """Return the rectangle that is shown when the picture is fitted: the input, and what is larger of the map and the photo.

    The photo counts where it is shown instead of what a later layer reads, or under its map. Of a toy grid the padding is
    shown as well; where there is none, its room is kept, so that `valid` and `same` have one scale.
    """
    read, source = state.input, state.source
    rect = input_rect(read)
    if not read.sequence and (state.display.photo or state.over_photo):
        rect = rect.united(Rect(*from_source((0.0, 0.0, float(source.cols), float(source.rows)), read)))
    if state.axes is None:
        return rect
    rect = rect.united(map_rect(*state.axes))
    if not read.toy:
        return rect
    return rect.united(padded_rect(*state.axes)).united(_with_padding(state) or rect)


def _with_padding(state: State) -> Rect | None:
    """Return the rectangle of a grid with what padding `same` would add."""
    conv, read = state.conv, state.input
    if conv is None or conv.padding != "valid" or read.sequence:
        return None
    return padded_rect(*replace(conv, padding="same").axes(read.rows, read.cols))
