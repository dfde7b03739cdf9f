"""What Keras's layers have in common here: a name, weights made for a shape, and the engine's layers that they become."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable
from inspect import signature
from threading import RLock
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.layers.arguments import short
from convgui.layers.arguments import no_others, only_float32, whole
from convgui.layers.compute import batch_of, evaluate_batch
from convgui.layers.initializers import checked, initializer

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from convgui.engine.layers.base import Layer as EngineLayer
    from convgui.layers.arguments import Shape

_names: Counter[str] = Counter()

_building = RLock()
"""Held while weights are made, so that a model is built once where several threads use it first."""

_ACCEPTED = ("name", "trainable", "dtype", "input_shape", "input_dim", "activity_regularizer", "autocast")
"""What any layer takes; all but the name and the shape is of use in training alone."""


class Weight:
    """A weight of a layer: an array of float32 with a name.

    Attributes
    ----------
    name : str
    shape : tuple of int
    trainable : bool
        Whether training would change it; the statistics of a batch normalisation are not trained.
    value : ndarray of float32
        Read-only.
    """

    def __init__(self, name: str, owner: str, value: NDArray[np.float32], trainable: bool) -> None:
        self.name, self.trainable, self.value, self._owner = name, trainable, value, owner

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape, which does not change."""
        return self.value.shape

    @property
    def dtype(self) -> str:
        """Always float32."""
        return "float32"

    @property
    def path(self) -> str:
        """The name of the layer, and of the weight in it."""
        return f"{self._owner}/{self.name}"

    def numpy(self) -> NDArray[np.float32]:
        """Return the values; they may be written to, which does not change the weight."""
        return self.value.copy()

    def assign(self, value: ArrayLike) -> None:
        """Set the values; they must have the weight's shape."""
        self.value = checked(f"the weight {self.path}", value, self.shape)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.value.flags.writeable = False  # a copy's, and one's from a file, can be written to

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.value, dtype)

    def __repr__(self) -> str:
        return f"<Weight {self.path}, shape {self.shape}>"


