"""How fast this machine computes what is shown, as it was measured: a sample is as fine as a frame has time for."""

from __future__ import annotations

from dataclasses import dataclass

SECONDS = 6e-3
"""Of a frame, which are left for values: the rest is to ask, to colour and to paint."""

FOLLOWS, GROWS = 0.5, 1.3
"""How much of a frame that came late is believed, and by how much the next one may cost more where there was time left."""

STEADY = 1.6
"""How far expectations may move before a sample becomes coarser or finer: else it would flicker between two."""

USUAL = 0.42e9
"""Multiplications that two ordinary cores do in that time."""


@dataclass(frozen=True)
class Speed:
    """What can be computed between two frames.

    Attributes
    ----------
    expected : float
        Multiplications for which there is time, as they were measured last.
    at_once : float
        The same, but steady; it decides how coarse a sample is.
    """

    expected: float = USUAL
    at_once: float = USUAL

    def measured(self, cost: float, seconds: float) -> Speed:
        """Return what is known after a sample of that cost, in multiplications, took so long.

        >>> slow = Speed()
        >>> for _ in range(9):
        ...     slow = slow.measured(cost=0.4e9, seconds=4 * SECONDS)
        >>> 0.1e9 < slow.expected < 0.11e9
        True
        """
        if cost <= 0 or seconds <= 0:
            return self
        found = cost * SECONDS / seconds
        expected = self.expected
        if found < expected and seconds > SECONDS:
            expected *= (found / expected) ** FOLLOWS
        elif GROWS * seconds < SECONDS:  # a hand-over takes its part of a few values: what more would take is to be tried
            expected = max(expected, min(GROWS * expected, USUAL), found)
        steady = 1 / STEADY < expected / self.at_once < STEADY
        return Speed(expected, self.at_once if steady else expected)
