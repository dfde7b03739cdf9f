"""The equivalent kernel: the linear map from the photo to one cell of one map of any layer, as it is at this photo.

A chain of layers is no linear map, but near a given photo it is one: ``value = sum(weights * inputs) + bias``. The weights
are the gradient of the value (Simonyan, Vedaldi, Zisserman 2014), the bias is what the layers add on the way, and their sum
is the value itself, not an approximation. Where most of the weights' energy lies is the effective receptive field (Luo, Li,
Urtasun, Zemel 2016), which is often much smaller than the exact one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.graph import BoundGraph
from convgui.engine.looking.backwards import Back, Step, step
from convgui.engine.looking.fields import fields
from convgui.engine.strategies.tiles import Cancelled, never

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.looking.fields import Cells
    from convgui.engine.network import Chain

    Floats = NDArray[np.float64]
    Positions = NDArray[np.int64]

MOST = 20_000_000
"""Cells of all layers together that are followed for one cell."""

SHARE = 0.95
"""The part of the energy that the effective receptive field holds."""


class Linear(NamedTuple):
    """A sum of products: weights and inputs of shape (maps, rows, cols), and which maps these are."""

    maps: Positions
    weights: Floats
    inputs: Floats

    @property
    def total(self) -> float:
        """The sum of the products."""
        with np.errstate(all="ignore"):
            return float((self.weights * self.inputs).sum())

    @property
    def magnitude(self) -> float:
        """The sum of their magnitudes: rounding is to be seen beside it."""
        with np.errstate(all="ignore"):
            return float(np.abs(self.weights * self.inputs).sum())


@dataclass(frozen=True, eq=False)
class Equivalent:
    """What one cell makes of the photo, as a kernel.

    Attributes
    ----------
    map, row, col : int
        The cell.
    value : float
        Its value, by the definitions in float64.
    rows, cols : ndarray of int64
        The exact receptive field: rows and columns of the photo, ascending, each row with each column.
    photo : Linear
        Weights of the photo's channels, whose inputs are the stored numbers times the source's scale.
    planes : Linear
        Weights of the planes that the reading makes of them, at the photo's own size.
    added : float
        What the layers add, gathered on the way back: the same as `bias` but for rounding.
    """

    map: int
    row: int
    col: int
    value: float
    rows: Positions
    cols: Positions
    photo: Linear
    planes: Linear
    added: float

    @property
    def bias(self) -> float:
        """The effective bias: what the value has beside the sum of the products."""
        return self.value - self.photo.total

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Top, left, rows and columns of the rectangle around the field; all 0 where nothing of the photo is read."""
        if not self.rows.size or not self.cols.size:
            return 0, 0, 0, 0
        top, left = int(self.rows[0]), int(self.cols[0])
        return top, left, int(self.rows[-1]) + 1 - top, int(self.cols[-1]) + 1 - left

    def laid_out(self, values: Floats) -> Floats:
        """Return values of the field, shape (maps, rows, cols), on its rectangle: zeros where it has gaps."""
        top, left, high, wide = self.box
        whole = np.zeros((len(values), high, wide))
        whole[:, (self.rows - top)[:, None], self.cols - left] = values
        return whole

    @property
    def kernel(self) -> Floats:
        """The weights of the photo's channels on the rectangle of the field, shape (rows, cols, channels)."""
        return np.ascontiguousarray(np.moveaxis(self.laid_out(self.photo.weights), 0, 2))


def equivalent(chain: Chain, n: int, map: int, row: int, col: int, cancelled: Callable[[], bool] = never) -> Equivalent:
    """Return the linear map from the photo to a cell of layer n, exact at this photo.

    At a kink, such as that of ReLU at 0, the slope is that of the side below; of several cells that are the largest of a
    patch the first one is it.

    Parameters
    ----------
    chain : Chain
    n : int
        The layer, from 1 on; 0 are the planes, brought to the size that the reading asks for.
    map, row, col : int
        The cell.
    cancelled : callable returning bool
        Asked between layers.

    Raises
    ------
    IndexError
        If there is no such cell.
    ValueError
        If there is no such layer, one up to it does not fit, or the field is too large to be followed.
    Cancelled
        If it was cancelled.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.activation import Activation
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> layers = (Conv(Kernel([[1, 2]]), padding="valid", bias=(0.5,)), Activation("relu"), Conv(Kernel([[3, 1]])))
    >>> found = equivalent(Chain(Source(np.array([[1.0, 1.0, 4.0]])), layers=layers), 3, 0, 0, 0)
    >>> found.kernel[:, :, 0].tolist(), found.bias, found.value
    ([[3.0, 7.0, 2.0]], 2.0, 20.0)
    """
    shape = chain.shape(n)
    if not (0 <= map < shape.maps and 0 <= row < shape.rows and 0 <= col < shape.cols):
        raise IndexError(
            f"Expected a cell of {shape.maps} maps of {shape.rows} × {shape.cols}, received map {map}, {row}, {col}."
        )
    for bound in chain.stages(n):
        if isinstance(bound, BoundGraph):
            graph = bound.layer
            raise ValueError(
                f"{graph.tensor} of {graph.model.name} is made {graph.model.label}, which does not tell how it follows the "
                "photo: there is no equivalent kernel."
            )
    seen = fields(chain, n, map, row, col)
    followed = sum(len(cells.maps) * len(cells.rows) * len(cells.cols) for cells in seen)
    if followed > MOST:
        raise ValueError(
            f"Expected at most {MOST:,} cells of all layers to follow back, received a cell that sees {followed:,}: "
            "look at an earlier layer."
        )
    with np.errstate(all="ignore"):
        first = _planes(chain, seen[0])
        steps = _forwards(chain, n, seen, first, cancelled)
        value = float((steps[-1].values if steps else first).item())
        gradient, added = np.ones((1, 1, 1)), 0.0
        for each in reversed(steps):
            _ask(cancelled)
            gradient, more = each.back(gradient)
            added += more
        offsets = chain.planes.offsets[seen[0].maps]
        added += float((gradient * offsets[:, None, None]).sum())
        photo = _of_photo(chain, seen[0], gradient)
    planes = Linear(seen[0].maps, gradient, first)
    return Equivalent(map, row, col, value, seen[0].rows, seen[0].cols, photo, planes, added)


