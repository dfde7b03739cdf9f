"""What the strip says of the input and of each layer: name, kind, settings, shape, and why it does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui.engine.looking.effort import efforts, together
from convgui.model.layer_words import effort_words, kind_words, settings_words, shape_words, title

if TYPE_CHECKING:
    from convgui.model.state import State


@dataclass(frozen=True)
class Card:
    """A layer in words.

    Attributes
    ----------
    name, kind, settings : str
        What it is called, what it does, and how, as short as can be: "conv1", "convolution", "7 × 7 / 2".
    shape : str
        What comes out of it; empty where it is not reached.
    on : bool
    fault : str
        Why it does not fit what it reads; empty if it does.
    reached : bool
        Whether all layers before it fit.
    effort : str
        What it costs on this input: multiply-adds, parameters, memory.
    """

    name: str
    kind: str
    settings: str
    shape: str
    on: bool = True
    fault: str = ""
    reached: bool = True
    effort: str = ""


def cards(state: State) -> tuple[Card, ...]:
    """Return a card for each layer."""
    fault = state.fault
    last = len(state.layers) if fault is None else fault.layer - 1
    found, costs = [], efforts(state.chain)
    for number, layer in enumerate(state.layers, 1):
        shape = shape_words(state.chain.shape(number), state.source) if number <= last else ""
        why = fault.sentence if fault is not None and fault.layer == number else ""
        cost = effort_words(costs[number - 1]) if number <= last else ""
        words = title(layer), kind_words(layer), settings_words(layer)
        found.append(Card(*words, shape, layer.on, why, number <= last + 1, cost))
    return tuple(found)


def total_words(state: State) -> str:
    """Return what all layers cost together on this input; empty where one of them does not fit, or there is but one."""
    if state.fault is not None or len(state.layers) < 2:
        return ""
    return f"all layers {effort_words(together(efforts(state.chain)))}"


def input_card(state: State) -> Card:
    """Return the card of the source as it is read."""
    fault = state.fault
    why = fault.sentence if fault is not None and fault.layer == 0 else ""
    reading = state.reading
    words = reading.colour if state.source.channels > 1 or reading.colour == "custom" else ""
    return Card(
        state.source.name,
        "input",
        words,
        "" if why else shape_words(state.chain.shape(0), state.source),
        fault=why,
    )
