"""How maps are coloured: the colour tables, and the limits of a map that is a picture like its input."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from convgui import assets
from convgui.engine.looking.colours import colour_table, display_range
from convgui.model.requests import Look, Tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.layers.conv import Conv
    from convgui.engine.source import Source
    from convgui.model.state import Display, State


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


def look_for(layer: Conv, source: Source, display: Display, dark: bool) -> Look:
    """Return how the map of a layer is coloured."""
    picture = None
    usual = layer.activation in ("linear", "relu", "abs") and not any(layer.bias)
    if display.colours in ("auto", "grey") and usual and keeps_brightness(layer.kernel) and not source.toy:
        picture = picture_range(source)
    return Look(display.limits, tables(display.colours, dark), picture)


def look(state: State, dark: bool) -> Look:
    """Return how the present map is coloured."""
    return look_for(state.layer, state.source, state.display, dark)


@lru_cache(maxsize=4)
def stored_range(source: Source) -> tuple[float, float]:
    """Return the stored numbers that the input pane shows as black and white; may take a while for large arrays."""
    return display_range(source)


def picture_range(source: Source) -> tuple[float, float] | None:
    """Return the values that the input shows as black and white, where the dtype says so."""
    if source.array.dtype.kind == "u":
        return 0.0, float(np.iinfo(source.array.dtype.name).max) * source.scale
    return None
