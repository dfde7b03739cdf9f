"""The figure: input, kernel and activation side by side, with their captions, as it is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.looking.colours import picture
from convgui.engine.looking.statistics import statistics_of
from convgui.engine.network import evaluate, keep_strongest
from convgui.engine.shown import apart, number
from convgui.engine.strategies.tiles import Window
from convgui.model import colouring, texts
from convgui.views.take.figure import Figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.conv import Conv
    from convgui.engine.looking.statistics import Statistics
    from convgui.model.requests import Look
    from convgui.model.state import State

FIGURE_PIXELS = 1260
"""Pixels of the longer side of a picture inside a figure: what its panel has room for in a PNG."""

FIGURE_CELLS = 16
"""Rows and columns up to which a figure shows each cell with its number."""


def figure(state: State, look: Look, values: NDArray[np.float32], known: Statistics, dark: bool) -> Figure:
    """Return the figure of a map."""
    read = state.input
    kernel, conv = state.kernel, state.conv
    assert kernel is not None and conv is not None
    step = max(-(-max(read.rows, read.cols) // FIGURE_PIXELS), 1)
    shown = _input(state, step, dark)
    reduced = values if step == 1 else strongest(values, step)
    colours, limits = look.apply(reduced, known)
    small = max(*values.shape, read.rows, read.cols) <= FIGURE_CELLS
    rows, cols = kernel.size
    return Figure(
        input=shown,
        map=colours,
        weights=kernel.weights,
        kernel_table=colouring.signed_table(dark),
        table=look.table(known, limits),
        limits=limits,
        captions=(
            ("Input", texts.source_text(state)),
            (
                kernel.name,
                f"{rows} × {cols}, sum {number(float(kernel.weights.sum()))}{', flipped' if conv.flip else ''}",
            ),
            ("Activation", _operation_text(state, conv, values, known)),
        ),
        input_values=evaluate(read.chain, maps=read.map)[0] if small else None,
        map_values=values if small else None,
    )


def strongest(values: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Return a map reduced to every step-th row and column: of the values in between, the one of largest magnitude."""
    out = np.empty((1, -(-values.shape[0] // step), -(-values.shape[1] // step)), np.float32)
    keep_strongest(np.ascontiguousarray(values)[None], out, 0, 0, step)
    return out[0]


def _input(state: State, step: int, dark: bool) -> NDArray[np.uint8]:
    """Return what the layer reads as the left pane shows it, reduced."""
    read, source = state.input, state.source
    if read.direct:
        return picture(source, Window(0, 0, source.rows, source.cols), step, *colouring.stored_range(source))
    values = evaluate(read.chain, step=step, maps=read.map, strongest=True)[0]
    return colouring.look_below(state, dark).apply(values, statistics_of(values))[0]


def _operation_text(state: State, layer: Conv, values: NDArray[np.float32], known: Statistics) -> str:
    function = state.unit.applied
    parts = [
        f"{values.shape[1]} × {values.shape[0]}",
        " … ".join(apart([known.low, known.high])),
        f"padding {layer.padding}",
    ]
    if layer.padding != "valid":
        parts.append(f"border {layer.border}")
    parts += [f"stride {max(layer.stride)}"] if max(layer.stride) > 1 else []
    parts += [f"dilation {max(layer.dilation)}"] if max(layer.dilation) > 1 else []
    parts += [f"bias {number(layer.bias[0])}"] if layer.bias[0] else []
    parts += [function.function] if function is not None and function.function != "linear" else []
    return " · ".join(parts)
