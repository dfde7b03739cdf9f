"""Explains one output cell: the patch under the kernel, each product, their sum, the bias and the activation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.base import Needs
from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.layers.conv import BoundConv
from convgui.engine.layers.explained import Explained
from convgui.engine.layers.graph import BoundGraph
from convgui.engine.looking.below import Beneath, looked_at
from convgui.engine.network import pull
from convgui.engine.shown import array_code, exact_sum, number
from convgui.engine.strategies.tiles import never

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.activation import BoundActivation
    from convgui.engine.network import Chain


class Term(NamedTuple):
    """One product: which kernel cell, the value that it met, its weight."""

    plane: int
    u: int
    v: int
    value: float
    weight: float
    product: float


@dataclass(frozen=True, eq=False)
class Explanation:
    """All that goes into one output cell.

    Attributes
    ----------
    map, row, col : int
        The output cell.
    patch, weights, products : ndarray of float64, shape (taps, kh, kw)
        What is multiplied and what comes out; weights as they are laid on the picture, turned if the layer flips.
    rows, cols : ndarray of int64
        Input positions under the kernel's rows and columns; they may lie outside.
    outside : ndarray of bool, shape (kh, kw)
        Which cells of the patch were invented by the border rule.
    total, bias, value : float
        Sum of the products, the bias, and the activation of both: the output.
    channels : tuple of (str, float)
        What each channel brings to the sum, where there are several.
    reads : tuple of int
        The plane that each tap reads; of a sequence these are its channels.
    applied : BoundActivation, optional
        The activation function with its parameters, where there is one.
    """

    map: int
    row: int
    col: int
    patch: NDArray[np.float64]
    weights: NDArray[np.float64]
    products: NDArray[np.float64]
    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    outside: NDArray[np.bool_]
    total: float
    bias: float
    activation: str
    value: float
    channels: tuple[tuple[str, float], ...] = ()
    reads: tuple[int, ...] = (0,)
    applied: BoundActivation | None = None

    def largest(self, count: int) -> list[Term]:
        """Return the terms of largest magnitude, largest first."""
        order = np.argsort(-np.abs(np.nan_to_num(self.products, nan=np.inf)), axis=None, kind="stable")[:count]
        return [self._term(*(int(i) for i in np.unravel_index(k, self.products.shape))) for k in order]

    def in_order(self) -> list[Term]:
        """Return all terms, plane by plane, rows downwards and each from left to right."""
        return [self._term(*(int(i) for i in at)) for at in np.ndindex(self.products.shape)]

    def as_text(self) -> str:
        """Return the sum as text: a line for each product, then the sum, the bias and the activation.

        Each product and the sum are those of the numbers that stand there, to the last digit that is written.
        """
        names = [f"channel {plane}, " for plane in self.reads] if len(self.products) > 1 else [""]
        terms = self.in_order()
        products, total, output = exact_sum([(t.value, t.weight) for t in terms], self.bias)
        lines = [
            f"{names[t.plane]}kernel {t.u}, {t.v}: {t.value!r} * {t.weight!r} = {product}"
            for t, product in zip(terms, products, strict=True)
        ]
        lines += [f"sum = {total}", f"+ bias {self.bias!r} = {output}"]
        return "\n".join([*lines, f"{self.activation} = {self.value!r}"]) + "\n"

    def as_numpy(self) -> str:
        """Return an expression that evaluates to the value, given ``import numpy as np``.

        >>> from convgui.engine.kernels.kernel import Kernel
        >>> from convgui.engine.layers.conv import Conv
        >>> from convgui.engine.network import Chain
        >>> from convgui.engine.source import Source
        >>> sequence = Source(np.array([[0, 1, 0]], np.float32))
        >>> explain(Chain(sequence, layers=(Conv(Kernel([[0, 1]])),)), 1, 0, 0, 0).as_numpy()
        'np.sum(np.array([[0.0, 1.0]]) * np.array([[0.0, 1.0]])) + 0.0'
        """
        patch, weights = (array_code(a if len(a) > 1 else a[0]) for a in (self.patch, self.weights))
        output = f"np.sum({patch} * {weights}) + {self.bias!r}"
        return output if self.applied is None else self.applied.as_numpy(output, self.map, self.row, self.col)

    def _term(self, plane: int, u: int, v: int) -> Term:
        at = (plane, u, v)
        return Term(plane, u, v, float(self.patch[at]), float(self.weights[at]), float(self.products[at]))


def explain(
    chain: Chain, n: int, map: int, row: int, col: int, cancelled: Callable[[], bool] = never
) -> Explanation | Explained:
    """Return what the cell (row, col) of a map of layer n is made of, by the definition in float64.

    An activation function right after a convolution is explained together with its sum. The channels of a sequence are
    taken one by one, also where the reading adds them up first.

    Returns
    -------
    Explanation or Explained
        The one of a convolution, the other of any other kind of layer.

    Raises
    ------
    IndexError
        If there is no such cell.
    Cancelled
        If it was cancelled meanwhile.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.network import Chain
    >>> from convgui.engine.source import Source
    >>> sequence = Source(np.array([[0, 1, 0, 1, 1, 0]], np.float32))
    >>> explain(Chain(sequence, layers=(Conv(Kernel([[0, 1]])),)), 1, 0, 0, 3).products.tolist()
    [[[0.0, 1.0]]]
    """
    maps, height, width = chain.shape(n)
    if not (0 <= map < maps and 0 <= row < height and 0 <= col < width):
        raise IndexError(f"Expected a cell of {maps} maps of {height} × {width}, received map {map}, {row}, {col}.")
    layer, bound, activation = looked_at(chain, n)
    if isinstance(bound, BoundConv):
        return _convolution(Beneath.of(chain, layer, cancelled), activation, map, row, col)
    if bound is None:
        return _plane(chain, map, row, col)

    if isinstance(bound, BoundGraph):
        here = Needs(np.array([map]), range(row, row + 1), range(col, col + 1))
        return bound.told(map, row, col, float(pull(chain, layer, here, cancelled).values[0, 0, 0]))

    def values(needs: Needs) -> NDArray[np.float64]:
        return pull(chain, layer - 1, needs, cancelled).values.astype(np.float64)

    return bound.explain(values, map, row, col)


def _plane(chain: Chain, map: int, row: int, col: int) -> Explained:
    """Explain a value of a plane: it is what the reading makes of the stored numbers."""
    here = Needs(np.array([map]), range(row, row + 1), range(col, col + 1))
    value = float(pull(chain, 0, here).values[0, 0, 0])
    return Explained("reading", map, row, col, value, (), f"as it is read: {number(value)}", repr(value))


def _convolution(beneath: Beneath, activation: BoundActivation | None, map: int, row: int, col: int) -> Explanation:
    bound, inputs = beneath.bound, beneath.inputs[map]
    rows, cols = bound.patch(row, col)
    patch, weights = beneath.read(inputs, rows, cols), beneath.weights[map]
    bias = float(bound.bias[map])
    with np.errstate(invalid="ignore", over="ignore"):
        products = patch * weights
        total = float(products.sum())
    value = total + bias
    if activation is not None:
        value = float(activation.along(np.array([value]), map, row, col).item())
    beyond_rows = border_index(rows, bound.down.size, "zeros") == OUTSIDE
    beyond_cols = border_index(cols, bound.across.size, "zeros") == OUTSIDE
    return Explanation(
        map=map,
        row=row,
        col=col,
        patch=patch,
        weights=weights,
        products=products,
        rows=rows,
        cols=cols,
        outside=beyond_rows[:, None] | beyond_cols[None, :],
        total=total,
        bias=bias,
        activation="linear" if activation is None else activation.layer.function,
        value=value,
        channels=_by_channel(beneath, map, rows, cols, products),
        reads=tuple(inputs.tolist()),
        applied=activation,
    )


def _by_channel(
    beneath: Beneath, map: int, rows: NDArray[np.int64], cols: NDArray[np.int64], products: NDArray[np.float64]
) -> tuple[tuple[str, float], ...]:
    """Return what each channel brings to a sum: each plane, or each of those that one plane is mixed from."""
    planes = beneath.planes
    with np.errstate(invalid="ignore", over="ignore"):
        if len(products) > 1:
            names = _names(beneath)
            sums = products.sum(axis=(1, 2)).tolist()
            return tuple((names(plane), part) for plane, part in zip(beneath.inputs[map].tolist(), sums, strict=True))
        plane = int(beneath.inputs[map, 0])
        mixed = np.flatnonzero(planes.mixes[plane]) if planes is not None and not planes.offsets[plane] else np.array([])
        if planes is None or len(mixed) < 2:
            return ()
        found = []
        for c in mixed.tolist():
            share = float(planes.mixes[plane, c] / planes.mixes[plane].sum())  # what lies outside is shared out alike
            one = replace(planes, mixes=planes.mixes * (np.arange(planes.source.channels) == c))
            around = beneath.around._replace(constant=beneath.around.constant * share)
            values = replace(beneath, planes=one, around=around).read(np.array([plane]), rows, cols)[0]
            found.append((planes.source.channel_names[c], float((values * beneath.weights[map, 0]).sum())))
        return tuple(found)


def _names(beneath: Beneath) -> Callable[[int], str]:
    """Return what the maps that a convolution reads are called."""
    if beneath.planes is None or len(beneath.planes.mixes) != beneath.planes.source.channels:
        return lambda map: f"map {map}"
    return beneath.planes.source.channel_names.__getitem__
