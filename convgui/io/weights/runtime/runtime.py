"""A model that ONNX Runtime runs: what a chain of our layers cannot follow, a graph with branches, is run as it is.

There is no optimisation, so that each value is that of the operation that the file names. The values are ONNX Runtime's, not
ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.base import Place, Shape
from convgui.engine.strategies.tiles import never
from convgui.io.errors import FileError
from convgui.io.weights.runtime.known import Known
from convgui.io.weights.runtime.session import Held, Refused, run, session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.onnx.model import Dims

LABEL = "by ONNX Runtime"
"""What values are called that it has computed."""

TYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16}


@dataclass(frozen=True, eq=False)
class Tensor:
    """A tensor of a graph that is maps, or what it ends with.

    Attributes
    ----------
    name : str
    kind : str
        The operation that makes it.
    reads : tuple of str
        The tensors of maps, or the input, that it is made from.
    dims : Dims
        Its axes as the file, or ONNX Runtime, has them: numbers, names, or None.
    """

    name: str
    kind: str
    reads: tuple[str, ...]
    dims: Dims


@dataclass(frozen=True, eq=False)
class Runtime:
    """A model that ONNX Runtime runs.

    Attributes
    ----------
    path : Path
    input : str
        The name of what it reads.
    axes : str
        Of the input: NCHW, NHWC, NCW, NWC or NW.
    channels : int or None
        That it reads, where the file fixes them.
    size : (int, int) or None
        Rows and columns of the input, where the file fixes them; it may run at others as well.
    tensors : tuple of Tensor
        Those that are maps, in the order of the graph.
    ends : tuple of Tensor
        Those that the model makes in the end and that are a vector for each picture: scores of classes.
    metadata : mapping of str to str
        What the file says about itself.
    """

    path: Path
    input: str
    axes: str
    channels: int | None
    size: tuple[int, int] | None
    tensors: tuple[Tensor, ...]
    ends: tuple[Tensor, ...]
    metadata: Mapping[str, str]
    _held: Held = field(repr=False)
    _batch: int | None = field(repr=False)
    _axes: dict[str, str] = field(repr=False)
    _reopen: Callable[[Path, str], Runtime] = field(repr=False)
    _shapes: dict[tuple[str, Shape], Shape | str] = field(default_factory=dict, repr=False)
    _places: dict[tuple[str, Shape], tuple[Place, Place]] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """What it is called: its file."""
        return self.path.name

    @property
    def label(self) -> str:
        """Who computes its values."""
        return LABEL

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tensors that are maps, in the order of the graph."""
        return tuple(tensor.name for tensor in self.tensors)

    # what the engine asks

    def known(self, tensor: str, given: Shape) -> Shape | None:
        """Return the shape of a tensor for an input of that shape; None if it has not run on one yet.

        Raises
        ------
        ValueError
            If there is no such tensor, or the model does not run on such an input.
        """
        if tensor != self.input and tensor not in self.names:
            raise ValueError(f"{self.name}: has no tensor {tensor!r} of three or four axes.")
        if self.channels not in (None, given.maps):
            raise ValueError(f"{self.name}: reads {self.channels} channels, received {given.maps}.")
        found = given if tensor == self.input else self._shapes.get((tensor, given))
        if isinstance(found, str):
            raise ValueError(found)
        return found

    def places(self, tensor: str, given: Shape) -> tuple[Place, Place]:
        """Return where rows and columns of a tensor lie on the input: as our layers have it, else as sizes suggest."""
        if (tensor, given) not in self._places:
            made, stand = self.known(tensor, given), None
            assert made is not None
            if tensor != self.input:
                stand = self._layers.stand(tensor, given)
            fits = stand is not None and (stand.form.rows, stand.form.cols) == made[1:]
            place = (stand.rows, stand.cols) if stand is not None and fits else _spread(given, made)
            self._places[tensor, given] = place
        return self._places[tensor, given]

    def run(
        self, planes: NDArray[np.float32], tensors: tuple[str, ...], cancelled: Callable[[], bool] = never
    ) -> dict[str, NDArray[np.float32]]:
        """Return tensors for an input, shape (channels, rows, cols), as maps of the same shape.

        Raises
        ------
        ValueError
            If there is no such tensor, or the model does not run on such an input.
        Cancelled
            If it was cancelled.
        """
        given = Shape(*planes.shape)
        for tensor in tensors:
            self.known(tensor, given)
        wanted = tuple(dict.fromkeys(tensor for tensor in tensors if tensor != self.input))
        found = {self.input: planes} if self.input in tensors else {}
        if wanted:
            try:
                made = self._run(planes, wanted, cancelled)
            except FileError as error:
                self._shapes.update(dict.fromkeys(((tensor, given) for tensor in wanted), str(error)))
                raise ValueError(str(error)) from error
            found |= {name: self._as_maps(name, values) for name, values in made.items()}
        self._shapes.update(((name, given), Shape(*maps.shape)) for name, maps in found.items())
        for name in found:
            self.places(name, given)
        return found

    def described(self) -> dict[str, str]:
        """Return how it is found again: its file, and the SHA-256 of that and of what it has beside itself."""
        return {"path": str(self.path.absolute()), "sha256": self.digest}

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the file, and of what it has beside itself."""
        return self._held.values.digest(self._held.model.graph.values.values())

    def is_there(self) -> bool:
        """Whether the file, and what it has beside itself, are still those that were opened."""
        return self._held.values.unchanged()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how it is sent elsewhere: it is opened there."""
        return self._reopen, (self.path, self.digest)

    # what scripts ask

    def maps(self, planes: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        """Return a tensor for an input, shape (channels, rows, cols), as maps of the same shape.

        Raises
        ------
        FileError
            If there is no such tensor, or the model does not run on an input of this size.
        """
        return self.several(planes, (name,))[name]

    def several(self, planes: NDArray[np.float32], names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return several tensors for an input; see `maps`."""
        try:
            return self.run(planes, tuple(names))
        except ValueError as error:
            raise FileError(str(error)) from error

    def scores(self, planes: NDArray[np.float32], name: str, cancelled: Callable[[], bool] = never) -> NDArray[np.float32]:
        """Return what the model ends with for an input, one number for each class.

        Raises
        ------
        FileError
            If it does not run on an input of this size.
        Cancelled
            If it was cancelled.
        """
        return np.asarray(self._run(planes, (name,), cancelled)[name], np.float32).ravel()

    def layers_of(self, name: str, given: Shape) -> tuple[str, tuple[Layer, ...]] | None:
        """Return the tensor from which our layers make another one, and these layers; None if there are none.

        `given`: the shape of the input, for which the shapes of tensors may be known.
        """
        found = ((tensor, shape) for (tensor, size), shape in self._shapes.items() if size == given)
        maps = {tensor: shape for tensor, shape in found if not isinstance(shape, str)}
        return self._layers.layers_of(name, {**maps, self.input: given})

    @property
    def _layers(self) -> Known:
        return Known(self._held.model, self._held.values, self.input, self._axes)

    def _run(
        self, planes: NDArray[np.float32], names: tuple[str, ...], cancelled: Callable[[], bool]
    ) -> dict[str, NDArray[Any]]:
        other = self.size not in (None, planes.shape[1:]) or self._batch not in (None, 1)
        made = session(self._held, names, other)
        kind = TYPES.get(made.get_inputs()[0].type, np.float32)
        try:
            found = run(made, list(names), {self.input: _stored(planes, self.axes).astype(kind)}, cancelled)
        except Refused as error:
            rows, cols = planes.shape[1:]
            fixed = f", expected {self.size[0]} × {self.size[1]}" if other and self.size else ""
            raise FileError(f"{self.name}: does not run on {rows} × {cols} cells{fixed} ({error}).") from error
        return dict(zip(names, found, strict=True))

    def _as_maps(self, name: str, values: NDArray[Any]) -> NDArray[np.float32]:
        if values.ndim not in (3, 4) or len(values) != 1:
            raise ValueError(f"{self.name}: {name} has the shape {values.shape}, expected maps of one picture.")
        maps = values[0]
        if self._axes.get(name, "NCHW").endswith("C"):
            maps = np.moveaxis(maps, -1, 0)
        return np.ascontiguousarray(maps if maps.ndim == 3 else maps[:, np.newaxis], np.float32)


def _stored(planes: NDArray[np.float32], axes: str) -> NDArray[np.float32]:
    """Return planes as the model has its input."""
    if "H" not in axes:
        planes = planes[:, 0]
    if "C" not in axes:
        return np.ascontiguousarray(planes)
    return np.ascontiguousarray(planes if axes[1] == "C" else np.moveaxis(planes, 0, -1))[np.newaxis]


def _spread(given: Shape, made: Shape) -> tuple[Place, Place]:
    """Return where cells lie that share the input among each other."""
    down, across = (Fraction(n, count) for n, count in zip(given[1:], made[1:], strict=True))
    return Place(pitch=down), Place(pitch=across)
