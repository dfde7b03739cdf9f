"""Effort: what each layer of a chain costs on this input: multiply-adds, parameters, and the memory of what comes out.

A multiply-add is one product with its addition, as most papers count: 2 FLOPs. Counted are those of sums of products: the
taps of a convolution with all filters, padding included; one for each value of an affine layer; the cells that a resized
one is mixed from, along columns first. Pools, functions of one number and softmax have none.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.activation import BoundActivation
from convgui.engine.layers.affine import BoundAffine
from convgui.engine.layers.conv import BoundConv
from convgui.engine.layers.filtered import Filtered
from convgui.engine.layers.resize import BoundResize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.engine.layers.base import Bound
    from convgui.engine.layers.sampling import Sampling
    from convgui.engine.network import Chain

VALUE = 4
"""Bytes of a value of a map, which is float32."""


class Effort(NamedTuple):
    """What a layer, or several, cost.

    Attributes
    ----------
    products : int
        Multiply-adds.
    parameters : int
        Numbers that were, or could be, trained.
    memory : int
        Bytes of all that comes out, if it were kept whole.
    """

    products: int
    parameters: int
    memory: int


def efforts(chain: Chain) -> tuple[Effort, ...]:
    """Return what each layer costs, as far as they fit.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.reading import Reading
    >>> from convgui.engine.source import Source
    >>> layers = (Conv(Kernel(np.ones((3, 3, 3, 8))), padding="valid", bias=(0.1,) * 8),)
    >>> efforts(Chain(Source(np.zeros((12, 22, 3))), Reading("each channel"), layers))
    (Effort(products=43200, parameters=224, memory=6400),)
    """
    return tuple(map(effort, chain.bounds))


def effort(bound: Bound) -> Effort:
    """Return what one layer costs; see `efforts`."""
    maps, rows, cols = bound.output
    return Effort(_products(bound), _parameters(bound), VALUE * maps * rows * cols)


def together(parts: Sequence[Effort]) -> Effort:
    """Return the sums of several.

    >>> together([Effort(1, 2, 3), Effort(10, 20, 30)])
    Effort(products=11, parameters=22, memory=33)
    """
    return Effort(*(sum(part[k] for part in parts) for k in range(3)))


@singledispatch
def _products(bound: Bound) -> int:
    """Return how many multiply-adds a layer has; a layer that is switched off has none."""
    return 0


@_products.register(BoundConv)
def _of_conv(bound: BoundConv) -> int:
    maps, rows, cols = bound.output
    _, taps, kh, kw = bound.weights.shape
    return maps * rows * cols * taps * kh * kw


@_products.register(BoundAffine)
def _of_affine(bound: BoundAffine) -> int:
    maps, rows, cols = bound.output
    return maps * rows * cols


@_products.register(BoundResize)
def _of_resize(bound: BoundResize) -> int:
    maps, _, cols = bound.output
    return maps * (bound.input.rows * _mixed(bound.across) + cols * _mixed(bound.down))


def _mixed(along: Sampling | Filtered) -> int:
    """Return how many products there are along an axis; a cell that is copied is none."""
    if isinstance(along, Filtered):
        return int(along.count[along.count > 1].sum())
    return 2 * int(np.count_nonzero(along.part))


@singledispatch
def _parameters(bound: Bound) -> int:
    """Return how many numbers a layer has; a bias, scale or offset that all maps share and that changes nothing is none."""
    return 0


@_parameters.register(BoundConv)
def _in_conv(bound: BoundConv) -> int:
    bias = bound.layer.bias
    return int(bound.layer.kernel.weights.size) + (len(bias) if bias != (0.0,) else 0)


@_parameters.register(BoundAffine)
def _in_affine(bound: BoundAffine) -> int:
    scale, offset = bound.layer.scale, bound.layer.offset  # type: ignore[attr-defined]
    return (len(scale) if scale != (1.0,) else 0) + (len(offset) if offset != (0.0,) else 0)


@_parameters.register(BoundActivation)
def _in_activation(bound: BoundActivation) -> int:
    return 0 if bound.layer.slopes is None else int(bound.layer.slopes.size)
