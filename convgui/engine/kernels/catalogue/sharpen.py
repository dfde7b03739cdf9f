"""Sharpen: the picture plus some of what a blur takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.catalogue.entry import Entry, Parameter, bell, fixed, ring_turned, sigma, size

if TYPE_CHECKING:
    from numpy.typing import NDArray

EMBOSS = np.array([[-1, -1, 0], [-1, 1, 1], [0, 1, 1]], float)
"""The relief kernel of many image editors, with the picture kept in the middle."""


def _centre(side: int) -> NDArray[np.float64]:
    """Return a 1 in the middle; for an even side the mean of the four cells there."""
    row = np.zeros(side)
    row[(side - 1) // 2 : side // 2 + 1] = 1 / (2 - side % 2)
    return np.outer(row, row)


def unsharp(size: int, sigma: float, amount: float) -> NDArray[np.float64]:
    """Return the picture plus `amount` times its difference from a Gaussian blur (as scikit-image's unsharp_mask)."""
    return _centre(size) + amount * (_centre(size) - bell(size, size, sigma))


def high_boost(boost: float) -> NDArray[np.float64]:
    """Return `boost` times the picture minus the eight-neighbour Laplacian, over `boost` (Gonzalez and Woods)."""
    weights = np.full((3, 3), -1.0)
    weights[1, 1] = 8 + boost
    return weights / boost


def emboss(direction: int) -> NDArray[np.float64]:
    """Return a diagonal slope around a middle of 1, turned: the relief kernel of many image editors."""
    return ring_turned(EMBOSS, direction)


_SIZE = size(9, 3, note="Rows and columns; an even size mixes its four middle cells.")
_AMOUNT = Parameter("amount", "Amount", 1.0, low=0.0, high=5.0, step=0.05, note="0 adds nothing.")
_BOOST = Parameter("boost", "Boost", 2.0, low=0.5, high=20.0, step=0.1, note="Weight of the picture beside its edges.")
_TURN = "Turns the light counter-clockwise in steps of 45 degrees."
_LIGHT = Parameter("direction", "Direction", 0, low=0, high=7, integer=True, note=_TURN)

ENTRIES = (
    Entry(
        id="sharpen",
        label="Sharpen",
        family="sharpen",
        text="The picture minus its Laplacian: each cell is pushed away from its four neighbours, so that edges get "
        "crisper. Sum 1, so flat areas stay.",
        make=fixed([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        tags="crisp detail",
    ),
    Entry(
        id="sharpen-8",
        label="Sharpen more",
        family="sharpen",
        text="Pushes each cell away from all eight neighbours. Stronger than Sharpen, on diagonals too, and on noise as "
        "well.",
        make=fixed([[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]]),
        tags="crisp detail strong",
    ),
    Entry(
        id="unsharp",
        label="Unsharp mask",
        family="sharpen",
        text="Adds what a Gaussian blur would take away. Sigma chooses how large the detail is that gets lifted, amount by "
        "how much.",
        make=unsharp,
        parameters=(_SIZE, sigma(), _AMOUNT),
        tags="crisp detail photography",
        same_as="scikit-image unsharp_mask",
    ),
    Entry(
        id="high-boost",
        label="High boost",
        family="sharpen",
        text="The picture, boosted, minus its Laplacian. A small boost shows little but edges, a large one hardly changes "
        "the picture.",
        make=high_boost,
        parameters=(_BOOST,),
        tags="crisp high pass",
    ),
    Entry(
        id="emboss",
        label="Emboss",
        family="sharpen",
        text="Light from one side makes the picture look like a relief. It is a slope across the diagonal, with the picture "
        "itself kept in the middle.",
        make=emboss,
        parameters=(_LIGHT,),
        tags="relief bump light",
    ),
)
