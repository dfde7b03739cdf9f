"""Basics: kernels that show what a convolution is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.catalogue.entry import Entry, Parameter, fixed

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shift(right: int, down: int) -> NDArray[np.float64]:
    """Return a single 1 on the other side of the middle: the unit impulse, displaced (DESIGN's correlation)."""
    half = max(abs(right), abs(down), 1)
    weights = np.zeros((2 * half + 1, 2 * half + 1))
    weights[half - down, half - right] = 1
    return weights


def echo(distance: int) -> NDArray[np.float64]:
    """Return two unit impulses of a half each, `distance` cells apart; an odd distance puts the left one farther out."""
    half = (distance + 1) // 2
    weights = np.zeros((1, 2 * half + 1))
    weights[0, [0, distance]] = 0.5
    return weights


_CELLS = "Cells; negative the other way."

ENTRIES = (
    Entry(
        id="identity",
        label="Identity",
        family="basics",
        text="A single 1 in the middle: the picture comes out as it went in. The place to begin painting from.",
        make=fixed([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        tags="delta nothing copy",
    ),
    Entry(
        id="article-2d",
        label="Article, 2-D",
        family="basics",
        text="The detector of the Conv2D article: two ones at the left and a two below right. With 'same' the map keeps the "
        "size of the grid.",
        make=fixed([[1, 0, 0], [1, 0, 0], [0, 0, 2]]),
        tags="conv2d keras detector",
    ),
    Entry(
        id="shift",
        label="Shift",
        family="basics",
        text="A single 1 beside the middle moves the whole picture. It shows which way round a kernel is laid on the "
        "picture.",
        make=shift,
        parameters=(
            Parameter("right", "Right", 2, low=-31, high=31, integer=True, unit=" px", note=_CELLS),
            Parameter("down", "Down", 1, low=-31, high=31, integer=True, unit=" px", note=_CELLS),
        ),
        tags="move translate delta",
    ),
    Entry(
        id="negative",
        label="Negative",
        family="basics",
        text="A single -1: light becomes dark. The map lies below zero, which most picture files could not hold.",
        make=fixed([[0, 0, 0], [0, -1, 0], [0, 0, 0]]),
        tags="invert minus",
    ),
    Entry(
        id="echo",
        label="Echo",
        family="basics",
        text="Two halves some cells apart. The picture meets itself, as in a double exposure.",
        make=echo,
        parameters=(
            Parameter("distance", "Distance", 8, low=1, high=62, integer=True, unit=" px", note="From one to the other."),
        ),
        tags="double delta pair comb",
    ),
)
