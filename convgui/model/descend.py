"""Down through the layers: which cell of the layer below contributes most to a value, and the document that looks at it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.looking.below import present

if TYPE_CHECKING:
    from convgui.engine.layers.explained import Explained
    from convgui.engine.looking.explain import Explanation
    from convgui.model.finding import Finding
    from convgui.model.pointed import Cell
    from convgui.model.state import State


class Origin(NamedTuple):
    """A cell of what the unit reads: its map, or the channel of a sequence, row and column."""

    map: int
    row: int
    col: int


def origin_of(finding: Finding) -> Origin | None:
    """Return the cell below that contributes most to the explained value.

    It is the winner of a maximum, and the product, or share, of largest magnitude else; of a softmax the cell of the same
    map. None where no cell is explained, or its value comes from outside alone.
    """
    if finding.explanation is not None:
        return _of_sum(finding.state, finding.explanation)
    return None if finding.made is None else _of_made(finding.made)


def _of_sum(state: State, e: Explanation) -> Origin | None:
    assert state.conv is not None
    rows = border_index(e.rows, state.input.rows, state.conv.border)
    cols = border_index(e.cols, state.input.cols, state.conv.border)
    size = np.abs(np.nan_to_num(e.products, nan=np.inf))
    size[:, rows == OUTSIDE, :] = size[:, :, cols == OUTSIDE] = -1.0
    if size.max() < 0:
        return None
    places = np.argwhere(size == size.max())  # of several, the one nearest to the middle of the patch
    middle = (np.array(e.weights.shape[1:]) - 1) / 2
    tap, u, v = places[np.argmin(np.abs(places[:, 1:] - middle).sum(axis=1))].tolist()
    return Origin(e.reads[tap], int(rows[u]), int(cols[v]))


def _of_made(made: Explained) -> Origin | None:
    if not made.cells:
        return None
    if made.kind == "softmax":
        found = made.cells[made.map]
    elif made.winner >= 0:
        found = made.cells[made.winner]
    else:
        shares = np.abs(np.nan_to_num([cell.share for cell in made.cells], nan=np.inf))
        found = made.cells[int(np.argmax(shares))]
    return Origin(found.map, found.row, found.col)


def layer_below(state: State) -> int | None:
    """Return the index of the layer whose output is read by what is looked at; None where that is the source."""
    if state.why:
        return None
    n = present(state.chain, state.unit.start)
    return n - 1 if n else None


def goes_down(state: State) -> bool:
    """Whether there are other layers than those that are looked at together, so that one goes from layer to layer."""
    together = 1 + (state.unit.conv is not None and state.unit.function is not None)
    return not state.why and (state.unit.start > 0 or len(state.layers) > together)


def looking_below(state: State, origin: Origin) -> tuple[int, State] | None:
    """Return the index of the layer below, and the document that looks at a map of it; None at the source."""
    below = layer_below(state)
    if below is None:
        return None
    return below, replace(state, looked=below, display=replace(state.display, map=origin.map, below=None))


def pixel_of(state: State, origin: Origin) -> Cell:
    """Return the cell of the input, or the pixel of the photo where that is shown, at which an origin lies."""
    if state.input.sequence:
        return (state.input.lane(origin.map) or 0), origin.col
    if not state.display.photo or state.input.direct:
        return origin.row, origin.col
    down, across = state.input.place  # the planes are resized from the photo
    row = int(np.floor(float(down.origin) + (origin.row + 0.5) * float(down.pitch)))
    col = int(np.floor(float(across.origin) + (origin.col + 0.5) * float(across.pitch)))
    return min(max(row, 0), state.source.rows - 1), min(max(col, 0), state.source.cols - 1)
