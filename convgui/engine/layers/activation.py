"""The activation function as a layer: a function of one number with its parameters, applied to each value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from convgui.engine.layers import arguments
from convgui.engine.layers.activations import PARAMETERS, PRELU, activate, activation_name, as_numpy, is_non_negative
from convgui.engine.layers.base import Layer, Needs, Shape
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.layers.in_place import PIECE, InPlace, chosen, pieces
from convgui.engine.layers.sentences import called, code
from convgui.engine.layers.slopes import slope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Maps


@dataclass(frozen=True, eq=False)
class Activation(Layer):
    """A function of each value.

    Parameters
    ----------
    function : str
        A name of `activations`, or ``prelu``.
    parameters : dict of float
        By Keras's names; those that are left out have their usual value, see `PARAMETERS`. It is not to be written to.
    slopes : ndarray of float32, broadcastable to (rows, cols, maps)
        What values below zero are multiplied with, for ``prelu`` alone.

    Raises
    ------
    ValueError
        If there is no such function, or it has no such parameter.
    """

    kind: ClassVar[str] = "activation"
    function: str = "relu"
    parameters: Mapping[str, float] = field(default_factory=dict)
    slopes: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        name = PRELU if self.function == PRELU else activation_name(self.function)
        object.__setattr__(self, "function", name)
        object.__setattr__(self, "parameters", _parameters(name, self.parameters))
        object.__setattr__(self, "slopes", _slopes(name, self.slopes))

    def bind(self, shape: Shape) -> BoundActivation:
        """Return the layer bound to an input of that shape; see `Layer.bind`.

        >>> bound = Activation("elu", {"alpha": 2}).bind(Shape(1, 1, 2))
        >>> bound.reference(np.array([[[-1.0, 3.0]]])).round(3).tolist()
        [[[-1.264, 3.0]]]
        """
        if self.slopes is not None:
            for have, axis, wanted in zip(
                self.slopes.shape, ("rows", "columns", "maps"), shape[1:] + shape[:1], strict=True
            ):
                if have not in (1, wanted):
                    raise ValueError(f"Expected slopes for 1 or {wanted:,} {axis}, received {have:,}.")
        return BoundActivation(self, shape)

    @property
    def non_negative(self) -> bool:
        """Whether its values are never below zero."""
        if self.slopes is not None:
            return bool((self.slopes <= 0).all())
        return is_non_negative(self.function, self.parameters)


class BoundActivation(InPlace):
    """An activation function bound to the shape of its input."""

    pointwise = True
    layer: Activation

    @property
    def uniform(self) -> bool:  # type: ignore[override]
        """Whether its slopes, if it has some, are the same at each place."""
        return self.layer.slopes is None or self.layer.slopes.shape[:2] == (1, 1)

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Apply the function piece by piece; see `Bound.compute`."""
        x = chosen(block, self.needs(maps, rows, cols), rows, cols)
        with np.errstate(all="ignore"):
            if self.layer.slopes is not None:
                slopes = self._slopes(maps, rows, cols)
                for plane, target, one in zip(x, out, np.broadcast_to(slopes, (len(maps), *slopes.shape[1:])), strict=True):
                    _slope_into(target, plane, one)
            elif self.layer.function == "relu" and not self.layer.parameters:
                for part, result in pieces(x, out):
                    np.maximum(part, _zeros(part.shape[-1]), out=result)
            elif self.layer.function == "linear":
                np.copyto(out, x)
            else:
                for part, result in pieces(x, out):
                    result[...] = self._applied(np.ascontiguousarray(part))

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Return the function of the one value; see `Bound.explain`."""
        x = float(values(Needs(np.array([map]), range(row, row + 1), range(col, col + 1))).item())

        def function(number: float) -> float:
            return float(self.along(np.array([number]), map, row, col).item())

        name, value = self.layer.function, function(x)
        cell, text = Cell(map, row, col, x, value), self.as_numpy(code(x), map, row, col)
        return Explained("activation", map, row, col, value, (cell,), called(name, function, x, value), text)

    def as_numpy(self, x: str, map: int, row: int, col: int) -> str:
        """Return the function of an expression, as it is applied at one cell, as an expression in NumPy."""
        slope = self._slope(map, row, col)
        if slope is None:
            return as_numpy(self.layer.function, x, self.layer.parameters)
        return f"(lambda x: np.where(x < 0, x * {slope!r}, x))({x})"

    def along(self, x: NDArray[np.float64], map: int, row: int, col: int) -> NDArray[np.float64]:
        """Return the function of many numbers, as it is applied at one cell."""
        slope = self._slope(map, row, col)
        with np.errstate(all="ignore"):
            return self._applied(x) if slope is None else np.where(x < 0, x * slope, x)

    def around(
        self, x: NDArray[np.float64], maps: Maps, rows: NDArray[np.int64], cols: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the function of values at maps x rows x cols, and its slope there; at a kink that of the side below."""
        if self.layer.slopes is None:
            return self._applied(x), slope(x, self.layer.function, self.layer.parameters)
        slopes = self.layer.slopes
        for axis, at in enumerate((rows, cols, maps)):
            slopes = slopes if slopes.shape[axis] == 1 else slopes.take(at, axis=axis)
        below = slopes.transpose(2, 0, 1).astype(np.float64)
        with np.errstate(all="ignore"):
            return np.where(x < 0, x * below, x), np.where(x > 0, 1.0, below)

    def _slope(self, map: int, row: int, col: int) -> float | None:
        """Return the slope below zero at a cell; None if the function has none of its own."""
        if self.layer.slopes is None:
            return None
        return float(self._slopes(np.array([map]), range(row, row + 1), range(col, col + 1)).item())

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole output; see `Bound.reference`."""
        if self.layer.slopes is None:
            return self._applied(x)
        maps, rows, cols = (range(n) for n in self.input)
        with np.errstate(all="ignore"):
            return _sloped(x, self._slopes(np.array(maps), rows, cols))

    def _applied(self, x: NDArray[Any]) -> NDArray[Any]:
        return activate(x, self.layer.function, self.layer.parameters)

    def _slopes(self, maps: Maps, rows: range, cols: range) -> NDArray[np.float32]:
        """Return the slopes of some cells as planes, an axis along which they are equal of length 1."""
        assert self.layer.slopes is not None
        slopes = self.layer.slopes
        slopes = slopes if slopes.shape[0] == 1 else slopes[rows.start : rows.stop : rows.step]
        slopes = slopes if slopes.shape[1] == 1 else slopes[:, cols.start : cols.stop : cols.step]
        return (slopes if slopes.shape[2] == 1 else slopes[:, :, maps]).transpose(2, 0, 1)


def _zeros(count: int) -> NDArray[np.float32]:
    """Return some zeros: NumPy takes the larger one of two arrays faster than that of an array and a number."""
    return _ZEROS[:count] if count <= PIECE else np.zeros(count, np.float32)


_ZEROS = np.zeros(PIECE, np.float32)


def _slope_into(out: NDArray[np.float32], x: NDArray[np.float32], slopes: NDArray[np.float32]) -> None:
    """Write a plane with its slopes below zero.

    Where one slope serves, the larger one of two numbers is taken, or the smaller one, which needs no choice at each place;
    a slope of 0 would make NaN of infinity.
    """
    slope = float(slopes.flat[0])
    if slopes.size > 1 or slope == 0 or not np.isfinite(slope):
        out[...] = _sloped(x, slopes)
        return
    chosen_of_two = np.maximum if slope <= 1 else np.minimum
    for part, result in pieces(x[np.newaxis], out[np.newaxis]):
        chosen_of_two(part, part * np.float32(slope), out=result)
        if slope < 0:  # of 0 and -0 either one may be taken
            np.add(result, np.float32(0), out=result)


def _sloped(x: NDArray[Any], slopes: NDArray[np.float32]) -> NDArray[Any]:
    return np.where(x < 0, x * slopes, np.where(slopes < 0, x + x.dtype.type(0), x))  # no -0, as above


def _parameters(function: str, given: Any) -> dict[str, float]:
    """Return the parameters that are given, as numbers; None and an infinite limit are the usual value."""
    known = PARAMETERS.get(function, {})
    found = {}
    for name, value in dict(given or {}).items():
        if name not in known:
            names = f"the parameters {', '.join(known)}" if known else "no parameters"
            raise ValueError(f"Expected {names} for {function}, received {arguments.short(name)}.")
        if value is not None and value != known[name]:
            found[name] = arguments.number(name, float(value) if isinstance(value, bool | np.bool_) else value)
    if function == "celu" and found.get("alpha") == 0:
        raise ValueError("Expected an alpha other than 0 for celu, received 0.")
    if function == "squareplus" and found.get("b", 0) < 0:
        raise ValueError(f"Expected a b of at least 0 for squareplus, received {found['b']:g}.")
    return found


def _slopes(function: str, given: Any) -> NDArray[np.float32] | None:
    if function != PRELU:
        if given is not None:
            raise ValueError(f"Expected no slopes for {function}, received some; they belong to {PRELU}.")
        return None
    slopes = np.array(() if given is None else given, np.float32)
    if slopes.ndim != 3 or not slopes.size:
        received = "none" if given is None else f"an array of shape {slopes.shape}"
        raise ValueError(f"Expected slopes of rows, columns and maps (each may be 1) for {PRELU}, received {received}.")
    slopes.setflags(write=False)
    return slopes
