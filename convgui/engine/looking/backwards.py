"""One layer at one point, forwards and backwards: the values of some cells, and how these follow the cells below.

Near the values that it is given, a layer is a sum of products of them and a rest: ``y = J x + rest``. What goes back is a
gradient, of the outputs first and of the inputs then, and with it what the rest adds to the value that is followed.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.distinct import distinct
from convgui.engine.layers.activation import BoundActivation
from convgui.engine.layers.affine import BoundAffine
from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.layers.conv import BoundConv
from convgui.engine.layers.pad import BoundPad
from convgui.engine.layers.pooling import BoundPool
from convgui.engine.layers.reference import positions
from convgui.engine.layers.resize import BoundResize
from convgui.engine.layers.softmax import BoundSoftmax

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Bound
    from convgui.engine.layers.geometry import Axis
    from convgui.engine.looking.fields import Cells

    Floats = NDArray[np.float64]
    Indices = NDArray[np.int64]


class Back(NamedTuple):
    """A gradient of the cells below, and what the rest of the layer adds to the value that is followed."""

    gradient: Floats
    added: float


class Step(NamedTuple):
    """Values of some cells of a layer, and what takes a gradient of them back to the cells below."""

    values: Floats
    back: Callable[[Floats], Back]


@singledispatch
def step(bound: Bound, below: Cells, cells: Cells, x: Floats) -> Step:
    """Return a layer at one point.

    Parameters
    ----------
    bound : Bound
    below, cells : Cells
        The cells of its input that are given, all that is read among them, and those of its output that are wanted.
    x : ndarray of float64, shape (maps, rows, cols)
        The values of the cells below.

    Examples
    --------
    >>> from convgui.engine.layers.affine import Affine
    >>> from convgui.engine.layers.base import Shape
    >>> from convgui.engine.looking.fields import Cells
    >>> one = Cells(*[np.array([0])] * 3)
    >>> found = step(Affine((2.0,), (1.0,)).bind(Shape(1, 1, 1)), one, one, np.array([[[3.0]]]))
    >>> found.values.tolist(), found.back(np.ones((1, 1, 1)))
    ([[[7.0]]], Back(gradient=array([[[2.]]]), added=1.0))
    """
    raise ValueError(f"Expected a kind of layer that can be followed back, received {bound.layer.kind}.")


# where each cell has one below


@step.register(BoundActivation)
def _function(bound: BoundActivation, below: Cells, cells: Cells, x: Floats) -> Step:
    values, slopes = bound.around(x, *cells)
    return Step(values, lambda g: Back(g * slopes, float((g * (values - slopes * x)).sum())))


@step.register(BoundAffine)
def _affine(bound: BoundAffine, below: Cells, cells: Cells, x: Floats) -> Step:
    scale, offset = (part[cells.maps][:, None, None] for part in (bound.scale, bound.offset))
    return Step(x * scale + offset, lambda g: Back(g * scale, float((g * offset).sum())))


@step.register(BoundSoftmax)
def _softmax(bound: BoundSoftmax, below: Cells, cells: Cells, x: Floats) -> Step:
    parts = bound.reference(x)
    chosen = parts[cells.maps]

    def back(g: Floats) -> Back:
        whole = np.zeros_like(parts)
        whole[cells.maps] = g
        gradient = parts * (whole - (whole * parts).sum(axis=0))
        return Back(gradient, float((g * chosen).sum() - (gradient * x).sum()))

    return Step(chosen, back)


# where rows and columns are mixed one after the other


class _Tap(NamedTuple):
    """What one row, or column, of the output is mixed from: where these are among the cells below, and weights."""

    at: Indices
    weights: Floats


def _mixed(down: Sequence[_Tap], across: Sequence[_Tap], x: Floats) -> Step:
    lines = np.stack([np.tensordot(x[:, tap.at], tap.weights, (1, 0)) for tap in down], axis=1)
    values = np.stack([lines[:, :, tap.at] @ tap.weights for tap in across], axis=2)

    def back(g: Floats) -> Back:
        half = np.zeros_like(lines)
        for k, tap in enumerate(across):
            half[:, :, tap.at] += g[:, :, k, None] * tap.weights
        gradient = np.zeros_like(x)
        for k, tap in enumerate(down):
            gradient[:, tap.at] += half[:, k, None, :] * tap.weights[:, None]
        return Back(gradient, 0.0)

    return Step(values, back)


@step.register(BoundResize)
def _resize(bound: BoundResize, below: Cells, cells: Cells, x: Floats) -> Step:
    down = [_Tap(np.searchsorted(below.rows, bound.down.reads(at)), bound.down.weights(at)) for at in cells.rows.tolist()]
    across = [
        _Tap(np.searchsorted(below.cols, bound.across.reads(at)), bound.across.weights(at)) for at in cells.cols.tolist()
    ]
    return _mixed(down, across, x)


@step.register(BoundPad)
def _pad(bound: BoundPad, below: Cells, cells: Cells, x: Floats) -> Step:
    down = [np.searchsorted(below.rows, bound.reads(at, 0)[0]) for at in cells.rows.tolist()]
    across = [np.searchsorted(below.cols, bound.reads(0, at)[1]) for at in cells.cols.tolist()]
    inside = np.multiply.outer([len(at) for at in down], [len(at) for at in across]) > 0
    found = _mixed([_Tap(at, np.ones(len(at))) for at in down], [_Tap(at, np.ones(len(at))) for at in across], x)
    values = np.where(inside, found.values, bound.layer.constant)

    def back(g: Floats) -> Back:
        constant = bound.layer.constant * float(g[:, ~inside].sum())
        return Back(found.back(np.where(inside, g, 0.0)).gradient, constant)

    return Step(values, back)


@step.register(BoundPool)
def _pool(bound: BoundPool, below: Cells, cells: Cells, x: Floats) -> Step:
    down = [np.searchsorted(below.rows, bound.down.reads(at)) for at in cells.rows.tolist()]
    across = [np.searchsorted(below.cols, bound.across.reads(at)) for at in cells.cols.tolist()]
    if not bound.is_mean:
        return _largest(down, across, x)
    counts = np.multiply.outer(*bound.counts(cells.rows, cells.cols)).astype(np.float64)
    found = _mixed([_Tap(at, np.ones(len(at))) for at in down], [_Tap(at, np.ones(len(at))) for at in across], x)
    return Step(found.values / counts, lambda g: found.back(g / counts))


def _largest(down: Sequence[Indices], across: Sequence[Indices], x: Floats) -> Step:
    """Return the largest of each patch, of several that are alike the first; the gradient goes to that one alone."""
    wide = max(len(at) for at in across)
    cols = np.array([np.pad(at, (0, wide - len(at)), mode="edge") for at in across])
    winners = np.empty((len(x), len(down), len(across)), np.int64)
    for k, at in enumerate(down):
        patches = x[:, at][:, :, cols].transpose(0, 2, 1, 3).reshape(len(x), len(across), -1)
        row, col = np.divmod(patches.argmax(axis=2), wide)
        winners[:, k] = at[row] * x.shape[2] + cols[np.arange(len(across)), col]
    planes = np.arange(len(x))[:, None, None]

    def back(g: Floats) -> Back:
        gradient = np.zeros((len(x), x.shape[1] * x.shape[2]))
        np.add.at(gradient, (planes, winners), g)
        return Back(gradient.reshape(x.shape), 0.0)

    return Step(x.reshape(len(x), -1)[planes, winners], back)


# convolutions


class _Line(NamedTuple):
    """Along one axis and through one cell of the kernel: which outputs read inside, and where among the cells below.

    A border may let several outputs read the same cell through one cell of the kernel; else each is read `once`.
    """

    outputs: Indices
    at: Indices
    once: bool


def _lines(axis: Axis, border: str, below: Indices, outputs: Indices) -> list[_Line]:
    found = []
    for u in range(axis.kernel):
        at = border_index(positions(axis, outputs, u), axis.size, border)
        inside = np.flatnonzero(at != OUTSIDE)
        found.append(_Line(inside, np.searchsorted(below, at[inside]), len(distinct(at[inside])) == len(inside)))
    return found


@step.register(BoundConv)
def _convolution(bound: BoundConv, below: Cells, cells: Cells, x: Floats) -> Step:
    layer, shape = bound.layer, (len(cells.maps), len(cells.rows), len(cells.cols))
    weights, reads = bound.weights[cells.maps], np.searchsorted(below.maps, bound.inputs[cells.maps])
    down = _lines(bound.down, layer.border, below.rows, cells.rows)
    across = _lines(bound.across, layer.border, below.cols, cells.cols)
    alike = bool((reads == np.arange(len(below.maps))).all()) if reads.shape[1] == len(below.maps) else False
    rest = np.zeros(shape) + bound.bias[cells.maps][:, None, None]
    if layer.constant:
        rest += layer.constant * _weights_outside(weights, down, across, shape)
    values = rest.copy()
    for u, row in enumerate(down):
        for v, col in enumerate(across):
            part = x[:, row.at][:, :, col.at]
            met = weights[:, :, u, v]
            products = np.tensordot(met, part, 1) if alike else _by_taps(met, reads, part)
            values[:, row.outputs[:, None], col.outputs] += products

    def back(g: Floats) -> Back:
        gradient, maps = np.zeros_like(x), np.arange(len(x))[:, None, None]
        for u, row in enumerate(down):
            for v, col in enumerate(across):
                part, met = g[:, row.outputs[:, None], col.outputs], weights[:, :, u, v]
                found = np.tensordot(met.T, part, 1) if alike else _to_taps(met, reads, part, len(x))
                where = maps, row.at[:, None], col.at
                if row.once and col.once:
                    gradient[where] += found
                else:
                    np.add.at(gradient, where, found)
        return Back(gradient, float((g * rest).sum()))

    return Step(values, back)


def _by_taps(weights: Floats, reads: Indices, part: Floats) -> Floats:
    """Return sums of products where each map reads others: weights and what is read of shape (maps, taps)."""
    total = np.zeros((len(weights), *part.shape[1:]))
    for tap in range(weights.shape[1]):
        total += weights[:, tap, None, None] * part[reads[:, tap]]
    return total


def _to_taps(weights: Floats, reads: Indices, part: Floats, maps: int) -> Floats:
    total = np.zeros((maps, *part.shape[1:]))
    for tap in range(weights.shape[1]):
        np.add.at(total, reads[:, tap], weights[:, tap, None, None] * part)
    return total


def _weights_outside(weights: Floats, down: Sequence[_Line], across: Sequence[_Line], shape: tuple[int, int, int]) -> Floats:
    """Return, for each output, the sum of the weights that meet the constant outside."""
    total = np.zeros(shape)
    for u, row in enumerate(down):
        for v, col in enumerate(across):
            outside = np.ones(shape[1:])
            outside[row.outputs[:, None], col.outputs] = 0.0
            total += weights[:, :, u, v].sum(axis=1)[:, None, None] * outside
    return total
