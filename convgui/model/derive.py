"""What follows from the document: why there is no map, the shape of the output, and what the panes show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.layers.conv import map_names
from convgui.model.viewport import Rect, map_rect, padded_rect, source_rect

if TYPE_CHECKING:
    from convgui.engine.source import Source
    from convgui.model.state import State


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
