"""Graphs that something else runs: each is run once for an input, and what it makes is kept whole while it serves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.layers.base import Block, Needs
from convgui.engine.network.cache import Cache
from convgui.engine.strategies.tiles import never

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Shape
    from convgui.engine.layers.graph import BoundGraph, Found, Graph

    Key = tuple[Any, Any, tuple[Any, ...]]

KEPT = 1_500_000_000
"""Bytes of tensors that are kept in all."""

_wholes = Cache(KEPT)
_running = threading.RLock()


def whole(
    bound: BoundGraph,
    key: Key,
    pull: Callable[[Needs], NDArray[np.float32]],
    cancelled: Callable[[], bool] = never,
) -> Block:
    """Return a whole tensor of a graph: that which is kept, or else the graph is run.

    Parameters
    ----------
    bound : BoundGraph
    key : tuple
        What its values are made by: source, reading and layers, the graph as the last one.
    pull : callable
        Returns cells of its input.
    cancelled : callable returning bool
        Asked while it runs.

    Raises
    ------
    Cancelled
        If it was cancelled.
    ValueError
        If there are more numbers than can be kept.
    """
    everything = _all(bound.output)
    with _running:  # whoever else wants it waits, and finds it
        found = _wholes.find(key, everything)
        if found is None:
            keep(key, run_graph(bound.layer, pull(bound.needs(*everything)), cancelled))
            found = _wholes.find(key, everything)
            assert found is not None
        return found


def run_graph(layer: Graph, planes: NDArray[np.float32], cancelled: Callable[[], bool]) -> Found:
    """Run a graph, and return its tensor, and that beside it."""
    wanted = (layer.tensor, layer.beside) if layer.beside else (layer.tensor,)
    made = layer.model.run(planes, wanted, cancelled)
    size = sum(maps.nbytes for maps in made.values())
    if size > KEPT:
        raise ValueError(
            f"{layer.tensor} of {layer.model.name} takes {size:,} bytes for this picture, and {KEPT:,} are kept: choose a "
            "smaller size in What the network sees."
        )
    return made


def keep(key: Key, made: Found) -> None:
    """Keep what a graph has made."""
    graph: Graph = key[-1][-1]
    for tensor, maps in made.items():
        name = key if tensor == graph.tensor else other_key(key)
        _wholes.keep(name, Block(maps, np.arange(len(maps)), 0, 0))


def other_key(key: Key) -> Key:
    """Return what the values of the tensor beside a graph's are made by."""
    source, reading, (*below, graph) = key
    return source, reading, (*below, graph.other)


def _all(shape: Shape) -> Needs:
    return Needs(np.arange(shape.maps), range(shape.rows), range(shape.cols))
