"""What is taken away of many maps: the grid as one labelled sheet, or the one picture of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.kernels.bank import order_of
from convgui.engine.looking.statistics import Statistics, statistics_of
from convgui.engine.network import evaluate
from convgui.engine.shown import apart
from convgui.engine.strategies.tiles import Window
from convgui.model.filters import bank_of_maps, facts_of
from convgui.model.kernel_sheets import kernels_of_maps
from convgui.model.layer_words import title
from convgui.model.levels import step_of
from convgui.model.map_grid import glance_at
from convgui.model.requests import MapRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.worker.runner import Token

SIDE = 256
"""Cells of a map's longer side on a sheet, at most: of each block of cells the strongest is shown."""

Shown = tuple["NDArray[np.uint8]", Statistics]


def colours_of_many(state: State, look: Look, token: Token) -> Shown | None:
    """Return what is shown of several maps, as a grid or as one picture, and what is known of its values; else None."""
    if state.way == "grid":
        return _sheet(state, look, token)
    return _together(state, look, token) if state.way == "picture" else None


def _together(state: State, look: Look, token: Token) -> Shown:
    assert state.output_shape is not None and state.axes is not None
    _, rows, cols = state.output_shape
    whole, together = Window(0, 0, rows, cols), state.display.many.together
    made = MapRequest(state.looked_at, 0, whole, 1, look, state.axes, refine=True, together=together)(token)
    return made.colours, made.known


def _sheet(state: State, look: Look, token: Token) -> Shown:
    from convgui.io.export.sheet import Tile, sheet  # here: a start needs none of it

    assert state.output_shape is not None
    maps, rows, cols = state.output_shape
    many, step = state.display.many, step_of(rows, cols, SIDE)
    glance = glance_at(state.looked_at, token)
    found = bank_of_maps(state)
    order = order_of(many.order, None if found is None else facts_of(found[1]), glance.strength)
    values = evaluate(state.looked_at, None, step, strongest=step > 1, cancelled=token.cancelled, progress=token.progress)
    kernels, tiles = kernels_of_maps(state, dark=False), []  # a sheet is white
    for map in order.tolist():
        known = glance.known if many.shared else statistics_of(values[map])
        tiles.append(Tile(str(map), look.apply(values[map], known)[0], kernels.get(map)))
    limits = ""
    if many.shared:
        limits = " · {} … {}".format(*apart(list(look.limits(glance.known))))
    about = f"{state.source.name}: {maps} maps of {title(state.unit.layer)} · {rows} × {cols}{limits}"
    return sheet(tiles, about), glance.known