def _ask(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled


def _planes(chain: Chain, cells: Cells) -> Floats:
    """Return the values of cells of the planes, in float64."""
    if not cells.rows.size or not cells.cols.size:
        return np.zeros((len(cells.maps), len(cells.rows), len(cells.cols)))
    return np.stack([chain.planes.cells(plane, cells.rows, cells.cols) for plane in cells.maps.tolist()])


def _forwards(chain: Chain, n: int, seen: list[Cells], values: Floats, cancelled: Callable[[], bool]) -> list[Step]:
    steps: list[Step] = []
    for bound, below, cells in zip(chain.stages(n), seen, seen[1:], strict=False):
        _ask(cancelled)
        steps.append(step(bound, below, cells, values) if cells.rows.size and cells.cols.size else _nothing(below, cells))
        values = steps[-1].values
    return steps


def _nothing(below: Cells, cells: Cells) -> Step:
    """Return a layer at no cells: whoever wants them reads a constant outside, and nothing goes back."""
    shape = len(below.maps), len(below.rows), len(below.cols)
    values = np.zeros((len(cells.maps), len(cells.rows), len(cells.cols)))
    return Step(values, lambda gradient: Back(np.zeros(shape), 0.0))


def _of_photo(chain: Chain, cells: Cells, gradient: Floats) -> Linear:
    """Return the weights of the channels, and what is stored there times the scale."""
    source, mixes = chain.source, chain.planes.mixes[cells.maps]
    channels, scale = np.flatnonzero((mixes != 0).any(axis=0)), source.scale or 1.0
    weights = np.tensordot((mixes[:, channels] / scale).T, gradient, 1)
    if not weights.size:
        return Linear(channels, weights, weights)
    stored = source.at(cells.rows, cells.cols)[:, :, channels].astype(np.float64) * scale
    return Linear(channels, weights, np.ascontiguousarray(np.moveaxis(stored, 2, 0)))


class Effective(NamedTuple):
    """Where the energy of an equivalent kernel lies: a rectangle of the photo, and which part of it is there."""

    top: int
    left: int
    rows: int
    cols: int
    share: float


def effective(found: Equivalent, share: float = SHARE) -> Effective | None:
    """Return the effective receptive field: a rectangle that holds so much of the energy, the squares of the weights.

    Rows and columns are cut off at the edges, each time where least is lost, as long as enough is left. None where there
    is no energy: nothing near this photo changes the value.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> chain = Chain(Source(np.zeros((5, 5))), layers=(Conv(Kernel([[0.1, 2, 1]])),))
    >>> effective(equivalent(chain, 1, 0, 2, 2))  # doctest: +ELLIPSIS
    Effective(top=2, left=2, rows=1, cols=2, share=0.998...)
    """
    energy = np.square(found.laid_out(found.photo.weights)).sum(axis=0)
    whole = float(energy.sum())
    if not (0 < whole < np.inf):
        return None
    sums = np.zeros((energy.shape[0] + 1, energy.shape[1] + 1))
    sums[1:, 1:] = energy.cumsum(axis=0).cumsum(axis=1)

    def held(top: int, left: int, bottom: int, right: int) -> float:
        return float(sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left])

    box = (0, 0, *energy.shape)
    while True:
        smaller = [tuple(side + by * (k == at) for k, side in enumerate(box)) for at, by in enumerate((1, 1, -1, -1))]
        kept, best = max(((held(*part), part) for part in smaller), key=lambda one: one[0])
        if kept < share * whole or best[0] >= best[2] or best[1] >= best[3]:
            break
        box = best
    top, left = found.box[:2]
    return Effective(top + box[0], left + box[1], box[2] - box[0], box[3] - box[1], held(*box) / whole)
