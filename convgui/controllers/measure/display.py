"""The display: colour map, limits, which of several maps is shown, and what the headers of the panes say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convgui import assets
from convgui.model import derive, texts
from convgui.trouble import one_line

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.model.state import State


class DisplayController:
    """Connects the display settings of the document and their form."""

    def __init__(self, context: Context) -> None:
        self._context = context
        window = context.window
        window.display.changed.connect(self._set_display)
        window.pair.maps.chosen.connect(self.show_map)
        context.afterwards.changed(lambda old, new: self._show(new))
        context.on_theme(self._fill_colours)
        self._fill_colours()

    def _set_display(self, name: str, value: Any, gesture: int) -> None:
        state = self._context.state
        limits = state.display.limits
        if name == "colours":
            self._context.session.replace("colour map", state.with_display(colours=value))
            return
        if name == "range":
            limits = replace(limits, mode="fixed", low=value[0], high=value[1])
        elif name == "mode":
            low, high = self._context.window.pair.bar.limits()
            limits = replace(limits, mode=value, **({"low": low, "high": high} if value == "fixed" else {}))
        else:
            limits = replace(limits, **{name: value})
        if limits.mode == "fixed" and not limits.low < limits.high:
            self._context.tell_error(
                f"The lower limit must be below the upper one, received {limits.low:g} and {limits.high:g}."
            )
            self._show(state)
            return
        key = ("limits", name, gesture) if name == "range" else None
        self._context.session.replace("limits", state.with_display(limits=limits), key)

    def show_map(self, number: int) -> None:
        """Show one of several maps."""
        self._context.session.replace("map", self._context.state.with_display(map=number))

    def _fill_colours(self) -> None:
        dark = self._context.dark
        maps: list[Any] = [("auto", "auto", None)]
        maps += [(name, name, assets.colour_map(name, dark)) for name in (*assets.SIGNED, *assets.SEQUENTIAL)]
        self._context.window.display.set_colour_maps(maps)
        self._show(self._context.state)

    def _show(self, state: State) -> None:
        limits, window = state.display.limits, self._context.window
        window.display.set_display(state.display.colours, limits.mode, limits.percent, limits.low, limits.high)
        title = one_line(f"{state.source.name} — {state.title} — convgui")
        window.setWindowTitle(title.replace("[*]", "[*][*]"))  # which stands for "changed" where it is not doubled
        window.status.set_shapes(texts.shape_text(state))
        self._show_maps(state)

    def _show_maps(self, state: State) -> None:
        names = derive.names_of_maps(state) if state.way == "one" else ()
        self._context.window.pair.maps.set_maps(names, state.map)
