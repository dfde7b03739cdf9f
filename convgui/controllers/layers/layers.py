"""The layers of the document: what is done with one becomes a step of the history, and what can be done follows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from convgui.controllers.layers.kinds import KINDS
from convgui.model import chains
from convgui.model.layer_words import title
from convgui.model.state import changed_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.model.state import State


class LayersController:
    """Does what is asked for in the menu, or in the strip, and opens the strip where there are several layers."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shown = context.window.actions_by_id["show_layers"]
        context.afterwards.changed(self._changed)
        self._enable(context.state)

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

    # what follows

    def _changed(self, old: State, new: State) -> None:
        if changed_fields(old, new) & {"layers", "looked"}:
            self._enable(new)
        if len(new.layers) > len(old.layers) and not _alone(new):
            self._shown.setChecked(True)
        self._set_photo(new)

    def _enable(self, state: State) -> None:
        actions, last = self._context.window.actions_by_id, len(state.layers) - 1
        actions["remove_layer"].setEnabled(last > 0)
        actions["move_layer_back"].setEnabled(state.looked > 0)
        actions["move_layer_on"].setEnabled(state.looked < last)

    def _set_photo(self, state: State) -> None:
        self._context.window.actions_by_id["show_photo"].setChecked(state.display.photo)


def _alone(state: State) -> bool:
    """Whether all there is is one convolution with its function."""
    return len(state.layers) <= state.unit.stop - state.unit.start
