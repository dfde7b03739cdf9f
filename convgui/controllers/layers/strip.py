"""The strip of layers: it follows the document, and what is done with a layer becomes a step of the history."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from weakref import ref

from PySide6.QtCore import QObject

from convgui.controllers.layers.keys import Keys
from convgui.controllers.layers.kinds import KINDS
from convgui.model import chains
from convgui.model.cards import cards, input_card, total_words
from convgui.model.layer_thumbnails import LayerThumbnailsRequest
from convgui.model.layer_words import title
from convgui.model.state import changed_fields
from convgui.views.layers.values import LayerCard
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.model.cards import Card
    from convgui.model.state import State

INPUT = 0
"""The key of the input's card; those of layers begin with 1."""

LANE = "layers"

REST_MS = 80
"""After so long without a change the thumbnails are made: while something is dragged the map comes first."""


class StripController(QObject):
    """Fills the strip, and does what is asked for there or in the menu."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context, self._strip = context, context.window.layers
        self._keys = Keys()
        self._later = Delay(context.activity, REST_MS, self._make_thumbnails, self)
        self._made: dict[int, tuple[object, ...]] = {}
        """For each key, what its thumbnail shows or will show."""
        self._strip.selected.connect(self.select)
        self._strip.removed.connect(self.remove)
        self._strip.switched.connect(self.switch)
        self._strip.duplicated.connect(self.duplicate)
        self._strip.moved.connect(self.move)
        self._shown = context.window.actions_by_id["show_layers"]
        self._shown.toggled.connect(self._show_strip)
        context.afterwards.changed(self._changed)
        context.on_theme(self._ask_thumbnails)
        self._show(context.state)
        self.open_for_several()

    def open_for_several(self) -> None:
        """Open the strip where there is more in the document than one convolution."""
        if not _alone(self._context.state):
            self._shown.setChecked(True)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do; those that are about one layer do it with the one that is looked at."""
        looked: dict[str, Callable[[int], None]] = {
            "duplicate_layer": self.duplicate,
            "switch_layer": self.switch,
            "remove_layer": self.remove,
            "move_layer_back": lambda layer: self.move(layer, layer - 1),
            "move_layer_on": lambda layer: self.move(layer, layer + 1),
        }
        return {
            **{name: partial(self.add, name) for name in KINDS},
            **{name: partial(self._with_looked, do) for name, do in looked.items()},
            "show_photo": self.show_photo,
        }

    def _with_looked(self, do: Callable[[int], None]) -> None:
        do(self._context.state.looked)

    # what the user does

    def add(self, kind: str) -> None:
        """Put a layer behind the one that is looked at."""
        layer = KINDS[kind](self._context.state.source.sequence)
        self._shown.setChecked(True)
        self._do(f"add {title(layer)}", lambda state: chains.add(state, layer))

    def select(self, layer: int) -> None:
        """Look at a layer; going through several of them is one step."""
        named = title(self._context.state.layers[layer])
        self._do(f"look at {named}", lambda state: chains.select(state, layer), merge_key="looked")

    def remove(self, layer: int) -> None:
        """Take a layer away."""
        self._do(f"remove {self._named(layer)}", lambda state: chains.remove(state, layer))

    def switch(self, layer: int) -> None:
        """Switch a layer off, or on again."""
        word = "off" if self._context.state.layers[layer].on else "on"
        self._do(f"switch {self._named(layer)} {word}", lambda state: chains.switch(state, layer))

    def duplicate(self, layer: int) -> None:
        """Put a copy of a layer behind it."""
        self._do(f"duplicate {self._named(layer)}", lambda state: chains.duplicate(state, layer))

    def move(self, layer: int, to: int) -> None:
        """Take a layer from its place to another one."""
        if 0 <= to < len(self._context.state.layers):
            self._do(f"move {self._named(layer)}", lambda state: chains.move(state, layer, to))

    def show_photo(self) -> None:
        """Show the photo in the left pane, or what the layer reads."""
        photo = not self._context.state.display.photo
        label = "show the photo" if photo else "show what the layer reads"
        self._do(label, lambda state: state.with_display(photo=photo))

    def _named(self, layer: int) -> str:
        return title(self._context.state.layers[layer])

    def _do(self, label: str, edit: Callable[[State], State], merge_key: str | None = None) -> None:
        """Take an edit as a step, or say why it cannot be."""
        state = self._context.state
        try:
            new = edit(state)
        except ValueError as error:
            self._context.tell_error(error)
        else:
            if new is not state:
                self._context.session.replace(label, new, merge_key)
        self._set_photo(self._context.state)  # a click has switched it already

    # what is shown

    def _changed(self, old: State, new: State) -> None:
        parts = changed_fields(old, new)
        if parts & {"source", "reading", "layers", "looked"}:
            self._show(new)
        if len(new.layers) > len(old.layers) and not _alone(new):
            self._shown.setChecked(True)
        self._set_photo(new)

    def _show_strip(self, shown: bool) -> None:
        self._show(self._context.state)

    def _show(self, state: State) -> None:
        if not self._shown.isChecked():  # a closed panel costs nothing
            self._enable(state)
            self._ask_thumbnails()
            return
        keys = self._keys.of(state.layers)
        shown = [_card(key, card) for key, card in zip(keys, cards(state), strict=True)]
        self._strip.set_layers(_card(INPUT, input_card(state)), shown, state.looked, total_words(state))
        self._enable(state)
        self._ask_thumbnails()

    def _enable(self, state: State) -> None:
        actions, last = self._context.window.actions_by_id, len(state.layers) - 1
        actions["remove_layer"].setEnabled(last > 0)
        actions["move_layer_back"].setEnabled(state.looked > 0)
        actions["move_layer_on"].setEnabled(state.looked < last)

    def _set_photo(self, state: State) -> None:
        self._context.window.actions_by_id["show_photo"].setChecked(state.display.photo)

    # thumbnails

    def _ask_thumbnails(self) -> None:
        """Make those that show something else by now, as soon as nothing changes any more, where they are seen."""
        self._context.runner.cancel(LANE)
        if self._shown.isChecked():
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


def _alone(state: State) -> bool:
    """Whether all there is is one convolution with its function."""
    return len(state.layers) <= state.unit.stop - state.unit.start
