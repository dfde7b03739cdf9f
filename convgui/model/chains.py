"""Edits of the chain of layers: add, remove, move, duplicate, switch, select, set. Pure functions from state to state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convgui.engine.checks import MOST_LAYERS
from convgui.model.unit import with_function

if TYPE_CHECKING:
    from convgui.engine.layers.base import Layer
    from convgui.model.state import State


def add(state: State, layer: Layer, at: int | None = None) -> State:
    """Add a layer, by default after the one that is looked at, and look at it.

    Raises
    ------
    ValueError
        If there are as many as a document may have.
    IndexError
        If there is no such place.
    """
    at = state.looked + 1 if at is None else at
    if len(state.layers) >= MOST_LAYERS:
        raise ValueError(f"Expected at most {MOST_LAYERS} layers in a document, received one more.")
    if not 0 <= at <= len(state.layers):
        raise IndexError(f"Expected a place from 0 to {len(state.layers)}, received {at}.")
    return _looking_at(state, (*state.layers[:at], layer, *state.layers[at:]), at)


def remove(state: State, index: int) -> State:
    """Take a layer away; if it was the one that is looked at, the one before it is looked at.

    Raises
    ------
    ValueError
        If it is the only one.
    """
    _check(state, index)
    if len(state.layers) == 1:
        raise ValueError("The only layer stays: a document has at least one; it can be switched off or replaced.")
    layers = (*state.layers[:index], *state.layers[index + 1 :])
    return _looking_at(state, layers, max(state.looked - (index <= state.looked), 0))


def move(state: State, index: int, to: int) -> State:
    """Move a layer to another place, counted without it; what is looked at stays looked at."""
    _check(state, index)
    _check(state, to)
    if index == to:
        return state
    looked = state.layers[state.looked]
    layers = list(state.layers)
    layers.insert(to, layers.pop(index))
    return _looking_at(state, tuple(layers), _place(layers, looked))


def duplicate(state: State, index: int) -> State:
    """Add a copy of a layer after it, and look at the copy."""
    _check(state, index)
    return add(state, replace(state.layers[index]), index + 1)


def switch(state: State, index: int, on: bool | None = None) -> State:
    """Switch a layer on or off, by default the other way; one that is off passes on what it reads."""
    _check(state, index)
    layer = state.layers[index]
    wanted = not layer.on if on is None else on
    return state if wanted == layer.on else put(state, index, replace(layer, on=wanted))


def select(state: State, index: int) -> State:
    """Look at another layer; nothing is computed otherwise than before."""
    _check(state, index)
    return state if index == state.looked else _looking_at(state, state.layers, index)


def set_settings(state: State, index: int, **settings: Any) -> State:
    """Replace settings of a layer, `name` among them.

    Raises
    ------
    ValueError
        If a setting has no meaning.
    TypeError
        If the layer has no such setting.
    """
    _check(state, index)
    return put(state, index, replace(state.layers[index], **settings))


def put(state: State, index: int, layer: Layer) -> State:
    """Put another layer in the place of one."""
    _check(state, index)
    return replace(state, layers=(*state.layers[:index], layer, *state.layers[index + 1 :]))


def set_function(state: State, name: str) -> State:
    """Give the unit that is looked at another activation function, and look at it; a convolution's `linear` is none.

    Raises
    ------
    ValueError
        If there is no such function, or what is looked at can have none.
    """
    layers, looked = with_function(state.layers, state.looked, name)
    return state if layers is state.layers else _looking_at(state, layers, looked)


def _looking_at(state: State, layers: tuple[Layer, ...], looked: int) -> State:
    """Return the state with one of these layers looked at, and the same map of it where it has as many as the one before."""
    before = state.output_shape  # which binds the layers, for the new state as well where they are the same
    new = replace(state, layers=layers, looked=looked)
    if layers[looked] is state.layers[state.looked]:
        return new
    same = new.output_shape is None or before is None or new.output_shape.maps == before.maps
    display = replace(state.display, map=state.display.map if same else 0, below=None)
    return new if display == state.display else replace(new, display=display)


def _place(layers: list[Layer], layer: Layer) -> int:
    return next(k for k, one in enumerate(layers) if one is layer)


def _check(state: State, index: int) -> None:
    if not 0 <= index < len(state.layers):
        raise IndexError(f"Expected one of {len(state.layers)} layers, counted from 0, received {index}.")
