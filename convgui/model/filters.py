"""The filters of a bank: what is said of them, whose maps are looked at, and which channels they read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.kernels.bank import BankFacts, bank_facts
from convgui.engine.shown import number

if TYPE_CHECKING:
    from convgui.engine.kernels.kernel import Kernel
    from convgui.model.state import State


@lru_cache(maxsize=8)
def facts_of(bank: Kernel) -> BankFacts:
    """Return what can be said of the filters of a bank; the same object each time."""
    return bank_facts(bank.weights)


def filter_text(facts: BankFacts, map: int) -> str:
    """Return what is said of a filter, in a line.

    >>> weights = np.array([[1.0, -1.0], [0.0, 0.0]]).reshape(2, 2, 1, 1)
    >>> filter_text(bank_facts(weights), 0)
    'filter 0 · norm 1.414 · −1 … 1, mean 0 · 50 % zeros'
    """
    low, high, mean = float(facts.low[map]), float(facts.high[map]), float(facts.mean[map])
    parts = [
        f"filter {map}",
        f"norm {number(float(facts.norm[map]), 4)}",
        f"{number(low, 3)} … {number(high, 3)}, mean {number(mean, 3)}",
    ]
    if facts.zeros[map]:
        parts.append(f"{100 * facts.zeros[map]:.0f} % zeros")
    if facts.dead[map]:
        parts.append("does next to nothing")
    if facts.like[map] >= 0:
        parts.append(f"nearly the same as {facts.like[map]}")
    return " · ".join(parts)


def bank_text(bank: Kernel) -> str:
    """Return what is said of a bank as a whole, in a line."""
    facts = facts_of(bank)
    dead, like = int(facts.dead.sum()), int((facts.like >= 0).sum())
    zeros = float(np.mean(facts.zeros))
    said = f" · {100 * zeros:.0f} % zeros" if zeros >= 0.005 else ""
    origin = f" · from {PurePath(bank.origin.path).name}" if bank.origin is not None else ""
    high, wide, channels, filters = bank.weights.shape
    size = f"{high} × {wide} × {channels} → {filters} · {bank.weights.size:,} weights"
    return f"{size}{origin} · dead {dead} · near-duplicates {like}{said}"


KEEPING = ("activation", "affine", "pool", "pad", "resize")
"""Kinds of layer that make of each map one of their own."""


def bank_of_maps(state: State) -> tuple[int, Kernel] | None:
    """Return the bank whose filters the maps that are looked at belong to, one for one, and the index of its layer."""
    for index in range(state.unit.stop - 1, -1, -1):
        layer = state.layers[index]
        if layer.kind == "conv" and layer.on:
            weights = layer.kernel.weights  # type: ignore[attr-defined]
            if weights.ndim == 4:
                return index, layer.kernel  # type: ignore[attr-defined]
        elif layer.on and layer.kind not in KEEPING:
            return None
    return None


def colour_order(state: State, index: int, bank: Kernel) -> tuple[int, ...] | None:
    """Return which channels of the filters of a layer read red, green and blue; None where that is not what they read."""
    chain = state.chain
    first = all(layer.kind in ("pad", "resize") or not layer.on for layer in state.layers[:index])
    if bank.weights.shape[2] != 3 or not first or state.source.channels != 3 or chain.bounds == ():
        return None
    mixes = chain.planes.mixes
    if mixes.shape != (3, 3) or (np.count_nonzero(mixes, axis=1) != 1).any() or (mixes < 0).any():
        return None
    reads = mixes.argmax(axis=1).tolist()
    return tuple(reads.index(colour) for colour in range(3)) if sorted(reads) == [0, 1, 2] else None
