"""The operation form: its settings are put into the layer, and the layer's settings are shown in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.kernels.facts import symmetric
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.border import BORDER_NAMES, BORDERS
from convgui.engine.layers.conv import COLOURS, Conv
from convgui.engine.source import usual_colour
from convgui.model import derive, texts
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
    False: "What Keras and PyTorch call convolution: the kernel is not turned.",
    True: "Mathematical convolution: the kernel is turned by 180 degrees.",
}


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
        context.session.changed(lambda old, new: self._show(new))
        self._show(context.state)

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
        """Reset padding, border and so on to their defaults; keep the kernel."""
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
        """Switch between correlation and convolution."""
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

    def _show(self, state: State) -> None:
        layer, form = state.layer, self._context.window.settings
        reach = self.reach(state)
        form.set_reach(reach)  # options first, then the choice
        form.set_settings(
            Settings(
                padding=layer.padding if isinstance(layer.padding, str) else "",
                border="constant" if layer.border == "zeros" and layer.constant else layer.border,
                constant=layer.constant,
                stride=max(layer.stride),
                dilation=max(layer.dilation),
                bias=layer.bias[0],
                activation=layer.activation,
                colour=layer.colour,
                flip=layer.flip,
            )
        )
        form.set_reach(reach)  # and then the tooltips, which the choice has replaced
        form.set_order(ORDERS[layer.flip], symmetric=symmetric(state.kernel.weights))
        shape = derive.output_shape(state)
        if shape is None:
            form.set_detail("does not fit")
            return
        maps = f" × {shape[0]} maps" if shape[0] > 1 else ""
        sequence = state.source.sequence
        size = texts.steps_text(shape[2]) if sequence else texts.size_text(shape[1], shape[2], state.source.toy)
        form.set_detail(f"→ {size}{maps}")


def _colours(state: State) -> tuple[tuple[str, str, str], ...]:
    """Return the colour modes; for sequences without luminance, unless a recipe has chosen it."""
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
