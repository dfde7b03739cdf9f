"""What is taken away of many maps: the grid as one labelled sheet, or the one picture of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convgui.engine.looking.colours import display_range, picture
from convgui.engine.looking.many import ALL
from convgui.engine.looking.statistics import Statistics, statistics_of
from convgui.engine.network import evaluate
from convgui.engine.shown import apart
from convgui.engine.strategies.tiles import Window
from convgui.model.filters import bank_of_maps, facts_of
from convgui.model.kernel_sheets import kernels_of_maps
from convgui.model.layer_words import title
from convgui.model.levels import step_of
from convgui.model.map_grid import TotalsRequest, glance_at
from convgui.model.over_photo import laid_over
from convgui.model.requests import MapRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.model.map_grid import Glance
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.worker.runner import Token

SIDE = 256
"""Cells of a map's longer side on a sheet, at most: of each block of cells the strongest is shown."""


class ManyShown(NamedTuple):
    """What is shown of several maps: its colours, what is known of its values, and the maps of a grid in their order."""

    colours: NDArray[np.uint8]
    known: Statistics
    maps: tuple[int, ...] = ()


def colours_of_many(state: State, look: Look, token: Token) -> ManyShown | None:
    """Return what is shown where it is more than one map: a grid, one picture of all, a map over the photo; else None."""
    if state.way == "grid":
        return _sheet(state, look, token)
    if state.over_photo:
        return _over_photo(state, look, token)
    return _whole(state, look, token) if state.way == "picture" else None


def _whole(state: State, look: Look, token: Token) -> ManyShown:
    """Return all of a map, or of the picture of all maps; with an alpha channel where it lies over the photo."""
    assert state.output_shape is not None and state.axes is not None
    _, rows, cols = state.output_shape
    many = state.display.many
    made = MapRequest(
        state.looked_at,
        state.map,
        Window(0, 0, rows, cols),
        1,
        look,
        state.axes,
        refine=True,
        together=many.together if state.way == "picture" else "",
        overlay=many.strength if state.over_photo else None,
    )(token)
    return ManyShown(made.colours, made.known)


def _over_photo(state: State, look: Look, token: Token) -> ManyShown:
    shown, source = _whole(state, look, token), state.source
    photo = picture(source, Window(0, 0, source.rows, source.cols), 1, *display_range(source))
    return shown._replace(colours=laid_over(photo, shown.colours, *state.chain.place(state.looked + 1)))


def maps_of_grid(state: State, glance: Glance, token: Token) -> list[int]:
    """Return the maps that the grid shows, in its order."""
    many, found = state.display.many, bank_of_maps(state)
    sums = TotalsRequest(state.looked_at)(token) if many.needs_totals else None
    return many.shown(None if found is None else facts_of(found[1]), glance.strength, sums)


def kept_maps(state: State, token: Token) -> list[int] | None:
    """Return the maps of which numbers are taken away, where the grid shows the strongest alone; None for all."""
    if state.way != "grid" or state.display.many.topk == ALL:
        return None
    return maps_of_grid(state, glance_at(state.looked_at, token), token)


def _sheet(state: State, look: Look, token: Token) -> ManyShown:
    from convgui.io.export.sheet import Tile, sheet  # here: a start needs none of it

    assert state.output_shape is not None
    maps, rows, cols = state.output_shape
    many, step = state.display.many, step_of(rows, cols, SIDE)
    glance = glance_at(state.looked_at, token)
    order = maps_of_grid(state, glance, token)
    values = evaluate(
        state.looked_at,
        None,
        step,
        maps=order,
        strongest=step > 1,
        cancelled=token.cancelled,
        progress=token.progress,
    )
    kernels, tiles = kernels_of_maps(state, dark=False), []  # a sheet is white
    for map, part in zip(order, values, strict=True):
        known = glance.known if many.shared else statistics_of(part)
        tiles.append(Tile(str(map), look.apply(part, known)[0], kernels.get(map)))
    limits = ""
    if many.shared:
        limits = " · {} … {}".format(*apart(list(look.limits(glance.known))))
    shown = f"the strongest {len(order)} of " if len(order) < maps else ""
    about = f"{state.source.name}: {shown}{maps} maps of {title(state.unit.layer)} · {rows} × {cols}{limits}"
    return ManyShown(sheet(tiles, about), glance.known, tuple(order))
