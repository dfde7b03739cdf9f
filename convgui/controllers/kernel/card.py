"""The kernel card: the weights, what the kernel is called and does, and its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.kernels import catalogue as catalog
from convgui.model import chains, colouring
from convgui.model.banks import inputs_of
from convgui.model.filters import bank_of_maps, bank_text, colour_order
from convgui.model.kernel_sheets import filter_pictures
from convgui.model.layer_words import title
from convgui.views.kernel.parameter_form import Field

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.model.state import State

NONE_TEXT = "What is looked at has no kernel. Select a convolution among the layers to edit one."
OWN_TEXT = "One of your own kernels; it stands under Mine."
CUSTOM_TEXT = "Your own weights. Keep them by name with Ctrl+D, or undo to go back."


class KernelCardController:
    """Shows the present kernel."""

    def __init__(self, context: Context) -> None:
        self._context, self._dock = context, context.window.docks["kernel"]
        self._dock.seen_changed.connect(lambda seen: self._appear() if seen else None)
        context.session.changed(self._changed)
        context.afterwards.changed(self._followed)
        context.own.changed.connect(lambda: self._show(context.state))
        context.on_theme(self._set_colours)
        context.window.kernel_card.filters.chosen.connect(self._choose_channel)
        self._show_weights(context.state)
        self._show(context.state)
        self._set_colours()

    def _changed(self, old: State, new: State) -> None:
        """Show the weights at once, under the hand that paints them."""
        if old.kernel is not new.kernel and self._dock.seen():  # a closed panel costs nothing
            self._show_weights(new)

    def _appear(self) -> None:
        """Show what has changed while the panel was closed."""
        self._show_weights(self._context.state)
        self._show(self._context.state)

    def _show_weights(self, state: State) -> None:
        if state.kernel is not None:
            self._context.window.kernel_card.grid.set_weights(state.kernel.weights)

    def _followed(self, old: State, new: State) -> None:
        if not self._dock.seen():
            return
        other = (old.title, old.display.map) != (new.title, new.display.map)
        if old.kernel is not new.kernel or old.bank is not new.bank or (new.kernel is None and other):
            self._show(new)

    def _show_below(self, state: State) -> None:
        """Show that there is no kernel to edit; where each map belongs to a filter of a layer below, that filter."""
        card, found = self._context.window.kernel_card, bank_of_maps(state)
        card.set_title(state.title)
        card.set_detail("no kernel")
        if found is None:
            card.set_text(NONE_TEXT)
            card.filters.set_filter(None)
            return
        index, bank = found
        map = min(state.display.map, bank.weights.shape[3] - 1)
        order, table = colour_order(state, *found), colouring.signed_table(self._context.dark)
        card.filters.set_filter(filter_pictures(bank.weights[..., map], order, table))
        named = title(state.layers[index])
        card.set_text(
            f"Map {map} comes from filter {map} of {named}: {bank_text(bank)}. A click on a channel edits it there."
        )

    def _show_bank(self, state: State) -> None:
        """Show the filter that the kernel is a channel of: all of it, and each channel by itself."""
        bank, conv, strip = state.bank, state.conv, self._context.window.kernel_card.filters
        if bank is None or conv is None:
            strip.set_filter(None)
            return
        map = min(state.display.map, bank.weights.shape[3] - 1)
        order = colour_order(state, state.unit.start, bank)
        table = colouring.signed_table(self._context.dark)
        strip.set_filter(filter_pictures(bank.weights[..., map], order, table), self._channel(state, map))

    @staticmethod
    def _channel(state: State, map: int) -> int:
        """Return which channel of the filter is edited."""
        assert state.conv is not None
        return state.below - inputs_of(state.conv, map).start

    def _choose_channel(self, channel: int) -> None:
        state = self._context.state
        if state.conv is None and (found := bank_of_maps(state)) is not None:
            state = chains.select(state, found[0])
        if state.conv is not None and state.bank is not None:
            first = inputs_of(state.conv, min(state.display.map, state.bank.weights.shape[3] - 1)).start
            self._context.session.replace("channel", state.with_display(below=first + channel), merge_key="channel")

    def _set_colours(self) -> None:
        self._context.window.kernel_card.grid.set_table(colouring.signed_table(self._context.dark))
        if self._context.state.kernel is not None:
            self._show_bank(self._context.state)

    def _show(self, state: State) -> None:
        kernel, card = state.kernel, self._context.window.kernel_card
        card.set_editable(kernel is not None)
        card.size_button.setVisible(kernel is not None)
        if kernel is None:
            card.set_fields([])
            self._show_below(state)
            return
        rows, cols = kernel.size
        card.set_size(rows, cols)
        card.set_title(kernel.name)
        entry = catalog.entry(kernel.entry) if kernel.entry else None
        card.set_detail("" if entry else "custom" if state.bank is None else "")
        self._show_bank(state)
        same = f" Same as {entry.same_as}." if entry and entry.same_as else ""
        own = OWN_TEXT if kernel.name in self._context.own.kernels else CUSTOM_TEXT
        if state.bank is not None:
            own = bank_text(state.bank)
        card.set_text(entry.text + same if entry else own)
        fields = [
            Field(p.name, p.label, kernel.parameters[p.name], p.low, p.high, p.step, p.integer, p.unit, p.note)
            for p in (entry.parameters if entry else ())
        ]
        card.set_fields(fields)
