"""A graph in the document: which layers show one of its tensors, and how far what our layers make of it is from that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convgui.engine.layers.graph import Graph
from convgui.engine.looking.beside import beside_map
from convgui.engine.network import Chain, evaluate, learn
from convgui.model.layer_words import kind_words

if TYPE_CHECKING:
    from convgui.engine.layers.base import Layer
    from convgui.engine.layers.graph import Runs
    from convgui.engine.reading import Reading
    from convgui.engine.source import Source
    from convgui.model.requests import Token
    from convgui.model.state import State

SIDE, MULTIPLE = 640, 32
"""Pixels to which a photo is brought at first, and of which its sides are multiples, as graphs that halve sizes need it."""


class Showing(NamedTuple):
    """The layers that show a tensor, and whether our layers can make it from what the graph has before it."""

    tensor: str
    layers: tuple[Layer, ...]
    explained: bool


@dataclass(frozen=True, eq=False)
class TensorRequest:
    """Make the layers that show a tensor of a graph, which is run: what our layers do, they do, where that is wanted."""

    source: Source
    reading: Reading
    model: Runs
    tensor: str
    ours: bool

    def __call__(self, token: Token) -> Showing:
        """Make them; what the graph has is kept, so that it is there when it is looked at."""
        found = self.model.layers_of(self.tensor, Chain(self.source, self.reading).shape(0))
        layers: tuple[Layer, ...] = (Graph(self.model, self.tensor),)
        if found is not None and self.ours:
            start, (*before, last) = found
            layers = (Graph(self.model, start, self.tensor), *before, replace(last, name=self.tensor))
        learn(Chain(self.source, self.reading, layers), token.cancelled)
        return Showing(self.tensor, layers, found is not None)


@dataclass(frozen=True, eq=False)
class LearnRequest:
    """Run the graphs of a chain of which it is not known what they make."""

    chain: Chain

    def __call__(self, token: Token) -> str:
        """Run them; return why one of them does not run."""
        try:
            learn(self.chain, token.cancelled)
        except ValueError as error:
            return str(error)
        return ""


class Apart(NamedTuple):
    """How far a map of ours is from the graph's at most, and the largest magnitude in it."""

    largest: float
    of: float


@dataclass(frozen=True, eq=False)
class ApartRequest:
    """Hold a map that our layers make against that of the graph."""

    state: State

    def __call__(self, token: Token) -> Apart | None:
        """Do it; None where the graph has no such map."""
        state = self.state
        n, map = state.looked + 1, state.map
        theirs = None if state.why else beside_map(state.chain, n, map)
        if theirs is None:
            return None
        ours = evaluate(state.looked_at, maps=map, cancelled=token.cancelled)[0]
        with np.errstate(invalid="ignore"):
            apart = np.abs(ours.astype(np.float64) - theirs)
        largest = float(np.nan_to_num(apart, nan=0.0 if np.array_equal(ours, theirs, equal_nan=True) else np.inf).max())
        return Apart(largest, float(np.abs(np.nan_to_num(theirs, posinf=0.0, neginf=0.0)).max()))


def graph_of(state: State) -> Graph | None:
    """Return the last graph up to the layer that is looked at; None if there is none."""
    found = (layer for layer in reversed(state.layers[: state.looked + 1]) if isinstance(layer, Graph))
    return next(found, None)


def tensor_of(state: State) -> str:
    """Return which tensor of a graph is looked at; empty if what is looked at is none of its tensors."""
    graph = graph_of(state)
    if graph is None:
        return ""
    if state.layers[state.looked] is graph:
        return graph.tensor
    return graph.beside if state.looked == len(state.layers) - 1 else ""


def made_words(state: State) -> str:
    """Return which of our layers make what is looked at, from which tensor; empty if they do not."""
    graph = graph_of(state)
    if graph is None or not graph.beside or state.layers[state.looked] is graph:
        return ""
    after = state.layers[state.layers.index(graph) + 1 : state.looked + 1]
    return f"{', '.join(kind_words(layer) for layer in after)} here, from {graph.tensor} {graph.model.label}"


def first_size(rows: int, cols: int) -> tuple[int, int]:
    """Return to which size a photo is brought for a graph that takes any.

    >>> first_size(3000, 4000), first_size(20, 300)
    ((480, 640), (32, 288))
    """
    by = min(SIDE / max(rows, cols), 1.0)
    down, across = (max(int(n * by / MULTIPLE + 0.5), 1) * MULTIPLE for n in (rows, cols))
    return down, across
