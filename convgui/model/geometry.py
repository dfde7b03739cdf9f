"""Where the cells of what is looked at lie on the cells that it reads, for any kind of layer."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Protocol

from convgui.engine.layers.conv import BoundConv
from convgui.engine.layers.geometry import Axis
from convgui.engine.layers.resize import Resize

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Bound


class Along(Protocol):
    """Rows or columns of an output on those of its input, as `Axis` has them for a convolution.

    Output cell i begins at `origin` + i * `stride` of the input, and reads `span` cells from ``reads(i)[0]`` on.
    """

    @property
    def size(self) -> int:
        """Cells of the input."""
        ...

    @property
    def outputs(self) -> int:
        """Cells of the output."""
        ...

    @property
    def origin(self) -> float:
        """Where output cell 0 begins."""
        ...

    @property
    def stride(self) -> float:
        """How far apart output cells are."""
        ...

    @property
    def before(self) -> int:
        """Cells before the input that are read."""
        ...

    @property
    def after(self) -> int:
        """Cells after it."""
        ...

    @property
    def span(self) -> int:
        """Cells from the first to the last that one output cell reads."""
        ...

    def reads(self, i: int) -> tuple[int, int]:
        """Return the first and one past the last input position of output cell i."""
        ...


@dataclass(frozen=True)
class Spread:
    """Rows or columns of a layer that is no convolution: each cell lies over the middle of the `span` cells that it reads.

    Its cells may be at a distance that is no whole number, as resizing has it; `inside` says that none reads outside.
    """

    size: int
    outputs: int
    origin: float
    stride: float
    span: int = 1
    inside: bool = False

    @property
    def before(self) -> int:
        """Cells before the input that are read."""
        return max(-self.reads(0)[0], 0)

    @property
    def after(self) -> int:
        """Cells after it."""
        return max(self.reads(self.outputs - 1)[1] - self.size, 0)

    def reads(self, i: int) -> tuple[int, int]:
        """Return the first and one past the last input position of output cell i."""
        first = floor(self.origin + (i + 0.5) * self.stride - self.span / 2)
        if self.inside:
            first = min(max(first, 0), max(self.size - self.span, 0))
        return first, first + self.span


def _span(cells: NDArray[np.int64]) -> int:
    return int(cells[-1] - cells[0]) + 1 if cells.size else 1


def axes_of(bound: Bound) -> tuple[Along, Along]:
    """Return rows and columns of a layer's output on its input."""
    _, rows, cols = bound.input
    if isinstance(bound, BoundConv):
        return bound.down, bound.across
    if bound.pointwise:
        return Axis(rows, 1), Axis(cols, 1)
    _, high, wide = bound.output
    spans = (1, 1) if bound.entire else tuple(map(_span, bound.reads(high // 2, wide // 2)))
    inside = isinstance(bound.layer, Resize)
    sides = zip((rows, cols), (high, wide), (bound.rows, bound.cols), spans, strict=True)
    down, across = (Spread(size, outputs, float(p.origin), float(p.pitch), span, inside) for size, outputs, p, span in sides)
    return down, across
