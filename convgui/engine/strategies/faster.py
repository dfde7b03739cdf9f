"""Chooses, for a bound layer, the compiled loops that give the same values sooner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from convgui.engine.layers.activation import BoundActivation
from convgui.engine.layers.pooling import BoundPool
from convgui.engine.strategies.gelu import CompiledGelu, is_exact_gelu
from convgui.engine.strategies.pooled import CompiledPool

if TYPE_CHECKING:
    from convgui.engine.layers.base import Bound


def faster(bound: Bound, compiled: Any) -> Bound:
    """Return a bound layer that gives the same values, by the compiled loops where there are some for it.

    `compiled` is what `jit.ready` returns: None while there are no compiled loops.
    """
    if compiled is None:
        return bound
    if isinstance(bound, BoundPool):
        return CompiledPool(bound, compiled)
    if isinstance(bound, BoundActivation) and is_exact_gelu(bound.layer):
        return CompiledGelu(bound, compiled)
    return bound
