"""Which copy of a picture is looked at, where it is larger than memory: the one whose cells are as large as the pixels."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from convgui.engine.large import Large
from convgui.model.geometry import Spread

if TYPE_CHECKING:
    from convgui.engine.layers.base import Place
    from convgui.engine.network import Chain
    from convgui.engine.source import Source
    from convgui.model.inputs import Input

SAMPLED = 4
"""So many cells along each axis for a pixel of the screen, and a coarser copy is looked at, even if it is too coarse."""


class Level(NamedTuple):
    """A picture, or a smaller copy of it.

    Attributes
    ----------
    source : Source
    down, across : Fraction
        Rows and columns of the picture for one of the copy.
    how : str
        How the copy was made; empty for the picture itself.
    """

    source: Source
    down: Fraction = Fraction(1)
    across: Fraction = Fraction(1)
    how: str = ""

    @property
    def ratio(self) -> str:
        """How many pixels are one, in words; empty for the picture itself."""
        return f"1:{round(self.across)}" if self.how else ""


def level_for(source: Source, step: float) -> Level:
    """Return what is looked at where a pixel of the screen covers `step` cells along each axis."""
    chosen = Level(source)
    for copy, how in source.coarser if isinstance(source, Large) else ():
        level = Level(copy, Fraction(source.rows, copy.rows), Fraction(source.cols, copy.cols), how)
        if level.across > 1.05 * step and step < SAMPLED * chosen.across:
            break
        chosen = level
        if level.across > 1.05 * step:
            break
    return chosen


def coarsest(source: Source) -> Source:
    """Return the copy of a picture that can be looked at as a whole: itself, where it is in memory."""
    return source.coarser[-1].source if isinstance(source, Large) and source.coarser else source


def chain_on(chain: Chain, level: Level) -> Chain | None:
    """Return the same layers over a copy, None where they do not fit it; the same chain each time."""
    if not level.how:
        return chain
    found = chain.over(level.source)
    return None if found.fault is not None else found


def axes_on(chain: Chain, level: Level, read: Input) -> tuple[Spread, Spread]:
    """Return where the cells that a chain over a copy makes lie, on the cells of a layer's input in the picture itself."""
    _, rows, cols = chain.shape(len(chain.layers))
    sides = zip(chain.place(len(chain.layers)), read.place, (level.down, level.across), strict=True)
    (top, high), (left, wide) = (_on(made, under, factor) for made, under, factor in sides)
    return Spread(read.rows, rows, top, high), Spread(read.cols, cols, left, wide)


def _on(made: Place, under: Place, factor: Fraction) -> tuple[float, float]:
    """Return origin and pitch of cells on a copy in the cells of an input."""
    origin = (factor * made.origin - under.origin) / under.pitch
    return float(origin), float(factor * made.pitch / under.pitch)


def step_of(rows: int, cols: int, side: int) -> int:
    """Return the step with which the longer side has about so many cells.

    >>> step_of(3000, 4000, 160), step_of(26, 26, 160)
    (25, 1)
    """
    return max(round(max(rows, cols) / max(side, 1)), 1)
