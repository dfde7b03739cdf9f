"""What small operations make of constants: pads, sizes, transposed weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.io.weights.numbers import count_of
from convgui.io.weights.onnx.model import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.io.weights.onnx.model import Node

    Array = NDArray[Any]


def makes(node: Node, given: list[Array | None]) -> int:
    """Return how many numbers an operation makes at most, before it is done."""
    sizes = [one.shape for one in given if one is not None]
    if node.kind in ("ConstantOfShape", "Expand"):
        wanted = given[0] if node.kind == "ConstantOfShape" else given[1]
        return count_of(wanted.tolist() if wanted is not None else ()) * (1 + sum(map(count_of, sizes[:1])))
    if node.kind == "Tile":
        assert given[1] is not None
        return count_of(sizes[0]) * count_of(given[1].tolist())
    if node.kind == "Range":
        start, limit, delta = (float(one.item()) for one in given if one is not None)
        return int(abs((limit - start) / delta)) + 1
    if node.kind == "Gather":
        return count_of(sizes[0]) // max(sizes[0][node.whole("axis", 0)], 1) * count_of(sizes[1])
    if node.kind in _TWO or node.kind == "Where":
        return count_of(np.broadcast_shapes(*sizes))
    return sum(map(count_of, sizes)) + 1


def ints(array: Array | None) -> list[int]:
    """Return a list of whole numbers.

    Raises
    ------
    ValueError
        If it is none.
    """
    if array is None or array.ndim > 1 or array.dtype.kind not in "iu":
        raise ValueError("expected a list of whole numbers")
    return [int(n) for n in np.atleast_1d(array).tolist()]


def axes_of(node: Node, given: Array | None) -> list[int] | None:
    """Return the axes that a node names: by its second input, or in older versions by an attribute."""
    if given is not None:
        return ints(given)
    axes = node.wholes("axes")
    return None if axes is None else list(axes)


def constant(node: Node) -> Array | None:
    """Return the numbers of a node `Constant` that holds them as attributes."""
    for name, dtype in (
        ("value_float", np.float32),
        ("value_floats", np.float32),
        ("value_int", np.int64),
        ("value_ints", np.int64),
    ):
        if name in node.attributes:
            return np.array(node.attributes[name], dtype)
    return None


def squeezed(node: Node, x: Array, axes: Array | None = None) -> Array:
    """Return an array without axes of length 1."""
    which = axes_of(node, axes)
    return np.squeeze(x, None if which is None else tuple(which))


def unsqueezed(node: Node, x: Array, axes: Array | None = None) -> Array:
    """Return an array with more axes of length 1."""
    return np.expand_dims(x, tuple(axes_of(node, axes) or ()))


def reshaped(node: Node, x: Array, shape: Array | None = None) -> Array:
    """Return an array in another shape, in which 0 is the size as it was."""
    wanted = ints(shape) if shape is not None else list(node.wholes("shape") or ())
    kept = not node.whole("allowzero", 0)
    return x.reshape([x.shape[k] if n == 0 and kept else n for k, n in enumerate(wanted)])


def sliced(node: Node, x: Array, *more: Array | None) -> Array:
    """Return a part of an array; see `slices_of`."""
    cut = [slice(None)] * x.ndim
    for axis, part in slices_of(node, list(more)).items():
        cut[axis] = part
    return x[tuple(cut)]


def slices_of(node: Node, given: list[Array | None]) -> dict[int, slice]:
    """Return which cells of which axes a node `Slice` keeps; `given` are its inputs but the first."""
    if node.wholes("starts") is not None:
        starts, ends = list(node.wholes("starts") or ()), list(node.wholes("ends") or ())
        axes, steps = list(node.wholes("axes") or range(len(starts))), [1] * len(starts)
    else:
        inputs = [*given, None, None, None, None][:4]
        starts, ends = ints(inputs[0]), ints(inputs[1])
        axes = ints(inputs[2]) if inputs[2] is not None else list(range(len(starts)))
        steps = ints(inputs[3]) if inputs[3] is not None else [1] * len(starts)
    found = {}
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        before_all = step < 0 and end < -(2**30)  # how exporters say: down to the first one
        found[axis] = slice(start, None if before_all else end, step)
    return found


def cast(node: Node, x: Array) -> Array:
    """Return numbers as another type: whole, or with a point."""
    wanted = TYPES.get(node.whole("to", 1), "")
    if wanted == "bool":
        return x != 0
    if "int" in wanted:
        return x.astype(np.int64)
    return x.astype(np.float64 if wanted == "float64" else np.float16 if wanted == "float16" else np.float32)


def dequantized(node: Node, x: Array, scale: Array, zero: Array | None = None) -> Array | None:
    """Return the numbers that quantized ones stand for: one scale for all, or one for each place of an axis."""
    if node.whole("block_size", 0):
        return None
    less = x.astype(np.float64) - (0 if zero is None else _along(node, x, zero.astype(np.float64)))
    return (less * _along(node, x, scale.astype(np.float64))).astype(np.float32)


def _along(node: Node, x: Array, per_axis: Array) -> Array:
    if per_axis.size == 1:
        return per_axis.reshape(())
    shape = [1] * x.ndim
    shape[node.whole("axis", 1)] = -1
    return per_axis.reshape(shape)


def _divided(a: Array, b: Array) -> Array:
    if a.dtype.kind in "iu" and b.dtype.kind in "iu":
        return (np.sign(a) * np.sign(b)) * (np.abs(a) // np.abs(b))  # towards zero, as ONNX has it
    return a / b


_TWO: dict[str, Callable[[Array, Array], Array]] = {
    "Add": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "Div": _divided,
    "Pow": lambda a, b: np.power(a, b).astype(a.dtype) if a.dtype.kind == "f" else np.power(a, b),
    "Equal": np.equal,
    "Greater": np.greater,
    "Less": np.less,
    "Mod": np.mod,
}


_ONE: dict[str, Callable[[Array], Array]] = {
    "Neg": np.negative,
    "Abs": np.abs,
    "Floor": np.floor,
    "Ceil": np.ceil,
    "Sqrt": np.sqrt,
    "Exp": np.exp,
    "Log": np.log,
    "Reciprocal": lambda x: 1 / x,
    "Identity": lambda x: x,
    "Dropout": lambda x: x,
    "Not": np.logical_not,
    "Round": np.round,
}


FOLDS: dict[str, Callable[..., Array | None]] = {
    "Constant": constant,
    "Concat": lambda node, *parts: np.concatenate(parts, axis=node.whole("axis", 0)),
    "Slice": sliced,
    "Cast": cast,
    "CastLike": lambda node, x, like: x.astype(like.dtype),
    "Reshape": reshaped,
    "Squeeze": squeezed,
    "Unsqueeze": unsqueezed,
    "Transpose": lambda node, x: np.transpose(x, node.wholes("perm")),
    "Gather": lambda node, x, at: np.take(x, at.astype(np.int64), axis=node.whole("axis", 0)),
    "Where": lambda node, which, x, y: np.asarray(np.where(which, x, y)),
    "Expand": lambda node, x, shape: x * np.ones(ints(shape), x.dtype),
    "Tile": lambda node, x, times: np.tile(x, ints(times)),
    "Range": lambda node, start, limit, delta: np.arange(start.item(), limit.item(), delta.item()).astype(start.dtype),
    "Min": lambda node, *all: np.minimum.reduce(all),
    "Max": lambda node, *all: np.maximum.reduce(all),
    "ReduceProd": lambda node, x, *axes: np.prod(x, axis=_reduced(node, *axes), keepdims=bool(node.whole("keepdims", 1))),
    "ReduceSum": lambda node, x, *axes: np.sum(x, axis=_reduced(node, *axes), keepdims=bool(node.whole("keepdims", 1))),
    "DequantizeLinear": dequantized,
    **{name: lambda node, a, b, of=of: of(a, b) for name, of in _TWO.items()},
    **{name: lambda node, x, *rest, of=of: of(x) for name, of in _ONE.items()},
}
"""What is done with constants, by the names of ONNX."""


def _reduced(node: Node, axes: Array | None = None) -> tuple[int, ...] | None:
    found = axes_of(node, axes)
    return None if found is None else tuple(found)
