"""Lanes: the rows of a sequence in a pane, one below the other, each with room for its stems and its kernel."""

from __future__ import annotations

import math
from dataclasses import dataclass

BAND, FOOT = 60.0, 36.0
"""Pixels that a row of cells is high at most, and what is left below it for the kernel."""

TALL = 64.0
"""Pixels that a lane must be high for stems; in a lower one the cells fill it."""

GAP = 3.0
"""Pixels between the cells of low lanes, at most."""


@dataclass(frozen=True)
class Lanes:
    """The rows `first`, `first` + 1 and so on of input coordinates, `count` of them, in so many pixels below the `head`.

    >>> lanes = Lanes(0, 1, 300.0)
    >>> lanes.top(0), lanes.band, lanes.tall
    (204.0, 60.0, True)
    >>> Lanes(0, 3, 300.0).row_at(150.0) // 1
    1.0
    """

    first: int
    count: int
    height: float
    head: float = 0.0

    @property
    def pitch(self) -> float:
        """Pixels from one lane to the next."""
        return self.height / self.count

    @property
    def tall(self) -> bool:
        """Whether there is room for stems above the cells, and for the kernel below them."""
        return self.count == 1 or self.pitch >= TALL

    @property
    def band(self) -> float:
        """Pixels that the cells are high."""
        return min(BAND, self.pitch / 3) if self.tall else self.pitch - self._gap

    @property
    def foot(self) -> float:
        """Pixels below the cells."""
        if not self.tall:
            return self._gap / 2
        return min(FOOT, self.pitch * 0.24)

    @property
    def _gap(self) -> float:
        return min(GAP, self.pitch * 0.15)

    @property
    def kernel(self) -> float:
        """Pixels that a weight below the cells is high; 0 where it is laid on them."""
        return min(24.0, self.foot - 8.0) if self.tall else 0.0

    def top(self, row: int) -> float:
        """Return where the cells of a row begin."""
        return self.head + (row - self.first + 1) * self.pitch - self.foot - self.band

    def start(self, row: int) -> float:
        """Return where the lane of a row begins, stems included."""
        return self.head + (row - self.first) * self.pitch

    def y(self, value: float, *, end: bool = False) -> float:
        """Return where a vertical coordinate lies; a whole one is the top of its row, or the `end` of the one before."""
        row = self._known((math.ceil(value) - 1) if end else math.floor(value))
        return self.top(row) + (value - row) * self.band

    def row_at(self, y: float) -> float:
        """Return the vertical coordinate of a point; what lies above or below the cells belongs to their row."""
        row = self._known(self.first + math.floor((y - self.head) / self.pitch))
        return row + min(max((y - self.top(row)) / self.band, 0.0), 0.999)

    def _known(self, row: int) -> int:
        return min(max(row, self.first), self.first + self.count - 1)
