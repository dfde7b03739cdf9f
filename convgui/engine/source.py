"""A source: the stored pixels or steps that a convolution reads, and how a stored number becomes a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.address import address
from convgui.engine.alpha import has_alpha, on_white
from convgui.engine.masked import unmasked

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LUMINANCE = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in the luminance (ITU-R BT.601, as Pillow, OpenCV and TensorFlow have it)."""

PRESETS = ("luminance", "each channel", "sum")
"""The ways to read several channels that need no matrix: `channel_mixes` knows them."""

READ_AS_STORED = (np.uint8, np.uint16, np.float32)


def _stored(array: ArrayLike) -> NDArray[np.generic]:
    """Return the array in one of the dtypes that the engine reads, C-contiguous, without a copy where that is possible."""
    values = unmasked(array, "array")
    if values.dtype.kind not in "buif":
        raise ValueError(f"Expected an array of real numbers, received dtype {values.dtype}.")
    if values.dtype.newbyteorder("=") not in [np.dtype(d) for d in READ_AS_STORED]:
        with np.errstate(over="ignore"):  # a float64 beyond float32 becomes infinity, as IEEE says
            values = values.astype(np.float32)
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))


@dataclass(frozen=True, eq=False)
class Source:
    """Stored numbers with their meaning.

    Parameters
    ----------
    array : array_like, shape (rows, cols) or (rows, cols, channels)
        uint8, uint16 and float32 are read as they are; other real numbers are converted to float32. A sequence of L
        steps has the shape (1, L) or (1, L, channels).
    scale : float
        What one stored unit is worth: 1/255 makes a byte a value from 0 to 1.
    name : str
        What the window calls it.
    path : str
        The file it came from, empty if it has none.
    toy : bool
        Whether it is a small grid of which each cell is shown with its number.
    note : str
        One sentence on what was done or left out when it was read; empty if there is nothing to say.
    page : int
        Which of `pages` it is, counted from 1.
    pages : tuple of str
        What the file holds, where it holds several pages, frames, channels or arrays; else empty.
    reading : str
        How the axes of an array were read where somebody said so; empty if it was left to the program.
    instead : (str, str)
        Another reading of the same numbers, and what it is called; empty if there is none.
    sequence : bool
        Whether it is one row of steps, to which one-dimensional kernels belong; a picture may have one row as well. By
        default an array of one row is a sequence.

    Raises
    ------
    ValueError
        If the array has not two or three axes, no channel, holds no real numbers, or is a sequence of several rows.

    Examples
    --------
    >>> Source(np.zeros((4, 6, 3), np.uint8), scale=1 / 255).channels
    3
    """

    array: NDArray[np.generic]
    scale: float = 1.0
    name: str = "array"
    path: str = ""
    toy: bool = False
    note: str = ""
    page: int = 1
    pages: tuple[str, ...] = ()
    reading: str = ""
    instead: tuple[str, ...] = ()
    sequence: bool = None  # type: ignore[assignment]  # which becomes what one row says

    def __post_init__(self) -> None:
        array = _stored(self.array).view()
        if array.ndim not in (2, 3):
            raise ValueError(f"Expected rows x columns or rows x columns x channels, received shape {array.shape}.")
        if 0 in array.shape[2:]:
            raise ValueError(f"Expected at least one channel, received shape {array.shape}.")
        array.flags.writeable = False
        object.__setattr__(self, "array", array)
        one_row = array.shape[0] == 1
        if self.sequence and not one_row:
            raise ValueError(f"Expected a sequence in one row, received shape {array.shape}.")
        object.__setattr__(self, "sequence", one_row if self.sequence is None else bool(self.sequence))

    @property
    def rows(self) -> int:
        """Rows of the picture; 1 for a sequence."""
        return int(self.shape[0])

    @property
    def cols(self) -> int:
        """Columns of the picture, or steps of the sequence."""
        return int(self.shape[1])

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour; those of a sequence are what is measured at each step."""
        return int(self.shape[2]) if len(self.shape) == 3 else 1

    @property
    def channel_names(self) -> tuple[str, ...]:
        """What the channels are called: colours in a picture of three, else numbers."""
        if self.channels == 3 and not self.sequence:
            return ("red", "green", "blue")
        return tuple(f"channel {c}" for c in range(self.channels))

    @property
    def dtype(self) -> np.dtype:
        """Of the stored numbers."""
        return self.array.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the array: (rows, cols) or (rows, cols, channels)."""
        return self.array.shape

    @property
    def cube(self) -> NDArray[np.generic]:
        """The array as (rows, cols, channels), a view."""
        return self.array.reshape(self.rows, self.cols, self.channels)

    @property
    def in_parts(self) -> bool:
        """Whether it is larger than memory, so that only parts of it may be asked for."""
        return False

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.array.nbytes

    @property
    def empty(self) -> bool:
        """Whether it has no cell."""
        return 0 in self.shape

    @property
    def pitch(self) -> int:
        """Cells from the start of a row in memory to the start of the next."""
        return self.cols

    @property
    def address(self) -> int:
        """Where the first number of cell (0, 0) lies, or would lie if it were held."""
        return address(self.array)

    def part(self, rows: range, cols: range) -> NDArray[np.generic]:
        """Return the stored numbers of rows x cols, shape (rows, cols, channels); the ranges may have a step."""
        return self.cube[rows.start : rows.stop : rows.step, cols.start : cols.stop : cols.step]

    def at(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.generic]:
        """Return the stored numbers at some rows and some columns, in any order, shape (rows, cols, channels)."""
        return self.cube[np.ix_(rows, cols)]


