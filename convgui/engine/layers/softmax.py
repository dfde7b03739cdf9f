"""Softmax over the maps: the values of all maps at a place become parts of 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from convgui.engine.layers.base import Bound, Layer, Shape


@dataclass(frozen=True, eq=False)
class Softmax(Layer):
    """At each place the exponentials of all maps, divided by their sum."""

    kind: ClassVar[str] = "softmax"

    def bind(self, shape: Shape) -> Bound:
        """Return the layer bound to an input of that shape; see `Layer.bind`."""
        raise NotImplementedError
