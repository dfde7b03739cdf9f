"""Requests for the curves of a sequence: all values of its channels and of the map, with the extremes of all their parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.looking.envelopes import Envelope
from convgui.engine.network import evaluate
from convgui.model.inputs import channel_values

if TYPE_CHECKING:
    from convgui.model.requests import Token
    from convgui.model.state import State

MOST_CHANNELS = 5
"""Channels of the input that are drawn; of more the first ones."""


class Row(NamedTuple):
    """One curve: its name, its values, and where on the steps of the input the first of them stands, and the next."""

    name: str
    envelope: Envelope
    first: float
    apart: float


@dataclass(frozen=True, eq=False)
class Curves:
    """What a sequence looks like: what the layer reads, and the map, None where there is none."""

    state: State
    inputs: tuple[Row, ...]
    map: Row | None


@dataclass(frozen=True, eq=False)
class CurvesRequest:
    """Compute all values of the input and of the map of a sequence; both are exact.

    Attributes
    ----------
    state : State
    before : Curves, optional
        Curves of another document, of which the input is taken over where it is the same.
    """

    state: State
    before: Curves | None = None

    def __call__(self, token: Token) -> Curves:
        """Compute it."""
        state, before = self.state, self.before
        same = before is not None and before.state.input.same(state.input)
        inputs = before.inputs if same and before is not None else self._inputs(token)
        return Curves(state, inputs, self._map(token))

    def _inputs(self, token: Token) -> tuple[Row, ...]:
        read = self.state.input
        if not read.direct:
            values = evaluate(read.chain, maps=read.map, cancelled=token.cancelled)[0].ravel()
            return (Row("input", Envelope(values), 0.0, 1.0),)
        rows = []
        for channel in range(min(read.source.channels, MOST_CHANNELS)):
            values = channel_values(read.source, channel, slice(None)).ravel()
            name = read.source.channel_names[channel] if read.source.channels > 1 else "input"
            rows.append(Row(name, Envelope(values), 0.0, 1.0))
        return tuple(rows)

    def _map(self, token: Token) -> Row | None:
        state = self.state
        if state.why or state.axes is None:
            return None
        across = state.axes[1]
        values = evaluate(state.looked_at, maps=state.map, cancelled=token.cancelled, progress=token.progress)[0].ravel()
        first = float(across.origin) + (float(across.stride) - 1.0) / 2  # the middle of its cell
        return Row("activation", Envelope(np.ascontiguousarray(values)), first, float(across.stride))
