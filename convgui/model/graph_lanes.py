"""A graph as a list with lanes beside it: each tensor has a line, and lanes lead to it from what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Lanes(NamedTuple):
    """What is drawn beside one tensor.

    Attributes
    ----------
    lane : int
        Where it stands, counted from the left.
    through : tuple of int
        Lanes that pass by.
    joins : tuple of int
        Lanes that lead to it from above.
    goes_on : bool
        Whether something further down reads it.
    """

    lane: int
    through: tuple[int, ...]
    joins: tuple[int, ...]
    goes_on: bool


def lanes_of(reads: Sequence[tuple[str, Sequence[str]]]) -> list[Lanes]:
    """Return the lanes beside tensors, each given with those that it is made of; a lane is free again after its last reader.

    Examples
    --------
    >>> for lanes in lanes_of([("a", ["x"]), ("b", ["a"]), ("c", ["b"]), ("sum", ["a", "c"])]):
    ...     print(lanes.lane, lanes.through, lanes.joins, lanes.goes_on)
    0 () () True
    1 (0,) (0,) True
    1 (0,) (1,) True
    0 () (0, 1) False
    """
    last = {name: place for place, (_, parents) in enumerate(reads) for name in parents}
    busy: list[str | None] = []
    found = []
    for place, (name, parents) in enumerate(reads):
        joins = tuple(lane for lane, tensor in enumerate(busy) if tensor in parents)
        ending = [lane for lane in joins if last[str(busy[lane])] == place]
        lane = ending[0] if ending else _free(busy)
        through = tuple(k for k, tensor in enumerate(busy) if tensor is not None and k not in ending)
        for k in ending:
            busy[k] = None
        goes_on = last.get(name, -1) > place
        while len(busy) <= lane:
            busy.append(None)
        busy[lane] = name if goes_on else None
        found.append(Lanes(lane, through, joins, goes_on))
    return found


def _free(busy: Sequence[str | None]) -> int:
    """Return the first lane in which nothing passes."""
    return next((lane for lane, tensor in enumerate(busy) if tensor is None), len(busy))
