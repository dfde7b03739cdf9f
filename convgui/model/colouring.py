"""How maps are coloured: the colour tables, and the limits of a map that is a picture like its input."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from convgui import assets
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.looking.colours import colour_table, display_range
from convgui.model.requests import Look, Tables
from convgui.model.state import Display

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.layers.base import Layer
    from convgui.engine.network import Chain
    from convgui.engine.source import Source
    from convgui.model.state import State


def keeps_brightness(kernel: Kernel) -> bool:
    """Whether the weights sum to 1, so that the map is a picture like the input."""
    return kernel.weights.ndim == 2 and abs(float(kernel.weights.sum()) - 1) < 1e-6 and kernel.weights.size > 1


@lru_cache(maxsize=64)
def table(name: str, dark: bool) -> NDArray[np.uint8]:
    """Return a colour map as a colour table."""
    return colour_table(assets.colour_map(name, dark))


def signed_table(dark: bool) -> NDArray[np.uint8]:
    """Return the one colour table that kernels have everywhere."""
    return table("berlin" if dark else "vik", dark)


def tables(colours: str, dark: bool) -> Tables:
    """Return the colour tables for a choice of colour map."""
    if colours != "auto":
        chosen = table(colours, dark)
        return Tables(chosen, chosen, chosen, diverging=colours in assets.SIGNED)
    return Tables(signed_table(dark), table("warm", dark), table("grey", dark))


def look_for(chain: Chain, display: Display, dark: bool) -> Look:
    """Return how a map that a chain makes is coloured."""
    picture = None
    if display.colours in ("auto", "grey") and not chain.source.toy and _is_picture(chain):
        picture = picture_range(chain.source)
    return Look(display.limits, tables(display.colours, dark), picture)


def _is_picture(chain: Chain) -> bool:
    """Whether a map is a picture like the input: brightness is kept from layer to layer."""
    return not any(chain.reading.offset) and chain.reading.colour != "custom" and all(map(_keeps, chain.layers))


def _keeps(layer: Layer) -> bool:
    if not layer.on or isinstance(layer, Pool | Resize):
        return True
    if isinstance(layer, Activation):
        return layer.function in ("linear", "relu", "abs") and not layer.parameters
    return isinstance(layer, Conv) and not any(layer.bias) and keeps_brightness(layer.kernel)


def look(state: State, dark: bool) -> Look:
    """Return how the present map is coloured."""
    return look_for(state.looked_at, state.display, dark)


def look_below(state: State, dark: bool) -> Look:
    """Return how the map of a layer below is coloured, which has limits of its own."""
    return look_for(state.input.chain, Display(colours=state.display.colours), dark)


@lru_cache(maxsize=4)
def stored_range(source: Source) -> tuple[float, float]:
    """Return the stored numbers that the input pane shows as black and white; may take a while for large arrays."""
    return display_range(source)


def picture_range(source: Source) -> tuple[float, float] | None:
    """Return the values that the input shows as black and white, where the dtype says so."""
    if source.dtype.kind == "u":
        return 0.0, float(np.iinfo(source.dtype.name).max) * source.scale
    return None
