"""The reading: how the numbers of a source become the first planes; nothing else knows about colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.base import Shape
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.resize import METHODS, Resize
from convgui.engine.source import PRESETS, channel_mixes, mix_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.engine.source import Source

FITS = ("stretch", "crop", "letterbox")
"""How a picture of other proportions is brought to a size: distorted, cut off at the sides, or with bars of zeros."""

COLOURS = (*PRESETS, "custom")
"""The colour modes: one plane of brightness, a plane for each channel, one plane of their sum, or a matrix."""


@dataclass(frozen=True)
class Reading:
    """Which planes are made of the channels: a matrix, an offset for each plane, a size.

    Parameters
    ----------
    colour : str
        One of `COLOURS`; `custom` takes the matrix.
    matrix : tuple of tuple of float, shape (planes, channels)
        What a plane has of each channel, after the source's scale; empty unless the colour mode is `custom`.
    offset : tuple of float
        Added to each plane: one for all, or one for each; empty for none.
    size : (int, int), optional
        Rows and columns to which the planes are brought; by default they stay as they are.
    factor : float, optional
        Or by how much both are multiplied, as ``int(n * factor)``.
    fit : str
        One of `FITS`: how planes of other proportions are brought to a size.
    filter : str
        One of the methods of `Resize`: ``bilinear``, or one of Pillow's by its name there.

    Raises
    ------
    ValueError
        If the colour mode is unknown, or the matrix does not suit it.

    Examples
    --------
    >>> from convgui.engine.source import Source
    >>> photo = Source(np.full((2, 2, 3), 255, np.uint8), scale=1 / 255)
    >>> bgr(3).bind(photo).shape
    Shape(maps=3, rows=2, cols=2)
    """

    colour: str = "luminance"
    matrix: tuple[tuple[float, ...], ...] = ()
    offset: tuple[float, ...] = ()
    size: tuple[int, int] | None = None
    factor: float | None = None
    fit: str = "stretch"
    filter: str = "bilinear"

    def __post_init__(self) -> None:
        if self.colour not in COLOURS:
            raise ValueError(f"Expected a colour mode of {', '.join(COLOURS)}, received {self.colour!r}.")
        if (self.colour == "custom") != bool(self.matrix):
            raise ValueError("Expected a matrix of planes x channels with the colour mode custom, and with no other.")
        if self.size is not None and min(self.size) < 1:
            raise ValueError(f"Expected a size of at least one row and one column, received {self.size}.")
        if self.factor is not None and (self.size is not None or not 0 < self.factor < inf):
            received = "both" if self.size is not None else f"{self.factor}"
            raise ValueError(f"Expected a size or a factor above 0 to bring the planes to, received {received}.")
        if self.fit not in FITS:
            raise ValueError(f"Expected a fit of {', '.join(FITS)}, received {self.fit!r}.")
        if self.filter not in METHODS:
            raise ValueError(f"Expected a filter of {', '.join(METHODS)}, received {self.filter!r}.")

    def bind(self, source: Source) -> Planes:
        """Return the planes of a source, before they are resized.

        Raises
        ------
        ValueError
            If the matrix has not as many columns as the source has channels, or there are not as many offsets as planes.
        """
        mixes = self._mixes(source)
        if len(self.offset) > 1 and len(self.offset) != len(mixes):
            raise ValueError(f"Expected an offset for each of {len(mixes)} planes, received {len(self.offset)}.")
        offsets = np.zeros(len(mixes)) + (np.array(self.offset, np.float64) if self.offset else 0.0)
        return Planes(source, mixes, offsets)

    def sizing(self, shape: Shape) -> tuple[Layer, ...]:
        """Return the layers that bring planes of a shape to the size; none where they have it.

        ``crop`` cuts off what is too much around the middle, ``letterbox`` puts zeros where there is too little.

        >>> [layer.kind for layer in Reading(size=(8, 8), fit="letterbox", filter="BOX").sizing(Shape(1, 16, 32))]
        ['resize', 'pad']
        """
        _, rows, cols = shape
        if self.factor is not None:
            return (Resize(size=_times(self.factor, rows, cols), method=self.filter),) if self.factor != 1 else ()
        if self.size is None or self.size == (rows, cols):
            return ()
        if self.fit == "stretch":
            return (Resize(size=self.size, method=self.filter),)
        factors = self.size[0] / rows, self.size[1] / cols
        factor = max(factors) if self.fit == "crop" else min(factors)
        made = max(round(rows * factor), 1), max(round(cols * factor), 1)
        down, across = (_around_middle(wanted - there) for wanted, there in zip(self.size, made, strict=True))
        resize = (Resize(size=made, method=self.filter),) if made != (rows, cols) else ()
        return resize + ((Pad(rows=down, cols=across),) if made != self.size else ())

    def _mixes(self, source: Source) -> NDArray[np.float64]:
        if self.colour != "custom":
            return channel_mixes(self.colour, source.channels, source.scale)
        widths = {len(row) for row in self.matrix}
        if widths != {source.channels}:
            received = " or ".join(str(width) for width in sorted(widths))
            raise ValueError(
                f"The reading's matrix expects {received} channels, received a source of {source.channels}: choose another "
                "colour mode, or a source that has them."
            )
        return np.array(self.matrix, np.float64) * source.scale


def _times(factor: float, rows: int, cols: int) -> tuple[int, int]:
    """Return rows and columns times a factor, as `int(n * factor)` has them, and at least one of each."""
    return max(int(rows * factor), 1), max(int(cols * factor), 1)


def _around_middle(cells: int) -> tuple[int, int]:
    """Return how many cells are added before and after, or cut off where they are fewer than none."""
    before = cells // 2 if cells >= 0 else -(-cells // 2)
    return before, cells - before


def bgr(channels: int = 3) -> Reading:
    """Return the reading of each channel in reversed order, as OpenCV stores photos."""
    return Reading("custom", matrix=tuple(tuple(row) for row in np.eye(channels)[::-1].tolist()))


def standardised(mean: tuple[float, ...], deviation: tuple[float, ...]) -> Reading:
    """Return the reading of each channel less its mean, divided by its standard deviation, as networks are trained on.

    >>> standardised((0.5, 0.5, 0.5), (0.25, 0.25, 0.25)).offset
    (-2.0, -2.0, -2.0)
    """
    spread = np.array(deviation, np.float64)
    if len(mean) != len(deviation) or not (spread > 0).all():
        raise ValueError(f"Expected as many deviations above 0 as means, received {mean} and {deviation}.")
    matrix = tuple(tuple(row) for row in np.diag(1 / spread).tolist())
    return Reading("custom", matrix=matrix, offset=tuple((-np.array(mean) / spread).tolist()))


class Form(NamedTuple):
    """What the preparation of a computation needs to know of planes: all but the numbers."""

    rows: int
    cols: int
    channels: int
    dtype: np.dtype
    mixes: bytes
    offsets: bytes
    pitch: int


@dataclass(frozen=True, eq=False)
class Planes:
    """The planes of a source.

    Attributes
    ----------
    source : Source
    mixes : ndarray of float64, shape (planes, channels)
        How each plane is made from the stored channels, the source's scale included.
    offsets : ndarray of float64, shape (planes,)
        What is added to each.
    """

    source: Source
    mixes: NDArray[np.float64]
    offsets: NDArray[np.float64]

    @property
    def shape(self) -> Shape:
        """Planes, rows and columns."""
        return Shape(len(self.mixes), self.source.rows, self.source.cols)

    @property
    def form(self) -> Form:
        """What planes of other numbers may share."""
        source = self.source
        mixes, offsets = self.mixes.tobytes(), self.offsets.tobytes()
        return Form(source.rows, source.cols, source.channels, source.dtype, mixes, offsets, source.pitch)

    @cached_property
    def _one_for_one(self) -> np.float32 | None:
        """What each channel is multiplied with if the planes are the channels, else None."""
        planes, channels = self.mixes.shape
        same = planes == channels and bool((self.mixes == np.eye(planes) * self.mixes[0, 0]).all())
        return np.float32(self.mixes[0, 0]) if same else None

    def cells(self, plane: int, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the values of a plane at rows x cols, by the definition in float64."""
        mix = self.mixes[plane]
        used = np.flatnonzero(mix) if np.count_nonzero(mix) == 1 else np.arange(len(mix))
        values = np.zeros((len(rows), len(cols)))
        stored = self.source.at(rows, cols)
        with np.errstate(invalid="ignore"):
            for c in used:
                values += stored[:, :, c].astype(np.float64) * mix[c]
        return values + self.offsets[plane] if self.offsets[plane] else values

    def fill(self, planes: NDArray[np.int64], rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Write the values of planes x rows x cols in float32, the same bits as the compiled loops make of them."""
        part = self.source.part(rows, cols)
        if self._one_for_one is not None and not self.offsets.any():
            chosen = part if len(planes) == part.shape[2] else part[:, :, planes]
            np.copyto(out, np.moveaxis(chosen, 2, 0), casting="unsafe")
            if self._one_for_one != 1:
                with np.errstate(over="ignore", invalid="ignore"):
                    out *= self._one_for_one
            return
        with np.errstate(over="ignore", invalid="ignore"):
            for k, plane in enumerate(planes):
                out[k] = mix_plane(part, self.mixes[plane])
                if self.offsets[plane]:
                    out[k] += np.float32(self.offsets[plane])
