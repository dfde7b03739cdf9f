"""From the document to a recipe and back, and what a file that is written carries of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convgui.io.recipe import Recipe, text_of
from convgui.model.state import Display, State

if TYPE_CHECKING:
    from convgui.engine.source import Source


def recipe_of(state: State) -> Recipe:
    """Return all of the document but its source."""
    display = state.display
    return Recipe(
        state.layers,
        display.colours,
        display.limits,
        state.map,
        reading=state.reading,
        looked=state.looked,
        below=display.below,
        photo=display.photo,
        many=display.many,
    )


class Written(NamedTuple):
    """A file that was written, the first of several, and why it does not carry its recipe; empty if it does."""

    path: str
    bare: str
    others: int = 0


def carried_by(state: State) -> str:
    """Return the recipe that a file carries, with the fingerprint of its source."""
    return text_of(recipe_of(state).made_on(state.source))


def state_of(recipe: Recipe, source: Source) -> State:
    """Return the document that a recipe makes of a source."""
    display = Display(recipe.colours, recipe.limits, recipe.map, recipe.below, recipe.photo, recipe.many)
    return State(source, recipe.reading, recipe.layers, recipe.looked, display)
