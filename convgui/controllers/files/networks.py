"""A network from a file becomes the document: how the photo is read for it, and what the file left open, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.model.suit import network_reading, read_as_planes

if TYPE_CHECKING:
    from convgui.engine.reading import Reading
    from convgui.engine.source import Source
    from convgui.io.weights.network import Network


def suited_reading(network: Network, source: Source) -> tuple[Reading, str]:
    """Return how a picture is read for a network, and a sentence on what was assumed; empty if the file says it."""
    size = None if network.any_size else network.size
    reading = read_as_planes(network_reading(network.reading, network.channels, size), network.channels, source)
    if network.reading is not None:
        return reading, ""
    return reading, "The file does not say how photos are prepared: values from 0 to 1 are taken."


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