class Layer(ABC):
    """A layer by Keras's name and arguments.

    Parameters
    ----------
    name : str, optional
        What it is called in a model; by default its class and a number.
    input_shape : tuple of int or None, optional
        The shape of the model's input without the batch, if this is the first layer.
    input_dim : int, optional
        The same for an input of one axis.
    trainable, dtype, activity_regularizer, autocast
        Keras's; without an effect, as nothing is trained here and all is computed in float32.

    Attributes
    ----------
    weights : list of Weight
        In Keras's order; none before it is built.
    """

    axes: ClassVar[int | None] = None
    """Axes of the input between batch and channels; None: any number of them."""

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Any = None,
        input_shape: Shape | None = None,
        input_dim: int | None = None,
        activity_regularizer: Any = None,
        autocast: bool = True,
        **others: Any,
    ) -> None:
        no_others(type(self).__name__, others, (*signature(type(self)).parameters, *_ACCEPTED))
        only_float32(dtype)
        if name is not None and not (isinstance(name, str) and name):
            raise ValueError(f"Expected the name of a layer as text, received {short(name)}.")
        self.name = name or automatic_name(type(self).__name__)
        self.trainable = trainable
        self.first_shape = (whole("input_dim", input_dim),) if input_dim is not None else input_shape
        self.built = False
        self._weights: list[Weight] = []
        self._built_for: Shape = ()
        self._made: tuple[tuple[NDArray[np.float32], ...], tuple[EngineLayer, ...]] | None = None

    def build(self, input_shape: Shape) -> None:
        """Make the weights for an input of that shape, batch first.

        Raises
        ------
        ValueError
            If the layer does not take such an input.
        """
        shape = tuple(input_shape)
        self.compute_output_shape(shape)
        with _building:
            if self.built:
                self._check_same(shape)
                return
            self._weights = []
            self._build(shape)
            self._built_for, self.built = shape, True

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of what is made of an input of that shape, batch first; None where any size will do.

        Raises
        ------
        ValueError
            If the layer does not take such an input.
        """
        shape = tuple(input_shape)
        self._check_rank(shape)
        return self._output_shape(shape)

    @property
    def weights(self) -> list[Weight]:
        """The weights in Keras's order."""
        return [*(w for w in self._weights if w.trainable), *(w for w in self._weights if not w.trainable)]

    def get_weights(self) -> list[NDArray[np.float32]]:
        """Return the values of the weights in Keras's order."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights: Iterable[ArrayLike]) -> None:
        """Set the values of all weights, in Keras's order.

        Raises
        ------
        ValueError
            If there are more or fewer than the layer has, or one has another shape; then none is changed.
        """
        set_all(f"the layer {self.name}", self.weights, weights, built=self.built)

    def count_params(self) -> int:
        """Return how many numbers the weights are."""
        return sum(weight.value.size for weight in self._weights)

    def engine_layers(self) -> tuple[EngineLayer, ...]:
        """Return the layers of the engine that this one becomes: the same ones until a weight is set."""
        values = tuple(weight.value for weight in self._weights)
        if self._made is None or any(new is not old for new, old in zip(values, self._made[0], strict=True)):
            self._made = values, self._make()
        return self._made[1]

    def __call__(self, inputs: ArrayLike) -> NDArray[np.float32]:
        """Return what the layer makes of an array, batch first; it is built for it if that has not been done."""
        if isinstance(inputs, Layer):
            raise ValueError(
                f"Expected an array as the input of the layer {self.name}, received the layer {inputs.name}: layers are "
                "joined by a Sequential, one after the other; there are no models with branches."
            )
        x = batch_of(inputs, None, f"the layer {self.name}")
        self.build(x.shape)
        return evaluate_batch(self.engine_layers(), x, self.compute_output_shape(x.shape))

    @abstractmethod
    def _output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the output, once that of the input has the right number of axes."""

    def _build(self, input_shape: Shape) -> None:  # noqa: B027 - most layers have no weights
        """Make the weights."""

    @abstractmethod
    def _make(self) -> tuple[EngineLayer, ...]:
        """Return the layers of the engine for the weights as they are."""

    def _add_weight(self, name: str, shape: tuple[int, ...], values: Any, trainable: bool = True) -> Weight:
        made = initializer(f"{name}_initializer", values)(shape)
        weight = Weight(name, self.name, made, trainable)
        self._weights.append(weight)
        return weight

    def _check_rank(self, shape: Shape) -> None:
        if self.axes is not None and len(shape) != self.axes + 2:
            wanted = "(batch, steps, channels)" if self.axes == 1 else "(batch, rows, columns, channels)"
            raise ValueError(f"The layer {self.name} expects an input of {wanted}, received the shape {shape}.")

    def _check_same(self, shape: Shape) -> None:
        """Refuse an input that the weights were not made for."""
        before = self._built_for
        if self._weights and (len(shape) != len(before) or shape[-1] != before[-1]):
            raise ValueError(f"The layer {self.name} was built for an input of the shape {before}, received {shape}.")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def set_all(owner: str, weights: list[Weight], values: Iterable[ArrayLike], *, built: bool) -> None:
    """Set weights to values, all or none of them.

    Raises
    ------
    ValueError
        If the count or a shape differs.
    """
    if not isinstance(values, Iterable):
        raise ValueError(f"Expected a list of weights for {owner}, received {short(values)}.")
    given = list(values)
    if len(given) != len(weights):
        expected = ", ".join(f"{weight.path} {weight.shape}" for weight in weights) or "none"
        why = "" if built else ", as it has not been built: give the first layer an input_shape, or call build"
        raise ValueError(f"Expected {len(weights)} weights for {owner} ({expected}){why}, received {len(given)}.")
    held = [checked(f"the weight {w.path}", value, w.shape) for w, value in zip(weights, given, strict=True)]
    for weight, value in zip(weights, held, strict=True):
        weight.value = value


def automatic_name(kind: str) -> str:
    """Return a name as Keras makes it: the class in lower case, and from the second one on a number.

    >>> automatic_name("LeakyReLU").startswith("leaky_re_lu"), automatic_name("Conv2D").startswith("conv2d")
    (True, True)
    """
    plain = re.sub("(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    _names[plain] += 1
    return plain if _names[plain] == 1 else f"{plain}_{_names[plain] - 1}"
