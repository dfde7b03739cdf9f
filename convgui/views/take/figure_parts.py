"""What a figure is made of: pictures with their places, the step that is marked, and how it is to be drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QColor

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.views.kit.drawable import Rect


@dataclass(frozen=True, eq=False)
class Board:
    """A picture of which each cell has a place on the cells of the input.

    Attributes
    ----------
    colours : ndarray of uint8, shape (rows, cols, 3)
    rect : (left, top, width, height)
        Where it lies, in input cells; those that are added around the input lie at negative places.
    values : ndarray of float32, shape (rows, cols), optional
        The numbers that are written into the cells; without them it is drawn as a picture.
    added : ndarray of bool, shape (rows, cols), optional
        Which cells are no part of the input but added around it.
    """

    colours: NDArray[np.uint8]
    rect: Rect
    values: NDArray[np.float32] | None = None
    added: NDArray[np.bool_] | None = None


class Step(NamedTuple):
    """One cell of the map and the patch that it is made from, in input cells, with its arithmetic in words."""

    patch: tuple[Rect, ...]
    reads: tuple[Rect, ...]
    cell: Rect
    title: str
    text: str


class Ground(NamedTuple):
    """What a figure is drawn on, and the inks that are legible there."""

    text: str
    fill: str
    dark: bool
    ink: str
    faint: str
    rim: str
    mark: str


_ON_LIGHT = ("#1c222c", "#566071", "#a9b2bf", "#5a54d4")
_ON_DARK = ("#e5e8ed", "#a3acb9", "#5b6573", "#9a96ff")

GROUNDS = {
    "white": Ground("White", "#ffffff", False, *_ON_LIGHT),
    "dark": Ground("Dark", "#14171b", True, *_ON_DARK),
    "clear": Ground("Transparent, dark text", "", False, *_ON_LIGHT),
    "clear-dark": Ground("Transparent, light text", "", True, *_ON_DARK),
}
"""The grounds by name; one without a fill is transparent."""

SCALES = (1.0, 2.0, 3.0, 4.0, 6.0)
"""Pixels for each point of a figure that is written as pixels."""


class FigureOptions(NamedTuple):
    """How a figure is to be drawn; `step` is the row and column of the cell that is marked, if one is."""

    ground: str = "white"
    scale: float = 3.0
    captions: bool = True
    step: tuple[int, int] | None = None


AS_USUAL = FigureOptions()
"""A figure for a white page."""


@dataclass(frozen=True, eq=False)
class Middle:
    """What stands between input and map: the weights of a kernel and the sign before it, or what a layer does, in words."""

    weights: NDArray[np.float64] | None
    table: NDArray[np.uint8]
    words: str = ""
    sign: str = "∗"


@dataclass(frozen=True)
class Inks:
    """The colours of a ground."""

    ground: Ground
    ink: QColor = field(init=False)
    faint: QColor = field(init=False)
    rim: QColor = field(init=False)
    mark: QColor = field(init=False)

    def __post_init__(self) -> None:
        for name in ("ink", "faint", "rim", "mark"):
            object.__setattr__(self, name, QColor(getattr(self.ground, name)))
