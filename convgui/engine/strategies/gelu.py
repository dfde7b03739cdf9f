"""The exact form of GELU by a compiled loop: NumPy has no error function, and some thirty passes over the values instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.address import address
from convgui.engine.layers.activation import BoundActivation
from convgui.engine.layers.activations import PARAMETERS
from convgui.engine.layers.in_place import chosen
from convgui.engine.strategies.direct import output

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.activation import Activation
    from convgui.engine.layers.base import Block, Maps


def is_exact_gelu(layer: Activation) -> bool:
    """Return whether a layer is GELU by the normal distribution, not by tanh."""
    settings = {**PARAMETERS["gelu"], **layer.parameters}
    return layer.function == "gelu" and not settings["approximate"]


class CompiledGelu(BoundActivation):
    """A bound activation that is the exact form of GELU."""

    def __init__(self, bound: BoundActivation, compiled: Any) -> None:
        super().__init__(bound.layer, bound.input)
        self._compiled = compiled

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Apply the function in place; see `Bound.compute`."""
        if out.strides[2] != 4:
            super().compute(block, maps, rows, cols, out)
            return
        x = chosen(block, self.needs(maps, rows, cols), rows, cols)
        if (address(x), x.strides) != (address(out), out.strides):
            np.copyto(out, x)
        self._compiled.gelu_values(*output(out), *out.shape)
