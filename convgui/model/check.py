"""What a valid state is: only a valid one becomes the document, so that everything that shows it can rely on that."""

from __future__ import annotations

from typing import Any

from convgui import assets
from convgui.engine.checks import layers_fault, limits_fault, reading_fault
from convgui.engine.source import Source
from convgui.model.state import Display, State

COLOURS = ("auto", *assets.SIGNED, *assets.SEQUENTIAL)


def state_fault(new: State, old: State | None = None) -> str:
    """Return what is wrong with a state, in one sentence; empty if it may become the document.

    Parameters
    ----------
    new : State
        A layer that does not fit what it reads (a large kernel with the padding `valid`) is no fault of the document: it is
        part of it, `State.fault`, and the window says so in place of the map.
    old : State, optional
        The present state. Its choice of a map may exceed the new number of maps: then the last map is shown.
    """
    return (
        _source_fault(new.source)
        or reading_fault(new.reading)
        or (layers_fault(new.layers) if old is None or new.layers is not old.layers else "")
        or _looked_fault(new)
        or _chain_fault(new)
        or _display_fault(new, old is None or new.display is not old.display)
    )


def _source_fault(source: Any) -> str:
    if not isinstance(source, Source):
        return f"Expected a picture, grid or sequence, received {type(source).__name__}."
    if source.empty:
        return f"{source.name}: expected at least one cell, received {source.rows} × {source.cols}."
    return ""


def _looked_fault(state: State) -> str:
    looked: Any = state.looked
    if isinstance(looked, int) and not isinstance(looked, bool) and 0 <= looked < len(state.layers):
        return ""
    return f"Expected one of {len(state.layers)} layers to look at, counted from 0, received {str(looked)[:40]}."


def _chain_fault(state: State) -> str:
    """Bind all layers; what cannot even be tried is refused."""
    try:
        state.chain.fault  # noqa: B018
    except (ArithmeticError, MemoryError) as error:
        return f"The layers cannot be applied to {state.source.name}: {error or type(error).__name__}."
    return ""


def _display_fault(state: State, chosen: bool) -> str:
    display: Any = state.display
    if not isinstance(display, Display):
        return f"Expected a display, received {type(display).__name__}."
    if display.colours not in COLOURS:
        return f"Expected the colour map {', '.join(COLOURS)}, received {str(display.colours)[:40]!r}."
    if fault := limits_fault(display.limits):
        return fault
    for number in (display.map, 0 if display.below is None else display.below):
        if isinstance(number, bool) or not isinstance(number, int) or number < 0:
            return f"Expected the number of a map, counted from 0, received {str(number)[:40]!r}."
    photo: Any = display.photo
    if not isinstance(photo, bool):
        return f"Expected the photo to be shown or not, received {str(photo)[:40]!r}."
    shape = state.output_shape
    if chosen and shape is not None and display.map >= shape.maps:
        return f"Expected a map from 0 to {shape.maps - 1}, received {display.map}."
    return ""
