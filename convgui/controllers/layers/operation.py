"""The operation form: its settings are put into the layer, and the layer's settings are shown in it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from convgui.engine.kernels.facts import symmetric
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.border import BORDER_NAMES, BORDERS
from convgui.engine.layers.conv import Conv
from convgui.engine.reading import COLOURS
from convgui.model import texts
from convgui.model.chains import put, set_function
from convgui.model.suit import usual_reading
from convgui.views.layers.settings_form import Reach, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "shrink": "ONNX's Shrink: values near 0 become 0.",
    "clip": "ONNX's Clip: cut to a range, which its parameters give.",
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
    False: "What Keras and PyTorch call convolution: the kernel is not flipped.",
    True: "Mathematical convolution: the kernel is flipped, that is turned by 180 degrees.",
}


NOTHING = Reach((), "", False, (), 1, 1)
"""What can be set where no convolution is looked at."""


class OperationController:
    """Connects the layer and the form with its settings."""

    def __init__(self, context: Context) -> None:
        self._context = context
        context.window.settings.set_options(
            borders=[(name, name, _border_tip(name)) for name in ("zeros", "constant", *BORDERS[1:])],
            activations=[
                (name, name, ACTIVATION_TIPS.get(name, f"Keras's {name.replace(' ', '_')}.")) for name in ACTIVATIONS
            ],
        )
        context.window.settings.changed.connect(self._set_layer)
        self._dock = context.window.docks["operation"]
        self._dock.seen_changed.connect(lambda seen: self._show(context.state))
        context.afterwards.changed(lambda old, new: self._show(new))
        self._show_settings(context.state)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the operation."""
        return {
            "reset_layer": self.reset_layer,
            "toggle_flip": self.toggle_flip,
            "next_padding": lambda: self.next_of("padding"),
            "next_border": lambda: self.next_of("border"),
            "next_activation": lambda: self.next_of("activation"),
        }

    def _set_layer(self, name: str, value: Any, gesture: int) -> None:
        state = self._context.state
        if name == "colour":
            reading = replace(state.reading, colour=value, matrix=())
            self._context.session.update("colour", reading=reading)
            return
        try:
            label, new = ("activation", set_function(state, value)) if name == "activation" else self._changed(name, value)
        except ValueError as error:
            self._context.tell_error(error)
            return
        self._context.session.replace(label, new)

    def _changed(self, name: str, value: Any) -> tuple[str, State]:
        """Return the state with another setting of the convolution, and what the step is called."""
        state, layer = self._context.state, self._context.state.conv
        settings: dict[str, Any] = {name: value}
        if name in ("stride", "dilation"):
            rows = 1 if state.input.sequence else int(value)
            settings = {name: (rows, int(value))}
        elif name == "bias":
            settings = {"bias": _with_bias(state, float(value))}
        elif name == "border":
            outside = ((layer.constant if layer else 0.0) or 0.5) if value == "constant" else 0.0
            settings = {"border": "zeros" if value == "constant" else value, "constant": outside}
        label = {"flip": "convolution" if value else "correlation", "constant": "outside value"}.get(name, name)
        return label, state.with_conv(**settings)

    def reset_layer(self) -> None:
        """Reset padding, border, activation function and so on to their defaults; keep the kernel."""
        state = self._context.state
        if state.conv is None:
            self._context.tell_error(f"{state.title} is no convolution: select one among the layers to reset it.")
            return
        usual = Conv(state.conv.kernel, groups=state.conv.groups, name=state.conv.name)
        new = put(set_function(state, "linear"), state.unit.start, usual)
        if not state.unit.start:
            new = replace(new, reading=usual_reading(new.layers, new.source))
        self._context.session.replace("reset the operation", new)

    def next_of(self, name: str) -> None:
        """Go on to the next padding, border or activation function."""
        reach, layer = self.reach(self._context.state), self._context.state.conv
        if layer is None and name != "activation":
            return
        choices = {
            "padding": [value for value, _ in reach.paddings if value != "valid" or not reach.valid_fits],
            "border": list(BORDERS),
            "activation": list(ACTIVATIONS),
        }[name]
        function = self._context.state.unit.function
        present = (function.function if function else "linear") if name == "activation" else getattr(layer, name)
        place = choices.index(present) if present in choices else -1
        self._set_layer(name, choices[(place + 1) % len(choices)], 0)

    def toggle_flip(self) -> None:
        """Switch between correlation and convolution."""
        conv = self._context.state.conv
        self._set_layer("flip", conv is None or not conv.flip, 0)

    def reach(self, state: State) -> Reach:
        """Return what can be set for the present input and kernel."""
        layer, read = state.conv, state.input
        if layer is None:
            return NOTHING
        paddings: tuple[str, ...] = ("same", "valid", "full") + (("causal",) if read.sequence else ())
        fitting = state.with_conv(padding="valid").why
        rows, cols = layer.axes(read.rows, read.cols)
        used = any((rows.before, rows.after, cols.before, cols.after))
        most = max(read.cols if read.sequence else min(read.rows, read.cols), 1)
        return Reach(
            paddings=tuple((name, name) for name in paddings),
            valid_fits=fitting,
            outside_used=used,
            colours=_colours(state),
            stride_max=most,
            dilation_max=most if max(layer.kernel.size) > 1 else 1,
        )

    def _show(self, state: State) -> None:
        if self._dock.seen():  # a closed panel costs nothing
            self._show_settings(state)

    def _show_settings(self, state: State) -> None:
        layer, form = state.conv, self._context.window.settings
        form.setEnabled(layer is not None)
        if layer is None:
            form.set_detail(_output_text(state))
            return
        function = state.unit.function
        reach = self.reach(state)
        form.set_reach(reach)  # options first, then the choice
        form.set_settings(
            Settings(
                padding=layer.padding if isinstance(layer.padding, str) else "",
                border="constant" if layer.border == "zeros" and layer.constant else layer.border,
                constant=layer.constant,
                stride=max(layer.stride),
                dilation=max(layer.dilation),
                bias=layer.bias[min(state.display.map, len(layer.bias) - 1)],
                activation=function.function if function is not None and function.on else "linear",
                colour=state.reading.colour,
                flip=layer.flip,
            )
        )
        form.set_reach(reach)  # and its hints after it
        form.set_order(ORDERS[layer.flip], symmetric=symmetric(layer.kernel.weights))
        form.set_detail(_output_text(state))