def unit_scale(dtype: np.dtype) -> float:
    """Return the scale that brings a stored dtype to 0..1; floating-point numbers stay as they are.

    >>> unit_scale(np.dtype(np.uint8)) == 1 / 255
    True
    """
    return {"uint8": 1 / 255, "uint16": 1 / 65535}.get(dtype.name, 1.0)


def usual_colour(source: Source) -> str:
    """Return how the channels of a source are read unless somebody says otherwise: a photo's as its luminance.

    Those of a sequence are summed, as a layer does.
    """
    return "sum" if source.sequence and source.channels > 1 else "luminance"


def channel_mixes(colour: str, channels: int, scale: float) -> NDArray[np.float64]:
    """Return how planes are mixed from channels.

    Parameters
    ----------
    colour : {'luminance', 'each channel', 'sum'}
        The colour mode. Luminance is the sum of all channels times `LUMINANCE`; for other than three channels their mean.
    channels : int
        Channels of the source.
    scale : float
        What one stored unit is worth.

    Returns
    -------
    ndarray of float64, shape (planes, channels)
        A plane's value is the sum over its row of coefficient times stored number.
    """
    if channels == 1:
        return np.array([[scale]])
    if colour == "each channel":
        return np.eye(channels) * scale
    if colour == "sum":
        return np.full((1, channels), scale)
    if colour == "luminance":
        coefficients = LUMINANCE if channels == 3 else (1 / channels,) * channels
        return np.array([coefficients]) * scale
    raise ValueError(f"Expected the colour mode luminance, each channel or sum, received {colour!r}.")


def as_input(image: ArrayLike, colour: str = "luminance", scale: float | None = None) -> NDArray[np.float32]:
    """Return the values that the window convolves when it shows `image`.

    Parameters
    ----------
    image : array_like, shape (rows, cols) or (rows, cols, channels)
        Stored numbers, as `load_image` returns them. Bytes and 16-bit numbers of 2 or 4 channels are put on white by
        the last one, which is alpha.
    colour : {'luminance', 'each channel', 'sum'}
        The colour mode.
    scale : float, optional
        What one stored unit is worth; by default bytes and 16-bit numbers are brought to 0..1.

    Returns
    -------
    ndarray of float32, shape (rows, cols), or (rows, cols, channels) for 'each channel'

    Examples
    --------
    >>> as_input(np.full((2, 2), 255, np.uint8))[0, 0]
    np.float32(1.0)
    """
    array = unmasked(image, "image")
    if has_alpha(array):
        array, _ = on_white(array, np.iinfo(array.dtype).max)
    source = Source(array)
    mixes = channel_mixes(colour, source.channels, unit_scale(source.dtype) if scale is None else scale)
    planes = [mix_plane(source.cube, mix) for mix in mixes]
    return planes[0] if len(planes) == 1 else np.stack(planes, axis=-1)


def mix_plane(cube: NDArray[np.generic], mix: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return one plane in float32, term by term in the order of the channels, as the compiled gather does it."""
    used = np.flatnonzero(mix) if np.count_nonzero(mix) == 1 else range(len(mix))
    with np.errstate(over="ignore", invalid="ignore"):
        terms = (cube[:, :, c].astype(np.float32) * np.float32(mix[c]) for c in used)
        plane = next(terms)
        for term in terms:
            plane = plane + term
    return plane
