"""What a network sees: how a photo becomes its input, as presets and as (full * x - mean) / divide for each plane."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.network import evaluate
from convgui.engine.shown import apart
from convgui.model.levels import coarsest, step_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from convgui.engine.network import Chain
    from convgui.engine.reading import Reading
    from convgui.engine.source import Source
    from convgui.model.requests import Token
    from convgui.model.state import State

Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Preparation:
    """Planes of the channels in order, or reversed: (full * x - mean) / divide, x from 0 to 1.

    Parameters
    ----------
    full : float
        1, or 255 where networks were trained on bytes.
    mean, divide : tuple of float
        One for each plane.
    reversed : bool
        Whether the planes are blue, green and red.
    """

    full: float
    mean: Numbers
    divide: Numbers
    reversed: bool = False

    def reading(self, like: Reading) -> Reading:
        """Return the reading, with the size of another one.

        >>> from convgui.engine.reading import Reading
        >>> Preparation(1.0, (0.5,) * 3, (0.5,) * 3).reading(Reading()).matrix
        ((2.0, 0.0, 0.0), (0.0, 2.0, 0.0), (0.0, 0.0, 2.0))
        """
        count = len(self.mean)
        divide = np.array(self.divide, np.float64)
        matrix = np.diag(self.full / divide)
        if self.reversed:
            matrix = matrix[:, ::-1]
        offset = tuple((0.0 - np.array(self.mean, np.float64) / divide).tolist()) if any(self.mean) else ()
        if not any(self.mean) and (matrix == np.eye(count)).all():
            return replace(like, colour="each channel", matrix=(), offset=())
        return replace(like, colour="custom", matrix=tuple(tuple(row) for row in matrix.tolist()), offset=offset)

    @classmethod
    def of(cls, reading: Reading, channels: int) -> Preparation | None:
        """Return how a reading prepares a source of so many channels; None if it mixes them.

        >>> from convgui.engine.reading import Reading
        >>> Preparation.of(Preparation(255.0, (104.0, 117.0, 123.0), (1.0,) * 3, True).reading(Reading()), 3).mean
        (104.0, 117.0, 123.0)
        """
        if reading.colour == "each channel" and channels > 1:
            matrix = np.eye(channels)
        elif reading.colour == "custom" and len(reading.matrix) == len(reading.matrix[0]) == channels:
            matrix = np.array(reading.matrix, np.float64)
        else:
            return None
        backwards = int(np.count_nonzero(np.diag(matrix))) < channels
        along = np.diag(matrix[:, ::-1] if backwards else matrix)
        if np.count_nonzero(matrix) != channels or (along <= 0).any():
            return None
        offset = np.zeros(channels) + (np.array(reading.offset) if reading.offset else 0.0)
        full = _full(along, offset)
        divide = full / along
        return cls(full, _plain(0.0 - offset * divide), _plain(divide), backwards)


def _full(along: NDArray[np.float64], offset: NDArray[np.float64]) -> float:
    """Return whether numbers are written for bytes or from 0 to 1: the ones that are shorter."""

    def length(full: float) -> int:
        divide = full / along
        return sum(len(f"{value:.9g}") for value in (*divide, *(offset * divide)))

    return 255.0 if length(255.0) < length(1.0) else 1.0


def _plain(values: NDArray[np.float64]) -> Numbers:
    return tuple(float(f"{value:.12g}") + 0.0 for value in values)


PRESETS: dict[str, tuple[str, str, Preparation]] = {
    "0 … 1": ("0 … 1", "As the photo is: black 0, white 1.", Preparation(1.0, (0.0,) * 3, (1.0,) * 3)),
    "0 … 255": ("0 … 255", "Bytes as they are.", Preparation(255.0, (0.0,) * 3, (1.0,) * 3)),
    "-1 … 1": ("−1 … 1", "MobileNet, Inception and many others: 2x - 1.", Preparation(1.0, (0.5,) * 3, (0.5,) * 3)),
    "imagenet": (
        "ImageNet",
        "torchvision's: less the mean of ImageNet, divided by its standard deviation.",
        Preparation(1.0, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ),
    "caffe": (
        "Caffe, BGR",
        "Caffe's and Keras's VGG and ResNet: bytes, blue first, less the mean.",
        Preparation(255.0, (103.939, 116.779, 123.68), (1.0,) * 3, reversed=True),
    ),
}
"""The presets of photos with three channels: what the window calls them, what they are, and the preparation."""


def for_planes(preset: str, planes: int) -> Preparation:
    """Return the preparation of a preset for so many planes.

    Raises
    ------
    ValueError
        If its numbers are those of red, green and blue.

    Examples
    --------
    >>> for_planes("-1 … 1", 1)
    Preparation(full=1.0, mean=(0.5,), divide=(0.5,), reversed=False)
    """
    name, _, found = PRESETS[preset]
    if planes == len(found.mean):
        return found
    if len({*found.mean}) > 1 or len({*found.divide}) > 1:
        raise ValueError(f"Expected a preset for {planes} channels, received {name}, which is for red, green and blue.")
    return replace(found, mean=found.mean[:1] * planes, divide=found.divide[:1] * planes)


def preset_of(reading: Reading, channels: int) -> str:
    """Return the preset that a reading is, ``own`` for other numbers, ``brightness`` for one plane, or ``mixed``."""
    found = Preparation.of(reading, channels)
    if found is None:
        return "mixed" if reading.colour == "custom" else "brightness"
    for name, (_, _, preset) in PRESETS.items():
        if channels == 3 and _same(found.reading(reading), preset.reading(reading)):
            return name
    return "own"


def _same(a: Reading, b: Reading) -> bool:
    if a.colour != b.colour:
        return False
    return a.colour != "custom" or bool(
        np.allclose(a.matrix, b.matrix, rtol=1e-6)
        and np.allclose(a.offset or (0.0,), b.offset or (0.0,), rtol=1e-6, atol=1e-9)
    )


def spread(reading: Reading, source: Source) -> list[tuple[float, float]]:
    """Return from where to where the values of each plane go, if the stored numbers go from black to white."""
    planes = reading.bind(source)
    ends = np.stack([np.minimum(planes.mixes, 0).sum(axis=1), np.maximum(planes.mixes, 0).sum(axis=1)])
    ends = ends / source.scale + planes.offsets
    return [(float(low), float(high)) for low, high in ends.T]


APART = 0.02
"""Part of the trained range by which another one may differ."""


def outside(reading: Reading, trained: Reading | None, source: Source) -> str:
    """Return a sentence if the values are not those that the network was trained on; empty if they are, or nobody knows."""
    if trained is None:
        return ""
    try:
        here, there = spread(reading, source), spread(trained, source)
    except ValueError:
        return ""
    if len(here) != len(there):
        return f"The network was trained on {len(there)} planes, here are {len(here)}."
    for (low, high), (least, most) in zip(here, there, strict=True):
        allowed = APART * (most - least)
        if abs(low - least) > allowed or abs(high - most) > allowed:
            wanted, received = "{} … {}".format(*apart([least, most])), "{} … {}".format(*apart([low, high]))
            return f"Outside the range that the network was trained on: {wanted} there, {received} here."
    a, b = Preparation.of(reading, source.channels), Preparation.of(trained, source.channels)
    if a is not None and b is not None and a.reversed != b.reversed:
        return "The network was trained on blue first, here is red first." if b.reversed else "It was trained on red first."
    return ""


def trained_on(state: State, known: Mapping[str, Reading]) -> Reading | None:
    """Return the reading that the file of a document's weights asks for, where it is known by the path of the file.

    Weights that were edited are of no file any more: where numbers are read as one of the files asks for, it was that one.
    """
    for layer in state.layers:
        origin = getattr(getattr(layer, "kernel", None), "origin", None)
        if origin is not None and origin.path in known:
            return known[origin.path]
    if preset_of(state.reading, state.source.channels) not in ("own", "mixed"):
        return None
    return next((reading for reading in reversed(list(known.values())) if _same(reading, state.reading)), None)


SIDE = 176
"""Pixels of the longer side of the pictures of what the network sees."""


@dataclass(frozen=True, eq=False)
class PreparedRequest:
    """Two pictures of the planes of a chain: taken as red, green and blue, and the other way round; of one plane one."""

    chain: Chain

    def __call__(self, token: Token) -> tuple[NDArray[np.uint8], ...]:
        """Make them."""
        chain = self.chain
        if chain.source.in_parts:
            chain = chain.over(coarsest(chain.source))
        maps, rows, cols = chain.shape(0)
        step = step_of(rows, cols, SIDE)
        planes = evaluate(chain, None, step, upto=0, maps=range(min(maps, 3)), wait=False, cancelled=token.cancelled)
        ends = spread(chain.reading, chain.source)[: len(planes)]
        levels = [
            np.clip((np.nan_to_num(plane) - low) / ((high - low) or 1.0) * 255, 0, 255).round().astype(np.uint8)
            for plane, (low, high) in zip(planes, ends, strict=True)
        ]
        if len(levels) < 3:
            return (np.repeat(levels[0][..., None], 3, axis=2),)
        picture = np.stack(levels, axis=2)
        return picture, np.ascontiguousarray(picture[:, :, ::-1])
