"""The form of the layer that is looked at, both ways; a convolution has the operation's form and its kernel's facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.controllers.layers.fields import NOTES, edited, fields_of
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import PARAMETERS
from convgui.model import chains
from convgui.model.layer_words import kind_words, title
from convgui.views.layers.values import LayerSettings

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.layers.base import Layer
    from convgui.model.state import State


class LayerFormController:
    """Shows the settings of a layer that is no convolution, and puts what is set there into the document."""

    def __init__(self, context: Context) -> None:
        self._context = context
        context.window.layer_form.changed.connect(self._set)
        context.afterwards.changed(lambda old, new: self._show(new))
        context.window.actions_by_id["show_layers"].toggled.connect(lambda on: self._show(context.state))
        self._show(context.state)

    def _set(self, name: str, value: object) -> None:
        state = self._context.state
        try:
            new = chains.put(state, state.looked, edited(state.unit.layer, name, value))
        except ValueError as error:
            self._context.tell_error(error)
            self._show(state)
            return
        self._context.session.replace(name.replace("_", " "), new, merge_key=None)

    def _show(self, state: State) -> None:
        window, unit = self._context.window, state.unit
        layer = unit.layer
        window.settings.setVisible(unit.conv is not None)
        shown = unit.conv is None or (layer is unit.function and self._strip_shown() and _has_parameters(layer))
        window.layer_form.setVisible(shown)
        if not shown:
            return
        fault = state.fault
        reads = state.chain.shape(state.looked) if fault is None or fault.layer > state.looked else None
        name = title(layer)
        detail = kind_words(layer) if kind_words(layer) != name else ""
        note = NOTES.get(layer.kind, "")
        window.layer_form.set_settings(LayerSettings(state.looked, name, detail, note, fields_of(layer, reads)))

    def _strip_shown(self) -> bool:
        return self._context.window.actions_by_id["show_layers"].isChecked()


def _has_parameters(layer: Layer) -> bool:
    """Whether an activation function has settings of its own, besides those in the operation's form."""
    return isinstance(layer, Activation) and (layer.slopes is not None or bool(PARAMETERS.get(layer.function)))
