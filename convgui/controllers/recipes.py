"""From the document to a recipe and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.io.recipe import Recipe
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
    )


def state_of(recipe: Recipe, source: Source) -> State:
    """Return the document that a recipe makes of a source."""
    display = Display(recipe.colours, recipe.limits, recipe.map, recipe.below, recipe.photo)
    return State(source, recipe.reading, recipe.layers, recipe.looked, display)
