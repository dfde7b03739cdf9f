"""A network from a file becomes the document: how the photo is read for it, and what the file left open, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from convgui.engine.reading import Reading

if TYPE_CHECKING:
    from convgui.engine.source import Source
    from convgui.io.weights.network import Network


def suited_reading(network: Network, source: Source) -> tuple[Reading, str]:
    """Return how a picture is read for a network, and a sentence on what was assumed; empty if the file says it."""
    size = None if network.any_size else network.size
    if network.reading is not None and len(network.reading.matrix or [()]) == network.channels:
        return replace(network.reading, size=size if network.reading.factor is None else None), ""
    note = "The file does not say how photos are prepared: values from 0 to 1 are taken"
    if network.channels == source.channels:
        colour = "each channel" if network.channels > 1 else "luminance"
        return Reading(colour, size=size, filter="BILINEAR"), f"{note}."
    if network.channels == 1:
        return Reading("luminance", size=size, filter="BILINEAR"), f"{note}, of the brightness."
    if source.channels == 1:
        matrix = ((1.0,),) * network.channels
        return Reading("custom", matrix=matrix, size=size, filter="BILINEAR"), f"{note}, the grey picture for each channel."
    return Reading("each channel", size=size, filter="BILINEAR"), ""


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
