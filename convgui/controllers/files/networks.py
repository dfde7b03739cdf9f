"""A network from a file becomes the document: how the photo is read for it, and what the file left open, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convgui.model.graphs import first_size
from convgui.model.suit import network_reading, read_as_planes

if TYPE_CHECKING:
    from convgui.engine.reading import Reading
    from convgui.engine.source import Source
    from convgui.io.weights.network import Network
    from convgui.io.weights.runtime import Runtime

SETTINGS = ("stride", "padding", "activation")
"""What is asked of a layer."""


def suited_reading(network: Network, source: Source) -> tuple[Reading, str]:
    """Return how a picture is read for a network, and a sentence on what was assumed; empty if the file says it.

    The numbers of a sequence are read as they are.
    """
    size = None if network.any_size else network.size
    reading = read_as_planes(network_reading(network.reading, network.channels, size), network.channels, source)
    if network.reading is not None or source.sequence:
        return reading, ""
    return reading, "The file does not say how photos are prepared: values from 0 to 1 are taken."


def graph_reading(model: Runtime, source: Source, *, any_size: bool) -> tuple[Reading, str]:
    """Return how a picture is read for a graph, and a sentence on what was assumed; a large photo is made smaller.

    `any_size`: whether it is run at another size than the file has, if that has one.
    """
    from convgui.io.weights.onnx.reading import reading_of  # here: a start needs none of it

    said, planes = reading_of(model.metadata), model.channels or 3
    size, notes = None if any_size else model.size, []
    if any_size and not source.sequence:
        size = first_size(source.rows, source.cols)
        notes.append(f"The graph takes any size: the photo is brought to {size[1]} × {size[0]}, which can be changed.")
    reading = read_as_planes(network_reading(said, planes, None if source.sequence else size), planes, source)
    if any_size and reading.size is not None:
        reading = replace(reading, fit="crop")
    if said is None:
        notes.append("The file does not say how photos are prepared: values from 0 to 1 are taken.")
    return reading, " ".join(notes)


def open_settings(network: Network, layer: int) -> tuple[str, ...]:
    """Return which of stride, padding and activation the file leaves open for a layer.

    >>> from convgui.io.weights.network import Asked, Network
    >>> open_settings(Network((), (), 3, asked=(Asked(1, "groups", "8"), Asked(1, "padding", "valid"))), 1)
    ('padding',)
    """
    asked = {one.setting for one in network.asked if one.layer == layer}
    return tuple(setting for setting in SETTINGS if setting in asked)


def open_words(network: Network) -> list[str]:
    """Return which of them the file leaves open for any layer."""
    asked = {one.setting for one in network.asked}
    return [setting for setting in SETTINGS if setting in asked]


def asked_text(network: Network) -> str:
    """Return a sentence on what the file does not say of its layers; empty if it says all.

    >>> from convgui.io.weights.network import Asked, Network
    >>> asked_text(Network((), (), 3, asked=(Asked(0, "stride", "1 × 1"), Asked(0, "padding", "valid"))))
    'The file says neither stride nor padding: they are asked when the network is opened.'
    """
    if not (words := open_words(network)):
        return ""
    *first, last = words
    if not first:
        return f"The file says no {last}: it is asked when the network is opened."
    return f"The file says neither {', '.join(first)} nor {last}: they are asked when the network is opened."
