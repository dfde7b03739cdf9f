"""Motion: the order in which the kernel visits the outputs, row by row, and which of them are still to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convgui.engine.strategies.tiles import Window
from convgui.model.viewport import visible

if TYPE_CHECKING:
    from convgui.model.state import State
    from convgui.model.viewport import Viewport

MOST = 600
"""Largest number of positions in a sweep: on a photo they lie further apart."""

SPEEDS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Positions a second."""


@dataclass(frozen=True)
class Sweep:
    """A part of the output and how far apart the positions are at which the kernel stops."""

    part: Window
    step: int = 1

    @property
    def rows(self) -> int:
        """Rows of positions."""
        return -(-self.part.rows // self.step)

    @property
    def cols(self) -> int:
        """Positions in a row."""
        return -(-self.part.cols // self.step)

    @property
    def count(self) -> int:
        """All positions."""
        return self.rows * self.cols

    def cell(self, position: int) -> tuple[int, int]:
        """Return the output cell of a position: the middle of the block that it stands for.

        >>> Sweep(Window(10, 20, 4, 6), 2).cell(4)
        (13, 23)
        """
        row, col = divmod(position, self.cols)
        middle = self.step // 2
        down = min(row * self.step + middle, self.part.rows - 1)
        return self.part.top + down, self.part.left + min(col * self.step + middle, self.part.cols - 1)

    def to_come(self, position: int) -> list[Window]:
        """Return the outputs that have not been visited when the kernel stands at a position.

        >>> Sweep(Window(0, 0, 3, 3)).to_come(4)
        [Window(top=1, left=2, rows=1, cols=1), Window(top=2, left=0, rows=1, cols=3)]
        """
        row, col = divmod(position, self.cols)
        top, left, rows, cols = self.part
        done, across = row * self.step, min((col + 1) * self.step, cols)
        high = min(self.step, rows - done)
        beside = Window(top + done, left + across, high, cols - across)
        below = Window(top + done + high, left, rows - done - high, cols)
        return [window for window in (beside, below) if window.rows and window.cols]


def sweep_over(state: State, viewport: Viewport, width: float, height: float) -> Sweep | None:
    """Return the sweep over the outputs that a pane of width x height pixels shows, of a toy grid over all of them.

    None if there is no output, or none is seen.
    """
    if state.axes is None or state.output_shape is None:
        return None
    _, rows, cols = state.output_shape
    if state.input.sequence:
        viewport = replace(viewport, y=0.5)
    part = Window(0, 0, rows, cols)
    if not state.input.toy or rows * cols > MOST:
        part = visible(*state.axes, viewport, width, height, 1)
    if not part.rows or not part.cols:
        return None
    step = 1
    while Sweep(part, step).count > MOST:
        step += 1
    return Sweep(part, step)
