"""Derivations: what follows from the document and is not part of it. Pure functions, the same answer each time."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from convgui import assets
from convgui.engine.layers.activations import NON_NEGATIVE
from convgui.engine.layers.conv import map_names
from convgui.engine.looking.colours import colour_table
from convgui.engine.source import channel_mixes, mix_plane
from convgui.model.requests import Look, Tables
from convgui.model.viewport import Rect, map_rect, padded_rect, source_rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.layers.conv import Conv
    from convgui.engine.source import Source
    from convgui.model.state import Display, State


def lanes(source: Source) -> int:
    """Return how many rows the input pane shows of a sequence, one for each channel; 1 for a picture."""
    return source.channels if source.sequence else 1


def map_rows(state: State) -> tuple[int, int]:
    """Return the first row of the map of a sequence in input coordinates, and how many there are: usually 0 and 1."""
    return (0, 1) if isinstance(state.bound, str) else (int(state.bound.rows.origin), state.bound.rows.outputs)


def input_share(state: State) -> float:
    """Return which part of the height the input takes above the map of a sequence: more if it has more rows."""
    return min(max(lanes(state.source) / (lanes(state.source) + map_rows(state)[1]), 0.4), 0.68)


def fault(state: State) -> str:
    """Return the sentence that says why there is no map, empty if there is one."""
    return state.bound if isinstance(state.bound, str) else ""


def output_shape(state: State) -> tuple[int, int, int] | None:
    """Return maps, rows and columns of the output; None if there is none."""
    return None if isinstance(state.bound, str) else state.bound.shape


def maps(state: State) -> int:
    """Return how many maps there are; 1 also if there is no output."""
    shape = output_shape(state)
    return shape[0] if shape else 1


def shown_map(state: State) -> int:
    """Return which map is shown: the chosen one, or the last if there are fewer."""
    shape = output_shape(state)
    return min(state.display.map, shape[0] - 1) if shape else 0


def names_of_maps(state: State) -> tuple[str, ...]:
    """Return the names of the maps; one empty name for a single map."""
    return ("",) if fault(state) else map_names(state.layers, state.source)


def extent(state: State) -> Rect:
    """Return the rectangle that is shown when the picture is fitted: the input, and the map where it is larger.

    Of a toy grid the padding is shown as well.
    """
    rect = source_rect(state.source)
    if isinstance(state.bound, str):
        return rect
    rect = rect.united(map_rect(state.layer, state.source))
    return rect.united(padded_rect(state.bound.rows, state.bound.cols)) if state.source.toy else rect


def shape_text(state: State) -> str:
    """Return input and output shape for the status bar."""
    stored = " × ".join(str(n) for n in state.source.array.shape)
    shape = output_shape(state)
    if shape is None:
        return f"{stored} {state.source.array.dtype} → no output"
    maps = f" × {shape[0]}" if shape[0] > 1 else ""
    return f"{stored} {state.source.array.dtype} → {shape[1]} × {shape[2]}{maps} float32"


def steps_text(count: int) -> str:
    """Return the length of a sequence.

    >>> steps_text(1), steps_text(6)
    ('1 step', '6 steps')
    """
    return f"{count} step{'s' if count != 1 else ''}"


def size_text(rows: int, cols: int, toy: bool) -> str:
    """Return a size: of a grid rows and columns, as its kernels and shapes are written; of a photo width and height.

    >>> size_text(2, 12, True), size_text(2, 12, False)
    ('2 × 12', '12 × 2')
    """
    return f"{rows} × {cols}" if toy else f"{cols} × {rows}"


def source_text(state: State) -> str:
    """Return name, size and kind of the input for its header."""
    source = state.source
    size = steps_text(source.cols) if source.sequence else size_text(source.rows, source.cols, source.toy)
    kind = {1: "toy grid" if source.toy else "grey", 3: "RGB"}.get(source.channels, f"{source.channels} channels")
    if source.sequence:
        kind = "sequence" if source.channels == 1 else f"{source.channels} channels"
    reading = {"luminance": ", as luminance", "each channel": ", each channel", "sum": ", channels summed"}
    how = reading[state.layer.colour] if source.channels > 1 else ""
    named = source.name if size in source.name else f"{source.name} · {size}"
    return f"{named} · {kind}{how}"


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
    from convgui.engine.looking.colours import display_range

    return display_range(source)


def picture_range(source: Source) -> tuple[float, float] | None:
    """Return the values that the input shows as black and white, where the dtype says so."""
    if source.array.dtype.kind == "u":
        return 0.0, float(np.iinfo(source.array.dtype.name).max) * source.scale
    return None


def input_value(state: State, row: int, col: int) -> float | None:
    """Return the value that the layer reads at an input cell, None outside; the rows of a sequence are its channels."""
    source = state.source
    if source.sequence and 0 <= row < source.channels and 0 <= col < source.cols:
        return float(channel_values(source, row, slice(col, col + 1))[0, 0])
    if not (0 <= row < source.rows and 0 <= col < source.cols):
        return None
    return float(mix_plane(source.cube[row : row + 1, col : col + 1], input_mix(state))[0, 0])


def channel_values(source: Source, channel: int, steps: slice) -> NDArray[np.float32]:
    """Return values of one channel of a sequence, shape (1, steps)."""
    return mix_plane(source.cube[:, steps, channel : channel + 1], np.array([source.scale]))


def input_mix(state: State) -> NDArray[np.float64]:
    """Return how the plane under the shown map is mixed from the stored channels."""
    mixes = channel_mixes(state.layer.colour, state.source.channels, state.source.scale)
    chosen: NDArray[np.float64] = mixes[min(state.display.map, len(mixes) - 1)]
    return chosen


def never_negative(layer: Conv) -> bool:
    """Whether the activation function has no negative values."""
    return layer.activation in NON_NEGATIVE


def kernel_symmetric(kernel: Kernel) -> bool:
    """Whether a turn by 180 degrees changes nothing, so that correlation and convolution are the same."""
    weights = kernel.weights
    return bool(np.allclose(weights, weights[::-1, ::-1], rtol=1e-9, atol=1e-12))
