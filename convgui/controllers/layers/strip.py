"""The strip of layers: it follows the document while it is seen, and what is done in it is done with the document."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from weakref import ref

from PySide6.QtCore import QObject

from convgui.controllers.layers.keys import Keys
from convgui.model.cards import cards, input_card, total_words
from convgui.model.layer_thumbnails import LayerThumbnailsRequest
from convgui.model.state import changed_fields
from convgui.views.layers.values import LayerCard
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.controllers.layers.layers import LayersController
    from convgui.model.cards import Card
    from convgui.model.state import State

INPUT = 0
"""The key of the input's card; those of layers begin with 1."""

LANE = "layers"

REST_MS = 80
"""After so long without a change the thumbnails are made: while something is dragged the map comes first."""


class StripController(QObject):
    """Fills the strip, and tells what is asked for there."""

    def __init__(self, context: Context, layers: LayersController) -> None:
        super().__init__(context.window)
        self._context, self._strip = context, context.window.layers
        self._dock = context.window.docks["layers"]
        self._keys = Keys()
        self._later = Delay(context.activity, REST_MS, self._make_thumbnails, self)
        self._made: dict[int, tuple[object, ...]] = {}
        """For each key, what its thumbnail shows or will show."""
        self._strip.selected.connect(layers.select)
        self._strip.removed.connect(layers.remove)
        self._strip.switched.connect(layers.switch)
        self._strip.duplicated.connect(layers.duplicate)
        self._strip.moved.connect(layers.move)
        self._dock.seen_changed.connect(lambda seen: self._show(context.state))
        context.afterwards.changed(self._changed)
        context.on_theme(self._ask_thumbnails)
        self._show(context.state)

    # what is shown

    def _changed(self, old: State, new: State) -> None:
        if changed_fields(old, new) & {"source", "reading", "layers", "looked"}:
            self._show(new)

    def _show(self, state: State) -> None:
        if self._dock.seen():  # a closed panel costs nothing
            keys = self._keys.of(state.layers)
            shown = [_card(key, card) for key, card in zip(keys, cards(state), strict=True)]
            self._strip.set_layers(_card(INPUT, input_card(state)), shown, state.looked, total_words(state))
        self._ask_thumbnails()

    # thumbnails

    def _ask_thumbnails(self) -> None:
        """Make those that show something else by now, as soon as nothing changes any more, where they are seen."""
        self._context.runner.cancel(LANE)
        if self._dock.seen():
            self._later.start()
        else:
            self._later.stop()
            self._made.clear()

    def _make_thumbnails(self) -> None:
        state, dark = self._context.state, self._context.dark
        keys = (INPUT, *self._keys.of(state.layers))
        fault = state.fault
        reached = keys if fault is None else keys[: max(fault.layer, 1)]
        wanted = {key: _shows(state, number, dark) for number, key in enumerate(reached)}
        numbers = tuple(number for number, key in enumerate(reached) if self._made.get(key) != wanted[key])
        self._made = {key: shows for key, shows in self._made.items() if key in keys}
        if not numbers:
            return
        request = LayerThumbnailsRequest(state.chain, numbers, dark)
        self._context.runner.submit(
            LANE,
            request,
            lambda _: None,
            self._context.tell_error,
            part=partial(self._take, dict(enumerate(reached)), wanted),
        )

    def _take(self, keys: dict[int, int], shows: dict[int, tuple[object, ...]], made: tuple[int, NDArray[np.uint8]]) -> None:
        number, colours = made
        self._made[keys[number]] = shows[keys[number]]
        self._strip.set_thumbnail(keys[number], colours)


def _shows(state: State, number: int, dark: bool) -> tuple[object, ...]:
    """Return what a thumbnail is made from; two are alike where it is the same."""
    if number == 0:
        return (ref(state.source),)
    return (ref(state.source), state.reading, dark, *state.layers[:number])


def _card(key: int, card: Card) -> LayerCard:
    return LayerCard(key, card.name, card.kind, card.shape, card.settings, card.on, card.fault, card.reached, card.effort)
