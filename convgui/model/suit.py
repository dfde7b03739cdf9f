"""A new input: settings of the layer that do not fit it are replaced. Pure functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels import catalogue as catalog
from convgui.engine.layers.conv import Conv
from convgui.engine.reading import Reading
from convgui.engine.source import Source, channel_mixes, usual_colour
from convgui.model.preparation import for_planes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer
    from convgui.model.state import State

ONE_ROW = "central-difference"
"""The kernel of the catalogue that a sequence gets for one of several rows."""


def usual_reading(layers: Sequence[Layer], source: Source) -> Reading:
    """Return how a source is read unless somebody says otherwise: by a bank each channel, else as is usual for it."""
    first = layers[0]
    bank = isinstance(first, Conv) and first.kernel.weights.ndim == 4
    return Reading("each channel" if bank else usual_colour(source))


def read_as_planes(reading: Reading, planes: int, source: Source) -> Reading:
    """Return a reading that makes so many planes of a source, of one that makes them of a source with as many channels.

    A grey picture becomes each of the planes, and for one plane the channels are brought together as is usual. What suits
    the source stays; where nothing suits, too, and the first layer says what it expects.

    Parameters
    ----------
    reading : Reading
        With `planes` x `planes` numbers where it has a matrix.
    planes : int
    source : Source

    Examples
    --------
    >>> grey, photo = Source(np.zeros((4, 5), np.uint8)), Source(np.zeros((4, 5, 3), np.uint8))
    >>> read_as_planes(Reading("each channel"), 3, grey).matrix
    ((1.0,), (1.0,), (1.0,))
    >>> read_as_planes(Reading("custom", matrix=((2.0,),), offset=(-1.0,)), 1, photo).matrix
    ((0.598, 1.174, 0.228),)
    """
    channels, own = source.channels, np.array(reading.matrix) if reading.matrix else np.eye(planes)
    if channels == planes or own.shape != (planes, planes):
        return reading
    if planes == 1:
        colour = usual_colour(source)
        if not reading.matrix:
            return replace(reading, colour=colour)
        own = own @ channel_mixes(colour, channels, 1.0)
    elif channels == 1:
        own = own.sum(axis=1, keepdims=True)
    else:
        return reading
    return replace(reading, colour="custom", matrix=tuple(tuple(row) for row in own.tolist()))


def network_reading(
    said: Reading | None, planes: int, size: tuple[int, int] | None = None, preset: str | None = None
) -> Reading:
    """Return how pictures are read for a network, of so many channels; `read_as_planes` suits it to others.

    Parameters
    ----------
    said : Reading, optional
        What its file says.
    planes : int
        That it reads.
    size : (int, int), optional
        Rows and columns that it needs, where it needs certain ones.
    preset : str, optional
        One of `PRESETS`, which takes the place of what the file says.

    Raises
    ------
    ValueError
        If the preset has numbers for other channels.

    Examples
    --------
    >>> network_reading(None, 3, (224, 224)).colour, network_reading(None, 1, preset="-1 … 1").matrix
    ('each channel', ((2.0,),))
    """
    like = Reading(size=size, filter="BILINEAR")
    if preset is not None:
        made = for_planes(preset, planes).reading(like)
    elif said is not None and len(said.matrix or [()] * planes) == planes:
        made = replace(said, size=None if said.factor is not None else size or said.size)
    else:
        made = replace(like, colour="each channel")
    return replace(made, colour="luminance") if planes == 1 and not made.matrix else made


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
