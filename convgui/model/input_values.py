"""The values that the layer reads: how the input's channels are mixed, and the value at one cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.source import channel_mixes, mix_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.source import Source
    from convgui.model.state import State


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
