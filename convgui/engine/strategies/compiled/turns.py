"""Turns: several threads take the pieces of one work, each piece once, without coming back to the interpreter."""

from __future__ import annotations

from typing import Any

from convgui.engine.strategies.compiled.emit import INT, constant
from convgui.engine.strategies.compiled.language import Written


def _take(builder: Any, args: tuple[Any, ...]) -> None:
    turn, found = (builder.inttoptr(address, INT.as_pointer()) for address in args)
    builder.store(builder.atomic_rmw("add", turn, constant(1), "monotonic"), found)


take = Written("take", 2, _take)
"""``take(turn, found)`` stores the number at the address `turn` at `found`, and counts it up for whoever takes the next."""
