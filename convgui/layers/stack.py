"""Layers one after the other: added, built for an input, and their weights, by Keras's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.layers.arguments import short
from convgui.layers.arguments import whole
from convgui.layers.base import Layer, Weight, automatic_name, set_all
from convgui.layers.input import InputLayer, input_shape_of, sides
from convgui.layers.summary import table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape

    Upto = int | str | Layer | None


class Stack:
    """What a model is before it computes: layers, the shapes between them, and their weights."""

    def __init__(self, layers: Iterable[Layer] | None = None, trainable: bool = True, name: str | None = None) -> None:
        self.name = name or automatic_name("Sequential")
        self.trainable = trainable
        self.built = False
        self._input: Shape | None = None
        self._layers: list[Layer] = []
        for layer in layers or ():
            self._append(layer)
        self._rebuild()

    def add(self, layer: Layer) -> None:
        """Add a layer at the end.

        Raises
        ------
        ValueError
            If it is no layer, does not fit what the layers before it make, or has the name of another one; then the model
            stays as it was.
        """
        before = self._input, [*self._layers]
        try:
            self._append(layer)
            self._rebuild()
        except ValueError:
            self._input, self._layers = before
            self._rebuild()
            raise

    def pop(self) -> Layer:
        """Remove the last layer, and return it."""
        if not self._layers:
            raise ValueError(f"Expected a layer to remove, received the model {self.name}, which has none.")
        layer = self._layers.pop()
        self._rebuild()
        return layer

    def build(self, input_shape: Sequence[int | None]) -> None:
        """Make the weights for an input of that shape, batch first; None where any size will do.

        Raises
        ------
        ValueError
            If a layer does not fit, or the model has been made for another shape.
        """
        shape = input_shape_of(input_shape)
        if not self.layers:
            raise ValueError(f"Expected layers to build, received the model {self.name}, which has none: add one.")
        if self._input is not None and shape != self._input:
            raise ValueError(f"The model {self.name} was made for an input of the shape {self._input}, received {shape}.")
        self.shapes(shape)
        self._input, self.built = shape, True

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the input; `add` and `pop` change them."""
        return [*self._layers]

    @property
    def weights(self) -> list[Weight]:
        """The weights of all layers, in Keras's order; those of a layer that is used twice are there once."""
        found = {id(weight): weight for layer in self.layers for weight in layer.weights}
        return list(found.values())

    @property
    def trainable_weights(self) -> list[Weight]:
        """The weights but the statistics of batch normalisations."""
        return [weight for weight in self.weights if weight.trainable]

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """The statistics of batch normalisations."""
        return [weight for weight in self.weights if not weight.trainable]

    def get_weights(self) -> list[NDArray[np.float32]]:
        """Return the values of all weights, in Keras's order and shapes."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights: Iterable[ArrayLike]) -> None:
        """Set the values of all weights, in Keras's order and shapes.

        Raises
        ------
        ValueError
            If there are more or fewer than the model has, or one has another shape; then none is changed.
        """
        set_all(f"the model {self.name}", self.weights, weights, built=self.built)

    def count_params(self) -> int:
        """Return how many numbers the weights are."""
        return sum(weight.value.size for weight in self.weights)

    def summary(
        self, line_length: int | None = None, positions: Any = None, print_fn: Callable[[str], Any] | None = None
    ) -> None:
        """Print the layers with the shapes of their outputs and how many numbers their weights are.

        Parameters
        ----------
        line_length, positions
            Keras's; the table is as wide as what is in it.
        print_fn : callable taking a str, optional
            Given the table instead of `print`.

        Examples
        --------
        >>> from convgui.layers import Conv1D
        >>> from convgui.models import Sequential
        >>> Sequential([Conv1D(2, 3, input_shape=(8, 1), name="conv")], name="small").summary()
        Model: "small"
        ----------------------------------------
         Layer (type)    Output Shape   Param #
        ----------------------------------------
         conv (Conv1D)   (None, 6, 2)         8
        ----------------------------------------
        Total params: 8
        Trainable params: 8
        Non-trainable params: 0
        """
        shapes = self.shapes()[1:] if self.built else [None] * len(self._layers)
        (print_fn or print)(table_of(self.name, self._layers, shapes))

    @property
    def input_shape(self) -> Shape:
        """The shape of the input, batch first."""
        return self.shapes()[0]

    @property
    def output_shape(self) -> Shape:
        """The shape of the output, batch first."""
        return self.shapes()[-1]

    def shapes(self, input_shape: Shape | None = None) -> list[Shape]:
        """Return the shape of an input and of what each layer makes of it, batch first; by default of the model's own input.

        Raises
        ------
        ValueError
            If a layer does not fit.
        """
        if input_shape is None:
            if not self.built or self._input is None:
                raise AttributeError(
                    f"The model {self.name} has no shape yet: give the first layer an input_shape, or call build."
                )
            input_shape = self._input
        found = [input_shape]
        for layer in self.layers:
            layer.build(found[-1])
            found.append(layer.compute_output_shape(found[-1]))
        return found

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return a layer by its name, or by its place from 0.

        Raises
        ------
        ValueError
            If there is none.
        """
        if (name is None) == (index is None):
            raise ValueError("Expected the name or the index of a layer, received neither or both.")
        if index is not None:
            if whole("the index of a layer", index, -len(self.layers)) >= len(self.layers):
                raise ValueError(f"Expected an index below {len(self.layers)}, the number of layers, received {index}.")
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(f"Expected a layer of {', '.join(layer.name for layer in self.layers)}, received {short(name)}.")

    def engine_layers(self, upto: Upto = None) -> tuple[EngineLayer, ...]:
        """Return what the first layers become in the engine: the same layers until a weight is set."""
        return tuple(made for layer in self.layers[: self.count(upto)] for made in layer.engine_layers())

    def count(self, upto: Upto) -> int:
        """Return how many layers are applied up to one of them: a count, a name, or the layer itself; None is all.

        Raises
        ------
        ValueError
            If there is no such layer.
        """
        if upto is None:
            return len(self.layers)
        if isinstance(upto, str):
            upto = self.get_layer(upto)
        if isinstance(upto, Layer):
            places = [place for place, layer in enumerate(self.layers, 1) if layer is upto]
            if not places:
                raise ValueError(f"Expected a layer of the model {self.name}, received {upto!r}, which is none of them.")
            return places[-1]
        if whole("upto", upto, 0) > len(self.layers):
            raise ValueError(f"Expected upto from 0 to {len(self.layers)}, the number of layers, received {upto}.")
        return int(upto)

    def _append(self, layer: Any) -> None:
        if isinstance(layer, Stack):
            raise ValueError(
                f"Expected a layer for the model {self.name}, received the model {layer.name}: add its layers one by one."
            )
        if not isinstance(layer, Layer):
            raise ValueError(f"Expected a layer of convgui.layers for the model {self.name}, received {short(layer)}.")
        first = layer.batch_shape if isinstance(layer, InputLayer) else layer.first_shape
        if isinstance(layer, InputLayer) and (self._input is not None or self.layers):
            raise ValueError(f"Expected one input, the first of the model {self.name}, received {layer.name} behind it.")
        if first is not None and self._input is None and not self.layers:
            self._input = first if isinstance(layer, InputLayer) else input_shape_of((None, *sides(first)))
        if isinstance(layer, InputLayer):
            return
        if any(layer.name == other.name and layer is not other for other in self.layers):
            raise ValueError(f"Expected different names in the model {self.name}, received two layers called {layer.name}.")
        self._layers.append(layer)

    def _rebuild(self) -> None:
        """Make what weights are missing, if the shape of the input is known."""
        self.built = False
        if self._input is not None and self.layers:
            self.build(self._input)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"
