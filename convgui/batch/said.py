"""What is said beside the maps of a picture: what made them, and a row of measures for each."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from convgui.engine.looking.many import TOPK
from convgui.io.export.carried import KEY
from convgui.model.layer_words import chain_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convgui.batch.made import Made
    from convgui.engine.looking.measures import Measures


def about(made: Made, recipe: str) -> dict[str, str]:
    """Return what is written beside values: the source, the layers, and the text of the recipe if there is one.

    Of maps that became one picture, or of which the strongest are kept, it is said how, and which these are.
    """
    words = {"source": made.chain.source.name, "kernel": chain_words(made.chain.layers)}
    words |= {"together": made.way} if made.way else {}
    words |= {"maps": ", ".join(made.names)} if made.way == TOPK else {}
    return words | ({KEY: recipe} if recipe else {})


def rows_of(names: Iterable[str], measures: Iterable[Measures]) -> tuple[dict[str, Any], ...]:
    """Return a row for each map: its name, and what was measured of it."""
    return tuple({"map": name, **asdict(found)} for name, found in zip(names, measures, strict=True))
