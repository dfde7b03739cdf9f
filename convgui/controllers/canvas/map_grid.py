"""The grid of maps: asks for those that are seen, in the order that the document has, and makes one the chosen map."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from convgui.controllers.canvas.feed import PATIENCE
from convgui.controllers.canvas.totals import Totals
from convgui.engine.looking.many import ALL, USUAL_TOPK
from convgui.engine.shown import apart
from convgui.model import colouring, derive, texts
from convgui.model.filters import bank_of_maps, colour_order, facts_of, filter_text
from convgui.model.kernel_sheets import kernels_of_maps
from convgui.model.layer_words import title
from convgui.model.map_grid import GridRequest
from convgui.model.resolve import same_chain
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.engine.network import Chain
    from convgui.model.map_grid import Glance, GridImages
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.views.canvas.map_grid import MapGrid

LANE, REFINED = "maps", "refined maps"

REST_MS = 150
"""Milliseconds without a change after which the maps are refined, and put into their order."""

SLOW_MS = 200
"""Milliseconds after which the former maps are tinted."""

WAYS = {"map_one": "one", "map_grid": "grid", "map_picture": "picture"}
"""The actions, and what each of them chooses."""


class MapGridController(QObject):
    """Shows all maps of the layer that is looked at, where the document says so."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context, self._pair = context, context.window.pair
        self._chain: Chain | None = None
        self._look: Look | None = None
        self._shared = True
        self._glance: Glance | None = None
        self._count = 0
        """Maps of the layer that is shown."""
        self._totals = Totals(context, self._take_totals)
        self._drawn: tuple[object, ...] | None = None
        """The bank whose kernels stand in the corners, and how it is drawn."""
        self._rest = Delay(context.activity, REST_MS, self._settle, self, f"before {REFINED}")
        self._slow = Delay(context.activity, SLOW_MS, self._grow_stale, self)
        self._pair.together.chosen.connect(lambda name: self._set("picture of all maps", together=name))
        self._pair.strength.chosen.connect(lambda strength: self._set("strength of the overlay", strength=strength))
        context.window.ways.chosen.connect(lambda name: self._set_way(WAYS[name]))
        context.session.changed(lambda old, new: self._ask())
        context.afterwards.changed(lambda old, new: self._say(new))
        context.on_theme(self._ask)
        context.on_theme(lambda: self._say(context.state))
        self._say(context.state)
        self._ask()

    @cached_property
    def _grid(self) -> MapGrid:
        """The tiles, which are made when they are first shown."""
        grid, head = self._pair.grid, self._pair.grid_head
        grid.looked.connect(self._ask_missing)
        grid.chosen.connect(self._choose)
        grid.opened.connect(self._open)
        head.order_chosen.connect(lambda name: self._set("order of the maps", order=name))
        head.shared_chosen.connect(lambda shared: self._set("limits of the maps", shared=shared))
        head.top_chosen.connect(self._set_top)
        return grid

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about several maps."""
        return {
            **{name: partial(self._set_way, way) for name, way in WAYS.items()},
            "map_overlay": self._switch_overlay,
        }

    # what the user does

    def _set_way(self, way: str) -> None:
        if derive.maps(self._context.state) > 1:
            self._set("how the maps are shown", way=way)
        else:
            self._say(self._context.state)  # the action has ticked itself
            self._context.tell(
                "There is one map to look at: layers with a bank of kernels, and photos by channel, have more."
            )

    def _switch_overlay(self) -> None:
        """Lay the map over the photo, or take it away; of a grid it is the chosen map, and a sequence has no photo."""
        state = self._context.state
        if state.input.sequence:
            self._say(state)  # the action has ticked itself
            self._context.tell("A sequence has no photo to lie over: its map lies below it, step by step.")
        elif state.way == "grid":
            self._set("overlay", way="one", overlay=True)
        else:
            self._set("overlay", overlay=not state.display.many.overlay)

    def _set(self, label: str, **settings: object) -> None:
        state = self._context.state
        new = state.with_many(**settings)
        if new.display != state.display:
            self._context.session.replace(label, new, merge_key=("many", label, *settings))

    def _set_top(self, count: int) -> None:
        self._set("strongest maps" if count else "all maps", topk=count or ALL)

    def _choose(self, map: int) -> None:
        self._grid.set_current(map)
        self._context.session.replace("map", self._context.state.with_display(map=map), merge_key="map")

    def _open(self, map: int) -> None:
        self._context.session.replace("one map", self._context.state.with_display(map=map).with_many(way="one"))

    # what is shown

    def _say(self, state: State) -> None:
        """Show what is said of the maps, apart from the maps themselves."""
        several = derive.maps(state) > 1
        window, many = self._context.window, state.display.many
        actions = window.actions_by_id
        way = next(name for name, way in WAYS.items() if way == state.way)
        actions[way].setChecked(True)
        actions["map_overlay"].setChecked(state.over_photo)
        self._pair.strength.setVisible(state.over_photo)
        self._pair.strength.set_value(many.strength)
        window.ways.setVisible(several)
        window.ways.set_value(way)
        self._pair.together.setVisible(state.way == "picture")
        self._pair.together.set_value(many.together)
        if state.way != "grid":
            return
        shape, unit = state.output_shape, state.unit
        assert shape is not None
        size = texts.size_text(shape.rows, shape.cols, state.input.toy)
        head = self._pair.grid_head
        shown = f"{state.shown_maps:,} of " if state.shown_maps < shape.maps else ""
        head.set_title(f"{shown}{shape.maps:,} maps of {title(unit.layer)}")
        head.set_detail(f"{size}{self._limits_text()}", size)
        head.set_choices(many.order, shared=many.shared, bank=bank_of_maps(state) is not None)
        head.set_top(max(many.topk, 0), USUAL_TOPK)
        self._grid.set_current(state.map)
        self._show_kernels(state)

    def _limits_text(self) -> str:
        if self._glance is None or not self._shared or self._look is None:
            return ""
        return " · {} … {}".format(*apart(list(self._look.limits(self._glance.known))))

    def _show_kernels(self, state: State) -> None:
        found = bank_of_maps(state)
        drawn = None if found is None else (found[1], colour_order(state, *found), self._context.dark)
        if drawn == self._drawn and drawn is not None:  # an edit elsewhere leaves the kernels as they are
            return
        self._drawn = drawn
        if found is None:
            self._grid.set_kernels({})
            self._grid.set_texts({})
            return
        facts = facts_of(found[1])
        self._grid.set_kernels(kernels_of_maps(state, dark=self._context.dark))
        maps = range(len(facts.norm))
        self._grid.set_texts({map: filter_text(facts, map) for map in maps}, np.flatnonzero(facts.dead).tolist())

    # the maps

    def _ask(self) -> None:
        """Ask for the maps that are seen, if anything of them has changed."""
        state = self._context.state
        self._pair.show_grid(state.way == "grid")
        if state.way != "grid":
            self._stop()
            return
        chain, look, shared = state.looked_at, colouring.look(state, self._context.dark), state.display.many.shared
        same = self._chain is not None and same_chain(chain, self._chain)
        if same and self._look is not None and look.same(self._look) and shared == self._shared:
            self._put_in_order(state)
            return
        if not same:
            if self._chain is None or chain.source is not self._chain.source or len(chain.layers) != len(self._chain.layers):
                self._grid.drop_images()
            self._glance = None
        self._chain, self._look, self._shared = chain, look, shared
        shape = state.output_shape
        assert shape is not None
        if self._count != shape.maps:
            self._count = shape.maps
            self._grid.set_maps(range(shape.maps), shape.cols / shape.rows)
        self._grid.set_maps(self._grid.order(), shape.cols / shape.rows)
        self._submit(self._grid.seen())

    def _stop(self) -> None:
        """Compute nothing any more, where something may be computed: most documents are edited without a grid."""
        if self._chain is not None:
            self._chain = None
            self._rest.stop()
            self._totals.stop()
            for lane in (LANE, REFINED):
                self._context.runner.cancel(lane)

    def _ask_missing(self) -> None:
        """Ask for those that are seen and not there."""
        if self._chain is not None and (missing := self._grid.missing()):
            self._submit(missing)

    def _submit(self, maps: tuple[int, ...]) -> None:
        runner = self._context.runner
        runner.cancel(REFINED)
        if not self._slow.isActive():
            self._slow.start()
        runner.submit(LANE, self._request(maps), self._take, self._fail, patience=PATIENCE)

    def _request(self, maps: tuple[int, ...], *, refine: bool = False) -> GridRequest:
        assert self._chain is not None and self._look is not None
        side = round(self._grid.side() * self._context.window.devicePixelRatioF())
        return GridRequest(self._chain, maps, side, self._look, self._shared, self._glance, refine)

    def _take(self, result: GridImages) -> None:
        request = result.request
        if self._chain is None or len(request.chain.layers) != len(self._chain.layers):
            return
        self._slow.stop()
        if request.chain is self._chain:
            self._glance = result.glance
        self._grid.set_images(result.colours, alone=request.glance is None)
        if request.chain is self._chain and request.look is self._look:
            self._rest.start()
            self._ask_missing()

    def _take_refined(self, result: GridImages) -> None:
        if result.request.chain is self._chain and result.request.look is self._look:
            self._grid.set_images(result.colours)

    def _settle(self) -> None:
        """Once nothing changes any more: put the maps into their order, and refine those that are seen."""
        if self._chain is None or self._context.runner.busy(LANE):
            return
        self._put_in_order(self._context.state)
        self._say(self._context.state)
        if seen := self._grid.seen():
            self._context.runner.submit(REFINED, self._request(seen, refine=True), self._take_refined, self._fail)

    def _put_in_order(self, state: State) -> None:
        """Show the maps in the order that the document has, as far as it is known."""
        shape, many = state.output_shape, state.display.many
        if shape is None or self._chain is None or (many.ranked_by == "strength" and self._glance is None):
            return
        sums = self._totals.of(self._chain) if many.needs_totals else None
        if many.needs_totals and sums is None:
            return
        found = bank_of_maps(state)
        strength = np.zeros(shape.maps) if self._glance is None else self._glance.strength
        order = many.shown(None if found is None else facts_of(found[1]), strength, sums)
        before = self._grid.order()
        self._grid.set_maps(order, shape.cols / shape.rows, same=True)
        if self._grid.order() != before:
            self._grid.show_map(state.map)

    def _take_totals(self) -> None:
        """Put the maps into their order, now that their sums are known, and refine those that are seen then."""
        self._put_in_order(self._context.state)
        self._rest.start()

    def _fail(self, error: Exception) -> None:
        self._slow.stop()
        self._context.tell_error(error)

    def _grow_stale(self) -> None:
        if self._context.runner.busy(LANE):
            self._grid.set_stale(True)
