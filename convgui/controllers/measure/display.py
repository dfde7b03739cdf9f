"""Operation and display: what the forms at the right say, and what they show."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication

from convgui import assets
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.border import BORDER_NAMES, BORDERS
from convgui.engine.layers.conv import COLOURS, Conv
from convgui.engine.source import usual_colour
from convgui.model import derive
from convgui.views.kit import theme
from convgui.views.layers.settings_form import Reach, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.canvas.compute import ComputeController
    from convgui.controllers.context import Context
    from convgui.model.state import State

BORDER_TIPS = {
    "zeros": "Zero everywhere outside.",
    "constant": "One value everywhere outside.",
    "replicate": "The edge cell goes on for ever.",
    "reflect": "Mirrored at the edge cell, which is not repeated.",
    "symmetric": "Mirrored behind the edge cell, which is repeated.",
    "wrap": "The picture is repeated like tiles.",
}

ACTIVATION_TIPS = {
    "linear": "The sum as it is.",
    "relu": "Negative values become 0.",
    "leaky relu": "Negative values are multiplied by 0.2.",
    "relu6": "Cut to 0 … 6.",
    "abs": "The magnitude: both kinds of edge alike.",
    "square": "The square: energy.",
    "step": "1 where positive, else 0: where does it fire?",
}

COLOUR_TIPS = {
    "luminance": "One map of the brightness: 0.299 red + 0.587 green + 0.114 blue.",
    "each channel": "Three maps: red, green and blue apart.",
    "sum": "One map over all channels, like a layer with the same kernel for each.",
}

CHANNEL_TIPS = {
    "luminance": "One map of the mean of the channels.",
    "each channel": "One map for each channel.",
}

ORDERS = {
    False: "What Keras and PyTorch call convolution: the kernel is not turned.",
    True: "Mathematical convolution: the kernel is turned by 180 degrees.",
}


class DisplayController:
    """Layer settings and display settings, both ways."""

    def __init__(self, context: Context, compute: ComputeController) -> None:
        self._context, self._compute = context, compute
        window = context.window
        window.settings.set_options(
            [(name, name, _border_tip(name)) for name in ("zeros", "constant", *BORDERS[1:])],
            [(name, name, ACTIVATION_TIPS.get(name, f"Keras's {name.replace(' ', '_')}.")) for name in ACTIVATIONS],
        )
        window.settings.changed.connect(self._set_layer)
        window.display.changed.connect(self._set_display)
        window.pair.maps.chosen.connect(lambda name: self.show_map(int(name)))
        context.session.changed(lambda old, new: self._show(new))
        context.on_theme(self._fill_colours)
        self._fill_colours()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the operation and the theme."""
        return {
            "reset_layer": self.reset_layer,
            "toggle_flip": self.toggle_flip,
            "next_padding": lambda: self.next_of("padding"),
            "next_border": lambda: self.next_of("border"),
            "next_activation": lambda: self.next_of("activation"),
            **{f"theme_{choice}": partial(self.set_theme, choice) for choice in ("system", "light", "dark")},
        }

    # the layer

    def _set_layer(self, name: str, value: Any, gesture: int) -> None:
        layer = self._context.state.layer
        settings: dict[str, Any] = {name: value}
        if name in ("stride", "dilation"):
            rows = 1 if self._context.state.source.sequence else int(value)
            settings = {name: (rows, int(value))}
        elif name == "bias":
            settings = {"bias": (float(value),)}
        elif name == "border":
            outside = (layer.constant or 0.5) if value == "constant" else 0.0
            settings = {"border": "zeros" if value == "constant" else value, "constant": outside}
        label = {"flip": "convolution" if value else "correlation", "constant": "outside value"}.get(name, name)
        self._context.session.replace(label, self._context.state.with_layer(**settings))

    def reset_layer(self) -> None:
        """Return padding same, border zeros, and so on; the kernel stays."""
        layer = Conv(self._context.state.kernel, colour=usual_colour(self._context.state.source))
        self._context.session.update("reset the operation", layers=(layer, *self._context.state.layers[1:]))

    def next_of(self, name: str) -> None:
        """Go on to the next padding, border or activation function."""
        reach = self.reach(self._context.state)
        layer = self._context.state.layer
        choices = {
            "padding": [value for value, _ in reach.paddings if value != "valid" or not reach.valid_fits],
            "border": list(BORDERS),
            "activation": list(ACTIVATIONS),
        }[name]
        present = getattr(layer, name)
        place = choices.index(present) if present in choices else -1
        self._set_layer(name, choices[(place + 1) % len(choices)], 0)

    def toggle_flip(self) -> None:
        """Correlation or convolution, the other one."""
        self._set_layer("flip", not self._context.state.layer.flip, 0)

    def reach(self, state: State) -> Reach:
        """Return what can be set for the present input and kernel."""
        source, layer = state.source, state.layer
        paddings: tuple[str, ...] = ("same", "valid", "full") + (("causal",) if source.sequence else ())
        fitting = derive.fault(state.with_layer(padding="valid"))
        rows, cols = layer.axes(source.rows, source.cols)
        used = any((rows.before, rows.after, cols.before, cols.after))
        return Reach(
            paddings=tuple((name, name) for name in paddings),
            valid_fits=fitting,
            outside_used=used,
            colours=_colours(state),
            stride_max=max(source.cols if source.sequence else min(source.rows, source.cols), 1),
            dilation_max=max(source.cols if source.sequence else min(source.rows, source.cols), 1)
            if max(layer.kernel.size) > 1
            else 1,
        )

    # the display

    def _set_display(self, name: str, value: Any, gesture: int) -> None:
        state = self._context.state
        limits = state.display.limits
        if name == "colours":
            self._context.session.replace("colour map", state.with_display(colours=value))
            return
        if name == "range":
            limits = replace(limits, mode="fixed", low=value[0], high=value[1])
        elif name == "mode":
            low, high = self._context.window.display.histogram.limits()
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

    # the theme

    def set_theme(self, choice: str) -> None:
        """Follow the system, or be light or dark."""
        self._context.preferences["theme"] = choice
        dark = theme.system_is_dark() if choice == "system" else choice == "dark"
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, dark)
        self._context.window.refresh_icons()
        self._context.set_dark(dark)

    # showing

    def _fill_colours(self) -> None:
        dark = self._context.dark
        maps: list[Any] = [("auto", "auto", None)]
        maps += [(name, name, assets.colour_map(name, dark)) for name in (*assets.SIGNED, *assets.SEQUENTIAL)]
        self._context.window.display.set_colour_maps(maps)
        self._show(self._context.state)

    def _show(self, state: State) -> None:
        layer, window = state.layer, self._context.window
        padding = layer.padding if isinstance(layer.padding, str) else ""
        border = "constant" if layer.border == "zeros" and layer.constant else layer.border
        reach = self.reach(state)
        window.settings.set_reach(reach)  # what there is to choose from comes before the choice
        window.settings.set_settings(
            Settings(
                *(padding, border, layer.constant, max(layer.stride), max(layer.dilation), layer.bias[0]),
                *(layer.activation, layer.colour, layer.flip),
            )
        )
        window.settings.set_reach(reach)  # and its hints after it
        window.settings.set_order(ORDERS[layer.flip], symmetric=derive.kernel_symmetric(state.kernel))
        shape = derive.output_shape(state)
        maps = f" × {shape[0]} maps" if shape and shape[0] > 1 else ""
        size = "" if shape is None else derive.size_text(shape[1], shape[2], state.source.toy)
        if shape is not None and state.source.sequence:
            size = derive.steps_text(shape[2])
        window.settings.set_detail(f"→ {size}{maps}" if shape else "does not fit")
        limits = state.display.limits
        window.display.set_display(state.display.colours, limits.mode, limits.percent, limits.low, limits.high)
        window.pair.input_card.set_detail(derive.source_text(state))
        window.status.set_shapes(derive.shape_text(state))
        self._show_maps(state)

    def _show_maps(self, state: State) -> None:
        names, choice = derive.names_of_maps(state), self._context.window.pair.maps
        choice.setVisible(len(names) > 1)
        if len(names) > 1:
            choice.set_options([(str(k), name) for k, name in enumerate(names)])
            choice.set_value(str(derive.shown_map(state)))


def _colours(state: State) -> tuple[tuple[str, str, str], ...]:
    """Return the ways to read several channels; luminance is for pictures, unless a recipe brought it along."""
    source, chosen = state.source, state.layer.colour
    if source.channels == 1 or state.kernel.weights.ndim > 2:
        return ()
    tips = COLOUR_TIPS
    if source.channels != 3:
        tips = tips | CHANNEL_TIPS
    elif source.sequence:
        tips = tips | {"each channel": CHANNEL_TIPS["each channel"]}
    modes = [name for name in COLOURS if name != "luminance" or not source.sequence or name == chosen]
    return tuple((name, name, tips[name]) for name in modes)


def _border_tip(name: str) -> str:
    known = BORDER_NAMES["zeros" if name == "constant" else name]
    return BORDER_TIPS[name] + " " + ", ".join(f"{library}: {word}" for library, word in known.items()) + "."
