"""Explains one output cell: the patch under the kernel, each product, their sum, the bias and the activation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.activations import AS_NUMPY, activate
from convgui.engine.layers.border import OUTSIDE, border_index
from convgui.engine.reference import positions, read_plane
from convgui.engine.shown import exact_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.conv import Conv, Plan
    from convgui.engine.source import Source


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
        >>> from convgui.engine.source import Source
        >>> explain(Conv(Kernel([[0, 1]])), Source(np.array([[0, 1, 0]], np.float32)), 0, 0, 0).as_numpy()
        'np.sum(np.array([[0.0, 1.0]]) * np.array([[0.0, 1.0]])) + 0.0'
        """
        patch, weights = (_as_array(a if len(a) > 1 else a[0]) for a in (self.patch, self.weights))
        return AS_NUMPY[self.activation].format(x=f"np.sum({patch} * {weights}) + {self.bias!r}")

    def _term(self, plane: int, u: int, v: int) -> Term:
        at = (plane, u, v)
        return Term(plane, u, v, float(self.patch[at]), float(self.weights[at]), float(self.products[at]))


def _as_array(values: NDArray[np.float64]) -> str:
    """Return the expression that makes an array, to the last bit."""
    text = repr(values.tolist())
    return f"np.array({text.replace('nan', 'np.nan').replace('inf', 'np.inf')})"


def explain(layer: Conv, source: Source, map: int, row: int, col: int) -> Explanation:
    """Return what the output cell (row, col) of a map is made of, by the definition in float64.

    The channels of a sequence are taken one by one, also where the layer adds them up first.

    Raises
    ------
    IndexError
        If there is no such cell.

    Examples
    --------
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.source import Source
    >>> sequence = Source(np.array([[0, 1, 0, 1, 1, 0]], np.float32))
    >>> explain(Conv(Kernel([[0, 1]])), sequence, 0, 0, 3).products.tolist()
    [[[0.0, 1.0]]]
    """
    plan = layer.plan(source)
    plan = plan.unmixed if source.sequence else plan
    maps, height, width = plan.shape
    if not (0 <= map < maps and 0 <= row < height and 0 <= col < width):
        raise IndexError(f"Expected a cell of {maps} maps of {height} x {width}, received map {map}, {row}, {col}.")
    kh, kw = layer.kernel.size
    rows = np.concatenate([positions(plan.rows, np.array([row]), u) for u in range(kh)])
    cols = np.concatenate([positions(plan.cols, np.array([col]), v) for v in range(kw)])
    patch = np.stack([read_plane(plan, int(plane), rows, cols) for plane in plan.reads[map]])
    weights = plan.weights[map]
    with np.errstate(invalid="ignore", over="ignore"):
        products = patch * weights
        total = float(products.sum())
        value = float(activate(np.array([total + plan.bias[map]]), layer.activation)[0])
    beyond_rows = border_index(rows, source.rows, "zeros") == OUTSIDE
    beyond_cols = border_index(cols, source.cols, "zeros") == OUTSIDE
    return Explanation(
        *(map, row, col, patch, weights, products, rows, cols, beyond_rows[:, None] | beyond_cols[None, :]),
        *(total, float(plan.bias[map]), layer.activation, value, _by_channel(plan, map, rows, cols, products)),
        reads=tuple(plan.reads[map].tolist()),
    )


def _by_channel(
    plan: Plan, map: int, rows: NDArray[np.int64], cols: NDArray[np.int64], products: NDArray[np.float64]
) -> tuple[tuple[str, float], ...]:
    """Return what each channel brings to a sum: each plane, or each of those that one plane is mixed from."""
    channels, names = plan.source.channels, plan.source.channel_names
    if len(products) > 1:
        with np.errstate(invalid="ignore", over="ignore"):
            sums = products.sum(axis=(1, 2))
        return tuple((names[plane], float(part)) for plane, part in zip(plan.reads[map], sums, strict=True))
    plane = int(plan.reads[map, 0])
    mixed = np.flatnonzero(plan.mixes[plane])
    if len(mixed) < 2:
        return ()
    found = []
    for c in mixed:
        share = float(plan.mixes[plane, c] / plan.mixes[plane].sum())  # what lies outside is shared out as the channels are
        layer = replace(plan.layer, constant=plan.layer.constant * share)
        one = replace(plan, mixes=plan.mixes * (np.arange(channels) == c), layer=layer)
        with np.errstate(invalid="ignore", over="ignore"):
            found.append((names[c], float((read_plane(one, plane, rows, cols) * plan.weights[map, 0]).sum())))
    return tuple(found)
