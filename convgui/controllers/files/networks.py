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


def suited_reading(network: Network, source: Source) -> tuple[Reading, str]:
    """Return how a picture is read for a network, and a sentence on what was assumed; empty if the file says it."""
    size = None if network.any_size else network.size
    reading = read_as_planes(network_reading(network.reading, network.channels, size), network.channels, source)
    if network.reading is not None:
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


def asked_text(network: Network) -> str:
    """Return a sentence on what the file does not say of its layers, and what was taken; empty if it says all.

    >>> from convgui.io.weights.network import Asked, Network
    >>> asked_text(Network((), (), 3, asked=(Asked(0, "stride", "1 × 1"), Asked(0, "padding", "valid"))))
    'The file says neither stride nor padding: 1 × 1, valid are taken; set them for each layer in Operation.'
    """
    taken = {one.setting: one.taken for one in network.asked}
    if not taken:
        return ""
    *first, last = taken
    named = f"neither {', '.join(first)} nor {last}" if first else f"no {last}"
    return f"The file says {named}: {', '.join(taken.values())} are taken; set them for each layer in Operation."
