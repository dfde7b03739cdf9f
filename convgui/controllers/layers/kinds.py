"""The kinds of layer that can be added: for each action of the menu, what it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.kernels import catalogue
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.engine.layers.base import Layer


def _pair(sequence: bool, across: int) -> tuple[int, int]:
    """Return a size for rows and columns: a sequence has one row."""
    return (1 if sequence else across), across


KINDS: dict[str, Callable[[bool], Layer]] = {
    "add_layer_conv": lambda sequence: Conv(catalogue.make("gaussian-1d" if sequence else "gaussian")),
    "add_layer_activation": lambda sequence: Activation("relu"),
    "add_layer_max_pool": lambda sequence: Pool("max", _pair(sequence, 2)),
    "add_layer_mean_pool": lambda sequence: Pool("mean", _pair(sequence, 2)),
    "add_layer_affine": lambda sequence: Affine(),
    "add_layer_pad": lambda sequence: Pad(rows=(0, 0) if sequence else (1, 1), cols=(1, 1)),
    "add_layer_resize": lambda sequence: Resize(scale=(1.0 if sequence else 2.0, 2.0)),
    "add_layer_softmax": lambda sequence: Softmax(),
}
"""For each action what makes its layer, given whether the document is of a sequence."""
