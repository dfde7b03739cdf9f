"""What a valid state is: only a valid one becomes the document, so that everything that shows it can rely on that."""

from __future__ import annotations

from typing import Any

from convgui import assets
from convgui.engine.checks import layers_fault, limits_fault
from convgui.engine.layers.conv import Plan
from convgui.engine.source import Source
from convgui.model.state import Display, State

COLOURS = ("auto", *assets.SIGNED, *assets.SEQUENTIAL)


def state_fault(new: State, old: State | None = None) -> str:
    """Return what is wrong with a state, in one sentence; empty if it may become the document.

    Parameters
    ----------
    new : State
        A layer that does not fit the source (a large kernel with the padding `valid`) is no fault: the window says so in
        place of the map.
    old : State, optional
        The present state. Its choice of a map may exceed the new number of maps: then the last map is shown.
    """
    return (
        _source_fault(new.source)
        or layers_fault(new.layers)
        or _kernel_fault(new)
        or _display_fault(new, old is None or new.display is not old.display)
    )


def _source_fault(source: Any) -> str:
    if not isinstance(source, Source):
        return f"Expected a picture, grid or sequence, received {type(source).__name__}."
    if not source.array.size:
        return f"{source.name}: expected at least one cell, received {source.rows} x {source.cols}."
    return ""


def _kernel_fault(state: State) -> str:
    weights = state.kernel.weights
    if weights.ndim == 2:
        return ""
    shape = " × ".join(str(n) for n in weights.shape)
    return f"Expected a kernel of rows and columns, received weights of {shape}: {state.kernel.name}."


def _display_fault(state: State, chosen: bool) -> str:
    display: Any = state.display
    if not isinstance(display, Display):
        return f"Expected a display, received {type(display).__name__}."
    if display.colours not in COLOURS:
        return f"Expected the colour map {', '.join(COLOURS)}, received {str(display.colours)[:40]!r}."
    if fault := limits_fault(display.limits):
        return fault
    if isinstance(display.map, bool) or not isinstance(display.map, int) or display.map < 0:
        return f"Expected the number of a map, counted from 0, received {str(display.map)[:40]!r}."
    try:
        bound = state.bound
    except (ArithmeticError, MemoryError) as error:
        return f"The layer cannot be applied to {state.source.name}: {error or type(error).__name__}."
    if chosen and isinstance(bound, Plan) and display.map >= bound.shape[0]:
        return f"Expected a map from 0 to {bound.shape[0] - 1}, received {display.map}."
    return ""
