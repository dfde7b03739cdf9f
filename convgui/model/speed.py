"""How fast this machine computes what is shown, as it was measured: a sample is as fine as a frame has time for."""

from __future__ import annotations

from dataclasses import dataclass

SECONDS = 6e-3
"""Of a frame, which are left for values: the rest is to ask, to colour and to paint."""

FOLLOWS = 0.3
"""The share that the last measurement has in what is expected."""

STEADY = 1.6
"""How far expectations may move before a sample becomes coarser or finer: else it would flicker between two."""


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

    expected: float = 0.42e9
    at_once: float = 0.42e9

    def measured(self, cost: float, seconds: float) -> Speed:
        """Return what is known after a sample of that cost, in multiplications, took so long.

        >>> slow = Speed(1e9, 1e9)
        >>> for _ in range(9):
        ...     slow = slow.measured(cost=1e9, seconds=4 * SECONDS)
        >>> 0.2e9 < slow.at_once < 0.5e9
        True
        """
        if cost <= 0 or seconds <= 0:
            return self
        found = cost * SECONDS / seconds
        if found < self.expected and seconds <= SECONDS:  # in time: a hand-over takes a part of it, however few they are
            return self
        expected = self.expected * (found / self.expected) ** FOLLOWS
        steady = 1 / STEADY < expected / self.at_once < STEADY
        return Speed(expected, self.at_once if steady else expected)
