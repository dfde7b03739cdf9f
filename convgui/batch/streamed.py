"""A job on a picture that is larger than memory: its maps are written and measured piece by piece."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from convgui.engine.looking.measures import Measuring
from convgui.engine.network import evaluate
from convgui.engine.strategies.tiles import Window, never
from convgui.io.errors import FileError
from convgui.io.export.carried import KEY
from convgui.io.export.streamed import ENDINGS, chunk_side, write_streamed
from convgui.io.recipe import text_of
from convgui.model.derive import map_names
from convgui.model.layer_words import chain_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.network import Chain
    from convgui.io.recipe import Recipe


def check_format(chain: Chain, extension: str) -> None:
    """Refuse a format that cannot be written piece by piece.

    Raises
    ------
    FileError
    """
    if extension not in ENDINGS:
        _, rows, cols = chain.shape(len(chain.layers))
        formats = ", ".join(ending[1:] for ending in ENDINGS)
        raise FileError(
            f"{chain.source.name}: its map of {cols:,} × {rows:,} is larger than memory; expected --format {formats}, "
            f"received {extension[1:]}."
        )


def about(recipe: Recipe, chain: Chain) -> dict[str, str]:
    """Return what is written beside the values: the source, the layers, and the recipe."""
    words = {"source": chain.source.name, "kernel": chain_words(chain.layers)}
    return words | {KEY: text_of(recipe.made_on(chain.source))}


def write_maps(
    chain: Chain,
    path: Path | None,
    said: dict[str, str],
    threshold: float | None,
    cancelled: Callable[[], bool] = never,
) -> tuple[dict[str, Any], ...]:
    """Write the maps of a chain, unless there is no path, and measure them, if there is a threshold; return a row for each.

    Raises
    ------
    FileError
        If they cannot be written.
    Cancelled
        If it is no longer wanted.
    """
    shape = chain.shape(len(chain.layers))
    measuring = None if threshold is None else [Measuring(threshold, shape.cols) for _ in range(shape.maps)]

    def values(maps: Sequence[int], window: Window) -> NDArray[np.float32]:
        found = evaluate(chain, window, maps=list(maps), cancelled=cancelled)
        if measuring is not None:
            for map, part in zip(maps, found, strict=True):
                measuring[map].add(part, window.top, window.left)
        return found

    if path is not None:
        write_streamed(path, shape, values, said, cancelled)
    else:
        for window in windows(shape.rows, shape.cols, chunk_side(shape.maps)):
            values(range(shape.maps), window)
    if measuring is None:
        return ()
    return tuple({"map": name, **asdict(one.found())} for name, one in zip(map_names(chain), measuring, strict=True))


def windows(rows: int, cols: int, side: int) -> list[Window]:
    """Return the blocks of a grid."""
    corners = ((top, left) for top in range(0, rows, side) for left in range(0, cols, side))
    return [Window(*corner, side, side).inside(rows, cols) for corner in corners]
