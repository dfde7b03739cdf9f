"""Requests for what is drawn as lines: a profile of input and map along a line, and the curves of a sequence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui.engine.looking.profiles import places, sample
from convgui.engine.network import evaluate
from convgui.engine.strategies.tiles import Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.engine.looking.profiles import Line, Places
    from convgui.model.requests import Token
    from convgui.model.state import State

    Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """What lies along a line: the means across it of what the layer reads and of the map, at the same points."""

    state: State
    line: Line
    distance: Values
    x: Values
    y: Values
    input: Values
    map: Values


@dataclass(frozen=True, eq=False)
class ProfileRequest:
    """Sample what the layer that is looked at reads, and the map, along a line in cells of the input.

    Both are exact: the engine computes the cells around the line and no others.
    """

    state: State
    line: Line

    def __call__(self, token: Token) -> Profile:
        """Compute it."""
        state = self.state
        assert state.axes is not None and state.output_shape is not None
        rows, cols = state.axes
        found = places(self.line, min(1.0, float(rows.stride), float(cols.stride)))
        read = self._sampled(found, token, upto=state.unit.start, map=state.input.map, place=((0.0, 1.0), (0.0, 1.0)))
        where = (float(rows.origin), float(rows.stride)), (float(cols.origin), float(cols.stride))
        made = self._sampled(found, token, upto=state.looked + 1, map=state.map, place=where)
        middle = self.line.width // 2
        x, y = (
            (side[:, middle] + side[:, -1 - middle]) / 2 for side in (found.x, found.y)
        )  # of an even width the two in the middle
        return Profile(state, self.line, found.distance, x, y, read, made)

    def _sampled(
        self, found: Places, token: Token, *, upto: int, map: int, place: tuple[tuple[float, float], tuple[float, float]]
    ) -> Values:
        """Return the values after a layer whose cells begin and are as large, on the input, as `place` says."""
        chain, ((top, high), (left, wide)) = self.state.chain, place
        _, rows, cols = chain.shape(upto)

        def values(down: range, across: range) -> NDArray[np.float32]:
            window = Window(down.start, across.start, len(down), len(across))
            return evaluate(chain, window, upto=upto, maps=map, cancelled=token.cancelled)[0]

        return sample(values, (rows, cols), (found.x - left) / wide, (found.y - top) / high, token.cancelled)
