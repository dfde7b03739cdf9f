"""Layers that exporters write as several operations: a factor and what is added to it, a convolution and its bias."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv

if TYPE_CHECKING:
    from convgui.engine.layers.base import Layer

Named = tuple["Layer", tuple[str, ...]]


def merged(found: list[Named]) -> tuple[tuple[Layer, ...], tuple[tuple[str, ...], ...]]:
    """Return layers, each with the names of its tensors, in which an offset belongs to what stands before it.

    >>> layers, names = merged([(Affine(scale=(2.0,)), ("a",)), (Affine(offset=(1.0,)), ("b",))])
    >>> layers[0].scale, layers[0].offset, names
    ((2.0,), (1.0,), (('a', 'b'),))
    """
    kept: list[Named] = []
    for layer, names in found:
        before = kept[-1] if kept else None
        if before is not None and (one := _with_offset(before[0], layer)) is not None:
            kept[-1] = one, before[1] + names
        else:
            kept.append((layer, names))
    return tuple(layer for layer, _ in kept), tuple(names for _, names in kept)


def _with_offset(before: Layer, layer: Layer) -> Layer | None:
    """Return a layer that does both, the same numbers in the same order; None if there is none."""
    if not isinstance(layer, Affine) or any(factor != 1 for factor in layer.scale):
        return None
    if isinstance(before, Conv) and not any(before.bias) and before.kernel.weights.ndim == 4:
        maps = before.kernel.weights.shape[3]
        return replace(before, bias=layer.offset) if len(layer.offset) in (1, maps) else None
    if isinstance(before, Affine) and not any(before.offset):
        count = max(len(before.scale), len(layer.offset))
        offset = tuple(np.resize(layer.offset, count).tolist())
        return replace(before, scale=tuple(np.resize(before.scale, count).tolist()), offset=offset)
    return None
