"""The table of a model: its layers, what they make, and how many numbers their weights are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.layers.arguments import Shape
    from convgui.layers.base import Layer

_HEAD = ("Layer (type)", "Output Shape", "Param #")


def table_of(name: str, layers: Sequence[Layer], shapes: Sequence[Shape | None]) -> str:
    """Return the table of a model of that name; a layer whose shape is not known yet has None for it."""
    rows = [
        (
            f"{layer.name} ({type(layer).__name__})",
            "?" if shape is None else str(shape),
            f"{layer.count_params():,}" if layer.built else "0 (unbuilt)",
        )
        for layer, shape in zip(layers, shapes, strict=True)
    ]
    widths = [max(len(row[column]) for row in (_HEAD, *rows)) for column in range(3)]
    rule = "-" * (sum(widths) + 8)
    lines = [f'Model: "{name}"', rule, _line(_HEAD, widths), rule, *(_line(row, widths) for row in rows), rule]
    weights = {id(weight): weight for layer in layers for weight in layer.weights}.values()
    total = sum(weight.value.size for weight in weights)
    trained = sum(weight.value.size for weight in weights if weight.trainable)
    counts = (("Total", total), ("Trainable", trained), ("Non-trainable", total - trained))
    return "\n".join([*lines, *(f"{what} params: {count:,}" for what, count in counts)])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, shape, count = row
    return f" {name:<{widths[0]}}   {shape:<{widths[1]}}   {count:>{widths[2]}}"
