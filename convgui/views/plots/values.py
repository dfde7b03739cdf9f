"""What a plot shows, as values: series over an axis, marks and a picture; from these it is drawn when it is taken away."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from convgui.views.kit.drawable import Rect

    Numbers = NDArray[np.float64] | NDArray[np.float32] | NDArray[np.int64]


class Scale(NamedTuple):
    """One axis: what it is called, and the values at its ends.

    Of a logarithmic one these are powers of ten, by `above` higher than they are, so that 1 is told from nothing.
    """

    label: str
    low: float
    high: float
    logarithmic: bool = False
    above: float = 0.0


@dataclass(frozen=True, eq=False)
class Series:
    """One line of a plot, or its bars.

    Attributes
    ----------
    name : str
    x, y : ndarray
        Of a line its points, of bars their edges (one more) and heights. NaN leaves a gap.
    colour : str
        As #rrggbb.
    bars : bool
    right : bool
        Whether the axis at the right belongs to it.
    """

    name: str
    x: Numbers
    y: Numbers
    colour: str
    bars: bool = False
    right: bool = False


@dataclass(frozen=True, eq=False)
class Drawing:
    """A plot as it is taken away: with what it shows of its series, and all numbers behind it.

    Attributes
    ----------
    name, title : str
        What its files are called, and what stands above it.
    across, up : Scale
    right : Scale, optional
        The axis at the right.
    marks : tuple of (float, str)
        Upright lines, and their colour.
    picture : ndarray of uint8, shape (rows, cols, 3), optional
        Lies below everything, in `where`: left, top, width and height in values of the axes.
    table : mapping of str to ndarray
        The columns of the numbers, at full precision.
    """

    name: str
    title: str
    across: Scale
    up: Scale
    series: tuple[Series, ...] = ()
    right: Scale | None = None
    marks: tuple[tuple[float, str], ...] = ()
    picture: NDArray[np.uint8] | None = None
    where: Rect = (0.0, 0.0, 1.0, 1.0)
    table: Mapping[str, Numbers] = field(default_factory=dict)


Taken = Literal["png", "svg", "csv", "copy"]
