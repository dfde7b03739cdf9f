"""Convolution as a layer: its frozen description, and what it becomes for an input of a given shape."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.distinct import distinct
from convgui.engine.layers.arguments import LARGEST_GROWTH
from convgui.engine.layers.base import Bound, Layer, Needs, Place, Shape
from convgui.engine.layers.border import BORDERS, OUTSIDE, border_index
from convgui.engine.layers.explained import Cell, Explained
from convgui.engine.layers.geometry import PADDINGS, Axis, Pads, axis
from convgui.engine.layers.readers import readers
from convgui.engine.layers.reference import Around, Terms, cells_of, convolve, positions, read
from convgui.engine.shown import array_code, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.kernels.kernel import Kernel
    from convgui.engine.layers.base import Block, Maps

MOST_READ = 500_000_000
"""Cells that an input may have together with its padding, unless it is large itself."""

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Conv(Layer):
    """One convolution with everything that decides its result but the source.

    Parameters
    ----------
    kernel : Kernel
        2-D weights give each map of the input a map of its own; 4-D weights (kh, kw, cin / groups, cout) one per filter.
    padding : str or ((int, int), (int, int))
        `valid`, `same`, `full`, `causal` (columns only), or cells before and after per axis.
    border : str
        What lies outside: one of `BORDERS`; `constant` is the value used by `zeros`.
    stride, dilation : (int, int)
        Along rows and columns.
    bias : tuple of float
        One for all maps, or one for each.
    flip : bool
        Turn each kernel by 180 degrees first: mathematical convolution.

    Raises
    ------
    ValueError
        If a setting is unknown or out of range.
    """

    kind = "conv"
    kernel: Kernel
    padding: Pads | tuple[Pair, Pair] = "same"
    border: str = "zeros"
    constant: float = 0.0
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    groups: int = 1
    bias: tuple[float, ...] = (0.0,)
    flip: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.padding, str) and self.padding not in PADDINGS:
            raise ValueError(f"Expected a padding of {', '.join(PADDINGS)}, received {self.padding!r}.")
        if self.border not in BORDERS:
            raise ValueError(f"Expected a border of {', '.join(BORDERS)}, received {self.border!r}.")

    def bind(self, shape: Shape) -> BoundConv:
        """Return the convolution bound to an input of that shape.

        Raises
        ------
        ValueError
            If the weights' channels do not match the input, or the kernel does not fit into a `valid` one.
        """
        return BoundConv(self, shape)

    def axes(self, rows: int, cols: int) -> tuple[Axis, Axis]:
        """Return the shape arithmetic along rows and columns for an input of that size."""
        kh, kw = self.kernel.size
        if isinstance(self.padding, str):
            down: Pads = "valid" if self.padding == "causal" else self.padding
            across: Pads = self.padding
        else:
            down, across = self.padding  # type: ignore[assignment]
        return (
            axis(rows, kh, self.stride[0], self.dilation[0], down),
            axis(cols, kw, self.stride[1], self.dilation[1], across),
        )


class BoundConv(Bound):
    """A convolution bound to the shape of its input.

    Attributes
    ----------
    down, across : Axis
        The shape arithmetic along rows and columns.
    weights : ndarray of float64, shape (maps, taps, kh, kw)
        What each map multiplies with, flipped if the layer says so.
    inputs : ndarray of int64, shape (maps, taps)
        The input map that each of these reads.
    bias : ndarray of float64, shape (maps,)
    """

    def __init__(self, layer: Conv, shape: Shape) -> None:
        self.layer: Conv = layer
        self.input, self._all = shape, np.arange(shape.maps)
        self.weights, self.inputs = _each(layer, shape.maps) if layer.kernel.weights.ndim == 2 else _all(layer, shape.maps)
        self.down, self.across = layer.axes(shape.rows, shape.cols)
        if not self.down.outputs or not self.across.outputs:
            raise ValueError(_too_large(layer, self.down, self.across))
        if _surroundings(self.down, self.across) > max(MOST_READ, LARGEST_GROWTH * shape.rows * shape.cols):
            raise ValueError(_too_much(layer, self.down, self.across))
        maps = len(self.weights)
        self.bias = np.asarray(layer.bias * maps if len(layer.bias) == 1 else layer.bias, np.float64)
        if self.bias.shape != (maps,):
            raise ValueError(f"Expected a bias for each of {maps} maps, received {len(layer.bias)}.")
        self.output = Shape(maps, self.down.outputs, self.across.outputs)
        self.rows, self.cols = _place(self.down), _place(self.across)

    @property
    def around(self) -> Around:
        """The axes of its input, and what lies outside."""
        return Around(self.down, self.across, self.layer.border, self.layer.constant)

    def terms(self, maps: Maps) -> Terms:
        """Return what is multiplied and added for some of the maps."""
        return Terms(self.weights[maps], self.inputs[maps], self.bias[maps])

    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return the input cells that these outputs need, those included whose values the border rule takes."""
        border = self.layer.border
        return Needs(self.reads_of(maps), _inside(self.down, rows, border), _inside(self.across, cols, border))

    def reads_of(self, maps: Maps) -> Maps:
        """Return the input maps that some maps read, ascending."""
        if self.layer.kernel.weights.ndim == 2:
            return maps
        return self._all if self.layer.groups == 1 else distinct(self.inputs[maps])

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Write outputs by the definition; where the compiler works, a strategy serves instead."""
        cells = cells_of(block.values, block.maps, block.top, block.left)
        at = np.arange(rows.start, rows.stop, rows.step), np.arange(cols.start, cols.stop, cols.step)
        with np.errstate(over="ignore", invalid="ignore"):
            out[...] = convolve(self.terms(maps), self.around, cells, *at)

    def reads(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the input rows and columns that an output cell reads, ascending."""
        return self.reads_of_all(np.array([row]), np.array([col]))

    def reads_of_all(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return what `reads` does for any of some rows and of some columns."""
        border, found = self.layer.border, []
        for along, outputs in ((self.down, rows), (self.across, cols)):
            taps = np.arange(along.kernel) * along.dilation - along.before
            at = border_index(distinct(np.add.outer(outputs * along.stride, taps)), along.size, border)
            found.append(distinct(at[at != OUTSIDE]))
        return found[0], found[1]

    def readers(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows and columns of the outputs that read an input cell, ascending."""
        found = readers(self.down, row, self.layer.border), readers(self.across, col, self.layer.border)
        return np.array(list(found[0]), np.int64), np.array(list(found[1]), np.int64)

    def readers_maps(self, map: int) -> Maps:
        """Return which of the output's maps read a map of the input."""
        return np.flatnonzero((self.inputs == map).any(axis=1))

    def patch(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the input positions under the kernel's rows and columns for an output cell; they may lie outside."""
        kh, kw = self.layer.kernel.size
        rows = np.concatenate([positions(self.down, np.array([row]), u) for u in range(kh)])
        cols = np.concatenate([positions(self.across, np.array([col]), v) for v in range(kw)])
        return rows, cols

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Return the products of an output cell, those with what lies outside left out where that is nothing."""
        needs = self.needs(np.array([map]), range(row, row + 1), range(col, col + 1))
        cells = cells_of(values(needs), needs.maps, needs.rows.start, needs.cols.start)
        rows, cols = self.patch(row, col)
        border = self.layer.border
        at_rows, at_cols = border_index(rows, self.down.size, border), border_index(cols, self.across.size, border)
        found = []
        with np.errstate(over="ignore", invalid="ignore"):
            for weights, plane in zip(self.weights[map], self.inputs[map].tolist(), strict=True):
                patch = read(cells, self.around, plane, rows, cols)
                for u, v in np.ndindex(weights.shape):
                    if (at_rows[u] != OUTSIDE and at_cols[v] != OUTSIDE) or self.layer.constant:
                        place = (int(at_rows[u]), int(at_cols[v]))
                        found.append(Cell(plane, *place, float(patch[u, v]), float(patch[u, v] * weights[u, v])))
            total = float(sum(cell.share for cell in found))
            value = total + float(self.bias[map])
        bias = float(self.bias[map])
        said = f"{len(found)} products sum to {number(total)}, with the bias {number(bias)}: {number(value)}"
        products = [cell.share for cell in found]
        code = f"np.sum({array_code(products)}) + {bias!r}"
        return Explained(self.layer.kind, map, row, col, value, tuple(found), said, code)

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole output by the definition."""
        maps, rows, cols = (np.arange(n) for n in self.output)
        return convolve(self.terms(maps), self.around, cells_of(x, np.arange(len(x)), 0, 0), rows, cols)


def _each(layer: Conv, maps: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return weights and inputs of a kernel that is applied to each map by itself."""
    weights = np.broadcast_to(layer.kernel.weights[None, None], (maps, 1, *layer.kernel.size))
    return _turned(layer, weights), np.arange(maps).reshape(maps, 1)


def _all(layer: Conv, maps: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return weights and inputs of a bank."""
    _, _, cin, cout = layer.kernel.weights.shape
    if layer.groups < 1 or cout % layer.groups:
        raise ValueError(f"Expected groups that divide the {cout} filters, received {layer.groups}.")
    if cin * layer.groups != maps:
        raise ValueError(
            f"The weights expect {cin * layer.groups} channels ({cin} in each of {layer.groups} groups), "
            f"received an input of {maps}."
        )
    group = np.arange(cout) // (cout // layer.groups)
    inputs = group[:, None] * cin + np.arange(cin)[None, :]
    return _turned(layer, layer.kernel.weights.transpose(3, 2, 0, 1)), inputs


def _turned(layer: Conv, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ascontiguousarray(weights[:, :, ::-1, ::-1] if layer.flip else weights)


def _inside(axis: Axis, outputs: range, border: str) -> range:
    """Return the stretch of input positions inside whose values these outputs take."""
    if not len(outputs):
        return range(0)
    first = outputs.start * axis.stride - axis.before
    end = outputs[-1] * axis.stride - axis.before + axis.span
    if 0 <= first and end <= axis.size:
        return range(first, end)
    inside = range(max(first, 0), min(end, axis.size))
    outside = [] if border == "zeros" else [range(first, min(end, 0)), range(max(first, axis.size), end)]
    taken = [border_index(np.arange(part.start, part.stop), axis.size, border) for part in outside if len(part)]
    ends = [(int(at.min()), int(at.max()) + 1) for at in taken] + [(inside.start, inside.stop)] * bool(len(inside))
    return range(min(start for start, _ in ends), max(stop for _, stop in ends)) if ends else range(0)


def _place(axis: Axis) -> Place:
    """Return where the outputs lie on the input: each over the middle of what it reads, a causal one over the latest."""
    if axis.before == axis.span - 1 > axis.after == 0:
        return Place(Fraction(0), Fraction(axis.stride))
    return Place(Fraction(axis.span - axis.stride, 2) - axis.before, Fraction(axis.stride))


def _too_large(layer: Conv, rows: Axis, cols: Axis) -> str:
    kh, kw = layer.kernel.size
    spread = f" spread to {rows.span} × {cols.span} by dilation" if (rows.span, cols.span) != (kh, kw) else ""
    return (
        f"A kernel of {kh} × {kw}{spread} does not fit into an input of {rows.size} × {cols.size} with padding "
        f"{layer.padding}: choose the padding same, or a smaller {'dilation' if spread else 'kernel'}."
    )


def _surroundings(rows: Axis, cols: Axis) -> int:
    """Return how many cells an input has with all that is read around it."""
    return (rows.size + rows.before + rows.after) * (cols.size + cols.before + cols.after)


def _too_much(layer: Conv, rows: Axis, cols: Axis) -> str:
    kh, kw = layer.kernel.size
    return (
        f"A kernel of {kh} × {kw} spread to {rows.span:,} × {cols.span:,} by dilation, with padding {layer.padding}, reads "
        f"{_surroundings(rows, cols):,} cells in and around an input of {rows.size:,} × {cols.size:,}; at most "
        f"{MOST_READ:,} are read: choose a smaller dilation or padding."
    )
