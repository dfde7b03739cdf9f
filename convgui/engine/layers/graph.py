"""A graph that something else runs: one of its tensors as maps, made all at once from all of its input."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

from convgui.engine.layers.base import Bound, Layer, Needs
from convgui.engine.layers.explained import Explained
from convgui.engine.shown import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.engine.layers.base import Block, Maps, Place, Shape

Found = dict[str, "NDArray[np.float32]"]
"""Tensors by their names, as maps."""


class NotRun(ValueError):
    """What comes out is not known before the graph has run on an input of that shape."""


class Runs(Protocol):
    """What runs a graph."""

    @property
    def name(self) -> str:
        """What the graph is called: its file."""
        ...

    @property
    def label(self) -> str:
        """Who computes its values."""
        ...

    def known(self, tensor: str, given: Shape) -> Shape | None:
        """Return the shape of a tensor for an input of that shape; None if it has not run on one yet.

        Raises
        ------
        ValueError
            If it does not run on one.
        """
        ...

    def places(self, tensor: str, given: Shape) -> tuple[Place, Place]:
        """Return where rows and columns of a tensor lie on the input."""
        ...

    def described(self) -> dict[str, str]:
        """Return how it is found again: its file, and a hash."""
        ...

    def layers_of(self, name: str, given: Shape) -> tuple[str, tuple[Layer, ...]] | None:
        """Return the tensor from which our layers make another one for an input of that shape, and these layers, if any."""
        ...

    def run(self, planes: NDArray[np.float32], tensors: tuple[str, ...], cancelled: Callable[[], bool]) -> Found:
        """Return tensors for an input, shape (maps, rows, cols), as maps of the same shape."""
        ...


@dataclass(frozen=True, eq=False)
class Graph(Layer):
    """A tensor of a graph that something else runs.

    Parameters
    ----------
    model : Runs
        What runs it.
    tensor : str
        Which of its tensors these maps are; the name of its input stands for that.
    beside : str
        The tensor that the layers after this one make as well, so that their values can be held against it; empty if none.
    """

    kind: ClassVar[str] = "graph"
    model: Runs
    tensor: str
    beside: str = ""

    def bind(self, shape: Shape) -> BoundGraph:
        """Return the layer bound to an input of that shape; see `Layer.bind`.

        Raises
        ------
        NotRun
            If the graph has not run on such an input yet.
        """
        made = self.model.known(self.tensor, shape)
        if made is None:
            raise NotRun(f"{self.model.name} has not run on {shape.rows:,} × {shape.cols:,} cells yet.")
        return BoundGraph(self, shape, made)

    @property
    def other(self) -> Graph:
        """The tensor beside, as a layer of its own: the same one each time."""
        other: Graph = vars(self).setdefault("_other", replace(self, tensor=self.beside, beside="", name=""))
        return other


class BoundGraph(Bound):
    """A graph bound to the shape of its input."""

    layer: Graph
    entire = True

    def __init__(self, layer: Graph, shape: Shape, made: Shape) -> None:
        self.layer, self.input, self.output = layer, shape, made
        self.rows, self.cols = layer.model.places(layer.tensor, shape)

    def needs(self, maps: Maps, rows: range, cols: range) -> Needs:
        """Return all cells; see `Bound.needs`."""
        return Needs(np.arange(self.input.maps), range(self.input.rows), range(self.input.cols))

    def compute(self, block: Block, maps: Maps, rows: range, cols: range, out: NDArray[np.float32]) -> None:
        """Run the graph, and take some cells of the tensor; see `Bound.compute`."""
        made = self._made(block.part(self.needs(maps, rows, cols)))
        out[...] = made[maps, rows.start : rows.stop : rows.step, cols.start : cols.stop : cols.step]

    def reads(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all rows and columns, as nothing is known of what it reads; see `Bound.reads`."""
        return np.arange(self.input.rows), np.arange(self.input.cols)

    def readers(self, row: int, col: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all rows and columns; see `Bound.readers`."""
        return np.arange(self.output.rows), np.arange(self.output.cols)

    def readers_maps(self, map: int) -> Maps:
        """Return all maps; see `Bound.readers_maps`."""
        return np.arange(self.output.maps)

    def explain(self, values: Callable[[Needs], NDArray[np.float64]], map: int, row: int, col: int) -> Explained:
        """Say whose value it is; see `Bound.explain`."""
        whole = values(self.needs(np.array([map]), range(row, row + 1), range(col, col + 1)))
        return self.told(map, row, col, float(self._made(whole.astype(np.float32))[map, row, col]))

    def told(self, map: int, row: int, col: int, value: float) -> Explained:
        """Return what is said of a value that is known."""
        return Explained("graph", map, row, col, value, (), f"{self.layer.model.label}: {number(value)}", repr(value))

    def reference(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the whole tensor: there is no other definition of it here; see `Bound.reference`."""
        return self._made(x.astype(np.float32)).astype(np.float64)

    def _made(self, planes: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.layer.model.run(planes, (self.layer.tensor,), lambda: False)[self.layer.tensor]
