"""What is said beside the maps of a picture: what made them, and a row of measures for each."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from convgui.io.export.carried import KEY
from convgui.model.layer_words import chain_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convgui.engine.looking.measures import Measures
    from convgui.engine.network import Chain


def about(chain: Chain, recipe: str, way: str = "") -> dict[str, str]:
    """Return what is written beside values: the source, the layers, and the text of the recipe if there is one.

    `way`: how all maps became one picture, if they did.
    """
    words = {"source": chain.source.name, "kernel": chain_words(chain.layers)} | ({"together": way} if way else {})
    return words | ({KEY: recipe} if recipe else {})


def rows_of(names: Iterable[str], measures: Iterable[Measures]) -> tuple[dict[str, Any], ...]:
    """Return a row for each map: its name, and what was measured of it."""
    return tuple({"map": name, **asdict(found)} for name, found in zip(names, measures, strict=True))
