"""What the options of a command describe: a recipe, with what names its files and what must be said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from convgui.io.recipe import Recipe


class Together(NamedTuple):
    """What is written of all maps: one picture, by its way, or the `topk` strongest of them; -1 for all."""

    way: str
    topk: int = -1


class Operation(NamedTuple):
    """What is applied.

    Attributes
    ----------
    recipe : Recipe
    suffix : str
        What names the files that it makes.
    note : str
        What must be said, empty if nothing.
    planes : int
        Planes that the first layer reads, to which pictures of other channels are suited; 0 where nothing is suited.
    """

    recipe: Recipe
    suffix: str
    note: str = ""
    planes: int = 0