def _with_bias(state: State, value: float) -> tuple[float, ...]:
    """Return the biases with another one for the map that is shown; where there is one for all, another one for all."""
    assert state.conv is not None
    bias = state.conv.bias
    if len(bias) == 1:
        return (value,)
    shown = min(state.display.map, len(bias) - 1)
    return (*bias[:shown], value, *bias[shown + 1 :])


def _output_text(state: State) -> str:
    """Return what comes out, in words."""
    shape = state.output_shape
    if shape is None:
        return "does not fit"
    maps = f" × {shape.maps} maps" if shape.maps > 1 else ""
    sequence = state.input.sequence
    size = texts.steps_text(shape.cols) if sequence else texts.size_text(shape.rows, shape.cols, state.input.toy)
    function = state.unit.coming
    return f"→ {size}{maps}{f' · before {function.function}' if function is not None else ''}"


def _colours(state: State) -> tuple[tuple[str, str, str], ...]:
    """Return the ways to read several channels; luminance is for pictures, unless a recipe brought it along."""
    source, chosen = state.source, state.reading.colour
    if source.channels == 1 or not state.input.direct or state.bank is not None:
        return ()
    tips = COLOUR_TIPS
    if source.channels != 3:
        tips = tips | CHANNEL_TIPS
    elif source.sequence:
        tips = tips | {"each channel": CHANNEL_TIPS["each channel"]}
    if chosen == "custom":
        tips = tips | {"custom": "Each plane is mixed from the channels by a matrix."}
    modes = [name for name in COLOURS if (name != "custom" or name == chosen)]
    modes = [name for name in modes if name != "luminance" or not source.sequence or name == chosen]
    return tuple((name, name, tips[name]) for name in modes)


def _border_tip(name: str) -> str:
    known = BORDER_NAMES["zeros" if name == "constant" else name]
    return BORDER_TIPS[name] + " " + ", ".join(f"{library}: {word}" for library, word in known.items()) + "."
