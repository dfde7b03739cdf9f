"""What a step on the way through a graph has to do with: where an operation stands, and what it becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.io.weights.onnx.form import Form, Stop

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.onnx.fold import Constants
    from convgui.io.weights.onnx.model import Node

    Array = NDArray[Any]
    Pair = tuple[int, int]


class Step(NamedTuple):
    """What an operation becomes: layers, none where it only names axes otherwise, and the form of what it makes."""

    layers: tuple[Layer, ...]
    form: Form
    names: tuple[str, ...] = ()
    any_size: bool = True


class Context(NamedTuple):
    """Where an operation stands: the constants of its graph, and the tensor that is followed."""

    constants: Constants
    followed: str

    @property
    def opset(self) -> int:
        """The version of the operators."""
        return self.constants.opset

    def given(self, node: Node, place: int) -> Array:
        """Return the numbers of an input; Stop if it is none, or depends on the network's input."""
        found = self.constants.get(node.input(place))
        if found is None:
            raise Stop("one of its inputs is computed from the picture")
        return found

    def optional(self, node: Node, place: int) -> Array | None:
        """Return the numbers of an input that may be left out."""
        return self.given(node, place) if node.input(place) else None

    def rest(self, node: Node) -> list[Array | None]:
        """Return the numbers of all inputs but the first."""
        return [self.optional(node, place) for place in range(1, len(node.inputs))]


def called(node: Node) -> str:
    """Return the name of a layer: the node's, or that of what it makes."""
    return (node.name or node.outputs[0])[:200]


def one_layer(layer: Layer, form: Form, *names: str) -> Step:
    """Return the step that one layer does, made of the tensors of some names."""
    return Step((layer,), form.after(layer), tuple(name for name in names if name))


def of_maps(form: Form, maps: int) -> Form:
    """Return a form whose number of maps is known by now."""
    if form.maps is None and maps > 1:
        return Form(form.axes, maps, form.rows, form.cols, form.flat)
    if maps not in (1, form.maps):
        raise Stop(f"it has numbers for {maps} maps, and {form.maps} are there")
    return form


def per_map(array: Array, form: Form) -> Array:
    """Return a constant that is added or multiplied as one number for each map; Stop if it differs from place to place."""
    if array.ndim > len(form.axes):
        raise Stop("it adds axes")
    sizes = dict(zip(reversed(form.axes), reversed(array.shape), strict=False))
    if any(n != 1 for letter, n in sizes.items() if letter != "C"):
        raise Stop("its numbers differ from place to place")
    return array.astype(np.float64).ravel()
