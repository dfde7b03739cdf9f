"""A chain: a source, its reading, and layers, each bound to the shape of what comes out of the one before."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from convgui.engine.layers.base import Place
from convgui.engine.layers.graph import Graph, NotRun
from convgui.engine.layers.passing import Passing
from convgui.engine.reading import Reading
from convgui.engine.strategies.recent import Recent

if TYPE_CHECKING:
    from convgui.engine.layers.base import Bound, Layer, Shape
    from convgui.engine.reading import Planes
    from convgui.engine.source import Source


SHAPES = 4
"""Shapes of its input for which a layer stays bound."""


def _bound(layer: Layer, shape: Shape) -> Bound:
    """Return a layer bound to a shape: the same one as long as the layer lives, so that an edit binds no other again.

    What is bound is a twin, which does not know of it: a circle of both would stay until garbage is looked for, and with it
    all that was made ready. Of a graph nothing is, and what it made is found by the graph itself.
    """
    bounds: Recent[Shape, Bound] = vars(layer).setdefault("_bounds", Recent(SHAPES))
    found = bounds.get(shape)
    if found is None:
        twin = layer if isinstance(layer, Graph) else copy(layer)
        found = bounds.keep(shape, twin.bind(shape) if twin.on else Passing(twin, shape))
    return found


class Fault(NamedTuple):
    """Why a chain ends early: the number of the layer that does not fit, from 1 on, and a sentence; 0 is the reading.

    `waits`: it may fit, which is known once a graph has run.
    """

    layer: int
    sentence: str
    waits: bool = False


@dataclass(frozen=True, eq=False)
class Chain:
    """Layers over a source.

    Layers are counted from 1: what comes out after layer n is asked for by n, and 0 stands for the planes of the reading.

    Parameters
    ----------
    source : Source
    reading : Reading
        How the stored numbers become the first planes.
    layers : tuple of Layer
        Applied one after the other; those that are switched off pass on what they read.

    Examples
    --------
    >>> import numpy as np
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> from convgui.engine.source import Source
    >>> chain = Chain(Source(np.zeros((6, 6))), Reading(), (Conv(Kernel(np.ones((3, 3))), padding="valid"),))
    >>> chain.shape(1)
    Shape(maps=1, rows=4, cols=4)
    """

    source: Source
    reading: Reading = field(default_factory=Reading)
    layers: tuple[Layer, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Return what it is made of, without what was found out about it, as it is sent elsewhere."""
        return {"source": self.source, "reading": self.reading, "layers": self.layers}

    @cached_property
    def planes(self) -> Planes:
        """The planes of the reading, before they are brought to another size.

        Raises
        ------
        ValueError
            If the reading does not fit the source.
        """
        return self.reading.bind(self.source)

    @cached_property
    def sized(self) -> tuple[Bound, ...]:
        """The layers that bring the planes to the size that the reading asks for; none if they have it."""
        found: list[Bound] = []
        for layer in self.reading.sizing(self.planes.shape):
            found.append(layer.bind(found[-1].output if found else self.planes.shape))
        return tuple(found)

    @property
    def _first(self) -> Shape:
        """What the first layer reads."""
        return self.sized[-1].output if self.sized else self.planes.shape

    @cached_property
    def _bound(self) -> tuple[tuple[Bound, ...], Fault | None]:
        found: list[Bound] = []
        try:
            shape = self._first
        except ValueError as error:
            return (), Fault(0, str(error))
        for layer in self.layers:
            try:
                bound = _bound(layer, shape)
            except ValueError as error:
                return tuple(found), Fault(len(found) + 1, str(error), isinstance(error, NotRun))
            found.append(bound)
            shape = bound.output
        return tuple(found), None

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The layers bound to their inputs, as far as they fit."""
        return self._bound[0]

    @property
    def fault(self) -> Fault | None:
        """The first layer that does not fit what it is given; None if all do."""
        return self._bound[1]

    def again(self) -> None:
        """Bind the layers once more: a graph has run meanwhile."""
        for name in ("_bound", "_prefixes", "_pullers", "_others"):
            self.__dict__.pop(name, None)

    def check(self, n: int) -> None:
        """Raise ValueError, with its sentence, if there is no layer n, or one up to it does not fit."""
        if not 0 <= n <= len(self.layers):
            raise ValueError(f"Expected a layer from 0 to {len(self.layers)}, received {n}.")
        if self.fault is not None and self.fault.layer <= n:
            raise ValueError(self.fault.sentence)

    def shape(self, n: int) -> Shape:
        """Return maps, rows and columns after layer n.

        Raises
        ------
        ValueError
            If there is no such layer, or one up to it does not fit.
        """
        self.check(n)
        if n:
            return self.bounds[n - 1].output
        return self._first

    def place(self, n: int) -> tuple[Place, Place]:
        """Return where the rows and the columns of layer n lie on the source; exact."""
        self.check(n)
        down, across = Place(), Place()
        for bound in self.stages(n):
            down, across = down.then(bound.rows), across.then(bound.cols)
        return down, across

    def stages(self, n: int) -> list[Bound]:
        """Return what is done to the planes of the source up to layer n: only what changes something."""
        return [*self.sized] + [bound for bound in self.bounds[:n] if not isinstance(bound, Passing)]

    def over(self, source: Source) -> Chain:
        """Return the same layers over another source: the same chain each time, for as long as this one lives."""
        others: dict[int, Chain] = self.__dict__.setdefault("_others", {})
        if (found := others.get(id(source))) is None:
            found = others[id(source)] = Chain(source, self.reading, self.layers)  # which keeps the source alive
        return found

    def upto(self, n: int) -> Chain:
        """Return the chain of the first n layers: the same one each time."""
        if n == len(self.layers):
            return self
        prefixes: dict[int, Chain] = self.__dict__.setdefault("_prefixes", {})
        if n not in prefixes:
            prefixes[n] = Chain(self.source, self.reading, self.layers[:n])
        return prefixes[n]
